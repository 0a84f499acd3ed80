"""Settings by name and value: a time zone has another kind of value than a theme."""

from __future__ import annotations

from collections.abc import Mapping

from dataforge.parsers.meaning.bounds import Bounds
from dataforge.schema import CategoricalSpec, SegmentSpec, Spec, Table

_SWITCHES = ("auto_save", "newsletter", "notifications", "two_factor")
_VALUES: Mapping[str, Mapping[str, int]] = {
    **{key: {"true": 3, "false": 2} for key in _SWITCHES},
    "currency": {"USD": 5, "EUR": 3, "GBP": 2, "JPY": 1},
    "date_format": {"yyyy-MM-dd": 4, "dd.MM.yyyy": 3, "MM/dd/yyyy": 3},
    "language": {"en": 6, "de": 2, "fr": 2, "es": 2, "pt": 1},
    "page_size": {"10": 2, "25": 4, "50": 3, "100": 1},
    "theme": {"light": 4, "dark": 3, "auto": 2},
    "time_zone": {"UTC": 3, "Europe/Berlin": 2, "America/New_York": 3, "Asia/Tokyo": 1},
}


def setting_values(
    table: Table, concepts: Mapping[str, str], specs: Mapping[str, Spec | None], bounds: Bounds
) -> dict[str, Spec]:
    """Return the spec of a value beside the name of its setting."""
    names = [name for name, each in concepts.items() if each == "setting_name"]
    values = [name for name, each in concepts.items() if each == "setting_value"]
    if len(names) != 1 or len(values) != 1 or values[0] in bounds.tied:
        return {}
    named = specs.get(names[0])
    longest = max(len(value) for each in _VALUES.values() for value in each)
    if not isinstance(named, CategoricalSpec) or _room(table, values[0]) < longest:
        return {}
    return {
        values[0]: SegmentSpec(
            by=names[0],
            specs={
                name: CategoricalSpec(values=tuple(found), weights=tuple(found.values()))
                for name, found in _VALUES.items()
                if name in named.values
            },
            otherwise=CategoricalSpec(values=("default", "custom"), weights=(3, 1)),
        )
    }


def _room(table: Table, column: str) -> int:
    return getattr(table.column(column).type, "max_length", None) or 1 << 30
