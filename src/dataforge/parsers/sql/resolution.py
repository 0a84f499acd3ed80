"""From a column as written to a column of the schema: types, defaults, identity."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.drafts import CheckDraft, ColumnDraft, TypeDraft, UserType
from dataforge.parsers.sql.type_map import Asked, Mapped, in_arrays, map_type
from dataforge.schema.specs import ConstantSpec
from dataforge.schema.types import EnumType, JsonType, StringType, TextType

_SERIAL = frozenset({"serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"})
_DEEPEST = 10


@dataclass(slots=True)
class Resolved:
    """A column's logical type, and what its named type brings along."""

    mapped: Mapped
    nullable: bool = True
    default: str | None = None
    checks: list[CheckDraft] = field(default_factory=list)


@dataclass(slots=True)
class TypeResolver:
    """Finds logical types, following named types; keeps the names it does not know."""

    catalog: Catalog
    unknown: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def resolve(self, column: ColumnDraft, table: str, *, key: bool) -> Resolved:
        """Return the type of ``column``; an unknown one is kept as text and noted."""
        draft = column.type
        if draft is None:
            return Resolved(Mapped(TextType()))
        found = Resolved(Mapped(TextType()))
        dimensions = draft.dimensions
        for _ in range(_DEEPEST):
            user = self._user_type(draft)
            if user is None:
                break
            found.checks += user.checks
            found.nullable = found.nullable and user.nullable
            found.default = found.default or user.default
            if user.values:
                kind = EnumType(values=user.values, name=draft.name)
                return replace(found, mapped=in_arrays(Mapped(kind), dimensions))
            if user.base is None:
                break
            draft = replace(user.base, dimensions=max(dimensions, user.base.dimensions))
            dimensions = draft.dimensions
        mapped = map_type(Asked(draft, self.catalog.dialect, key=key))
        if mapped is None:
            return replace(found, mapped=self._unknown(draft, column, table))
        return replace(found, mapped=mapped)

    def _user_type(self, draft: TypeDraft) -> UserType | None:
        known = self.catalog.types.get(draft.name)
        if known is None or known.structured:
            return None
        known.used = True
        return known

    def _unknown(self, draft: TypeDraft, column: ColumnDraft, table: str) -> Mapped:
        place = (column.line, f"{table}.{column.name.value}")
        self.unknown.setdefault(draft.name, []).append(place)
        if self.catalog.dialect == "oracle":
            return Mapped(JsonType())
        if self.catalog.dialect == "postgres" and column.nullable is not False:
            return Mapped(TextType(), ConstantSpec(value=None))
        number = Asked(draft, self.catalog.dialect).number()
        return Mapped(StringType(max_length=number) if number else TextType())

    def report(self) -> None:
        """One warning for each unknown type, with its first column and their number."""
        for name, places in self.unknown.items():
            line, first = places[0]
            more = f" and {len(places) - 1} more" if len(places) > 1 else ""
            self.catalog.report(
                line,
                f"type {name!r} of {first}{more} is not known; it is kept as {self._kept()}",
                "give the column another type or a spec in the schema",
            )

    def _kept(self) -> str:
        if self.catalog.dialect == "oracle":
            return "JSON"
        return "text, null where that is allowed" if self._is_postgres() else "text"

    def _is_postgres(self) -> bool:
        return self.catalog.dialect == "postgres"


def counts_itself(column: ColumnDraft, dialect: str, *, sole_key: bool) -> bool:
    """Whether the database numbers the rows: identity, serial, sequence default, rowid."""
    if column.identity:
        return True
    kind = column.type.name if column.type else ""
    if kind in _SERIAL:
        return True
    default = (column.default or "").lower()
    if "nextval" in default or default.startswith("next value for"):
        return True
    return dialect == "sqlite" and sole_key and kind == "integer"
