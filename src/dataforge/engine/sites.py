"""A table's columns with what its rules leave of them: the first step of compiling it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from dataforge.corpora import COMPLETE
from dataforge.engine.cells import Domain, Limits, Site
from dataforge.engine.defaults import default_spec, effective_spec
from dataforge.engine.families import FAMILIES, build_spec, domain_of
from dataforge.engine.generators import records
from dataforge.engine.generators.cased import CasedDomain
from dataforge.engine.generators.records.lookup import CLOSED
from dataforge.engine.kept import Scrutiny
from dataforge.engine.localized import Numbered, distinct_by_locale
from dataforge.engine.nulls import plain
from dataforge.engine.overlap import Overlap
from dataforge.engine.redraw import Condition
from dataforge.engine.rules.logic import conjuncts
from dataforge.engine.rules.narrow import Ordering, analyse
from dataforge.errors import DataForgeError, Problem
from dataforge.schema import (
    Bound,
    CategoricalSpec,
    Column,
    ConditionalSpec,
    DatetimeSpec,
    DateType,
    DecimalType,
    ExpressionSpec,
    IntegerType,
    NumberSpec,
    OffsetSpec,
    PatternSpec,
    RecordSpec,
    Schema,
    SegmentSpec,
    SequenceSpec,
    SeriesSpec,
    ShareSpec,
    Spec,
    StringType,
    Table,
    TemplateSpec,
    TextType,
    TimestampType,
    UuidSpec,
    VocabularySpec,
)
from dataforge.schema.expressions import Column as Named
from dataforge.schema.expressions import Compare, Expr, columns_of, parse_expression, to_sql

_CODE_LENGTH = 12
_PLENTY = 10**7
_SCANNED = 100_000
_MONTH_S = 30 * 86_400
# Specs whose generators keep within limits by themselves, and keys' own way of counting.
_BOUNDED = frozenset({"number", "datetime", "categorical", "boolean", "pattern", "sequence"})


@dataclass(frozen=True)
class TableSites:
    """Per column: its site and effective spec; and the conditions that draws must satisfy."""

    table: Table
    sites: Mapping[str, Site]
    specs: Mapping[str, Spec]
    conditions: tuple[Condition, ...]
    orderings: tuple[tuple[str, str], ...]
    problems: tuple[Problem, ...]

    def counts_rows(self, name: str) -> bool:
        """Tell whether a key column simply counts: asked for, or a number nobody spoke of."""
        column = self.table.column(name)
        if isinstance(column.spec, SequenceSpec):
            return True
        numeric = isinstance(column.type, IntegerType | DecimalType)
        spoken_of = column.spec is not None and column.semantic is None
        limits = self.sites[name].limits
        limited = limits != Limits() or bool(self._scrutiny(name).conditions)
        upward = limits == Limits(minimum=limits.minimum) and not self._scrutiny(name).conditions
        return numeric and not spoken_of and (upward if column.identity else not limited)

    def first(self, name: str) -> int:
        """Return the number that a counting column starts with: 1, or as far up as rules say."""
        least = self.sites[name].limits.minimum
        return max(1, least) if isinstance(least, int) else 1

    def key_domain(self, name: str) -> tuple[Domain | None, bool]:
        """Return the values that a unique column ranks over, and whether they may be numbered.

        Only values that meet the column's own rules are among them.
        """
        scrutiny = self._scrutiny(name)
        domain, may_repeat = self._open_domain(name)
        kept = scrutiny.kept(self._cased(name, domain))
        if domain is None or not scrutiny.conditions:
            return kept, may_repeat
        if kept is not None and may_repeat and kept.size == domain.size:
            return kept, scrutiny.allows_numbers(kept)
        stated = scrutiny.kept(self._cased(name, self._stated_domain(name)))
        found = [each for each in (kept, stated) if each is not None]
        return max(found, key=lambda each: each.size, default=None), False

    def _scrutiny(self, name: str) -> Scrutiny:
        own = [each.expr for each in self.conditions if columns_of(each.expr) == (name,)]
        return Scrutiny(name, own, self.sites[name].schema.now)

    def _cased(self, name: str, domain: Domain | None) -> Domain | None:
        case = self.sites[name].limits.case
        return domain if domain is None or case is None else CasedDomain(domain, case)

    def _stated_domain(self, name: str) -> Domain | None:
        return _told_apart(domain_of(self._key_spec(name), self.sites[name]))

    def _open_domain(self, name: str) -> tuple[Domain | None, bool]:
        """Return the values that a unique column would rank over but for its own rules."""
        column, site = self.table.column(name), self.sites[name]
        domain = self._stated_domain(name)
        if site.limits.allowed is not None or site.limits.pattern is not None:
            return domain, False
        invented = column.spec is None or column.semantic is not None
        if not isinstance(column.type, StringType | TextType) or not invented:
            return domain, False
        if domain is not None and domain.size > _PLENTY:
            return domain, False
        if domain is not None and (_closed(self.specs[name]) or "code" in (column.semantic or "")):
            return domain, False
        if domain is not None and _may_grow(domain, column):
            return domain, True
        return domain_of(_code_spec(column, site.limits), site), False

    def distinct(self, name: str) -> bool:
        """Tell whether a column repeats no value as it is made: a uuid, or computed from a key."""
        spec = self.specs[name]
        if isinstance(spec, UuidSpec) or self.numbered(name) is not None:
            return True
        keyed = {key[0] for key in self.table.keys if len(key) == 1} - {name}
        return isinstance(spec, ExpressionSpec | TemplateSpec) and any(
            each in keyed for each in inputs_of(spec)
        )

    def numbered(self, name: str) -> Numbered | None:
        """Return a generator of distinct values that still agree with the row's record."""
        spec = self.specs[name]
        if not isinstance(spec, RecordSpec):
            return None
        return distinct_by_locale(records.distinct, spec, self.sites[name])

    def room(self, name: str) -> int | None:
        """Return in how many rows a distinct column repeats nothing; None means in all."""
        numbered = self.numbered(name)
        return None if numbered is None else numbered.room

    def _key_spec(self, name: str) -> Spec:
        """Meanings speak of typical values; a unique number needs the room of its type."""
        column, spec = self.table.column(name), self.specs[name]
        invented = column.spec is None or column.semantic is not None
        if invented and isinstance(spec, NumberSpec):
            widest = 10**9 if spec.decimals is None else None
            return NumberSpec(minimum=1, maximum=widest, decimals=spec.decimals)
        if isinstance(spec, OffsetSpec) and isinstance(column.type, DateType | TimestampType):
            return DatetimeSpec()
        return spec


