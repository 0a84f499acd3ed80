"""Companies: a name of their country, and what follows from it.

Domains end in ``.example``, a reserved top-level domain (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from dataforge.corpora import vocabulary
from dataforge.engine.generators.records import company_sizes, phones
from dataforge.engine.generators.records.company_names import Names, names
from dataforge.engine.generators.records.company_numbers import REGISTRATION, VAT
from dataforge.engine.generators.records.company_partners import partnerships, second_names
from dataforge.engine.generators.records.domains import distinct
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Lists,
    Made,
    MakeField,
    Part,
    Ranked,
    Slots,
    Text,
    Variant,
    coded,
    join,
    joined,
)

PATHS = ("", "", "/about", "/contact", "/products", "/team", "/news", "/careers")
# Prefixes that the IRS does not assign to employers.
UNUSED_EIN = ("07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89")
# What the legal form adds to a number: the kind of a Spanish tax number, a German register.
SPANISH_KINDS = {"S.A.": "A", "S. Coop.": "F", "S.C.": "J"}
GERMAN_REGISTERS = {"KG": "HRA", "GmbH & Co. KG": "HRA", "OHG": "HRA", "e.K.": "HRA", "eG": "GnR"}


def name(locale: str) -> Text:
    """A name in the shape of its country: ``Northbridge Logistics LLC``, ``株式会社山田製作所``."""
    own = names(locale)
    before, stem, after = own.part(before=True), own.stem_part(), own.part(before=False)
    full = joined(before, stem, after) if before.longest else joined(stem, after)
    apart = partnerships(own)
    return Text((full, joined(stem)), _unique_names(own), apart.names, apart.room)


def _unique_names(own: Names) -> tuple[tuple[pa.Array, ...], ...]:
    """Return lists for the shape that is usual: other stems between make room for many."""
    head, tail = next(s for s in own.shapes if "{trade}" in s and "{form}" in s).split("{stem}")
    used = {part: own.words(part) for part in ("city", "form", "trade")}
    ends = [
        tail.format(city=used["city"][:1], trade=trade, form=form)
        for form in used["form"][: None if "{form}" in tail else 1]
        for trade in used["trade"][: None if "{trade}" in tail else 1]
    ]
    heads = [head.format(city=city, form=used["form"][0]) for city in used["city"] or ("",)]
    stems = distinct(pa.array(list(own.stems)))
    seconds = pa.array(["", *second_names(own)])
    lists = (distinct(pa.array(heads)), stems, seconds, distinct(pa.array(ends)))
    return (lists, (stems, seconds), (stems,))


def legal_form(locale: str) -> Text:
    """The legal form in the name."""
    return coded(names(locale).form, names(locale).forms)


def industry(locale: str) -> Text:
    """The industry of the trade in the name."""
    own = names(locale)
    values = own.trades.columns["industry"]
    found = list(dict.fromkeys(values))
    codes = np.array([found.index(value) for value in values], dtype=np.int32)
    return coded(Slots("company", "field", codes[own.trade.table]), found)


def _host_end(own: Names, paths: tuple[str, ...] = ("",)) -> Part:
    """Return what follows the stem: the trade where the name has it, and ``.example``."""
    trades = [dash + trade for dash in ("", "-") for trade in own.trade_addresses]
    words = ["", *trades]
    count = len(own.trade_addresses)
    has_trade = np.array(["{trade}" in shape for shape in own.shapes])

    def codes(draw: Draw) -> Codes:
        trade = 1 + own.trade(draw) + count * draw.below("company", "dash", 2)
        word = np.where(has_trade[own.shape(draw)], trade, 0)
        return word * len(paths) + draw.below("company", "path", len(paths))

    return Part([f"{word}.example{path}" for word in words for path in paths], codes)


def _address(own: Names, head: str = "") -> Part:
    return Part([head + address for address in own.stems.values()], own.stem)


def _unique_host(own: Names, head: str) -> tuple[tuple[pa.Array, ...], ...]:
    stems = distinct(pa.array([head + address for address in own.stems.values()]))
    ends = pa.array([f"-{trade}.example" for trade in dict.fromkeys(own.trade_addresses)])
    numbers = pa.array(["", *(str(number) for number in range(2, 1000))])
    return ((stems, numbers, ends), (stems, pa.array([".example"])))


def _bare(own: Names, head: str = "") -> Text:
    end = Part([".example"], lambda draw: np.zeros(len(draw.cells.rows), dtype=np.int32))
    return Text((joined(_address(own, head), end),))


def domain(locale: str) -> Text:
    """The name as a host: ``northbridgelogistics.example``."""
    own = names(locale)
    full = joined(_address(own), _host_end(own))
    return Text((full, *_bare(own).variants), unique=_unique_host(own, ""))


def url(locale: str) -> Text:
    """A page of the company's site."""
    own = names(locale)
    full = joined(_address(own, "https://www."), _host_end(own, PATHS))
    return Text(
        (full, *_bare(own).variants, *domain(locale).variants),
        unique=_unique_host(own, "https://www."),
    )


