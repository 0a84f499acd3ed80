"""Specs of text: patterns, templates, prose, vocabularies and records."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from dataforge.schema.locale_text import LocaleText
from dataforge.schema.specs.values import Bound, Scalar
from dataforge.schema.types import Model


class PatternSpec(Model):
    r"""A string matching a regular expression.

    Literals, classes, ``\d \w \s .``, groups, alternation and bounded repetition are read;
    anchors inside, back-references and look-around are refused.
    """

    kind: Literal["pattern"] = "pattern"
    pattern: str


class TemplateSpec(Model):
    """Text with ``{column}`` placeholders for columns of the same row.

    ``{column:slug}`` inserts it in lower-case ASCII with dashes, ``{column:initial}`` the first
    letter of that, ``{column:lower}`` and ``{column:upper}`` change its case, ``{{`` and ``}}``
    are braces.
    """

    kind: Literal["template"] = "template"
    template: str


class TextSpec(Model):
    """Readable prose: words, one sentence or one paragraph, fitted to the column's length.

    ``minimum`` and ``maximum`` count words, for paragraphs sentences.
    """

    kind: Literal["text"] = "text"
    unit: Literal["words", "sentence", "paragraph"] = "sentence"
    minimum: int = Field(default=4, ge=1)
    maximum: int = Field(default=12, ge=1)
    locale: LocaleText | None = None


class VocabularySpec(Model):
    """An entry of a named vocabulary (``country_code``, ``job_title``, …).

    ``locale`` stands instead of the schema's for this column, here as in texts and records.
    """

    kind: Literal["vocabulary"] = "vocabulary"
    vocabulary: str
    locale: LocaleText | None = None


class RecordSpec(Model):
    """A field of a record that is drawn whole: all fields of one ``group`` in a row agree.

    ``place`` is a column that says where addresses and telephone numbers are: in the country or
    region that it names, or in the very town of its row's own record. ``labels`` spell a person's
    ``gender``, ``title`` or ``marital_status`` otherwise, such as ``{female: [F], male: [M], other:
    [X, U]}``: of several labels of one state any may come. With ``listed`` the rows show the
    record's table (of units, colours, elements, diagnoses) in turn, best known first.
    """

    kind: Literal["record"] = "record"
    record: str
    field: str
    group: str = ""
    locale: LocaleText | None = None
    place: Bound | None = None
    listed: bool = False
    labels: dict[str, tuple[Scalar, ...]] | None = None
