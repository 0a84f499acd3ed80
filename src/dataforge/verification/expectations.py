"""Shares that a schema expects: measured on the written rows, within their sampling error."""

from __future__ import annotations

import math
from collections.abc import Iterator

from dataforge.schema import Expectation
from dataforge.verification.certificate import Check
from dataforge.verification.conditions import expression_columns, present_fixed
from dataforge.verification.scope import MAX_REASON, Place, RefusedError, Scope
from dataforge.verification.sql_text import ident

DEVIATIONS = 4.0
"""How many standard deviations of a binomial a count may be off: 1 in 16,000 by chance."""


def share_checks(scope: Scope, place: Place) -> Iterator[Check]:
    """Measure every expected share whose columns were written."""
    for wish in place.table.expectations:
        needed = {*expression_columns(wish.expression), *expression_columns(wish.where or "")}
        if place.has(tuple(needed)):
            yield _measured(scope, place, wish, tuple(sorted(needed)))


def allowed(rows: int, share: float) -> float:
    """Return by how many rows a count of ``rows`` independent ones may miss ``share``.

    The normal bound of the binomial, and one row for rounding; none where the share is 0 or 1.
    """
    spread = math.sqrt(rows * share * (1 - share))
    return DEVIATIONS * spread + 1 if spread else 0.0


def _measured(scope: Scope, place: Place, wish: Expectation, names: tuple[str, ...]) -> Check:
    check = Check(
        kind="share",
        table=place.table.name,
        columns=names,
        constraint=f"{wish.name}: {wish.share:.4g} of rows",
    )
    try:
        rows, hits = _counts(scope, place, wish)
    except RefusedError as error:
        outcome = "failed" if place.numbered else "skipped"
        reason = f"cannot be evaluated: {error.message}"[:MAX_REASON]
        return check.model_copy(update={"verdict": outcome, "reason": reason})
    if rows == 0:
        return check.model_copy(update={"verdict": "skipped", "reason": "there are no such rows"})
    off = abs(hits - rows * wish.share)
    if off <= allowed(rows, wish.share):
        return check
    reason = f"{hits:,} of {rows:,} rows, a share of {hits / rows:.4g}"
    return check.model_copy(
        update={"verdict": "failed", "violations": round(off), "reason": reason}
    )


def _counts(scope: Scope, place: Place, wish: Expectation) -> tuple[int, int]:
    """Return how many rows the wish is about, and in how many of them it holds."""
    now = scope.schema.now
    holds = f"({present_fixed(wish.expression, now)})"
    about = f"({present_fixed(wish.where, now)})" if wish.where else "TRUE"
    seen = ", ".join(f"{cell} AS {ident(name)}" for name, cell in place.columns.items())
    counted = f"count(CASE WHEN {holds} IS NOT NULL THEN 1 END)"
    met = f"count(CASE WHEN {holds} THEN 1 END)"
    sql = f"SELECT {counted}, {met} FROM (SELECT {seen} FROM {place.relation}) t WHERE {about}"
    rows, hits = scope.session.rows(sql)[0]
    return int(str(rows)), int(str(hits))
