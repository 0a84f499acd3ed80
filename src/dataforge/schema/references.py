"""What a spec refers to: columns of its row, other tables; and the same spec with other names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dataforge.errors import ParseError
from dataforge.schema.expressions import columns_of, parse_expression, rename_columns, to_sql
from dataforge.schema.specs import (
    Bound,
    ChoiceSpec,
    ConditionalSpec,
    DatetimeSpec,
    ExpressionSpec,
    ListSpec,
    LookupSpec,
    ObjectSpec,
    OffsetSpec,
    RecordSpec,
    SegmentSpec,
    Spec,
    TemplateSpec,
    UnionKeySpec,
    UnionLabelSpec,
)

Rename = Callable[[str], str]

# The fields of specs that name a column of the same row, and a column of the owning parent.
_OWN_FIELDS: dict[str, tuple[str, ...]] = {
    "offset": ("column",),
    "share": ("column", "above"),
    "running_total": ("column",),
    "union_key": ("label_column",),
    "union_label": ("key_column",),
    "event_time": ("state_column",),
    "status": ("after",),
    "status_time": ("status_column",),
    "interval_end": ("start_column",),
    "balance": ("movement_column",),
    "path": ("column",),
    "as_of": ("at",),
    "segment": ("by",),
    "series": ("time",),
    "series_label": ("column",),
    "candle_field": ("column",),
}
OWNER_FIELDS: dict[str, tuple[str, ...]] = {
    "event_time": ("after",),
    "interval_start": ("after", "before"),
    "drift": ("base",),
    "movement": ("opening", "floor"),
    "double_entry": ("total",),
}
_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}:]*)(?::([^{}]*))?\}")


def nested(spec: Spec) -> Iterator[Spec]:
    """Return the spec and those inside it, outermost first."""
    yield spec
    inner: tuple[Spec, ...] = ()
    match spec:
        case ConditionalSpec():
            inner = (*(branch.then for branch in spec.branches), spec.otherwise)
        case SegmentSpec():
            inner = spec.parts
        case ListSpec():
            inner = (spec.item,)
        case ObjectSpec():
            inner = tuple(field.spec for field in spec.fields)
        case ChoiceSpec():
            inner = tuple(option.spec for option in spec.options)
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


def own_fields(spec: Spec) -> tuple[str, ...]:
    """Return the fields of ``spec`` that name a column of its own row."""
    if isinstance(spec, OffsetSpec) and spec.foreign_key is not None:
        return ()
    fields = _OWN_FIELDS.get(spec.kind, ())
    return tuple(field for field in fields if getattr(spec, field) is not None)


def bounds_of(spec: Spec) -> tuple[Bound, ...]:
    """Return the moments that a spec keeps to, or the place that a record's is in."""
    if isinstance(spec, RecordSpec):
        return () if spec.place is None else (spec.place,)
    if not isinstance(spec, DatetimeSpec):
        return ()
    return spec.after if spec.before is None else (*spec.after, spec.before)


def parent_reads(spec: Spec, owner: str | None) -> Iterator[tuple[str, str, str]]:
    """Yield (field, foreign key, column) for what ``spec`` reads of its row's parents.

    ``owner`` is the label of the owning key; None where there is none.
    """
    match spec:
        case LookupSpec():
            yield "column", spec.foreign_key, spec.column
        case OffsetSpec(foreign_key=str(label)):
            yield "column", label, spec.column
        case DatetimeSpec():
            for bound in bounds_of(spec):
                if bound.foreign_key:
                    yield "after", bound.foreign_key, bound.column
        case RecordSpec(place=Bound(foreign_key=str(label), column=name)):
            yield "place", label, name
        case _ if owner is not None:
            for field in OWNER_FIELDS.get(spec.kind, ()):
                if isinstance(name := getattr(spec, field), str):
                    yield field, owner, name
        case _:
            pass


def row_columns(spec: Spec) -> tuple[str, ...]:
    """Return the columns of the same row that ``spec`` reads; unreadable SQL reads none."""
    found: list[str] = []
    for each in nested(spec):
        match each:
            case TemplateSpec():
                found.extend(name for name, _ in placeholders(each.template))
            case UnionKeySpec() | UnionLabelSpec():
                pass  # the two halves are decided together
            case _:
                found.extend(name for text in expressions_in(each) for name in sql_columns(text))
                found.extend(getattr(each, field) for field in own_fields(each))
                found.extend(bound.column for bound in bounds_of(each) if not bound.foreign_key)
                found.extend(each.after if isinstance(each, OffsetSpec) else ())
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
        case DatetimeSpec() | RecordSpec():
            return rebound(spec, lambda each: each if each.foreign_key else _moved(each, rename))
        case TemplateSpec():
            return spec.model_copy(update={"template": _renamed_template(spec.template, rename)})
        case ExpressionSpec():
            return spec.model_copy(update={"expression": renamed_sql(spec.expression, rename)})
        case ConditionalSpec():
            return _renamed_conditional(spec, rename)
        case SegmentSpec():
            moved = spec.changed(lambda part: renamed(part, rename))
            return moved.model_copy(update={"by": rename(spec.by)})
        case ListSpec():
            return spec.model_copy(update={"item": renamed(spec.item, rename)})
        case ObjectSpec():
            fields = tuple(
                field.model_copy(update={"spec": renamed(field.spec, rename)})
                for field in spec.fields
            )
            return spec.model_copy(update={"fields": fields})
        case ChoiceSpec():
            options = tuple(
                option.model_copy(update={"spec": renamed(option.spec, rename)})
                for option in spec.options
            )
            return spec.model_copy(update={"options": options})
        case _:
            named = own_fields(spec)
            update: dict[str, object] = {name: rename(getattr(spec, name)) for name in named}
            if isinstance(spec, OffsetSpec) and spec.after:
                update["after"] = tuple(map(rename, spec.after))
            return spec.model_copy(update=update) if update else spec


def rebound(
    spec: DatetimeSpec | RecordSpec, change: Callable[[Bound], Bound]
) -> DatetimeSpec | RecordSpec:
    """Return ``spec`` with its bounds changed."""
    if isinstance(spec, RecordSpec):
        place = None if spec.place is None else change(spec.place)
        return spec.model_copy(update={"place": place})
    before = None if spec.before is None else change(spec.before)
    return spec.model_copy(update={"after": tuple(map(change, spec.after)), "before": before})


def _moved(bound: Bound, rename: Rename) -> Bound:
    return bound.model_copy(update={"column": rename(bound.column)})


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