def resolve(schema: Schema, table: Table, rows: Mapping[str, int]) -> TableSites:
    """Analyse the table's rules and settle every column's spec.

    ``rows`` counts those of the tables that are sized so far.
    """
    rules = [(parse_expression(rule.expression), rule) for rule in table.rules if rule.enforced]
    found = analyse([expr for expr, _ in rules], table, schema.now)
    texts = {index: rule.expression for index, (_, rule) in enumerate(rules)}
    sites = {
        column.name: Site(schema, table, column, found.limits.get(column.name, Limits()))
        for column in table.columns
    }
    specs = {name: _buildable(effective_spec(site), site) for name, site in sites.items()}
    conditions = [
        Condition(each.expr, texts[each.rule])
        for each in found.residual
        if not _derives(table, specs, sites, each.expr)
    ]
    paired = tuple(pair for pair in map(_pair, found.orderings) if _keyed_pair(table, *pair))
    conditions.extend(
        Condition(rules[ordering.rule][0], texts[ordering.rule])
        for ordering in found.orderings
        if _pair(ordering) not in paired and not _follows(specs, sites, ordering)
    )
    conditions.extend(_text_conditions(sites, specs))
    conditions.extend(
        Condition(part, rule.expression)
        for expr, rule in rules
        for part in conjuncts(expr, table, schema.now)
        if len(columns_of(part)) == 1 and specs[columns_of(part)[0]].kind not in _BOUNDED
    )
    conditions.extend(_room_conditions(table, specs))
    problems = tuple(
        Problem(f"tables.{table.name}.{each.path}", each.message, each.remedy)
        for each in found.problems
    )
    found_conditions = tuple(dict.fromkeys(conditions))
    table = _without_starving_owner(schema, _unowned(table, paired), rows)
    return TableSites(table, sites, specs, found_conditions, paired, problems)


def _buildable(spec: Spec, site: Site) -> Spec:
    """What a name suggests gives way to the type's default where it cannot be made to fit."""
    if site.column.semantic is None or spec.kind not in FAMILIES:
        return spec
    try:
        build_spec(spec, site)
    except DataForgeError:
        return default_spec(site)
    return spec


