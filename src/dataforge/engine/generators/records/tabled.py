"""Records that are rows of a joint table: one draw of a row, a field for each of its columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dataforge.corpora import JointTable, joint_table, slot_table
from dataforge.engine.generators.records.fields import Codes, Draw, Number, Slots, Text, coded


@dataclass(frozen=True)
class Rows:
    """The rows of a table as one record draws them, by weight.

    ``weighing`` names a column of weights of its own, where the table has several.
    """

    record: str
    table: str
    locale: str
    weighing: str = ""

    @cached_property
    def joint(self) -> JointTable:
        """The table."""
        return joint_table(self.table, self.locale)

    @cached_property
    def codes(self) -> Slots:
        """The number of the row that is drawn."""
        weights = self.joint.numbers(self.weighing) if self.weighing else self.joint.weights
        return Slots(self.record, self.table, slot_table(len(self.joint), weights))

    def text(self, column: str) -> Text:
        """Return a column as a text field."""
        return self.texts(self.joint.columns[column])

    def texts(self, *alternatives: tuple[str, ...] | list[str]) -> Text:
        """Return a field of what belongs to each row, with parallel lists for narrower columns."""
        return coded(self.codes, *alternatives)

    def numbers(self, column: str) -> npt.NDArray[np.float64]:
        """Return a numeric column, one value a row of the table."""
        return self.joint.numbers(column)

    def number(self, column: str, decimals: int = 0) -> Number:
        """Return a numeric column as a field."""
        values = self.numbers(column)
        if not decimals:
            whole = values.astype(np.int64)
            return Number(lambda draw: whole[self.codes(draw)])
        return Number(lambda draw: values[self.codes(draw)], decimals)

    def choice(self, column: str, purpose: str) -> Choice:
        """Return a second choice within the row: its column lists ``one:3|other:1``."""
        return Choice(self, column, purpose)


@dataclass(frozen=True)
class Choice:
    """One of the entries that a column lists for the row, by their weights."""

    rows: Rows
    column: str
    purpose: str

    @cached_property
    def entries(self) -> list[list[tuple[str, float]]]:
        """The entries and weights of each row of the table; without weight it is one."""
        pairs = [
            [entry.partition(":")[::2] for entry in cell.split("|")]
            for cell in self.rows.joint.columns[self.column]
        ]
        return [[(word, float(weight or 1)) for word, weight in row] for row in pairs]

    @cached_property
    def words(self) -> list[str]:
        """Every entry that some row has."""
        return list(dict.fromkeys(word for row in self.entries for word, _ in row))

    @cached_property
    def _table(self) -> npt.NDArray[np.int16]:
        """The entry of each row for 256 equal parts of a second draw."""
        at = {word: code for code, word in enumerate(self.words)}
        return np.array(
            [
                np.array([at[word] for word, _ in row])[
                    np.searchsorted(
                        np.cumsum([weight for _, weight in row]) / sum(w for _, w in row),
                        (np.arange(256) + 0.5) / 256,
                    )
                ]
                for row in self.entries
            ],
            dtype=np.int16,
        )

    def __call__(self, draw: Draw) -> Codes:
        """Return the code of each row's entry, an index into ``words``."""
        return self.within(self.rows.codes(draw), draw)

    def within(self, rows: Codes, draw: Draw) -> Codes:
        """Return the code of the entry where ``rows`` of the table are drawn elsewhere."""
        part = draw.below(self.rows.record, self.purpose, 256)
        chosen: Codes = self._table[rows, part]
        return chosen

    def text(self) -> Text:
        """Return the entry as a field."""
        return coded(self, self.words)
