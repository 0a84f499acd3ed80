"""Which columns a kind of dirt acts on."""

from __future__ import annotations

from typing import Final

from dataforge.schema.dirt import CellDirt, DateSwapDirt, DirtSpec, OrphanDirt, SwapDirt
from dataforge.schema.model import Column, Table

_TEXTS = frozenset({"string", "text", "enum"})
_NUMBERS = frozenset({"integer", "decimal", "float"})
_MOMENTS = frozenset({"date", "timestamp"})
_SIMPLE = _TEXTS | _NUMBERS | _MOMENTS | {"boolean", "time", "uuid", "json", "interval", "geometry"}

FITTING_DIRT: Final = {
    "typo": _TEXTS,
    "case": _TEXTS,
    "whitespace": _TEXTS,
    "encoding": _TEXTS,
    "format": _TEXTS,
    "outlier": _NUMBERS,
    "unit": _NUMBERS,
    "swap": _SIMPLE,
    "date_swap": _MOMENTS | _TEXTS,
    "missing": _SIMPLE,
    "late": _MOMENTS,
    "orphan": _TEXTS | {"integer", "decimal", "uuid"},
}
"""The kinds of types that each kind of dirt can act on."""

TEXT_DIRT: Final = frozenset({"typo", "case", "whitespace", "encoding", "format"})


def dirty_columns(table: Table, spec: DirtSpec) -> tuple[str, ...]:
    """Return the columns that ``spec`` acts on, in the table's order; none for whole rows."""
    if isinstance(spec, SwapDirt) or (isinstance(spec, CellDirt) and spec.columns):
        return tuple(spec.columns)
    if isinstance(spec, OrphanDirt):
        return single_references(table)
    if not isinstance(spec, CellDirt):
        return ()
    keyed = key_columns(table)
    unasked = _TEXTS if isinstance(spec, DateSwapDirt) else frozenset()
    return tuple(
        c.name
        for c in fitting(table, spec.kind)
        if c.name not in keyed and c.type.kind not in unasked
    )


def fitting(table: Table, kind: str) -> tuple[Column, ...]:
    """Return the columns whose type this kind of dirt can act on."""
    kinds = FITTING_DIRT[kind]
    return tuple(c for c in table.columns if c.type.kind in kinds and not c.generated)


def key_columns(table: Table) -> frozenset[str]:
    """Return the columns of keys and of foreign keys."""
    keyed = {name for key in table.keys for name in key}
    return frozenset(keyed | {name for key in table.foreign_keys for name in key.columns})


def single_references(table: Table) -> tuple[str, ...]:
    """Return the columns that are a foreign key by themselves, in the table's order."""
    alone = [key.columns[0] for key in table.foreign_keys if len(key.columns) == 1]
    names = {name for name in alone if alone.count(name) == 1}
    kinds = FITTING_DIRT["orphan"]
    return tuple(c.name for c in table.columns if c.name in names and c.type.kind in kinds)


def reference_of(table: Table, column: str) -> int:
    """Return the number of the foreign key that consists of ``column``."""
    return next(i for i, key in enumerate(table.foreign_keys) if key.columns == (column,))
