"""Giving every column that has nothing but a name and a type what its name promises."""

from __future__ import annotations

from dataclasses import dataclass

from dataforge.parsers.meaning.concepts import After
from dataforge.parsers.meaning.forms import Place, spec_of
from dataforge.parsers.meaning.groups import group_of
from dataforge.parsers.meaning.matching import Match, TableNames, matches
from dataforge.parsers.meaning.numbers import capacity
from dataforge.schema import (
    BooleanSpec,
    CategoricalSpec,
    Column,
    EnumType,
    IntegerType,
    NumberSpec,
    OffsetSpec,
    Schema,
    Spec,
    Table,
)

PLAIN_NULL_SHARE = 0.1
_UNIT_SECONDS = {"h": 3_600, "d": 86_400}
_FEW_VALUES = (BooleanSpec, CategoricalSpec, NumberSpec)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one column was found to mean."""

    match: Match
    spec: Spec | None


def assign_meaning(schema: Schema) -> Schema:
    """Return the schema with a spec, a meaning and a null share for every column that lacks one.

    Pure and deterministic. Columns of foreign keys, identities, generated columns and enums stay
    as they are; so do columns whose name means nothing, for which the engine goes by the type.
    """
    tables = tuple(_table(table, schema) for table in schema.tables)
    return schema.model_copy(update={"tables": tables})


def _table(table: Table, schema: Schema) -> Table:
    keyed = {name for key in table.foreign_keys for name in key.columns}
    names = TableNames.of(table)
    open_columns = [c for c in table.columns if c.name not in keyed and _is_open(c)]
    found = {c.name: _meaning(c, table, names, schema) for c in open_columns}
    specs = {name: meaning.spec for name, meaning in found.items() if meaning}
    specs |= _offsets(table, {name: m.match for name, m in found.items() if m}, specs)
    columns = tuple(
        _filled(column, table, found[column.name], specs.get(column.name))
        if column.name in found
        else column
        for column in table.columns
    )
    return table.model_copy(update={"columns": columns})


def _is_open(column: Column) -> bool:
    closed = column.identity or column.generated or isinstance(column.type, EnumType)
    return column.spec is None and not closed


def _meaning(column: Column, table: Table, names: TableNames, schema: Schema) -> Meaning | None:
    for match in matches(column, names):
        for rule in match.concept.rules:
            if not rule.accepts(column.type, match.classes):
                continue
            record = rule.form.removeprefix("record ").split(".")[0]
            place = Place(column.type, group_of(record, match.words, names.own), schema.now)
            spec = spec_of(rule.form, place)
            if spec is None and rule.form != "none":
                continue
            return Meaning(match, None if _too_few(column, table, spec) else spec)
    return None


def _too_few(column: Column, table: Table, spec: Spec | None) -> bool:
    """Return whether a key needs more values than the spec has: the engine numbers them then."""
    alone = any(key == (column.name,) for key in table.keys)
    in_key = any(column.name in key for key in table.keys)
    numbered = isinstance(column.type, IntegerType) and in_key
    return isinstance(spec, _FEW_VALUES) and (alone or numbered)


def _filled(column: Column, table: Table, meaning: Meaning | None, spec: Spec | None) -> Column:
    update: dict[str, object] = {}
    if meaning is not None:
        update = {"spec": spec, "semantic": column.semantic or meaning.match.concept.name}
    if column.nullable and column.null_share is None:
        update["null_share"] = _null_share(column, table, meaning)
    return column.model_copy(update=update)


def _null_share(column: Column, table: Table, meaning: Meaning | None) -> float:
    if any(column.name in key for key in table.keys):
        return 0.0
    return PLAIN_NULL_SHARE if meaning is None else meaning.match.concept.null_share


def _offsets(
    table: Table, found: dict[str, Match], specs: dict[str, Spec | None]
) -> dict[str, Spec | None]:
    """Return the specs of columns that follow another of the same row: updated after created."""
    offsets: dict[str, Spec | None] = {}
    for name, match in found.items():
        column = table.columns_by_name[name]
        for after in match.concept.after:
            base = _base(column, after, match, table, found)
            if base is None or specs.get(base.name) is None or specs.get(name) is None:
                continue
            spec = _offset(column, base, after, specs[base.name])
            if spec is not None:
                offsets[name] = spec
                break
    return offsets


def _base(
    column: Column, after: After, match: Match, table: Table, found: dict[str, Match]
) -> Column | None:
    """Return the column of the earlier concept that qualifiers and type make a pair with."""
    candidates = [
        table.columns_by_name[name]
        for name, other in found.items()
        if other.concept.name == after.concept
        and table.columns_by_name[name].type == column.type
        and not (other.concept.null_share and table.columns_by_name[name].nullable)
        and not any(column.name in key for key in table.keys)
    ]
    paired = [c for c in candidates if found[c.name].qualifiers == match.qualifiers]
    return next(iter(paired or candidates), None)


def _offset(column: Column, base: Column, after: After, spec: Spec | None) -> Spec | None:
    if after.unit and column.type.kind in {"date", "timestamp"}:
        scale = _UNIT_SECONDS[after.unit] if column.type.kind == "timestamp" else 1
        return OffsetSpec(column=base.name, minimum=after.low * scale, maximum=after.high * scale)
    bounds = capacity(column.type)
    if after.unit or not isinstance(spec, NumberSpec):
        return None
    if bounds is not None and float(spec.maximum or 0) + after.high > bounds[1]:
        return None
    return OffsetSpec(column=base.name, minimum=after.low, maximum=after.high)
