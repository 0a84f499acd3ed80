"""What changed between two schemas, as a list a person can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from dataforge.schema.model import Column, Schema, Table
from dataforge.schema.type_text import type_text
from dataforge.schema.types import ColumnType, Model

_SHOWN = 80
_LISTS = ("unique_keys", "foreign_keys", "rules", "expectations", "correlations")


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``before`` and ``after`` are plain values, None where there is none.

    A renamed thing is one removed and one added.
    """

    path: str
    kind: Literal["added", "removed", "changed"]
    before: Any = None
    after: Any = None

    def __str__(self) -> str:
        """Render as ``+ path: after``, ``- path: before`` or ``~ path: before → after``."""
        match self.kind:
            case "added":
                return f"+ {self.path}: {_shown(self.after)}"
            case "removed":
                return f"- {self.path}: {_shown(self.before)}"
            case _:
                return f"~ {self.path}: {_shown(self.before)} → {_shown(self.after)}"


def diff(old: Schema, new: Schema) -> tuple[Change, ...]:
    """Return the changes from ``old`` to ``new`` in the order of ``new``, removed things last."""
    return (
        *_fields(old, new, "", skip={"tables"}),
        *_members(old.tables_by_name, new.tables_by_name, "tables"),
    )


def _members(old: Mapping[str, Any], new: Mapping[str, Any], path: str) -> Iterator[Change]:
    for name, after in new.items():
        place = f"{path}.{name}"
        if name not in old:
            yield Change(place, "added", after=_plain(after))
        elif old[name] != after:
            yield from _changes(old[name], after, place)
    for name, before in old.items():
        if name not in new:
            yield Change(f"{path}.{name}", "removed", before=_plain(before))


def _changes(old: Any, new: Any, path: str) -> Iterator[Change]:
    if isinstance(old, Table):
        yield from _table_changes(old, new, path)
    elif isinstance(old, Column):
        yield from _fields(old, new, path)
    else:
        yield Change(path, "changed", _plain(old), _plain(new))


def _table_changes(old: Table, new: Table, path: str) -> Iterator[Change]:
    listed = {"columns", *_LISTS}
    yield from _fields(old, new, path, skip=listed)
    yield from _members(old.columns_by_name, new.columns_by_name, f"{path}.columns")
    for field in _LISTS:
        yield from _members(_keyed(old, field), _keyed(new, field), f"{path}.{field}")
    if list(old.columns_by_name) != list(new.columns_by_name) and (
        set(old.columns_by_name) == set(new.columns_by_name)
    ):
        order = list(old.columns_by_name), list(new.columns_by_name)
        yield Change(f"{path}.columns", "changed", *order)


def _keyed(table: Table, field: str) -> dict[str, Model]:
    """Name keys and rules by their name, else by what they say."""
    found: dict[str, Model] = {}
    for member in getattr(table, field):
        columns = getattr(member, "columns", None)
        said = f"({', '.join(columns)})" if columns else getattr(member, "expression", "")
        found[member.name or said] = member
    return found


def _fields(
    old: Model, new: Model, path: str, skip: frozenset[str] | set[str] = frozenset()
) -> Iterator[Change]:
    for field in type(new).model_fields:
        before, after = getattr(old, field), getattr(new, field)
        if field in skip or before == after:
            continue
        place = f"{path}.{field}" if path else field
        if before is None or after is None:
            kind: Literal["added", "removed"] = "added" if before is None else "removed"
            yield Change(place, kind, _plain(before), _plain(after))
        else:
            yield Change(place, "changed", _plain(before), _plain(after))


def _plain(value: Any) -> Any:
    """Return models as dicts and types in their short form."""
    if not isinstance(value, Model):
        return list(value) if isinstance(value, tuple) else value
    if isinstance(value, get_args(get_args(ColumnType)[0])):
        short = type_text(cast("ColumnType", value))
        if short is not None:
            return short
    if isinstance(value, Table):
        return {"columns": [column.name for column in value.columns]}
    return value.model_dump(mode="json", exclude_defaults=True)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        parts = (f"{key}={_shown(inner)}" for key, inner in value.items())
        text = ", ".join(parts)
    elif isinstance(value, list):
        text = f"[{', '.join(map(_shown, value))}]"
    else:
        text = str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
