"""Values as PostgreSQL's receive functions read them, big-endian, a whole column at a time.

Each function returns one payload a row, shape (n,) or (n, k); what stands at nulls is arbitrary.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.sinks.text.scan import text_bytes, text_offsets

Values = npt.NDArray[Any]

_EPOCH_DAYS = 10_957
_EPOCH_US = _EPOCH_DAYS * 86_400_000_000
_MICROSECOND_DIGITS = 6
_GROUP_DIGITS = 4
_GROUP = 10**_GROUP_DIGITS
_NEGATIVE = 0x4000
_UUID_RUNS = ((0, 8), (9, 13), (14, 18), (19, 23), (24, 36))
_UUID_LENGTH = 36
_HYPHENS = [8, 13, 18, 23]
_NIL = "00000000-0000-0000-0000-000000000000"
_NO_PAIR = 256


def integers(array: pa.Array, size: int) -> Values:
    """Return integers of ``size`` bytes; the type's range is not wider than these hold."""
    return _numbers(array).astype(f">i{size}")


def floats(array: pa.Array) -> Values:
    """Return float4 or float8 as the array has it."""
    return _numbers(array).astype(f">f{array.type.bit_width // 8}")


def booleans(array: pa.Array) -> Values:
    """Return one byte, 0 or 1."""
    return _numbers(array.cast(pa.uint8()))


def dates(array: pa.Array) -> Values:
    """Return days since 2000-01-01."""
    return (_numbers(array.view(pa.int32())) - _EPOCH_DAYS).astype(">i4")


def times(array: pa.Array) -> Values:
    """Return microseconds since midnight."""
    return _numbers(array.view(pa.int64())).astype(">i8")


def timestamps(array: pa.Array, precision: int) -> Values:
    """Return microseconds since 2000-01-01, cut to ``precision`` decimals as text is."""
    if precision == 0:
        array = array.cast(pa.timestamp("s"), safe=False).cast(pa.timestamp("us"))
    values = _numbers(array.view(pa.int64()))
    if 0 < precision < _MICROSECOND_DIGITS:
        step = 10 ** (_MICROSECOND_DIGITS - precision)
        values = values // step * step
    return (values - _EPOCH_US).astype(">i8")


def uuids(array: pa.Array) -> Values:
    """Return 16 bytes of uuids in any form of hexadecimal digits, braces and hyphens.

    Raises ``psycopg.DataError`` where a value is none.
    """
    digits = _canonical_digits(array)
    if digits is None:
        digits = _other_digits(array)
    pairs = _PAIRS[digits.view(np.uint16)]
    wrong = (pairs == _NO_PAIR).any(axis=1)
    if wrong.any():
        _refuse_uuid(array, wrong)
    return pairs.astype(np.uint8)


def _canonical_digits(array: pa.Array) -> Values | None:
    """Return the 32 digits of each uuid, shape (n, 32), None where one is written otherwise."""
    filled = array.fill_null(_NIL) if array.null_count else array
    if not len(filled) or not (np.diff(text_offsets(filled)) == _UUID_LENGTH).all():
        return None
    letters = text_bytes(filled).reshape(-1, _UUID_LENGTH)
    if not (letters[:, _HYPHENS] == ord("-")).all():
        return None
    return np.concatenate([letters[:, start:stop] for start, stop in _UUID_RUNS], axis=1)


def _other_digits(array: pa.Array) -> Values:
    bare = pc.replace_substring_regex(array.fill_null(_NIL), "^[{]|[}]$|-", "")
    wrong = pc.not_equal(pc.binary_length(bare), 32).to_numpy(zero_copy_only=False)
    if wrong.any():
        _refuse_uuid(array, wrong)
    return text_bytes(bare).reshape(-1, 32)


def _refuse_uuid(array: pa.Array, wrong: Values) -> None:
    value = array[int(wrong.argmax())].as_py()
    msg = f'invalid input syntax for type uuid: "{value}"'
    raise psycopg.DataError(msg)


