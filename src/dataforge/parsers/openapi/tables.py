"""Tables of an interface's objects: each named one once, what stands inside it as its own tables.

A member that is a named object is a foreign key. A list of named objects is a table that relates
both, unless nothing else refers to them and no operation sends them alone: they are then children
of the one that lists them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dataforge.parsers.json_schema.documents import Node
from dataforge.parsers.json_schema.drafts import Draft
from dataforge.parsers.json_schema.reading import Reader, law_of, name_of
from dataforge.parsers.openapi.components import bodies, inline_objects, named_objects

MOST_TABLES = 5_000


@dataclass
class ObjectReader(Reader):
    """Reads named objects; ``apart`` has their tables by place."""

    most_tables: int = MOST_TABLES
    apart: dict[str, Draft] = field(default_factory=dict)
    listed: Counter[str] = field(default_factory=Counter)

    def read(self) -> None:
        """Make the tables of named objects, or of bodies where a document names none."""
        found = _once(named_objects(self.document)) or _once(inline_objects(self.document))
        for place, (node, name) in found.items():
            self.apart[place] = self.draft(node, name_of(name))
        later = {place: self.columns(self.apart[place], node) for place, (node, _) in found.items()}
        self._count([node for members in later.values() for _, node, _ in members])
        for place, members in later.items():
            self.open_tables = {place: self.apart[place]}
            for member, node, optional in members:
                self._related(self.apart[place], member, node, optional=optional)

    def columns(self, draft: Draft, node: Node) -> list[tuple[str, Node, bool]]:
        """Add the columns; the member that identifies an object is the key, required or not."""
        later = super().columns(draft, node)
        if draft.place in self.apart:
            identify(draft)
        return later

    def _count(self, members: list[Node]) -> None:
        """Count how often named objects are members, and twice where an operation sends them."""
        for _, raw, pointer in bodies(self.document):
            self.listed[self._inner(self.document.node(raw, pointer)).place] += 2
        for node in members:
            self.listed[self._inner(node).target] += 1

    def _inner(self, node: Node) -> Node:
        items = self._items(node) if node.kind == "array" else None
        return node if items is None else items

    def _column(self, draft: Draft, name: str, node: Node, *, optional: bool) -> bool:
        if node.target in self.apart:
            return False
        return super()._column(draft, name, node, optional=optional)

    def _is_deep(self, node: Node) -> bool:
        return node.target in self.apart or super()._is_deep(node)

    def _related(self, draft: Draft, name: str, node: Node, *, optional: bool) -> None:
        inner = self._inner(node)
        other = self.apart.get(inner.target)
        if other is None:
            super()._related(draft, name, node, optional=optional)
        elif node.kind != "array":
            free = optional or self._leads(other, draft)
            draft.refer(other, key_name(name_of(name), other), nullable=free)
        elif other is draft:
            draft.refer(draft, key_name("parent", draft), nullable=True)
        elif self.listed[inner.target] == 1 and self._may_own(draft, other):
            self._own(draft, other, node.facts)
        else:
            self._relate(draft, other, f"{draft.name}_{name_of(name)}", node)

    def _own(self, draft: Draft, child: Draft, facts: dict[str, Any]) -> None:
        law = law_of(facts)
        said = {"owning": True} | ({"law": law} if law else {})
        child.refer(draft, key_name(draft.name, draft), **said)

    def _may_own(self, draft: Draft, child: Draft) -> bool:
        return not any(key.owning for key in child.keys) and not self._leads(draft, child)

    def _relate(self, draft: Draft, other: Draft, name: str, node: Node) -> None:
        between = self.draft(Node(node.pointer, {}), name)
        self._own(draft, between, node.facts)
        between.refer(other, key_name(other.name, other))

    def _leads(self, start: Draft, end: Draft) -> bool:
        """Tell whether rows of ``start`` need rows of ``end`` to be there."""
        by_name = {draft.name: draft for draft in self.drafts}
        reached, waiting = set(), [start.name]
        while waiting:
            name = waiting.pop()
            if name == end.name:
                return True
            if name not in reached:
                reached.add(name)
                draft = by_name[name]
                waiting += [
                    key.parent for key in draft.keys if not draft.columns[key.columns[0]].nullable
                ]
        return False


def identify(draft: Draft) -> None:
    """Make the member that identifies an object its primary key, where there is one."""
    by_fold = {name.casefold(): name for name in reversed(draft.columns)}
    wanted = ("id", "_id", "uuid", "guid", "gid", f"{draft.name}_id", f"{draft.name}id")
    for each in wanted:
        column = draft.columns.get(by_fold.get(each.casefold(), ""))
        if column is not None and column.type.kind in {"integer", "string", "uuid"}:
            draft.columns[column.name] = column.model_copy(
                update={"nullable": False, "default": None}
            )
            draft.primary = column.name
            return


def key_name(name: str, parent: Draft) -> str:
    """Return the name of a column that refers to ``parent``: ``category_id`` as a rule."""
    key = parent.key().name
    own = key.casefold().startswith(parent.name.casefold())
    return f"{name}_{key[len(parent.name) :].strip('_') if own else key}"


def _once(found: Iterable[tuple[str, Node]]) -> dict[str, tuple[Node, str]]:
    """Pair each place with its node and name, the first name of it."""
    places: dict[str, tuple[Node, str]] = {}
    for name, node in found:
        places.setdefault(node.place, (node, name))
    return places
