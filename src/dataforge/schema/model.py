"""The schema: the one description of data that everything else produces or consumes."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Final, Literal

from pydantic import Field

from dataforge.errors import did_you_mean
from dataforge.schema.correlations import Correlation
from dataforge.schema.diagram.svg import svg
from dataforge.schema.dirt import DirtSpec
from dataforge.schema.locale_text import LocaleText
from dataforge.schema.relations import ForeignKey
from dataforge.schema.specs import Spec
from dataforge.schema.types import ColumnType, Model

FORMAT_VERSION: Final = 1
DEFAULT_ROWS = 1000
MANIFEST_TABLE: Final = "dataforge_manifest"
"""The table in which a database keeps what it was filled with; it is none of a schema's."""


class Column(Model):
    """A named, typed place for a value in every row.

    ``null_share`` is the share of null cells (a nullable column without it has none unless
    the column's meaning says otherwise); ``semantic`` names the meaning found for it;
    ``default`` is the SQL default as written at the source; ``generated`` marks columns that the
    database computes itself.
    """

    name: str = Field(min_length=1)
    type: ColumnType
    nullable: bool = True
    spec: Spec | None = None
    null_share: float | None = Field(default=None, ge=0, le=1)
    semantic: str | None = None
    comment: str | None = None
    default: str | None = None
    identity: bool = False
    generated: bool = False


class UniqueKey(Model):
    """Columns whose values together occur at most once (rows with a null in them are exempt)."""

    columns: tuple[str, ...] = Field(min_length=1)
    name: str | None = None


class Rule(Model):
    """A SQL condition that no row makes false (null counts as satisfied, as in CHECK).

    ``enforced`` is False for a condition outside the expression language: it is kept, shown with
    its ``reason`` and neither solved nor verified.
    """

    expression: str
    name: str | None = None
    enforced: bool = True
    reason: str | None = None


class Expectation(Model):
    """A condition that holds in a stated share of the rows: 5 % of orders are cancelled.

    ``share`` is of the rows where ``where`` holds (all, without it) and ``expression`` is not
    null. It makes nothing: the columns' specs do, and verification measures what came of them,
    within the sampling error of independent rows. ``source`` is the wish in its own words.
    """

    name: str = Field(min_length=1)
    expression: str
    share: float = Field(ge=0, le=1)
    where: str | None = None
    source: str | None = None


class Table(Model):
    """Columns, keys and rules. ``rows`` of None means: by the owning law, else the default.

    ``dirt`` is done to the finished rows, in this order; keys and rules hold for the clean twin.
    ``dirt_label`` names a further boolean column that says which rows were hit.
    """

    name: str = Field(min_length=1)
    namespace: str | None = None
    columns: tuple[Column, ...] = Field(min_length=1)
    rows: int | None = Field(default=None, ge=0)
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[UniqueKey, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    rules: tuple[Rule, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    correlations: tuple[Correlation, ...] = ()
    dirt: tuple[DirtSpec, ...] = ()
    dirt_label: str | None = None
    comment: str | None = None

    @cached_property
    def columns_by_name(self) -> dict[str, Column]:
        """Columns keyed by their exact name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def owner(self) -> ForeignKey | None:
        """The owning foreign key, if the table has one."""
        return next((key for key in self.foreign_keys if key.owning), None)

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The primary key and every unique key, as column tuples."""
        primary = (self.primary_key,) if self.primary_key else ()
        return primary + tuple(key.columns for key in self.unique_keys)

    def column(self, name: str) -> Column:
        """Return a column by name; KeyError names the nearest known one."""
        try:
            return self.columns_by_name[name]
        except KeyError:
            hint = did_you_mean(name, self.columns_by_name)
            msg = f"table {self.name!r} has no column {name!r}{hint}"
            raise KeyError(msg) from None


class Schema(Model):
    """Tables with their relations, a locale and a seed.

    ``name`` labels the data set; ``now`` stands for the present wherever SQL says CURRENT_DATE
    or a column speaks of the past, so that the same schema gives the same bytes on any day.
    ``locale`` is a known locale (``de_DE``) or a mix by weight: ``de_DE:3,fr_FR:1``, or a mapping
    of locales to weights. Each row of a mix then speaks one of the languages.
    Table names are unique regardless of namespace; a clash is written ``namespace.table``.
    """

    version: Literal[1] = FORMAT_VERSION
    name: str = "database"
    tables: tuple[Table, ...] = ()
    seed: int = Field(default=0, ge=0, lt=2**63)
    locale: LocaleText = "en_US"
    now: datetime = datetime(2026, 1, 1)  # noqa: DTZ001  - wall-clock time, zoned by the column
    default_rows: int = Field(default=DEFAULT_ROWS, ge=0)
    dialect: str | None = None

    @cached_property
    def tables_by_name(self) -> dict[str, Table]:
        """Tables keyed by their exact name."""
        return {table.name: table for table in self.tables}

    def table(self, name: str) -> Table:
        """Return a table by name; KeyError names the nearest known one."""
        try:
            return self.tables_by_name[name]
        except KeyError:
            hint = did_you_mean(name, self.tables_by_name)
            msg = f"no table {name!r}{hint}"
            raise KeyError(msg) from None

    def _repr_svg_(self) -> str:
        """Show the tables and their relations as a picture in a notebook."""
        return svg(self)