def _pair(ordering: Ordering) -> tuple[str, str]:
    return ordering.low, ordering.high


def _keyed_pair(table: Table, low: str, high: str) -> bool:
    """Tell whether two columns are references to one table that a key holds both of."""
    parents = {key.columns[0]: key.parent for key in table.foreign_keys if len(key.columns) == 1}
    same = low in parents and parents[low] == parents.get(high) != table.name
    return same and any({low, high} <= set(key) for key in table.keys)


def _unowned(table: Table, paired: tuple[tuple[str, str], ...]) -> Table:
    """Rows of ordered pairs are ranked as a whole, not laid out under one of the two."""
    names = {name for pair in paired for name in pair}
    keys = tuple(
        key.model_copy(update={"owning": False}) if set(key.columns) <= names else key
        for key in table.foreign_keys
    )
    return table.model_copy(update={"foreign_keys": keys})


def _without_starving_owner(schema: Schema, table: Table, rows: Mapping[str, int]) -> Table:
    """Rows are laid out under no owner that may have nothing for their other keys."""
    starving = any(
        Overlap(schema, table, index, rows).starves_owner()
        for index, key in enumerate(table.foreign_keys)
        if key.parent in rows
    )
    if not starving:
        return table
    keys = tuple(key.model_copy(update={"owning": False}) for key in table.foreign_keys)
    return table.model_copy(update={"foreign_keys": keys})


def _follows(specs: dict[str, Spec], sites: Mapping[str, Site], ordering: Ordering) -> bool:
    """Make the later of two moments follow the earlier by a gap, where both are free to move."""
    low, high = sites[ordering.low], sites[ordering.high]
    current = specs[ordering.high]
    if isinstance(current, OffsetSpec) and ordering.low in (current.column, *current.after):
        return current.minimum > 0 or not ordering.strict
    moments = DateType | TimestampType
    movable = (
        isinstance(low.column.type, moments)
        and type(low.column.type) is type(high.column.type)
        and isinstance(specs[ordering.low], DatetimeSpec | OffsetSpec)
        and isinstance(current, DatetimeSpec)
        and not (current.after or current.before)
        and (high.column.spec is None or high.column.semantic is not None)
        and high.limits == Limits()
        and ordering.high not in _read_for(ordering.low, specs)
    )
    if movable:
        unit = 1 if isinstance(high.column.type, DateType) else 86_400
        least = 1 if ordering.strict else 0
        specs[ordering.high] = OffsetSpec(
            column=ordering.low, minimum=least, maximum=_MONTH_S / 86_400 * unit
        )
    return movable


def _read_for(name: str, specs: Mapping[str, Spec]) -> set[str]:
    """Return the columns of the row that a column is computed from, however far."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for each in inputs_of(specs[waiting.pop()]):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found


def _derives(table: Table, specs: dict[str, Spec], sites: Mapping[str, Site], expr: Expr) -> bool:
    """Compute a column that a rule says equals an expression over columns that are drawn."""
    if not isinstance(expr, Compare) or expr.operator != "=":
        return False
    sides = ((expr.left, expr.right), (expr.right, expr.left))
    return any(
        isinstance(target, Named) and _computes(table, specs, sites, target.name, value)
        for target, value in sides
    )


def _computes(
    table: Table, specs: dict[str, Spec], sites: Mapping[str, Site], name: str, value: Expr
) -> bool:
    inputs = columns_of(value)
    keyed = {each for key in table.keys for each in key}
    keyed.update(each for key in table.foreign_keys for each in key.columns)
    column = table.column(name)
    free = column.spec is None or column.semantic is not None
    drawn = all(not isinstance(specs[each], ExpressionSpec) for each in inputs)
    if not inputs or name in inputs or name in keyed or not free or not drawn:
        return False
    may_lack = not column.nullable and any(table.column(each).nullable for each in inputs)
    if sites[name].limits != Limits() or may_lack:
        return False
    specs[name] = ExpressionSpec(expression=to_sql(value))
    return True


def _text_conditions(sites: Mapping[str, Site], specs: Mapping[str, Spec]) -> list[Condition]:
    """Limits that a column's spec does not keep by itself become conditions on its draws."""
    found = []
    for name, site in sites.items():
        quoted = '"' + name.replace('"', '""') + '"'
        limits, spec = site.limits, specs[name]
        if limits.min_length is not None:
            found.append(f"length({quoted}) >= {limits.min_length}")
        if limits.max_length is not None and not isinstance(spec, PatternSpec):
            found.append(f"length({quoted}) <= {limits.max_length}")
        if not isinstance(spec, CategoricalSpec):
            found.extend(f"{quoted} <> {_literal(value)}" for value in limits.excluded)
    return [Condition(parse_expression(text), text) for text in found]


