"""Giving every column that has nothing but a name and a type what its name promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeGuard

from dataforge.errors import Problem, SchemaError, did_you_mean
from dataforge.locales import locale_mix
from dataforge.parsers.meaning.after import after_parents
from dataforge.parsers.meaning.amounts import amounts_in_order
from dataforge.parsers.meaning.bounds import Bounds
from dataforge.parsers.meaning.calendar import calendar_parts
from dataforge.parsers.meaning.concepts import After, FormRule, concepts, known_words
from dataforge.parsers.meaning.defaults import with_default
from dataforge.parsers.meaning.figures import Figures
from dataforge.parsers.meaning.flags import Ends, flags_that_agree
from dataforge.parsers.meaning.forms import Place, spec_of, usual_tax
from dataforge.parsers.meaning.groups import group_of
from dataforge.parsers.meaning.languages import spoken
from dataforge.parsers.meaning.lists import listed
from dataforge.parsers.meaning.matching import Match, TableNames, matches, stated
from dataforge.parsers.meaning.numbers import capacity
from dataforge.parsers.meaning.order import Ordered, in_order
from dataforge.parsers.meaning.places import in_their_places
from dataforge.parsers.meaning.prices import line_totals, price_lookups
from dataforge.parsers.meaning.settings import setting_values
from dataforge.parsers.meaning.stories import one_after_other, one_story
from dataforge.parsers.meaning.together import category_trees, jobs_and_pay
from dataforge.parsers.meaning.totals import (
    grand_totals,
    least_prices,
    part_quantities,
    taxes_due,
)
from dataforge.parsers.meaning.words import classes_of, pieces
from dataforge.schema import (
    BinaryType,
    BooleanSpec,
    CategoricalSpec,
    Column,
    ColumnType,
    EnumType,
    IntegerType,
    NumberSpec,
    OffsetSpec,
    RecordSpec,
    Scalar,
    Schema,
    Spec,
    StringType,
    Table,
    VocabularySpec,
)

PLAIN_NULL_SHARE = 0.1
_UNIT_SECONDS = {"h": 3_600, "d": 86_400}
_OWN_IN_EACH = frozenset(
    {
        ("internet", field)
        for field in ("token", "hash", "stamp", "serial", "ipv4", "url", "image_url")
    }
    | {("person", "password_hash"), ("payment", "iban"), ("payment", "account_number")}
)
_STATE = RecordSpec(record="address", field="state")
# Moments of what has happened; what is due, expires or ends may lie ahead.
_PAST = frozenset(
    {"updated", "ordered", "shipped", "delivered", "completed", "cancelled", "deleted", "last_seen"}
)
_PLACES = frozenset({"place", "state", "country", "region"})
_WHOLE_ADDRESS = 100
_FEW_VALUES = (BooleanSpec, CategoricalSpec, NumberSpec)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one column was found to mean."""

    match: Match
    spec: Spec | None


