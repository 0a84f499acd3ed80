"""The text of a document, JSON or YAML, to plain objects."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import yaml

from dataforge.errors import ParseError

if TYPE_CHECKING:
    from yaml import SafeLoader as _Loader
else:
    # The parser in C, several times as fast, where PyYAML was built with it.
    _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MOST_VALUES = 10_000_000
_MOST_DEEP = 200


class _PlainLoader(_Loader):
    """YAML as JSON has it: ``no``, ``on`` and dates are texts, as YAML 1.2 says."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - PyYAML's own name, written by add_implicit_resolver


def _whole(loader: Any, node: yaml.ScalarNode) -> int | Decimal:
    return int(loader.construct_scalar(node))


_FORMS = {
    "bool": (r"true|True|TRUE|false|False|FALSE", "tTfF"),
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "int": (r"[-+]?[0-9]+", "-+0123456789"),
    "float": (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    "merge": (r"<<", "<"),
}
for _kind, (_form, _first) in _FORMS.items():
    _PlainLoader.add_implicit_resolver(
        f"tag:yaml.org,2002:{_kind}", re.compile(rf"(?:{_form})\Z"), list(_first)
    )
_PlainLoader.add_constructor("tag:yaml.org,2002:int", _whole)


def loaded(text: str, source: str) -> dict[str, Any]:
    """Return the object at the top of a document; ParseError where there is none.

    Names of members are texts. Aliases share what they stand for, as long as the whole written
    out would stay below ten million values; numbers with a point are ``Decimal`` in JSON, floats
    in YAML.
    """
    try:
        found = _parsed(text, source)
        _check_size(found, source)
    except RecursionError:
        raise ParseError(f"{source} is nested too deeply to be a schema") from None
    if not isinstance(found, dict):
        raise ParseError(f"{source} is no document: an object was expected at its top")
    return found


def _parsed(text: str, source: str) -> object:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as error:
        return _as_yaml(text, source, str(error))


def _as_yaml(text: str, source: str, told: str) -> object:
    if text.lstrip().startswith(("{", "[")):
        raise ParseError(f"{source} is not JSON: {told}")
    if _deep(text):
        raise ParseError(f"{source} is nested too deeply to be a schema")
    try:
        return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        why = getattr(error, "problem", None) or told
        raise ParseError(f"{source} is neither JSON nor YAML{line}: {why}") from None
    except ValueError:
        raise ParseError(f"{source} holds a number that is too long") from None


def _deep(text: str) -> bool:
    """Tell texts that are too deep for the parser in C, which recurses without a limit."""
    return _looks_deep(text) and _depth(text) > _MOST_DEEP


def _looks_deep(text: str) -> bool:
    """Tell whether brackets or indentation could be deep, prose counted in: cheap, never below."""
    depth = most = 0
    for found in re.finditer(r"[\[{\]}]", text):
        depth = max(0, depth + (1 if found[0] in "[{" else -1))
        most = max(most, depth)
    indents = re.finditer(r"^[ \t?:-]{100,}", text, re.MULTILINE)
    return most > _MOST_DEEP // 2 or next(indents, None) is not None


def _depth(text: str) -> int:
    """Return how deep a text is, read no further than to what is too deep."""
    depth = most = 0
    try:
        for event in yaml.parse(text, Loader=_PlainLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            most = max(most, depth)
            if most > _MOST_DEEP:
                break
    except yaml.YAMLError:
        pass  # The reader comes to it as well, with the words for it.
    return most


def _check_size(root: object, source: str) -> None:
    """Make names texts, and refuse aliases that stand for themselves or for millions."""
    sizes: dict[int, int] = {}

    def size(value: object) -> int:
        if not isinstance(value, dict | list):
            return 1
        known = sizes.get(id(value))
        if known == 0:
            raise ParseError(f"{source} has an alias that holds itself")
        if known is not None:
            return known
        sizes[id(value)] = 0
        if isinstance(value, dict) and not all(isinstance(key, str) for key in value):
            named = {_name(key): member for key, member in value.items()}
            value.clear()
            value.update(named)
        members = value.values() if isinstance(value, dict) else value
        sizes[id(value)] = found = 1 + sum(map(size, members))
        if found > _MOST_VALUES:
            raise ParseError(f"{source} stands for more than {_MOST_VALUES:,} values")
        return found

    size(root)


def _name(key: object) -> str:
    return json.dumps(key) if key is None or isinstance(key, bool) else str(key)