def _room_conditions(table: Table, specs: Mapping[str, Spec]) -> list[Condition]:
    """What a database computes must fit its column: so its inputs are drawn until it does."""
    found = []
    for column in table.columns:
        spec = specs[column.name]
        if not column.generated or not isinstance(spec, ExpressionSpec):
            continue
        match column.type:
            case DecimalType(precision=precision, scale=scale):
                most = 10 ** (precision - scale) - 1
                text = f"({spec.expression}) BETWEEN -{most} AND {most}"
            case IntegerType(bits=bits, signed=signed):
                most = 2 ** (bits - int(signed)) - 1
                text = f"({spec.expression}) BETWEEN {-most if signed else 0} AND {most}"
            case StringType(max_length=int(length)):
                text = f"length({spec.expression}) <= {length}"
            case _:
                continue
        found.append(Condition(parse_expression(text), f"{column.name} = {spec.expression}"))
    return found


def _literal(value: float | str) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value)


def _told_apart(domain: Domain | None) -> Domain | None:
    """Keep values that databases which ignore case still tell apart."""
    if domain is None or getattr(domain, "fold_safe", True):
        return domain
    folded: Domain = domain.folded()  # type: ignore[attr-defined]
    return folded


def _closed(spec: Spec) -> bool:
    """Tell whether a spec's list is known to be complete: there is no 250th country."""
    if isinstance(spec, RecordSpec):
        return spec.record in CLOSED
    return isinstance(spec, VocabularySpec) and spec.vocabulary in COMPLETE


def _may_grow(domain: Domain, column: Column) -> bool:
    """Tell whether a number fits behind every value (`` 9999999`` at most) and makes a new one."""
    longest = getattr(column.type, "max_length", None)
    if domain.size > _SCANNED:
        return longest is None
    values = plain(domain.decode(np.arange(domain.size)))
    bare = pc.replace_substring_regex(values, r" \d+$", "")
    numbered = pc.and_(pc.not_equal(bare, values), pc.is_in(bare, values))
    if pc.any(numbered).as_py():  # with Sirius 2 among them, a number behind Sirius is none
        return False
    return longest is None or bool(pc.max(pc.utf8_length(values)).as_py() + 8 <= longest)


def _code_spec(column: Column, limits: Limits) -> Spec:
    lengths = (getattr(column.type, "max_length", None), limits.max_length)
    length = min((each for each in lengths if each is not None), default=_CODE_LENGTH)
    fixed = getattr(column.type, "fixed", False)
    width = length if fixed else max(min(length, _CODE_LENGTH), limits.min_length or 0)
    return PatternSpec(pattern=f"[A-Z0-9]{{{min(width, 32)}}}")


def inputs_of(spec: Spec) -> tuple[str, ...]:
    """Return the columns of the same row that a spec computes from."""
    match spec:
        case ExpressionSpec(expression=text):
            return columns_of(parse_expression(text))
        case OffsetSpec(column=name, after=after):
            return (name, *after)
        case ShareSpec(column=name, above=above):
            return (name,) if above is None else (name, above)
        case RecordSpec(place=Bound(foreign_key=None, column=name)):
            return (name,)
        case SeriesSpec(time=str(time)):
            return (time,)
        case ConditionalSpec(branches=branches, otherwise=otherwise):
            own = [columns_of(parse_expression(each.condition)) for each in branches]
            nested = [inputs_of(each.then) for each in branches]
            return tuple(name for part in (*own, *nested, inputs_of(otherwise)) for name in part)
        case SegmentSpec(by=by):
            return (by, *(name for part in spec.parts for name in inputs_of(part)))
        case TemplateSpec(template=text):
            parts = text.replace("{{", "").split("{")[1:]
            return tuple(part.split("}")[0].split(":")[0] for part in parts)
        case _:
            return ()
