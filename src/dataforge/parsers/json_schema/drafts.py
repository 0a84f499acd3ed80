"""Tables while they are put together: names that are taken, columns and keys that come later."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataforge.schema import Column, ForeignKey, IntegerType, Rule, Table

_KEY_TYPES = {"integer", "string", "uuid"}


@dataclass(slots=True)
class Draft:
    """A table whose key is made when the first other table needs it."""

    name: str
    place: str
    comment: str | None = None
    columns: dict[str, Column] = field(default_factory=dict)
    keys: list[ForeignKey] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    primary: str | None = None

    def add(self, column: Column) -> Column:
        """Add a column under a name that is free."""
        name, number = column.name or "_", 1
        taken = {each.casefold() for each in self.columns}
        while name.casefold() in taken:
            number += 1
            name = f"{column.name}_{number}"
        named = column.model_copy(update={"name": name})
        self.columns[name] = named
        return named

    def key(self) -> Column:
        """Return the primary key's column: a required ``id``, or one that is added in front."""
        if self.primary is None:
            self.primary = self._own_key() or self._added_key()
        return self.columns[self.primary]

    def _own_key(self) -> str | None:
        wanted = ("id", "_id", "uuid", f"{self.name}_id", f"{self.name}id", "key")
        by_fold = {name.casefold(): name for name in reversed(self.columns)}
        for each in wanted:
            column = self.columns.get(by_fold.get(each.casefold(), ""))
            if column is not None and not column.nullable and column.type.kind in _KEY_TYPES:
                return column.name
        return None

    def _added_key(self) -> str:
        present = dict(self.columns)
        name = "id" if "id" not in {each.casefold() for each in present} else f"{self.name}_key"
        self.columns.clear()
        added = Column(name=name, type=IntegerType(), nullable=False, identity=True)
        self.columns |= {name: added, **present}
        return name

    def refer(self, parent: Draft, name: str, **facts: object) -> None:
        """Add a column that holds the key of ``parent``, and the foreign key."""
        nullable = bool(facts.pop("nullable", False))
        target = parent.key()
        column = self.add(Column(name=name, type=target.type, nullable=nullable))
        self.keys.append(
            ForeignKey.model_validate(
                {
                    "columns": (column.name,),
                    "parent": parent.name,
                    "parent_columns": (target.name,),
                    **facts,
                }
            )
        )

    def table(self) -> Table:
        """Return the finished table."""
        return Table(
            name=self.name,
            columns=tuple(self.columns.values()),
            primary_key=(self.primary,) if self.primary else (),
            foreign_keys=tuple(self.keys),
            rules=tuple(self.rules),
            comment=self.comment,
        )
