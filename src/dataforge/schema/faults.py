"""Turns what pydantic rejects into problems with a path, what was found and what is accepted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from dataforge.errors import Problem, did_you_mean
from dataforge.schema.model import Schema

_NOUNS = {
    "type": "type",
    "item": "spec",
    "distribution": "distribution",
    "law": "law",
    "dirt": "kind of dirt",
}
_SHOWN = 60
_KIND_MISSING = "union_tag_not_found"
_KIND_UNKNOWN = "union_tag_invalid"


def problems_of(error: ValidationError, data: Any) -> list[Problem]:
    """Return one problem per faulty place of ``data``, in the order of the schema."""
    found: dict[str, list[Problem]] = {}
    for fault in error.errors(include_url=False):
        if fault["type"] == "too_short" and fault["input"]:
            continue  # members were given; the faults in them are told apart
        problem = _problem(fault, data)
        found.setdefault(problem.path, []).append(problem)
    return [_merged(problems) for problems in found.values()]


def _merged(problems: list[Problem]) -> Problem:
    """Join what the members of a plain union say about one value."""
    if len(problems) == 1:
        return problems[0]
    remedies = dict.fromkeys(problem.remedy for problem in problems if problem.remedy)
    first = problems[0]
    return Problem(first.path, first.message, "; or ".join(remedies))


def _problem(fault: Any, data: Any) -> Problem:
    steps = list(_steps(fault["loc"], data))
    path = ".".join(steps) or "schema"
    context = fault.get("ctx", {})
    match fault["type"]:
        case "union_tag_invalid":
            return _unknown_kind(path, steps, context)
        case "union_tag_not_found":
            noun = _noun(steps)
            return Problem(
                path,
                f"the {noun} has no kind: {_shown(fault['input'])}",
                f"add 'kind: …' to say which {noun} is meant",
            )
        case "extra_forbidden":
            hint = did_you_mean(steps[-1], _known_fields(fault["loc"][:-1]))
            return Problem(path, f"unknown field {steps[-1]!r}{hint}", "rename or remove it")
        case "missing":
            return Problem(path, f"{steps[-1]!r} is missing", "add it")
        case "value_error":
            return Problem(path, str(context.get("error", fault["msg"])))
        case _:
            return Problem(path, f"found {_shown(fault['input'])}", _lower_first(fault["msg"]))


def _unknown_kind(path: str, steps: list[str], context: Any) -> Problem:
    known = [tag.strip().strip("'") for tag in context["expected_tags"].split(",")]
    tag = str(context["tag"])
    message = f"unknown {_noun(steps)} {tag!r}{did_you_mean(tag, known)}"
    return Problem(f"{path}.kind", message, "write one of the known kinds")


def _noun(steps: list[str]) -> str:
    named = [step for step in steps if not step.isdecimal()]
    if named[-1:] == ["item"] and "spec" not in named:
        return "type"
    return _NOUNS.get(named[-1], "spec") if named else "spec"


def _steps(location: tuple[str | int, ...], data: Any) -> Iterator[str]:
    """Name list members by their ``name`` and leave out the tags that pydantic adds."""
    here = data
    tag = None
    for step in location:
        if step == tag:
            tag = None
            continue
        here = _inside(here, step)
        is_named = isinstance(step, int) and isinstance(here, dict) and "name" in here
        if isinstance(step, int) or here is not _NOTHING or step != location[-1]:
            yield str(here["name"]) if is_named else str(step)
        elif not _is_union_member(location, data):
            yield str(step)
        tag = here.get("kind") if isinstance(here, dict) else None


_NOTHING: Any = object()


def _inside(here: Any, step: str | int) -> Any:
    if isinstance(here, dict) and step in here:
        return here[step]
    if isinstance(here, list | tuple) and isinstance(step, int) and step < len(here):
        return here[step]
    return _NOTHING


def _is_union_member(location: tuple[str | int, ...], data: Any) -> bool:
    """Tell whether the last step names a member of a union of plain values, not a field."""
    here = data
    for step in location[:-1]:
        inside = _inside(here, step)
        here = here if inside is _NOTHING else inside
    return not isinstance(here, dict)


def _known_fields(location: tuple[str | int, ...]) -> list[str]:
    """Return the fields of the model at ``location``, found by walking the annotations."""
    models: list[type[BaseModel]] = [Schema]
    for step in location:
        if isinstance(step, int):
            continue
        tagged = [m for m in models if _kind_of(m) == step]
        models = tagged if len(models) > 1 and tagged else _field_models(models, step)
    return [name for model in models[:1] for name in model.model_fields]


def _kind_of(model: type[BaseModel]) -> Any:
    field = model.model_fields.get("kind")
    return None if field is None else field.default


def _field_models(models: list[type[BaseModel]], name: str) -> list[type[BaseModel]]:
    fields = (model.model_fields[name] for model in models if name in model.model_fields)
    return [found for field in fields for found in _models_in(field.annotation)]


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _lower_first(message: str) -> str:
    return message[:1].lower() + message[1:].replace("Input should", "it should", 1)