def email(locale: str) -> Text:
    """A shared mailbox at the company's domain."""
    own = names(locale)
    mailboxes = own.section("mailbox")
    boxes = [f"{box}@{address}" for address in own.stems.values() for box in mailboxes]

    def codes(draw: Draw) -> Codes:
        box = draw.below("company", "mailbox", len(mailboxes))
        return own.stem(draw).astype(np.int64) * len(mailboxes) + box

    return Text(
        (joined(Part(boxes, codes), _host_end(own)), *_bare(own, "hi@").variants),
        unique=_unique_host(own, f"{mailboxes[0]}@"),
    )


def catch_phrase(locale: str) -> Text:
    """A few words that promise something."""
    own = names(locale)
    halves = [own.section(f"slogan_{half}") for half in ("head", "tail")]
    if not halves[0]:
        return _three_words(locale)
    space = "" if locale in {"ja_JP", "zh_CN"} else " "
    heads = [head + ("" if head.endswith("'") else space) for head in halves[0]]
    parts = [_phrase(words, f"phrase{at}") for at, words in enumerate((heads, list(halves[1])))]
    return Text((joined(*parts), joined(parts[1])), unique=(tuple(p.values for p in parts),))


def _phrase(words: list[str], purpose: str) -> Part:
    return Part(words, lambda draw: draw.below("company", purpose, len(words)))


def _three_words(locale: str) -> Text:
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


def vat_id(locale: str) -> Text:
    """The VAT number of the country; in the United States an employer number not assigned."""
    if locale == "en_US":
        return _employer_number()
    number = VAT[locale].text()
    if locale != "es_ES":
        return number
    kinds = [SPANISH_KINDS.get(form, "B") for form in names(locale).forms]
    return _headed(names(locale), number, [f"ES{kind}" for kind in kinds], kinds)


def registration_number(locale: str) -> Text:
    """The number in the country's register of companies."""
    number = REGISTRATION[locale].text()
    if locale != "de_DE":
        return number
    registers = [f"{GERMAN_REGISTERS.get(form, 'HRB')} " for form in names(locale).forms]
    return _headed(names(locale), number, registers, [""] * len(registers))


def _headed(own: Names, number: Text, *heads: list[str]) -> Text:
    """Put before each number what its company's legal form says; variants, longest first."""
    (made,), (ranked,) = number.variants, number.unique
    variants, unique = [], []
    for each in heads:
        part = Part(each, own.form)
        variants.append(Made(part.longest + made.longest, _after(part, made)))
        unique.append((pa.array([each[0]]), ranked))
    return Text(tuple(variants), unique=tuple(_ranked_after(head, rank) for head, rank in unique))


def _after(head: Part, number: Variant) -> Callable[[Draw], pa.Array]:
    return lambda draw: join(head.make(draw), number.make(draw))


def _ranked_after(head: pa.Array, number: Lists | Ranked) -> Ranked:
    assert isinstance(number, Ranked)  # noqa: S101 - schemes are ranked
    return Ranked(
        len(head[0].as_py()) + number.longest,
        number.size,
        lambda ranks: join(head[0], number.decode(ranks)),
    )


def _employer_number() -> Text:
    """Return ``07-1234567``: a prefix that is not assigned and seven digits."""
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
    "registration_number": registration_number,
    **company_sizes.FIELDS,
    **phones.COMPANY,
}
