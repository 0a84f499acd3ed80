"""Companies: a name, the industry it speaks of, and an address of the internet made from it.

Domains end in ``.example``, a reserved top-level domain (RFC 2606).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from dataforge.corpora import joint_table, slot_table, slug, vocabulary
from dataforge.engine.generators.records.contact import fax, phone
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    MakeField,
    Part,
    Slots,
    Text,
    coded,
    joined,
)

MAILBOXES = ("info", "info", "contact", "hello", "sales", "office", "support", "team")
PATHS = ("", "", "/about", "/contact", "/products", "/team", "/news", "/careers")
# Prefixes that the IRS does not assign to employers.
UNUSED_EIN = ("07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89")


@cache
def _stems(locale: str) -> tuple[str, ...]:
    """Return family names, then invented words, as first parts of company names."""
    heads, tails = (
        vocabulary(f"brand_{part}", locale).values.to_pylist() for part in ("prefix", "suffix")
    )
    families = vocabulary("last_name", locale).values.to_pylist()
    return tuple(dict.fromkeys([*families, *(head + tail for head in heads for tail in tails)]))


def _stem_part(locale: str, shape: str = "{}", *, slugged: bool = False) -> Part:
    stems = _stems(locale)
    words = [shape.format(slug(stem) if slugged else stem) for stem in stems]
    return Part(words, lambda draw: draw.below("company", "stem", len(stems)))


def _trades(locale: str, column: str) -> list[str]:
    return list(joint_table("company_field", locale).columns[column])


def _trade(locale: str) -> Slots:
    table = joint_table("company_field", locale)
    return Slots("company", "field", slot_table(len(table), table.weights))


def _form(locale: str) -> Slots:
    return Slots("company", "form", vocabulary("legal_form", locale).slots)


def _trade_part(locale: str, shape: str) -> Part:
    return Part([shape.format(word) for word in _trades(locale, "word")], _trade(locale))


def name(locale: str) -> Text:
    """A first word, a trade and a legal form: ``Northbridge Logistics LLC``."""
    words, forms = _trades(locale, "word"), vocabulary("legal_form", locale).values.to_pylist()
    trade, form = _trade(locale), _form(locale)
    ends = [f" {word} {legal}" for word in words for legal in forms]
    stem = _stem_part(locale)
    full = Part(ends, lambda draw: trade(draw) * len(forms) + form(draw))
    seconds = ["", *(f" & {name}" for name in vocabulary("last_name", locale).values.to_pylist())]
    short = pa.array([f" {word}" for word in words])
    return Text(
        (joined(stem, full), joined(stem, _trade_part(locale, " {}")), joined(stem)),
        unique=(
            (stem.values, pa.array(seconds), pa.array(ends)),
            (stem.values, short),
            (stem.values,),
        ),
    )


def legal_form(locale: str) -> Text:
    """The legal form that ends the name."""
    return coded(_form(locale), vocabulary("legal_form", locale).values)


def industry(locale: str) -> Text:
    """The industry of the trade in the name."""
    return _by_trade(locale, "industry")


def _by_trade(locale: str, column: str) -> Text:
    values = _trades(locale, column)
    distinct = list(dict.fromkeys(values))
    codes = np.array([distinct.index(value) for value in values], dtype=np.int32)
    return coded(Slots("company", "field", codes[_trade(locale).table]), distinct)


def _host_end(locale: str, end: str, paths: tuple[str, ...] = ("",)) -> Part:
    words = [slug(word) for word in _trades(locale, "word")]
    trade = _trade(locale)

    def codes(draw: Draw) -> Codes:
        return trade(draw) * len(paths) + draw.below("company", "path", len(paths))

    return Part([f"{word}{end}{path}" for word in words for path in paths], codes)


def _unique_host(locale: str, head: str, end: str) -> tuple[tuple[pa.Array, ...], ...]:
    stems = pa.array(list(dict.fromkeys(head + slug(stem) for stem in _stems(locale))))
    ends = pa.array([f"-{slug(word)}{end}" for word in _trades(locale, "word")])
    numbers = pa.array(["", *(str(number) for number in range(2, 1000))])
    return ((stems, numbers, ends),)


def domain(locale: str) -> Text:
    """The name as a host: ``northbridgelogistics.example``."""
    stem = _stem_part(locale, slugged=True)
    short = Part([".example"], _first_entry)
    return Text(
        (joined(stem, _host_end(locale, ".example")), joined(stem, short)),
        unique=_unique_host(locale, "", ".example"),
    )


def _first_entry(draw: Draw) -> Codes:
    return np.zeros(len(draw.cells.rows), dtype=np.int32)


def url(locale: str) -> Text:
    """A page of the company's site."""
    stem = _stem_part(locale, "https://www.{}", slugged=True)
    return Text(
        (
            joined(stem, _host_end(locale, ".example", PATHS)),
            joined(stem, Part([".example"], _first_entry)),
            *domain(locale).variants,
        ),
        unique=_unique_host(locale, "https://www.", ".example"),
    )


def email(locale: str) -> Text:
    """A shared mailbox at the company's domain."""
    boxes = [f"{box}@{slug(stem)}" for stem in _stems(locale) for box in MAILBOXES]
    count = len(MAILBOXES)

    def codes(draw: Draw) -> Codes:
        stem = draw.below("company", "stem", len(_stems(locale)))
        return stem * count + draw.below("company", "mailbox", count)

    short = _stem_part(locale, "hi@{}", slugged=True)
    return Text(
        (
            joined(Part(boxes, codes), _host_end(locale, ".example")),
            joined(short, Part([".example"], _first_entry)),
        ),
        unique=_unique_host(locale, "info@", ".example"),
    )


def catch_phrase(locale: str) -> Text:
    """Three words that promise something."""
    words = [vocabulary(f"phrase_{place}", locale) for place in (1, 2, 3)]
    parts = [
        Part(
            [f"{word} " if place < 2 else word for word in entry.values.to_pylist()],
            Slots("company", f"phrase{place}", entry.slots),
        )
        for place, entry in enumerate(words)
    ]
    lists = tuple(part.values for part in parts)
    return Text((joined(*parts), joined(*parts[1:]), joined(parts[2])), unique=(lists,))


def vat_id(_locale: str) -> Text:
    """An employer number with a prefix that is not assigned: ``07-1234567``."""
    thousand, ten = (pa.array([f"{n:0{w}}" for n in range(10**w)]) for w in (3, 4))
    dashed = [f"{prefix}-" for prefix in UNUSED_EIN]

    def part(values: pa.Array | list[str], purpose: str) -> Part:
        return Part(values, lambda draw: draw.below("company", purpose, len(values)))

    ends = (part(thousand, "ein1"), part(ten, "ein2"))
    return Text(
        (joined(part(dashed, "ein0"), *ends), joined(part(list(UNUSED_EIN), "ein0"), *ends)),
        unique=((pa.array(dashed), thousand, ten), (pa.array(UNUSED_EIN), thousand, ten)),
    )


FIELDS: dict[str, MakeField] = {
    "name": name,
    "legal_form": legal_form,
    "industry": industry,
    "domain": domain,
    "url": url,
    "email": email,
    "catch_phrase": catch_phrase,
    "vat_id": vat_id,
    "phone": phone,
    "fax": fax,
}
