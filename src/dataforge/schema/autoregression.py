"""Whether autoregressive noise is stationary, and how long it remembers."""

from __future__ import annotations

from collections.abc import Sequence

NEGLIGIBLE = 1e-4
MOST_FILTERS = 14


def reflections(coefficients: Sequence[float]) -> list[float]:
    """Return the partial autocorrelations of the process, last order first.

    Durbin and Levinson's recursion stepped down (Barndorff-Nielsen and Schou, 1973); the process
    is stationary exactly if all of them lie inside (-1, 1). Stops at the first that does not.
    """
    current = list(coefficients)
    found: list[float] = []
    while current:
        last = current.pop()
        found.append(last)
        if abs(last) >= 1:
            break
        scale = 1 - last * last
        current = [
            (value + last * mirror) / scale
            for value, mirror in zip(current, reversed(current), strict=True)
        ]
    return found


def is_stationary(coefficients: Sequence[float]) -> bool:
    """Tell whether the process with these coefficients is stationary."""
    return all(abs(each) < 1 for each in reflections(coefficients))


def forgets(coefficients: Sequence[float]) -> bool:
    """Tell whether the process has forgotten a shock, to a ten-thousandth, in 16384 steps.

    The roots are squared 14 times (Graeffe); what is left are their 16384th powers.
    """
    polynomial = [1.0, *(-value for value in coefficients)]
    for _ in range(MOST_FILTERS):
        if max(map(abs, polynomial[1:]), default=0.0) < NEGLIGIBLE:
            break
        polynomial = _squared(polynomial)
    return max(map(abs, polynomial[1:]), default=0.0) < NEGLIGIBLE


def _squared(polynomial: list[float]) -> list[float]:
    """Return b with b(z²) = a(z) a(-z)."""
    size = len(polynomial)
    return [
        sum(
            polynomial[i] * polynomial[2 * k - i] * (-1) ** (2 * k - i)
            for i in range(max(0, 2 * k - size + 1), min(size, 2 * k + 1))
        )
        for k in range(size)
    ]
