"""From the text of a JSON Schema to tables.

The root, an object or an array of objects, is a table; arrays of objects are tables that it owns.
An object of single values stays in one JSON column, a deeper one is a table with a row for each
parent. A definition that leads back to a table on the way to it becomes a nullable reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from dataforge.errors import ParseError
from dataforge.parsers.json_schema.documents import DEFINITIONS, Document, Json, Node, escaped
from dataforge.parsers.json_schema.drafts import Draft
from dataforge.parsers.json_schema.loading import loaded
from dataforge.parsers.json_schema.nested import list_of, object_spec
from dataforge.parsers.json_schema.result import ParsedJsonSchema
from dataforge.parsers.json_schema.scalars import Scalar, scalar
from dataforge.schema import Column, FixedLaw, JsonType, RangeLaw, Rule, Schema

_MOST_TABLES = 500
_SPREAD = 5


def parse(text: str, *, name: str, source: str = "<schema>") -> ParsedJsonSchema:
    """Read a JSON Schema, as JSON or YAML; ``name`` is the root's where it has no title.

    Raises ParseError where the text is no document, or no place in it is an object. What a table
    cannot say is a problem with its JSON pointer, or counted in ``passed_over``.
    """
    document = Document(loaded(text, source), source)
    reader = Reader(document)
    reader.start(name)
    if not reader.drafts:
        problems = tuple(document.problems)
        raise ParseError(f"{source} describes no object: there is no table to make", problems)
    schema = Schema(
        name=name_of(str(document.root.get("title") or name)),
        tables=tuple(draft.table() for draft in reader.drafts if draft.columns),
    )
    return ParsedJsonSchema(schema, tuple(document.problems), dict(document.passed_over))


@dataclass(slots=True)
class Reader:
    """Walks a document; ``open_tables`` are those on the way from the root to here."""

    document: Document
    drafts: list[Draft] = field(default_factory=list)
    open_tables: dict[str, Draft] = field(default_factory=dict)
    most_tables: int = _MOST_TABLES

    def start(self, name: str) -> None:
        """Read the root, or the definitions where it is no object."""
        root = self.document.node(self.document.root, "")
        titled = name_of(str(root.facts.get("title") or name))
        items = self._items(root)
        if root.kind == "array" and items is not None and is_object(items):
            self._table(items, name_of(str(items.facts.get("title") or titled)))
        elif members_of(root):
            self._table(root, titled)
        else:
            self._definitions()

    def _definitions(self) -> None:
        """A document of definitions alone: each object is a table."""
        for word in DEFINITIONS:
            for name, raw in self.document.root.get(word, {}).items():
                pointer = f"/{word}/{escaped(name)}"
                node = self.document.node(raw, pointer)
                if members_of(node) and all(node.place != draft.place for draft in self.drafts):
                    self._table(node, name_of(name))

    def _table(self, node: Node, name: str) -> Draft:
        draft = self.draft(node, name)
        self.open_tables[node.place] = draft
        for member, found, optional in self.columns(draft, node):
            self._related(draft, member, found, optional=optional)
        del self.open_tables[node.place]
        return draft

    def draft(self, node: Node, name: str) -> Draft:
        """Return a table without columns yet."""
        if len(self.drafts) >= self.most_tables:
            msg = f"{self.document.source} unfolds to more than {self.most_tables} tables"
            raise ParseError(f"{msg} → put fewer arrays of objects into one another")
        draft = Draft(self._free(name), node.place, text_of(node.facts.get("description")))
        self.drafts.append(draft)
        return draft

    def columns(self, draft: Draft, node: Node) -> list[tuple[str, Node, bool]]:
        """Add the columns; return the members that are other tables' business, and if optional."""
        required = set(node.facts.get("required", []))
        later = []
        for member, raw in members_of(node).items():
            found = self.document.node(raw, node.below("properties", member))
            optional = member not in required or found.nullable
            if not self._column(draft, member, found, optional=optional):
                later.append((member, found, optional))
        return later

    def _column(self, draft: Draft, name: str, node: Node, *, optional: bool) -> bool:
        """Add the column of a member; False where it is another table's business."""
        if node.target in self.open_tables:
            return False
        match node.kind:
            case "object":
                return self._object_column(draft, name, node, optional=optional)
            case "array":
                return self._array_column(draft, name, node, optional=optional)
            case _:
                self._add(draft, name, scalar(self.document, node), node, optional=optional)
                return True

    def _object_column(self, draft: Draft, name: str, node: Node, *, optional: bool) -> bool:
        members = self._member_nodes(node)
        if any(self._is_deep(member) for member in members.values()):
            return False
        spec = object_spec(self.document, members) if members else None
        self._add(draft, name, Scalar(JsonType(), spec), node, optional=optional)
        return True

    def _array_column(self, draft: Draft, name: str, node: Node, *, optional: bool) -> bool:
        items = self._items(node)
        if items is not None and (items.target in self.open_tables or is_object(items)):
            return False
        listed = items is not None and bool({"enum", "const"} & items.facts.keys())
        if items is None or (items.kind in {"array", ""} and not listed):
            self.document.remark(node.pointer, "its items have no one simple type: made as JSON")
            found = Scalar(JsonType())
        else:
            found = list_of(self.document, node, items, _singular(name))
        self._add(draft, name, found, node, optional=optional)
        return True

    def _add(self, draft: Draft, name: str, found: Scalar, node: Node, *, optional: bool) -> None:
        column = draft.add(
            Column(
                name=name or "_",
                type=found.type,
                nullable=optional,
                null_share=_absent(node.facts) if optional else None,
                spec=found.spec,
                semantic=found.semantic,
                comment=text_of(node.facts.get("description") or node.facts.get("title")),
                default=_default(node.facts.get("default")),
            )
        )
        quoted = '"' + column.name.replace('"', '""') + '"'
        draft.rules += [Rule(expression=each.format(quoted)) for each in found.conditions]

    def _related(self, draft: Draft, name: str, node: Node, *, optional: bool) -> None:
        """Make the table of a member, or refer to one that is being made."""
        items = self._items(node) if node.kind == "array" else None
        inner = node if items is None else items
        back = self.open_tables.get(inner.target)
        if back is None:
            child = self._table(inner, f"{draft.name}_{name_of(name)}")
            law = law_of(node.facts) if items is not None else _one(optional=optional)
            facts: dict[str, object] = {"owning": True} | ({"law": law} if law else {})
            child.refer(draft, f"{draft.name}_{draft.key().name}", **facts)
        elif items is None:
            draft.refer(back, f"{name}_{back.key().name}", nullable=True)
        elif back is draft:
            draft.refer(back, f"parent_{back.key().name}", nullable=True)
        else:
            back.refer(draft, f"{draft.name}_{draft.key().name}", nullable=True)

    def _items(self, node: Node) -> Node | None:
        raw = node.facts.get("items")
        if isinstance(raw, list):
            raw = raw[0] if len(raw) == 1 else None
        return None if raw is None else self.document.node(raw, node.below("items"))

    def _member_nodes(self, node: Node) -> dict[str, Node]:
        return {
            name: self.document.node(raw, node.below("properties", name))
            for name, raw in members_of(node).items()
        }

    def _is_deep(self, node: Node) -> bool:
        return node.target in self.open_tables or node.kind in {"object", "array"}

    def _free(self, name: str) -> str:
        taken = {draft.name.casefold() for draft in self.drafts}
        found, number = name, 1
        while found.casefold() in taken:
            number += 1
            found = f"{name}_{number}"
        return found


