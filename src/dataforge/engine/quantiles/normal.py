"""The normal quantile function: Wichura's algorithm AS 241 (PPND16).

M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied
Statistics 37 (1988) 477-484. Relative accuracy about 1e-16.
"""

from __future__ import annotations

import numpy as np

from dataforge.streams import FloatArray

SMALLEST = 2.0**-54
LARGEST = 1.0 - 2.0**-53

_CENTRAL_ABOVE = (
    2.5090809287301226727e3,
    3.3430575583588128105e4,
    6.7265770927008700853e4,
    4.5921953931549871457e4,
    1.3731693765509461125e4,
    1.9715909503065514427e3,
    1.3314166789178437745e2,
    3.3871328727963666080e0,
)
_CENTRAL_BELOW = (
    5.2264952788528545610e3,
    2.8729085735721942674e4,
    3.9307895800092710610e4,
    2.1213794301586595867e4,
    5.3941960214247511077e3,
    6.8718700749205790830e2,
    4.2313330701600911252e1,
    1.0,
)
_MIDDLE_ABOVE = (
    7.74545014278341407640e-4,
    2.27238449892691845833e-2,
    2.41780725177450611770e-1,
    1.27045825245236838258e0,
    3.64784832476320460504e0,
    5.76949722146069140550e0,
    4.63033784615654529590e0,
    1.42343711074968357734e0,
)
_MIDDLE_BELOW = (
    1.05075007164441684324e-9,
    5.47593808499534494600e-4,
    1.51986665636164571966e-2,
    1.48103976427480074590e-1,
    6.89767334985100004550e-1,
    1.67638483018380384940e0,
    2.05319162663775882187e0,
    1.0,
)
_FAR_ABOVE = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.24266094738807843860e-3,
    2.65321895265761230930e-2,
    2.96560571828504891230e-1,
    1.78482653991729133580e0,
    5.46378491116411436990e0,
    6.65790464350110377720e0,
)
_FAR_BELOW = (
    2.04426310338993978564e-15,
    1.42151175831644588870e-7,
    1.84631831751005468180e-5,
    7.86869131145613259100e-4,
    1.48753612908506148525e-2,
    1.36929880922735805310e-1,
    5.99832206555887937690e-1,
    1.0,
)


def normal_quantile(u: FloatArray) -> FloatArray:
    """Return the standard normal quantile of ``u`` in [0, 1), float64 of the same shape.

    ``u`` is first brought into [2**-54, 1 - 2**-53], so the result stays within ±8.4.
    """
    return lower_tail_quantile(np.clip(u, SMALLEST, LARGEST))


def lower_tail_quantile(p: FloatArray) -> FloatArray:
    """Return the standard normal quantile of probabilities strictly between 0 and 1."""
    centred = p - 0.5
    score = 0.180625 - centred * centred
    score = centred * _ratio(_CENTRAL_ABOVE, _CENTRAL_BELOW, score)
    outer = np.flatnonzero(np.abs(centred) > 0.425)
    if len(outer):
        tail = p[outer]
        magnitude = _tail_score(np.minimum(tail, 1.0 - tail))
        score[outer] = np.copysign(magnitude, centred[outer])
    return score


def _tail_score(p: FloatArray) -> FloatArray:
    """Return minus the quantile of the small probabilities ``p``."""
    root = np.sqrt(-np.log(p))
    score = _ratio(_MIDDLE_ABOVE, _MIDDLE_BELOW, root - 1.6)
    far = root > 5.0
    if far.any():
        score[far] = _ratio(_FAR_ABOVE, _FAR_BELOW, root[far] - 5.0)
    return score


def _ratio(above: tuple[float, ...], below: tuple[float, ...], x: FloatArray) -> FloatArray:
    return _polynomial(above, x) / _polynomial(below, x)


def _polynomial(coefficients: tuple[float, ...], x: FloatArray) -> FloatArray:
    """Evaluate by Horner's rule, highest power first."""
    value = np.full_like(x, coefficients[0])
    for coefficient in coefficients[1:]:
        value *= x
        value += coefficient
    return value
