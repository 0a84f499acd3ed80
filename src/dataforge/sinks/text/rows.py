"""Rows of text: encode every column, join them value by value, hand over the bytes.

Measured with pyarrow 26 on one core, 1M rows of 16 columns: joining takes 0.15 s, the same as
``pyarrow.csv`` takes for columns that are text already; the rest is making that text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.sinks.text.coded import PerValue, fused
from dataforge.sinks.text.scan import text_bytes

ROWS_AT_ONCE = 1 << 16

Encode = Callable[[pa.Array], pa.Array]


class RowText:
    """Turns batches into one string a row.

    ``encoders`` makes the text of each column; ``before`` and ``after`` enclose a row and
    ``between`` has the separators, one fewer than columns. Nulls that the encoders leave are
    written as ``null``.
    """

    def __init__(
        self,
        encoders: Sequence[Encode],
        *,
        before: str = "",
        between: Sequence[str],
        after: str = "\n",
        null: str = "",
    ) -> None:
        """Prepare the row's pattern; no row is read yet."""
        self._encoders = [PerValue(encode) for encode in encoders]
        self._before, self._between, self._after = before, between, after
        self._null = null

    def rows(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Array]:
        """Yield string arrays, one value a row, for at most ``ROWS_AT_ONCE`` rows each."""
        for batch in batches:
            for start in range(0, batch.num_rows, ROWS_AT_ONCE):
                yield self._joined(batch.slice(start, ROWS_AT_ONCE))

    def blocks(self, batches: Iterable[pa.RecordBatch]) -> Iterator[memoryview[int]]:
        """Yield the rows' bytes end to end."""
        for rows in self.rows(batches):
            yield text_bytes(rows).data

    def _joined(self, batch: pa.RecordBatch) -> pa.Array:
        pairs = zip(self._encoders, batch.columns, strict=True)
        texts = [encode(column) for encode, column in pairs]
        joined, between = fused(texts, self._between, self._null)
        return _interleave(joined, self._before, between, self._after, self._null)


def _interleave(
    texts: Sequence[pa.Array], before: str, between: Sequence[str], after: str, null: str
) -> pa.Array:
    """Join columns with a common separator where there is one, else piece by piece."""
    replace = {"null_handling": "replace", "null_replacement": null}
    if len(set(between)) <= 1:
        separator = between[0] if between else ""
        first = pc.binary_join_element_wise(before, texts[0], "", **replace) if before else texts[0]
        if len(texts) == 1:
            return pc.binary_join_element_wise(first, after, "", **replace)
        last = pc.binary_join_element_wise(texts[-1], after, "", **replace)
        return pc.binary_join_element_wise(first, *texts[1:-1], last, separator, **replace)
    pieces: list[pa.Array | str] = [before, texts[0]]
    for separator, text in zip(between, texts[1:], strict=True):
        pieces += [separator, text]
    return pc.binary_join_element_wise(*pieces, after, "", **replace)
