"""What each spec makes: ten values of its example and how two thousand are spread.

The examples stand in docs/spec-examples.yaml, the tables that they are tried in in
docs/spec-hosts.yaml. Deterministic: the engine makes the values.
"""

# ruff: noqa: INP001  - a script's module, not a package

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from dataforge.api import generate
from dataforge.errors import DataForgeError
from dataforge.schema import Schema
from dataforge.schema.serialize import from_document

HOSTS = Path(__file__).parents[1] / "docs" / "spec-hosts.yaml"
TABLE, COLUMN = "samples", "value"
SHOWN, COUNTED = 10, 2_000
BARS, BINS, BAR_WIDTH, WIDEST = "▁▂▃▄▅▆▇█", 32, 24, 60
MOST_CATEGORIES, REPEATED = 8, 20
UNITS: Mapping[type, str] = {bytes: "bytes", list: "entries"}

Value = Any


def samples(kind: str, example: Mapping[str, Any], hosts: Mapping[str, Any]) -> Iterator[str]:
    """Yield Markdown blocks: the samples of a spec, then their histogram."""
    host = hosts.get(kind, {})
    names = [*host.get("show", ()), COLUMN]
    rows = _rows(example, host)
    columns = {name: rows[name].to_pylist() for name in names}
    yield _table(names, columns) if len(names) > 1 else _listing(columns[COLUMN])
    drawn = histogram(columns[COLUMN])
    if drawn:
        yield _fenced("histogram", drawn)


def hosts() -> dict[str, Any]:
    """Return what stands around each kind of spec."""
    found: dict[str, Any] = yaml.safe_load(HOSTS.read_text("utf-8"))
    return found


def _rows(example: Mapping[str, Any], host: Mapping[str, Any]) -> Any:
    try:
        return generate(hosted(example, host))[TABLE].to_arrow(0, COUNTED)
    except DataForgeError as fault:
        fault.add_note(f"docs/{HOSTS.name} says where {example['kind']} is tried")
        raise


def hosted(example: Mapping[str, Any], host: Mapping[str, Any], rows: int = COUNTED) -> Schema:
    """Return the schema in which an example is tried: column ``value`` of table ``samples``."""
    column = {
        "name": COLUMN,
        "type": host.get("type", "string(80)"),
        "nullable": host.get("nullable", False),
        "spec": dict(example),
    }
    table = {
        "name": TABLE,
        "primary_key": ["id"],
        "foreign_keys": host.get("foreign_keys", []),
        "columns": [
            {"name": "id", "type": "integer", "nullable": False},
            *host.get("columns", []),
            column,
        ],
    }
    if not any(key.get("owning") for key in table["foreign_keys"]):
        table["rows"] = rows
    return from_document({"version": 1, "tables": [*host.get("tables", []), table]}, COLUMN)


def _listing(values: Sequence[Value]) -> str:
    shown = [text_of(value) for value in values[:SHOWN]]
    if max(map(len, shown)) <= WIDEST // 2:
        return " · ".join(f"`{value}`" for value in shown)
    return _fenced("samples", "\n".join(shown))


def _table(names: Sequence[str], columns: Mapping[str, Sequence[Value]]) -> str:
    cells = [[name, *(text_of(value) for value in columns[name][:SHOWN])] for name in names]
    widths = [max(map(len, column)) for column in cells]
    rows = zip(*cells, strict=True)
    lines = ["  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)) for row in rows]
    return _fenced("samples", "\n".join(line.rstrip() for line in lines))


def _fenced(style: str, text: str) -> str:
    return f"``` {{ .text .no-copy .{style} }}\n{text}\n```"


def text_of(value: Value) -> str:
    """Return a value as a reader would write it."""
    match value:
        case None:
            return "null"
        case bytes():
            return value.hex()
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.6g}"
        case dt.datetime() | dt.date() | dt.time():
            return str(value)
        case list() | dict():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


def histogram(values: Sequence[Value]) -> str:
    """Return bars of the commonest values, or of bins where the values are numbers or moments.

    Other values that hardly repeat are counted by their length; those of one length have none.
    """
    known = [value for value in values if value is not None]
    texts = [text_of(value) for value in known]
    ordered, distinct = _ordered(known), len(set(texts))
    if distinct <= MOST_CATEGORIES or (distinct < len(texts) // REPEATED and not ordered):
        return _bars(Counter(texts + ["null"] * (len(values) - len(known))))
    if ordered:
        return _line([_number(value) for value in known], text_of(min(known)), text_of(max(known)))
    unit = UNITS.get(type(known[0]), "characters")
    sizes = [len(each) for each in (texts if unit == "characters" else known)]
    if min(sizes) == max(sizes):
        return ""
    return _line(sizes, f"{min(sizes)}", f"{max(sizes)} {unit}")


def _ordered(values: Sequence[Value]) -> bool:
    numbers = (int, float, Decimal, dt.date, dt.time)
    return all(isinstance(value, numbers) and not isinstance(value, bool) for value in values)


def _number(value: Value) -> float:
    match value:
        case dt.datetime():
            return value.replace(tzinfo=value.tzinfo or dt.UTC).timestamp()
        case dt.date():
            return value.toordinal()
        case dt.time():
            return value.hour * 3600 + value.minute * 60 + value.second
        case _:
            return float(value)


def _bars(counts: Counter[str]) -> str:
    common = counts.most_common(MOST_CATEGORIES)
    width, most, total = max(len(name) for name, _ in common), common[0][1], counts.total()
    lines = [
        f"{name:<{width}}  {'█' * max(1, round(BAR_WIDTH * count / most)):<{BAR_WIDTH}}"
        f" {count / total:>6.1%}"
        for name, count in common
    ]
    if len(counts) > len(common):
        rest = 1 - sum(count for _, count in common) / total
        lines.append(f"{'…':<{width}}  {'':<{BAR_WIDTH}} {rest:>6.1%}")
    return "\n".join(lines)


def _line(values: Sequence[float], least: str, most: str) -> str:
    low, high = min(values), max(values)
    bins = min(BINS, int(high - low) + 1) if all(v == int(v) for v in values) else BINS
    span = (high - low) or 1
    counts = Counter(min(int((value - low) / span * bins), bins - 1) for value in values)
    tallest = max(counts.values())
    bars = (BARS[round((len(BARS) - 1) * counts[each] / tallest)] if counts[each] else " "
            for each in range(bins))  # fmt: skip
    return f"{least}  {''.join(bars)}  {most}"
