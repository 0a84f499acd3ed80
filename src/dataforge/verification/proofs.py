"""Every check that looks at more than one row, in the order that lets one build on another."""

from __future__ import annotations

from dataforge.verification.certificate import Check
from dataforge.verification.chains import chain_checks
from dataforge.verification.expectations import share_checks
from dataforge.verification.families import family_checks, lookup_checks
from dataforge.verification.keys import Proven, key_checks
from dataforge.verification.moments import moment_checks
from dataforge.verification.positions import position_checks
from dataforge.verification.references import reference_checks, union_checks
from dataforge.verification.scope import Scope
from dataforge.verification.sequences import sequence_checks
from dataforge.verification.tracks import track_checks
from dataforge.verification.trees import tree_checks


def between_tables(scope: Scope, *, in_order: bool) -> dict[str, list[Check]]:
    """Return the checks of each table: keys of all tables first, then what refers to them."""
    proven = Proven()
    checks = {
        name: list(key_checks(scope, place, proven, in_order=in_order))
        for name, place in scope.places.items()
    }
    for name, place in scope.places.items():
        made = checks[name]
        made += reference_checks(scope, place, proven)
        made += union_checks(scope, place)
        made += tree_checks(scope, place)
        made += position_checks(scope, place)
        made += lookup_checks(scope, place)
        made += chain_checks(scope, place)
        made += moment_checks(scope, place)
        made += sequence_checks(scope, place)
        made += track_checks(scope, place)
        made += share_checks(scope, place)
        for check in family_checks(scope, place):
            checks[check.table].append(check)
    return checks