def assign_meaning(schema: Schema) -> Schema:
    """Return the schema with a spec, a meaning and a null share for every column that lacks one.

    Pure and deterministic. A column that states its own ``semantic`` gets that concept, whatever
    its name; ``SchemaError`` lists those that are none. Columns of foreign keys, identities and
    generated columns stay as they are; so do columns whose name means nothing, for which the
    engine goes by the type.
    """
    bounds = {table.name: Bounds.of(table) for table in schema.tables}
    found = meanings(schema, bounds)
    prices = {
        table.name: tuple(n for n, m in found[table.name].items() if _named(m) == "price")
        for table in schema.tables
    }
    locale = locale_mix(schema.locale).main
    concepts = {
        table: {name: _named(meaning) for name, meaning in meant.items() if meaning}
        for table, meant in found.items()
    }
    made: dict[str, dict[str, Spec | None]] = {}
    orders: dict[str, Ordered] = {}
    known: dict[str, dict[str, float]] = {}
    spoken_in = languages_of(schema)
    for table in schema.tables:
        meant, limits = found[table.name], bounds[table.name]
        specs = {name: meaning.spec for name, meaning in meant.items() if meaning}
        specs |= _offsets(table, {name: m.match for name, m in meant.items() if m}, specs)
        specs |= _told_apart(specs)
        specs |= listed(table, specs)
        shown = concepts[table.name]
        words = {name: meaning.match.words for name, meaning in meant.items() if meaning}
        specs |= line_totals(table, shown, specs, limits)
        specs |= taxes_due(table, shown, words, limits, usual_tax(locale))
        specs |= _whole_addresses(table, specs)
        specs |= jobs_and_pay(table, shown, words, limits, locale) | category_trees(table, specs)
        specs |= grand_totals(table, shown, words, limits) | least_prices(table, shown, limits)
        specs |= part_quantities(table, shown, limits)
        of_day = calendar_parts(table, limits, locale[:2], schema.now)
        specs |= of_day
        specs |= setting_values(table, shown, specs, limits)
        specs |= price_lookups(table, schema.tables_by_name, prices, limits)
        specs |= amounts_in_order(_figures(table, meant, specs, limits, spoken_in))
        order = _in_order(table, meant, specs, limits, spoken_in, schema.now)
        made[table.name], orders[table.name] = {**specs, **order.specs, **of_day}, order
        known[table.name] = {**order.null_shares, **dict.fromkeys(of_day, 0.0)}
        concepts[table.name] |= order.concepts
    tied = {table: limits.tied for table, limits in bounds.items()}
    for name, placed in in_their_places(schema, made, tied).items():
        made[name] |= placed
    following = after_parents(schema, made, concepts)
    common = locale if schema.locale == locale else None
    tables = []
    for table in schema.tables:
        meant, limits = found[table.name], bounds[table.name]
        specs = {**made[table.name], **following.get(table.name, {})}
        order = orders[table.name]
        filled = _filled_table(table, meant, specs, limits, locale, known[table.name])
        free = meant.keys() - limits.bound
        told = one_story(filled, free, limits.listed, common, order.stages)
        told = one_after_other(told, order.needs)
        readings = TableNames.of(table, spoken_in).all_readings
        ends = Ends(order.stages, order.expiries, readings)
        tables.append(flags_that_agree(told, ends, meant.keys() - limits.tied, common))
    return schema.model_copy(update={"tables": tuple(tables)})


def _figures(
    table: Table,
    meant: Mapping[str, Meaning | None],
    specs: Mapping[str, Spec | None],
    limits: Bounds,
    spoken_in: tuple[str, ...],
) -> Figures:
    words = {name: None if each is None else each.match.words for name, each in meant.items()}
    concepts = {name: _named(each) for name, each in meant.items()}
    return Figures.of(table, TableNames.of(table, spoken_in), words, specs, concepts, limits)


def _in_order(
    table: Table,
    meant: Mapping[str, Meaning | None],
    specs: Mapping[str, Spec | None],
    limits: Bounds,
    spoken_in: tuple[str, ...],
    now: datetime,
) -> Ordered:
    words = {name: None if each is None else each.match.words for name, each in meant.items()}
    concepts = {name: _named(each) for name, each in meant.items()}
    shares = {name: each.match.concept.null_share for name, each in meant.items() if each}
    names = TableNames.of(table, spoken_in)
    return in_order(table, names, words, specs, concepts, shares, limits, now)


def _named(meaning: Meaning | None) -> str:
    return "" if meaning is None else meaning.match.concept.name


def meanings(
    schema: Schema, bounds: Mapping[str, Bounds] | None = None
) -> dict[str, dict[str, Meaning | None]]:
    """Return what every open column means, by table and column; None where nothing is known.

    Raises ``SchemaError`` where a column's ``semantic`` is no concept or has no form for its type.
    """
    limits = bounds or {table.name: Bounds.of(table) for table in schema.tables}
    spoken_in = languages_of(schema)
    found = {t.name: _meanings(t, limits[t.name], schema, spoken_in) for t in schema.tables}
    problems = [
        problem
        for table in schema.tables
        for name, meaning in found[table.name].items()
        if (problem := _misnamed(table, table.column(name), meaning)) is not None
    ]
    if problems:
        raise SchemaError.of(problems)
    return found


def languages_of(schema: Schema) -> tuple[str, ...]:
    """Return the codes of the languages its names are written in, most words first."""
    names = [table.name for table in schema.tables]
    names += [column.name for table in schema.tables for column in table.columns]
    return spoken([pieces(name) for name in names], known_words())


