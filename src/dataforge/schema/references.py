"""What a spec refers to: columns of its row, other tables; and the same spec with other names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dataforge.errors import ParseError
from dataforge.schema.expressions import columns_of, parse_expression, rename_columns, to_sql
from dataforge.schema.specs import (
    ConditionalSpec,
    ExpressionSpec,
    ListSpec,
    ObjectSpec,
    OffsetSpec,
    RunningTotalSpec,
    Spec,
    TemplateSpec,
    UnionKeySpec,
    UnionLabelSpec,
)

Rename = Callable[[str], str]
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}")


def nested(spec: Spec) -> Iterator[Spec]:
    """Return the spec and those inside it, outermost first."""
    yield spec
    inner: tuple[Spec, ...] = ()
    match spec:
        case ConditionalSpec():
            inner = (*(branch.then for branch in spec.branches), spec.otherwise)
        case ListSpec():
            inner = (spec.item,)
        case ObjectSpec():
            inner = tuple(field.spec for field in spec.fields)
        case _:
            pass
    for each in inner:
        yield from nested(each)


def placeholders(template: str) -> list[tuple[str, str]]:
    """Return the (column, form) pairs of a template, in order."""
    found = _PLACEHOLDER.finditer(template)
    return [(match[1], match[2] or "") for match in found if match[1] is not None]


def expressions_in(spec: Spec) -> tuple[str, ...]:
    """Return the SQL texts over the row that stand directly in ``spec``."""
    match spec:
        case ExpressionSpec():
            return (spec.expression,)
        case ConditionalSpec():
            return tuple(branch.condition for branch in spec.branches)
        case _:
            return ()


def row_columns(spec: Spec) -> tuple[str, ...]:
    """Return the columns of the same row that ``spec`` reads; unreadable SQL reads none."""
    found: list[str] = []
    for each in nested(spec):
        match each:
            case OffsetSpec() | RunningTotalSpec():
                found.append(each.column)
            case TemplateSpec():
                found.extend(name for name, _ in placeholders(each.template))
            case _:
                found.extend(name for text in expressions_in(each) for name in sql_columns(text))
    return tuple(dict.fromkeys(found))


def sql_columns(text: str) -> tuple[str, ...]:
    """Return the columns of an SQL expression, none where it cannot be read."""
    try:
        return columns_of(parse_expression(text))
    except ParseError:
        return ()


def renamed_sql(text: str, rename: Rename) -> str:
    """Return ``text`` with its columns renamed, unchanged where no name changes."""
    names = {name: rename(name) for name in sql_columns(text)}
    if all(before == after for before, after in names.items()):
        return text
    return to_sql(rename_columns(parse_expression(text), names))


def renamed(spec: Spec, rename: Rename) -> Spec:
    """Return ``spec`` with the columns of its own row renamed."""
    match spec:
        case OffsetSpec() | RunningTotalSpec():
            return spec.model_copy(update={"column": rename(spec.column)})
        case UnionKeySpec():
            return spec.model_copy(update={"label_column": rename(spec.label_column)})
        case UnionLabelSpec():
            return spec.model_copy(update={"key_column": rename(spec.key_column)})
        case TemplateSpec():
            return spec.model_copy(update={"template": _renamed_template(spec.template, rename)})
        case ExpressionSpec():
            return spec.model_copy(update={"expression": renamed_sql(spec.expression, rename)})
        case ConditionalSpec():
            return _renamed_conditional(spec, rename)
        case ListSpec():
            return spec.model_copy(update={"item": renamed(spec.item, rename)})
        case ObjectSpec():
            fields = tuple(
                field.model_copy(update={"spec": renamed(field.spec, rename)})
                for field in spec.fields
            )
            return spec.model_copy(update={"fields": fields})
        case _:
            return spec


def _renamed_conditional(spec: ConditionalSpec, rename: Rename) -> ConditionalSpec:
    branches = tuple(
        branch.model_copy(
            update={
                "condition": renamed_sql(branch.condition, rename),
                "then": renamed(branch.then, rename),
            }
        )
        for branch in spec.branches
    )
    otherwise = renamed(spec.otherwise, rename)
    return spec.model_copy(update={"branches": branches, "otherwise": otherwise})


def _renamed_template(template: str, rename: Rename) -> str:
    def replace(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0]
        form = f":{match[2]}" if match[2] is not None else ""
        return f"{{{rename(match[1])}{form}}}"

    return _PLACEHOLDER.sub(replace, template)
