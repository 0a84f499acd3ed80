"""Conditions become rules, computed columns expressions."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.conditions import (
    Scope,
    Untranslatable,
    read_node,
    to_expression,
    to_text,
)
from dataforge.parsers.sql.cursor import Name
from dataforge.parsers.sql.drafts import CheckDraft, TableDraft, TypeDraft
from dataforge.parsers.sql.type_map import Asked, map_type
from dataforge.schema.expressions import parse_expression
from dataforge.schema.expressions.kinds import check_kinds
from dataforge.schema.model import Column, Rule
from dataforge.schema.specs import ExpressionSpec
from dataforge.schema.types import (
    BooleanType,
    ColumnType,
    DecimalType,
    FloatType,
    IntegerType,
    JsonType,
    TextType,
)

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Coalesce, exp.Round, exp.Neg)
_WHOLE = (exp.Year, exp.Month, exp.Day, exp.Extract, exp.DateDiff, exp.Length)


@dataclass(slots=True)
class RuleMaker:
    """Adds to ``rules`` and refines ``columns`` (keyed by name) for one table."""

    catalog: Catalog
    draft: TableDraft
    columns: dict[str, Column]
    rules: list[Rule] = field(default_factory=list)

    def add_checks(self) -> None:
        """Add the table's own conditions."""
        for check in self.draft.checks:
            self._add(check, None)

    def add_domain_checks(self, column: str, checks: list[CheckDraft]) -> None:
        """Add a domain's conditions with ``column`` in the place of VALUE."""
        for check in checks:
            self._add(check, column)

    def _add(self, check: CheckDraft, value: str | None) -> None:
        try:
            node = read_node(check.text, self._scope(value))
            if self._is_said_otherwise(node):
                return
            rule = self._enforced(node, check)
        except Untranslatable as reason:
            rule = Rule(expression=check.text, name=check.name, enforced=False, reason=str(reason))
        if rule not in self.rules:
            self.rules.append(rule)

    def _enforced(self, node: exp.Expr, check: CheckDraft) -> Rule:
        text = to_text(node)
        try:
            expression = to_expression(node, self._types())
        except Untranslatable as fault:
            return Rule(expression=text, name=check.name, enforced=False, reason=str(fault))
        kind = check_kinds(parse_expression(expression), self._types())
        if kind == "number":  # MySQL and SQLite take any number but 0 for true
            expression = f"({expression}) <> 0"
        elif kind not in {"truth", "any"}:
            reason = f"it is no condition: its value is a {kind}"
            return Rule(expression=text, name=check.name, enforced=False, reason=reason)
        return Rule(expression=expression, name=check.name)

    def _scope(self, value: str | None = None) -> Scope:
        return Scope(self.catalog.dialect, self._spell, self._types(), value)

    def _types(self) -> dict[str, ColumnType]:
        return {name: column.type for name, column in self.columns.items()}

    def _spell(self, written: str, quoted: bool) -> str | None:  # noqa: FBT001  - a callback
        found = self.catalog.find_column(self.draft, Name(written, quoted))
        return found.name.value if found is not None else None

    def _is_said_otherwise(self, node: exp.Expr) -> bool:
        """``x IS NOT NULL`` and ``json_valid(x)`` are a column's nullability and type."""
        required = _required_by(node)
        if required:
            self._refine(required, nullable=False)
            return True
        documents = [column for column in map(_tested_as_json, node.walk()) if column]
        for name in documents:
            self._refine(name, type=JsonType())
        return bool(documents)

    def _refine(self, name: str, **changes: object) -> None:
        self.columns[name] = self.columns[name].model_copy(update=changes)

    def add_expressions(self) -> None:
        """Give computed columns their expression, and a type where none was written."""
        for column in self.draft.columns:
            if column.expression is None:
                continue
            name = column.name.value
            try:
                node = read_node(column.expression, self._scope())
                if column.type is None:
                    self._refine(name, type=self._guess(node))
                expression = to_expression(node, self._types())
                kind = check_kinds(parse_expression(expression), self._types())
                if column.type is None and kind == "text":
                    self._refine(name, type=TextType())
                self._refine(name, spec=ExpressionSpec(expression=expression))
            except Untranslatable as reason:
                self.catalog.report(
                    column.line,
                    f"computed column {self.draft.name.value}.{name}: {reason}",
                    "its values are made like those of any column; give it a spec to change that",
                )

    def _guess(self, node: exp.Expr) -> ColumnType:
        """The type of a computed column that states none."""
        if isinstance(node, exp.Predicate):
            return BooleanType()
        if isinstance(node, exp.Cast):
            name, _, _ = node.to.sql(dialect=self.catalog.dialect).lower().partition("(")
            mapped = map_type(Asked(TypeDraft(name), self.catalog.dialect))
            return mapped.type if mapped is not None else TextType()
        if isinstance(node, _WHOLE):
            return IntegerType(bits=32)
        kinds = [self.columns[c.name].type for c in node.find_all(exp.Column)]
        for wanted in (FloatType, DecimalType, IntegerType):
            for kind in kinds:
                if isinstance(kind, wanted) and isinstance(node, _ARITHMETIC):
                    return _widened(kind)
        return kinds[0] if isinstance(node, exp.Column) and kinds else TextType()


def _required_by(node: exp.Expr) -> str:
    """The column of ``x IS NOT NULL`` in either of sqlglot's forms, else an empty string."""
    inner = node.this.unnest() if isinstance(node, exp.Not) else node
    if not isinstance(inner, exp.Is) or not isinstance(inner.this, exp.Column):
        return ""
    once = bool(inner.args.get("negate")) != isinstance(node, exp.Not)
    return inner.this.name if isinstance(inner.expression, exp.Null) and once else ""


def _tested_as_json(node: exp.Expr) -> str:
    """The column of ``json_valid(x)``, ``ISJSON(x)`` or ``x IS JSON``, else an empty string."""
    target = None
    if isinstance(node, exp.Anonymous) and node.name.lower() in {"json_valid", "isjson"}:
        target = node.expressions[0] if node.expressions else None
    elif isinstance(node, exp.Is) and isinstance(node.expression, exp.JSON):
        target = node.this
    return target.name if isinstance(target, exp.Column) else ""


def _widened(kind: ColumnType) -> ColumnType:
    """Room for a product or a sum of two columns of ``kind``."""
    if isinstance(kind, DecimalType):
        return DecimalType(precision=min(kind.precision + 10, 38), scale=kind.scale)
    return IntegerType(bits=64) if isinstance(kind, IntegerType) else kind