def _misnamed(table: Table, column: Column, meaning: Meaning | None) -> Problem | None:
    """Say what is wrong with a meaning that the schema states itself."""
    if column.semantic is None or meaning is not None or isinstance(column.type, EnumType):
        return None
    path = f"tables.{table.name}.columns.{column.name}.semantic"
    known = {concept.name: concept for concept in concepts()}
    if column.semantic not in known:
        hint = did_you_mean(column.semantic, known)
        return Problem(path, f"unknown concept {column.semantic!r}{hint}", "name a known one")
    kinds = sorted({kind for rule in known[column.semantic].rules for kind in rule.kinds})
    return Problem(
        path,
        f"{column.semantic} cannot be made in {column.type.kind}",
        f"use a column of {', '.join(kinds)}, or another concept",
    )


def _meanings(
    table: Table, bounds: Bounds, schema: Schema, spoken_in: tuple[str, ...]
) -> dict[str, Meaning | None]:
    keyed = {name for key in table.foreign_keys for name in key.columns}
    names = TableNames.of(table, spoken_in)
    open_columns = [c for c in table.columns if c.name not in keyed and _is_open(c, enums=True)]
    found = {c.name: _meaning(c, table, names, schema, bounds) for c in open_columns}
    return _first_beside_last(_state_of_affairs(found))


def _state_of_affairs(found: dict[str, Meaning | None]) -> dict[str, Meaning | None]:
    """Read ``state`` of a thing that has no other part of an address as a status."""
    parts = {n: m for n, m in found.items() if m and _is_field(m.spec, "address")}
    if len(parts) != 1:
        return found
    ((name, meaning),) = parts.items()
    placed = meaning.match.classes & {"person", "company", "store", "residence", "place"}
    if placed or meaning.match.words != ("state",) or meaning.spec != _STATE:
        return found
    return found | {name: replace(meaning, spec=VocabularySpec(vocabulary="status"))}


def _first_beside_last(found: dict[str, Meaning | None]) -> dict[str, Meaning | None]:
    """Read a person's name beside a last name as the first: nombre and apellidos."""
    fields = {m.spec.field for m in found.values() if m and _is_field(m.spec, "person")}
    if "last_name" not in fields or "first_name" in fields:
        return found
    return {name: _as_first_name(m) if _named(m) == "name" else m for name, m in found.items()}


def _as_first_name(meaning: Meaning | None) -> Meaning | None:
    if meaning is None or not _is_field(meaning.spec, "person"):
        return meaning
    return replace(meaning, spec=meaning.spec.model_copy(update={"field": "first_name"}))


def _is_field(spec: Spec | None, record: str) -> TypeGuard[RecordSpec]:
    return isinstance(spec, RecordSpec) and spec.record == record


def _filled_table(
    table: Table,
    meanings: dict[str, Meaning | None],
    specs: dict[str, Spec | None],
    bounds: Bounds,
    locale: str,
    null_shares: Mapping[str, float],
) -> Table:
    keyed = {
        name for key in (*table.keys, *(k.columns for k in table.foreign_keys)) for name in key
    }
    columns = []
    for column in table.columns:
        spec, name = specs.get(column.name), column.name
        if not _is_open(column, enums=True) or (name not in meanings and name in keyed):
            columns.append(column)
            continue
        if name not in keyed:
            spec = with_default(column, spec, bounds.listed.get(name, ()), locale)
        filled = _filled(column, table, meanings.get(name), spec)
        if name in null_shares and column.nullable and column.null_share is None:
            filled = filled.model_copy(update={"null_share": null_shares[name]})
        columns.append(filled)
    return table.model_copy(update={"columns": tuple(columns)})


def _is_open(column: Column, *, enums: bool = False) -> bool:
    closed = column.identity or column.generated
    closed = closed or (isinstance(column.type, EnumType) and not enums)
    return column.spec is None and not closed


def _meaning(
    column: Column, table: Table, names: TableNames, schema: Schema, bounds: Bounds
) -> Meaning | None:
    found = matches(column, names) if column.semantic is None else stated(column, names)
    for match in found:
        for rule in match.concept.rules:
            if not rule.accepts(column.type, match.classes) and not _as_text(rule, column, match):
                continue
            record = rule.form.removeprefix("record ").removeprefix("labels ").split(".")[0]
            group = group_of(record, match.words, names.own)
            most, locale = bounds.most.get(column.name), locale_mix(schema.locale).main
            place = Place(column.type, group, schema.now, most, locale, _listed(column, bounds))
            spec = spec_of(rule.form, place)
            if spec is None and rule.form != "none":
                continue
            return Meaning(match, None if _too_few(column, table, spec) else spec)
    return None