def _pairs() -> Values:
    """Return the byte that two hexadecimal digits, read as a native uint16, stand for."""
    table = np.full(1 << 16, _NO_PAIR, np.uint16)
    digits = np.frombuffer(b"0123456789abcdefABCDEF", np.uint8)
    worth = np.array([*range(16), *range(10, 16)], np.uint16)
    both = np.empty((digits.size, digits.size, 2), np.uint8)
    both[:, :, 0], both[:, :, 1] = digits[:, None], digits[None, :]
    table[both.reshape(-1, 2).view(np.uint16)[:, 0]] = (worth[:, None] * 16 + worth).ravel()
    return table


_PAIRS = _pairs()


def numerics(array: pa.Array) -> Values:
    """Return integers or decimals as count, weight, sign, scale and base-10000 digits.

    All rows get the digits that the largest needs: numeric_recv strips zeros on both ends.
    """
    scale = array.type.scale if pa.types.is_decimal128(array.type) else 0
    negative, limbs = _limbs(array)
    groups = _groups(limbs, scale)
    payload = np.empty((len(array), 4 + len(groups)), ">i2")
    payload[:, 0] = len(groups)
    payload[:, 1] = len(groups) - -(-scale // _GROUP_DIGITS) - 1
    payload[:, 2] = np.where(negative, _NEGATIVE, 0)
    payload[:, 3] = scale
    for place, group in enumerate(reversed(groups)):
        payload[:, 4 + place] = group
    return payload


def _groups(limbs: list[Values], scale: int) -> list[Values]:
    """Return base-10000 digits, least first, the decimal point between two of them."""
    groups = []
    if ragged := scale % _GROUP_DIGITS:
        limbs, rest = _divided(limbs, 10**ragged)
        groups.append(rest * np.uint64(10 ** (_GROUP_DIGITS - ragged)))
    while len(groups) * _GROUP_DIGITS < scale or any(limb.any() for limb in limbs):
        limbs, rest = _divided(limbs, _GROUP)
        groups.append(rest)
    return groups


def _divided(limbs: list[Values], divisor: int) -> tuple[list[Values], Values]:
    """Divide by hand, most significant limb first; return the quotient's limbs and the rest."""
    quotients: list[Values] = []
    rest = np.zeros_like(limbs[0])
    for limb in limbs:
        dividend = (rest << np.uint64(32)) | limb if quotients else limb
        quotients.append(dividend // np.uint64(divisor))
        rest = dividend - quotients[-1] * np.uint64(divisor)
    return quotients, rest


def _limbs(array: pa.Array) -> tuple[Values, list[Values]]:
    """Return which values are negative, and magnitudes: one uint64, or four limbs of 32 bits."""
    if not pa.types.is_decimal128(array.type):
        values = _numbers(array)
        if array.type.bit_width < 64 or pa.types.is_signed_integer(array.type):
            values = values.astype(np.int64)
        return values < 0, [np.abs(values).view(np.uint64)]
    words = np.frombuffer(array.buffers()[1], np.int64) if len(array) else np.empty(0, np.int64)
    pairs = words[2 * array.offset : 2 * (array.offset + len(array))].reshape(-1, 2)
    if array.null_count:
        valid = array.is_valid().to_numpy(zero_copy_only=False)
        pairs = np.where(valid[:, None], pairs, 0)
    low, high = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    if (high == low >> 63).all():
        return low < 0, [np.abs(low).view(np.uint64)]
    return high < 0, _wide(low.view(np.uint64), high)


def _wide(low: Values, high: Values) -> list[Values]:
    """Return the magnitude of two's-complement 128-bit integers, most significant limb first."""
    negative = high < 0
    carried = np.where(low == 0, -high, ~high)
    halves = np.where(negative, carried, high).view(np.uint64), np.where(negative, -low, low)
    mask, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    return [part for word in halves for part in (word >> half, word & mask)]


def _numbers(array: pa.Array) -> Values:
    filled = array.fill_null(0) if array.null_count else array
    values: Values = filled.to_numpy(zero_copy_only=False)
    return values
