"""Records: people, addresses, companies, products and the like, drawn whole for each row.

Every field of a record draws through the group's shared bits alone, so the fields agree in a row
(the e-mail address is made of the first and last name, postcode and area code belong to the city)
without any column reading another, and any of them may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import numpy as np
import pyarrow as pa

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.generators.categories import ListDomain, scalars
from dataforge.engine.generators.records import (
    address,
    book,
    colour,
    company,
    contact,
    education,
    files,
    health,
    internet,
    job,
    labelled,
    listing,
    lookup,
    measure,
    payment,
    person,
    product,
    readings,
    review,
    taxonomy,
    vehicle,
    work,
)
from dataforge.engine.generators.records.domains import text_domain
from dataforge.engine.generators.records.fields import Draw, Field, MakeField, Text
from dataforge.engine.generators.records.fitting import Make
from dataforge.engine.generators.records.rendering import length_limit, rendered
from dataforge.registry import Registry
from dataforge.schema import ColumnType, DecimalType, FloatType, IntegerType, RecordSpec
from dataforge.schema.arrow_types import arrow_type

RECORDS: Registry[Mapping[str, MakeField]] = Registry(
    "record",
    {
        "person": Registry(
            "field of record person", {**person.FIELDS, **contact.FIELDS, **readings.FIELDS}
        ),
        "address": Registry("field of record address", address.FIELDS),
        "company": Registry("field of record company", company.FIELDS),
        "internet": Registry("field of record internet", internet.FIELDS),
        "product": Registry("field of record product", product.FIELDS),
        "taxonomy": Registry("field of record taxonomy", taxonomy.FIELDS),
        "payment": Registry("field of record payment", payment.FIELDS),
        "review": Registry("field of record review", review.FIELDS),
        "work": Registry("field of record work", work.FIELDS),
        "vehicle": Registry("field of record vehicle", vehicle.FIELDS),
        "job": Registry("field of record job", job.FIELDS),
        "health": Registry("field of record health", health.FIELDS),
        "education": Registry("field of record education", education.FIELDS),
        "book": Registry("field of record book", book.FIELDS),
        "file": Registry("field of record file", files.FIELDS),
        "color": Registry("field of record color", colour.FIELDS),
        "unit": Registry("field of record unit", measure.UNIT_FIELDS),
        "element": Registry("field of record element", measure.ELEMENT_FIELDS),
        **{
            table: Registry(f"field of record {table}", lookup.fields(table))
            for table in lookup.TABLES
        },
    },
)


@dataclass(frozen=True, slots=True)
class RecordField:
    """Makes one field of the records of a group."""

    field: Make
    group: str
    now: datetime
    needs: tuple[str, ...] = ()
    room: int | None = None
    listed: tuple[str, str] | None = None

    def make(self, cells: Cells) -> pa.Array:
        """Return the field of each row's record; ``listed`` are record and locale of a list."""
        if self.listed is not None:
            record, locale = self.listed
            cells = listing.InTurn(cells, record, self.group, locale)
        return self.field(Draw(cells, self.group, self.now))


def field_of(spec: RecordSpec, site: Site) -> Field:
    """Return the field that a spec names; UnknownNameError lists what there is."""
    return _field(spec.record, spec.field, site.locale)


@cache
def _field(record: str, field: str, locale: str) -> Field:
    # Fields hold word lists brought into several forms; a big schema names each many times.
    return RECORDS[record][field](locale)


def build(spec: RecordSpec, site: Site) -> Generator:
    """Build the generator of a field in the type and length of its column."""
    if spec.labels is not None:
        values = labels_in(spec, site)
        spelled = labelled.labelled(spec.field, spec.labels, values, site.locale)
        return RecordField(spelled.make, spec.group, site.schema.now)
    make = rendered(field_of(spec, site), site.column.type)
    listed = (spec.record, site.locale) if spec.listed else None
    return RecordField(make, spec.group, site.schema.now, listed=listed)


def domain(spec: RecordSpec, site: Site) -> Domain | None:
    """Return the distinct values of a text field; None for numbers, dates and made-up digits."""
    if spec.labels is not None:
        return ListDomain(labels_in(spec, site).unique())
    field = field_of(spec, site)
    if not isinstance(field, Text) or is_numeric(site.column.type):
        return None
    return text_domain(field, length_limit(site.column.type))


def distinct(spec: RecordSpec, site: Site) -> RecordField | None:
    """Return a generator whose values differ by row number and agree with the record, or None.

    E-mail addresses and user names have one: ``ada.byron42@example.com`` in row 41. Unlike the
    ranks of ``domain``, they keep the names that the row's other columns show.
    """
    if spec.listed:
        return _distinct_list(spec, site)
    field, limit = field_of(spec, site), length_limit(site.column.type)
    if spec.labels is not None or not isinstance(field, Text) or is_numeric(site.column.type):
        return None
    fits = (v for v in field.distinct if limit is None or v.longest <= limit)
    chosen = next(fits, None)
    if chosen is None:
        return None
    return RecordField(chosen.make, spec.group, site.schema.now, room=field.room)


def _distinct_list(spec: RecordSpec, site: Site) -> RecordField | None:
    """Return the field of a list in turn, as long as it repeats nothing."""
    made = build(spec, site)
    assert isinstance(made, RecordField)  # noqa: S101 - labels are not listed
    if not isinstance(field_of(spec, site), Text) or is_numeric(site.column.type):
        return None
    rows = np.arange(listing.turns(spec.record, site.locale))
    draw = Draw(listing.Blank(rows), spec.group, site.schema.now)
    room = listing.room_of(made.field, spec.record, spec.group, site.locale, draw)
    return None if room is None else replace(made, room=room)


def labels_in(spec: RecordSpec, site: Site) -> pa.Array:
    """Return the labels of a field in the type of its column."""
    values = labelled.spelled(spec.field, spec.labels or {})
    return scalars(values, arrow_type(site.column.type))


def is_placed(record: str, field: str) -> bool:
    """Return whether a field belongs to a town: an address, a telephone number."""
    return record == "address" or (
        record in {"person", "company"} and field.startswith(("phone", "mobile", "fax"))
    )


def is_numeric(logical: ColumnType) -> bool:
    """Return whether values of the type are numbers."""
    return isinstance(logical, IntegerType | DecimalType | FloatType)
