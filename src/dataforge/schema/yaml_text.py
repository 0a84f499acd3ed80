"""YAML in and out, by the rules of YAML 1.2: ``no`` is a string and so is ``2026-01-01``."""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml

from dataforge.errors import ParseError

_FLOW_WIDTH = 72
_SCALARS = (str, int, float, type(None))
_TAG = "tag:yaml.org,2002:"
_FLOAT = re.compile(
    r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
)
_RESOLVERS = (
    ("null", re.compile(r"~|null|Null|NULL|"), ["~", "n", "N", ""]),
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")),
    ("int", re.compile(r"[-+]?[0-9]+"), list("-+0123456789")),
    ("float", re.compile(rf"(?:{_FLOAT.pattern})$"), list("-+.0123456789")),
)


# libyaml reads and writes large schemas about eight times faster; wheels carry it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SafeDumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Safe construction, the scalars of YAML 1.2, no key twice in one mapping."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, _SCALARS):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be plain text", key_node.start_mark
                )
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def _integer(loader: _Loader, node: Any) -> int:
    return int(loader.construct_scalar(node))


def _float(loader: _Loader, node: Any) -> float:
    text = loader.construct_scalar(node).lower()
    return float(text.replace(".inf", "inf").replace(".nan", "nan"))


for _name, _pattern, _first in _RESOLVERS:
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern.pattern})$"), _first)
_Loader.add_constructor(_TAG + "int", _integer)
_Loader.add_constructor(_TAG + "float", _float)


class _Dumper(_SafeDumper):  # type: ignore[misc]
    """Block style, short flat values in flow style, line breaks kept readable."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _is_short(values: Any) -> bool:
    flat = all(isinstance(value, _SCALARS) and "\n" not in str(value) for value in values)
    return flat and sum(len(str(value)) + 2 for value in values) <= _FLOW_WIDTH


def _write_list(dumper: _Dumper, data: list[Any]) -> Any:
    return dumper.represent_sequence(_TAG + "seq", data, flow_style=_is_short(data))


def _write_mapping(dumper: _Dumper, data: dict[str, Any]) -> Any:
    flow = "kind" in data and _is_short([*data, *data.values()])
    return dumper.represent_mapping(_TAG + "map", data.items(), flow_style=flow)


def _write_text(dumper: _Dumper, data: str) -> Any:
    return dumper.represent_scalar(_TAG + "str", data, style="|" if "\n" in data else None)


# Strings that either version of YAML would read as something else are quoted.
_Dumper.yaml_implicit_resolvers = {
    first: list(known) for first, known in yaml.SafeDumper.yaml_implicit_resolvers.items()
}
for _name, _pattern, _first in _RESOLVERS:
    _Dumper.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_pattern.pattern})$"), _first)
_Dumper.add_representer(list, _write_list)
_Dumper.add_representer(dict, _write_mapping)
_Dumper.add_representer(str, _write_text)


def load_yaml(text: str, source: str) -> Any:
    """Return the document in ``text``; ``ParseError`` names ``source``, line and column."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  - a SafeLoader
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        what = fault.problem or fault.context or "not YAML"
        msg = f"{source}{place}: this is not readable YAML: {what}"
        raise ParseError(msg) from None
    except yaml.YAMLError as fault:
        msg = f"{source}: this is not readable YAML: {fault}"
        raise ParseError(msg) from None


def dump_yaml(data: Any) -> str:
    """Return ``data`` (dicts, lists, scalars) as YAML text that ends in a line break."""
    text: str = yaml.dump(
        data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, indent=2
    )
    return text
