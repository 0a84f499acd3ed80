"""Every problem of a schema at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dataforge.errors import Problem
from dataforge.schema.model import Schema
from dataforge.schema.normalize import normalize
from dataforge.schema.validation.correlations import check_correlations
from dataforge.schema.validation.cycles import check_load_cycles, check_value_cycles
from dataforge.schema.validation.dependencies import check_dependencies
from dataforge.schema.validation.dirt import check_dirt
from dataforge.schema.validation.keys import check_keys, check_nulls
from dataforge.schema.validation.locales import check_locales
from dataforge.schema.validation.names import check_names, check_sizes
from dataforge.schema.validation.names_in_specs import check_references
from dataforge.schema.validation.processes import check_extents, check_processes
from dataforge.schema.validation.relations import check_owners, check_relations
from dataforge.schema.validation.rules import check_rules
from dataforge.schema.validation.segments import check_segments
from dataforge.schema.validation.series import check_series
from dataforge.schema.validation.specs import check_specs
from dataforge.schema.validation.tracks import check_tracks

Check = Callable[[Schema], Iterator[Problem]]

_CHECKS: tuple[Check, ...] = (
    check_names,
    check_sizes,
    check_locales,
    check_keys,
    check_nulls,
    check_relations,
    check_owners,
    check_load_cycles,
    check_value_cycles,
    check_specs,
    check_references,
    check_segments,
    check_series,
    check_correlations,
    check_rules,
    check_dependencies,
    check_processes,
    check_extents,
    check_dirt,
    check_tracks,
)


def validate(schema: Schema) -> list[Problem]:
    """Return every problem with its path, what was found and what to do; raises nothing.

    Errors make a schema unusable, warnings do not. The schema is judged as ``normalize`` settles
    it, so that what it settles (case of names, nullable primary keys, owners) is no problem.
    """
    settled = normalize(schema)
    problems = (problem for check in _CHECKS for problem in check(settled))
    return list(dict.fromkeys(problems))
