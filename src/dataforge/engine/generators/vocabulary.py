"""Entries of a named vocabulary."""

from __future__ import annotations

import numpy as np

from dataforge.corpora import vocabulary
from dataforge.engine.cells import Domain, Generator, Site
from dataforge.engine.generators.records import RecordField, is_numeric
from dataforge.engine.generators.records.domains import text_domain
from dataforge.engine.generators.records.fields import Codes, Draw, Text, coded
from dataforge.engine.generators.records.rendering import length_limit, rendered
from dataforge.schema import VocabularySpec

_TOP_16 = np.uint64(48)


def build(spec: VocabularySpec, site: Site) -> Generator:
    """Build the generator of a column of vocabulary entries that fit it, drawn by weight."""
    make = rendered(_text(spec, site), site.column.type)
    return RecordField(make, "", site.schema.now)


def domain(spec: VocabularySpec, site: Site) -> Domain | None:
    """Return the distinct entries that fit the column; None where it is not a text column."""
    if is_numeric(site.column.type):
        return None
    return text_domain(_text(spec, site), length_limit(site.column.type))


def _text(spec: VocabularySpec, site: Site) -> Text:
    entries = vocabulary(spec.vocabulary, site.locale)

    def codes(draw: Draw) -> Codes:
        return entries.slots[(draw.cells.bits() >> _TOP_16).view(np.int64)]

    return coded(codes, entries.values)
