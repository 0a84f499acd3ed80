"""Tables that list each thing once: units, colours, diagnoses in turn."""

from __future__ import annotations

from collections.abc import Mapping

from dataforge.schema import RecordSpec, Spec, Table

_LISTED = frozenset({"color", "element", "health", "unit"})


def listed(table: Table, specs: Mapping[str, Spec | None]) -> dict[str, Spec]:
    """Return the specs of records of which a key makes one column unique: they come in turn."""
    keyed = {key[0] for key in table.keys if len(key) == 1}
    lists = {
        (spec.record, spec.group)
        for name, spec in specs.items()
        if name in keyed and isinstance(spec, RecordSpec) and spec.record in _LISTED
    }
    return {
        name: spec.model_copy(update={"listed": True})
        for name, spec in specs.items()
        if isinstance(spec, RecordSpec) and (spec.record, spec.group) in lists
    }
