"""What a request was understood to ask for, and what became of it: JSON-able, frozen."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from dataforge.schema import Scalar, Schema
from dataforge.schema.types import Model

Role = Literal["table", "readings", "candles", "hierarchy", "events"]


class Words(Model):
    """The words of the prompt that something comes from: ``prompt[start:end]``."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Quantity(Model):
    """A count in [``minimum``, ``maximum``]; ``approximate`` where the words say about."""

    minimum: int = Field(ge=0)
    maximum: int = Field(ge=0)
    approximate: bool = False
    words: Words

    @property
    def value(self) -> int:
        """The count itself, the middle of a range."""
        return (self.minimum + self.maximum) // 2


class ColumnWish(Model):
    """A column that was asked for, with what the words say of its values.

    ``type`` is the short text of a type. ``minimum``, ``maximum`` and ``mean`` are in the column's
    unit; ``start`` and ``end`` bound its moments; ``layout`` is how a date is written
    (``DD/MM/YYYY``); ``template`` composes it of other columns; ``weights`` go with ``values``.
    """

    name: str
    label: str
    words: Words
    type: str | None = None
    values: tuple[Scalar, ...] = ()
    weights: tuple[float, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    constant: Scalar = None
    pattern: str | None = None
    template: str | None = None
    layout: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    meaning: str | None = None
    key: bool = False
    unique: bool = False
    optional: bool = False
    refers_to: str | None = None
    example: str | None = None
    description: str = ""


class Entity(Model):
    """A kind of thing that rows are about.

    ``known_as`` is the catalogue's (domain, table) for it, if there is one; ``exact`` says that
    ``columns`` is the whole list, ``marked`` that the words call them
    columns. ``role`` tells what the words make of it: a plain table, the
    readings of a device, candles of a market, members of a hierarchy, events of a chain.
    """

    name: str
    noun: str
    words: Words
    known_as: tuple[str, str] | None = None
    count: Quantity | None = None
    columns: tuple[ColumnWish, ...] = ()
    exact: bool = False
    marked: bool = True
    stated: bool = True
    role: Role = "table"


class Relation(Model):
    """Each row of ``parent`` has ``minimum`` to ``maximum`` rows of ``child``; None: any number.

    ``many`` is a relation of many to many: the rows between stand in a table of their own, with
    the ``columns`` that are said of each pair.
    """

    parent: str
    child: str
    minimum: int | None = None
    maximum: int | None = None
    mean: float | None = None
    required: bool = True
    many: bool = False
    columns: tuple[ColumnWish, ...] = ()
    words: Words


class Trait(Model):
    """Something said of an entity or of the whole: a share, a period, a rule, an order.

    ``kind`` says what: ``share`` (``state`` holds in ``share`` of the rows), ``period`` (moments
    lie in [``start``, ``end``)), ``after`` (``columns[0]`` is later than ``columns[1]``),
    ``greatest``/``least``/``positive``/``unique``/``optional`` of columns, ``no_overlap`` of the
    entity per ``other``, ``within`` the term of ``other``, ``chain`` (``states`` from first to
    last, the one after that in ``share`` of the cases), ``depth`` (at most ``number`` levels),
    ``rising`` (``columns[0]`` goes up with ``columns[1]``), ``step`` (a row every ``number`` of
    ``unit``), ``drifting`` (``number`` of the entity drift), ``lasting`` (``number`` of ``unit``).
    ``candidates`` are the entities that a share may be of, the likeliest first.
    """

    kind: Literal[
        "share",
        "period",
        "after",
        "greatest",
        "least",
        "positive",
        "unique",
        "optional",
        "no_overlap",
        "within",
        "chain",
        "depth",
        "rising",
        "step",
        "drifting",
        "lasting",
        "rows_each",
    ]
    words: Words
    entity: str | None = None
    other: str | None = None
    candidates: tuple[str, ...] = ()
    state: str = ""
    states: tuple[str, ...] = ()
    share: float | None = Field(default=None, ge=0, le=1)
    columns: tuple[str, ...] = ()
    number: int | None = None
    unit: str = ""
    calendar: str = ""
    start: datetime | None = None
    end: datetime | None = None


class Request(Model):
    """A prompt as it was read.

    ``domain`` is the catalogue's domain that it names or comes nearest to; ``named_domain`` tells
    whether its words name it. ``place`` is the country or city that it speaks of, ``rows`` the
    count of rows that belongs to no table. ``refused`` has the reason where nothing may or can be
    made of it.
    """

    text: str
    language: str = "en"
    domain: str | None = None
    named_domain: Words | None = None
    locale: str = "en_US"
    place: Words | None = None
    rows: Quantity | None = None
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    traits: tuple[Trait, ...] = ()
    sentences: tuple[Words, ...] = ()
    assumptions: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    refused: str | None = None

    @property
    def columns(self) -> tuple[ColumnWish, ...]:
        """Every column that was asked for, in the order of the entities."""
        return tuple(column for entity in self.entities for column in entity.columns)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every count that was understood."""
        counts = (entity.count for entity in self.entities)
        return tuple(each for each in (*counts, self.rows) if each is not None)

    @property
    def rules(self) -> tuple[Trait, ...]:
        """The traits that no row may break."""
        soft = {"share", "period", "step", "drifting", "lasting", "optional", "rows_each"}
        return tuple(trait for trait in self.traits if trait.kind not in soft)


class Traced(Model):
    """A sentence of the request, the paths of the schema that satisfy it, and how to check it."""

    sentence: Words
    clauses: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


class Composition(Model):
    """The schema that a request became.

    ``trace`` follows every sentence into the schema, ``assumptions`` say what was decided where
    the words are silent, ``unmet`` what could not be honoured. ``refused`` is set, and the schema
    has no tables, where nothing may or can be made of the request.
    """

    schema_: Schema = Field(alias="schema", serialization_alias="schema")
    trace: tuple[Traced, ...] = ()
    assumptions: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    refused: str | None = None