def _listed(column: Column, bounds: Bounds) -> tuple[Scalar, ...]:
    """Return the values that a column is restricted to; none where it is not."""
    if isinstance(column.type, EnumType):
        return () if column.type.multiple else column.type.values
    return bounds.listed.get(column.name) or bounds.numbers.get(column.name, ())


def _as_text(rule: FormRule, column: Column, match: Match) -> bool:
    """Tell whether a column of short bytes, which has no rule of its own, may hold the text."""
    if not isinstance(column.type, BinaryType) or column.type.max_length is None:
        return False
    own = any(each.accepts(column.type, match.classes) for each in match.concept.rules)
    text = StringType(max_length=column.type.max_length)
    return not own and rule.accepts(text, match.classes)


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
    elif spec is not None:
        update = {"spec": spec, "semantic": column.semantic or "default"}
    if column.nullable and column.null_share is None and not isinstance(column.type, EnumType):
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
            spec = _offset(column, base, after, specs[base.name], past=match.concept.name in _PAST)
            if spec is not None:
                offsets[name] = spec
                break
    return offsets


def _told_apart(specs: dict[str, Spec | None]) -> dict[str, Spec]:
    """Give tokens, addresses and stamps that one row has twice a record each."""
    seen: set[tuple[str, str, str]] = set()
    found: dict[str, Spec] = {}
    for name, spec in specs.items():
        if not isinstance(spec, RecordSpec) or (spec.record, spec.field) not in _OWN_IN_EACH:
            continue
        if (spec.record, spec.field, spec.group) in seen:
            found[name] = spec.model_copy(update={"group": name})
        seen.add((spec.record, spec.field, spec.group))
    return found


def _whole_addresses(table: Table, specs: Mapping[str, Spec | None]) -> dict[str, Spec]:
    """Return whole addresses for wide columns of a street whose town no other column shows."""
    parents = [pieces(key.parent) for key in table.foreign_keys if key.parent != table.name]
    if any(classes_of(words) & _PLACES for words in parents):
        return {}
    parts = [
        (name, spec)
        for name, spec in specs.items()
        if isinstance(spec, RecordSpec) and spec.record == "address"
    ]
    shared = Counter(spec.group for _, spec in parts)
    return {
        name: spec.model_copy(update={"field": "full_address"})
        for name, spec in parts
        if spec.field == "street_address" and shared[spec.group] == 1 and _wide(table.column(name))
    }


def _wide(column: Column) -> bool:
    size = column.type.max_length if isinstance(column.type, StringType) else None
    return size is None or size >= _WHOLE_ADDRESS


def _base(
    column: Column, after: After, match: Match, table: Table, found: dict[str, Match]
) -> Column | None:
    """Return the column of the earlier concept that qualifiers and type make a pair with."""
    candidates = [
        table.columns_by_name[name]
        for name, other in found.items()
        if other.concept.name == after.concept
        and (not after.classes or after.classes & match.classes)
        and _comparable(table.columns_by_name[name].type, column.type)
        and not (other.concept.null_share and table.columns_by_name[name].nullable)
        and not any(column.name in key for key in table.keys)
    ]
    paired = [c for c in candidates if found[c.name].qualifiers == match.qualifiers]
    return next(iter(paired or candidates), None)


def _comparable(base: ColumnType, later: ColumnType) -> bool:
    """Tell whether one may follow the other: the same type, or moments of two."""
    moments = {"date", "timestamp"}
    return base == later or (base.kind in moments and later.kind in moments)


def _offset(
    column: Column, base: Column, after: After, spec: Spec | None, *, past: bool
) -> Spec | None:
    if after.unit and column.type.kind in {"date", "timestamp"}:
        scale = _UNIT_SECONDS[after.unit] if column.type.kind == "timestamp" else 1
        low, high = after.low * scale, after.high * scale
        return OffsetSpec(column=base.name, minimum=low, maximum=high, past=past)
    bounds = capacity(column.type)
    if after.unit or not isinstance(spec, NumberSpec):
        return None
    if bounds is not None and float(spec.maximum or 0) + after.high > bounds[1]:
        return None
    return OffsetSpec(column=base.name, minimum=after.low, maximum=after.high)
