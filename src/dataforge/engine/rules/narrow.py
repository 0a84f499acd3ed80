"""What a table's rules leave of its columns, found once before the run.

In the order of the design: a range is tightened, a list restricted, two columns ordered; what is
left is solved by drawing again. Rules that leave nothing are reported with the rules that clash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from dataforge.engine.cells import Limits
from dataforge.engine.rules.conflicts import column_conflict, left, ordering_conflicts
from dataforge.engine.rules.fragments import fragment_of
from dataforge.engine.rules.logic import conjuncts
from dataforge.engine.rules.merging import merged
from dataforge.errors import Problem
from dataforge.schema import Table
from dataforge.schema.expressions import Column, Compare, Expr, Literal, columns_of, to_sql


@dataclass(frozen=True, slots=True)
class Ordering:
    """Column ``low`` is at most ``high`` (less where ``strict``), by rule number ``rule``."""

    low: str
    high: str
    strict: bool
    rule: int


@dataclass(frozen=True, slots=True)
class Residual:
    """A condition that only rows can show to hold, of rule number ``rule``."""

    rule: int
    expr: Expr
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the rules of a table come to.

    ``limits`` per column name (columns without any are absent); paths of ``problems`` start
    within the table (``columns.price``, ``rules``).
    """

    limits: Mapping[str, Limits] = field(default_factory=dict)
    orderings: tuple[Ordering, ...] = ()
    residual: tuple[Residual, ...] = ()
    problems: tuple[Problem, ...] = ()


def analyse(rules: Sequence[Expr], table: Table, now: datetime) -> Analysis:
    """Split the rules into limits, orderings and residual conditions; a pure function.

    Indices into ``rules`` say where each came from. A condition that only narrows without saying
    all (a LIKE, an OR of ranges) is in ``limits`` and in ``residual``.
    """
    findings = _Findings(table, [to_sql(rule) for rule in rules])
    for index, rule in enumerate(rules):
        for part in conjuncts(rule, table, now):
            findings.take(index, part)
    return findings.analysis()


@dataclass(slots=True)
class _Findings:
    """Collects what the conjuncts say, each once."""

    table: Table
    texts: Sequence[str]
    seen: set[Expr] = field(default_factory=set)
    limits: dict[str, Limits] = field(default_factory=dict)
    sources: dict[str, list[int]] = field(default_factory=dict)
    orderings: list[Ordering] = field(default_factory=list)
    residual: list[Residual] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def take(self, rule: int, part: Expr) -> None:
        """File one conjunct."""
        if part in self.seen or part == Literal(value=True):
            return
        self.seen.add(part)
        if part == Literal(value=False):
            self._refuse_always_false(rule)
        elif (ordering := _ordering(rule, part)) is not None:
            self.orderings.append(ordering)
        else:
            self._narrow(rule, part)

    def _refuse_always_false(self, rule: int) -> None:
        message = f"the rule {self.texts[rule]} is false for every row"
        self.problems.append(Problem("rules", message, "drop it"))

    def _narrow(self, rule: int, part: Expr) -> None:
        fragment = fragment_of(part, self.table)
        if fragment is None or not fragment.exact:
            self.residual.append(Residual(rule, part, columns_of(part)))
        if fragment is not None:
            before = self.limits.get(fragment.column, Limits())
            self.limits[fragment.column] = merged(before, fragment.limits)
            self.sources.setdefault(fragment.column, []).append(rule)

    def analysis(self) -> Analysis:
        """Check what was found against itself and hand it over."""
        for name, limits in self.limits.items():
            texts = [self.texts[rule] for rule in dict.fromkeys(self.sources[name])]
            self.problems.extend(column_conflict(self.table.column(name), limits, texts))
        edges = [(o.low, o.high, o.strict, self.texts[o.rule]) for o in self.orderings]
        self.problems.extend(ordering_conflicts(edges, self.limits))
        known = {
            name: self._settled(name, limits)
            for name, limits in self.limits.items()
            if limits != Limits()
        }
        orderings, residual = tuple(self.orderings), tuple(self.residual)
        return Analysis(known, orderings, residual, tuple(self.problems))

    def _settled(self, name: str, limits: Limits) -> Limits:
        """Leave in the list only what the other limits leave."""
        if limits.allowed is None:
            return limits
        return replace(limits, allowed=left(self.table.column(name), limits))


def _ordering(rule: int, part: Expr) -> Ordering | None:
    """Read ``a < b`` and ``a <= b``; ``conjuncts`` turned the others round."""
    if not isinstance(part, Compare) or part.operator not in {"<", "<="}:
        return None
    if not isinstance(part.left, Column) or not isinstance(part.right, Column):
        return None
    if part.left == part.right:
        return None
    return Ordering(part.left.name, part.right.name, part.operator == "<", rule)