def members_of(node: Node) -> Json:
    """Return the members of an object as they are written, none for anything else."""
    found = node.facts.get("properties")
    return found if isinstance(found, dict) else {}


def is_object(node: Node) -> bool:
    """Tell an object whose members are known."""
    return node.kind == "object" and bool(members_of(node))


def law_of(facts: Json) -> FixedLaw | RangeLaw | None:
    """Return how many children a parent has, None where the array does not say."""
    least, most = facts.get("minItems"), facts.get("maxItems")
    if not isinstance(least, int) and not isinstance(most, int):
        return None
    low = least if isinstance(least, int) else 0
    return RangeLaw(minimum=low, maximum=max(low, most if isinstance(most, int) else low + _SPREAD))


def _one(*, optional: bool) -> FixedLaw | RangeLaw:
    return RangeLaw(minimum=0, maximum=1) if optional else FixedLaw(count=1)


def name_of(text: str) -> str:
    """Return words as a name, joined by underscores."""
    return "_".join(text.split()) or "document"


def _singular(name: str) -> str:
    return name[:-1] if name.endswith("s") and not name.endswith("ss") else name


def _absent(facts: Json) -> float | None:
    """Return the share of objects without the member or with null, where examples told it."""
    presence, nulls = facts.get("x-presence"), facts.get("x-null-share")
    if presence is None and nulls is None:
        return None
    there = float(1 if presence is None else presence) * (1 - float(nulls or 0))
    return round(min(max(1 - there, 0.0), 1.0), 4)


def text_of(value: object) -> str | None:
    """Return a text that says something, else None."""
    return value if isinstance(value, str) and value.strip() else None


def _default(value: object) -> str | None:
    """Return a default as SQL writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return None
