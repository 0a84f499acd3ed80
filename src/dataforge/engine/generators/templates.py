"""Text composed of other columns of the same row."""

from __future__ import annotations

import string
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from dataforge.engine.cells import Cells, Generator, Site
from dataforge.errors import Problem, SchemaError, did_you_mean
from dataforge.schema.specs import TemplateSpec
from dataforge.schema.types import StringType

FORMATS = ("", "slug", "initial", "lower", "upper")


@dataclass(frozen=True, slots=True)
class Piece:
    """Literal text, or a column with the format in which it is inserted."""

    text: str = ""
    column: str = ""
    style: str = ""


@dataclass(frozen=True, slots=True)
class TemplateGenerator:
    """Joins the pieces; a null in any of the columns makes the cell null."""

    pieces: tuple[Piece, ...]
    needs: tuple[str, ...]
    max_length: int | None = None

    def make(self, cells: Cells) -> pa.Array:
        """Return strings of at most ``max_length`` characters; longer text is cut there."""
        parts = [self._part(piece, cells) for piece in self.pieces]
        if not self.needs:
            literal = "".join(piece.text for piece in self.pieces)[: self.max_length]
            return pa.repeat(pa.scalar(literal), len(cells.rows))
        joined = pc.binary_join_element_wise(*parts, pa.scalar(""), null_handling="emit_null")
        if self.max_length is None:
            return joined
        return pc.utf8_slice_codeunits(joined, 0, self.max_length)

    @staticmethod
    def _part(piece: Piece, cells: Cells) -> pa.Array | pa.Scalar:
        if not piece.column:
            return pa.scalar(piece.text)
        return styled(cells.column(piece.column), piece.style)


def build(spec: TemplateSpec, site: Site) -> Generator:
    """Return the generator; ``SchemaError`` names every placeholder that cannot be filled."""
    path = f"tables.{site.table.name}.columns.{site.column.name}"
    try:
        fields = list(string.Formatter().parse(spec.template))
    except ValueError as error:
        problem = Problem(path, f"template {spec.template!r}: {error}", "write {{ for a brace")
        raise SchemaError.of([problem]) from error
    pieces = tuple(_pieces(fields))
    problems = [problem for piece in pieces for problem in _problems(piece, site, path)]
    if problems:
        raise SchemaError.of(problems)
    needs = tuple(dict.fromkeys(piece.column for piece in pieces if piece.column))
    return TemplateGenerator(pieces, needs, _room(site))


def styled(values: pa.Array, style: str) -> pa.Array:
    """Return ``values`` of any type as strings in a format of ``FORMATS``; nulls stay null."""
    if pa.types.is_dictionary(values.type):
        return styled(values.dictionary, style).take(values.indices)
    text = _text(values)
    if style == "lower":
        return pc.utf8_lower(text)
    if style == "upper":
        return pc.utf8_upper(text)
    if style == "initial":
        return pc.utf8_slice_codeunits(_slug(text), 0, 1)
    return _slug(text) if style == "slug" else text


def _text(values: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(values.type):
        seconds = pa.timestamp("s", values.type.tz)
        return pc.cast(values, seconds, safe=False).cast(pa.string())
    return values if values.type == pa.string() else values.cast(pa.string())


def _slug(text: pa.Array) -> pa.Array:
    """Lower-case ASCII letters and digits with single dashes between, accents removed."""
    plain = pc.replace_substring_regex(pc.utf8_normalize(text, form="NFKD"), r"[^\x00-\x7F]+", "")
    dashed = pc.replace_substring_regex(pc.ascii_lower(plain), "[^a-z0-9]+", "-")
    return pc.ascii_trim(dashed, characters="-")


def _pieces(fields: list[tuple[str, str | None, str | None, str | None]]) -> list[Piece]:
    pieces: list[Piece] = []
    for literal, column, style, _ in fields:
        if literal:
            pieces.append(Piece(text=literal))
        if column is not None:
            pieces.append(Piece(column=column, style=style or ""))
    return pieces


def _problems(piece: Piece, site: Site, path: str) -> list[Problem]:
    known = site.table.columns_by_name
    if piece.text:
        return []
    found = []
    if piece.column not in known or piece.column == site.column.name:
        hint = did_you_mean(piece.column, set(known) - {site.column.name})
        found.append(Problem(path, f"placeholder {{{piece.column}}} is no other column{hint}"))
    if piece.style not in FORMATS:
        accepted = ", ".join(filter(None, FORMATS))
        found.append(Problem(path, f"unknown format {piece.style!r}", f"use one of {accepted}"))
    return found


def _room(site: Site) -> int | None:
    declared = site.column.type.max_length if isinstance(site.column.type, StringType) else None
    bounds = [length for length in (declared, site.limits.max_length) if length is not None]
    return min(bounds, default=None)
