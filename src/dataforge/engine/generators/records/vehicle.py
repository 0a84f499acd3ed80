"""Vehicles: a model that is sold in the country, of a year in which it was built.

The number (VIN) has the maker's code, the year's letter and the check digit; the plate is of the
country, and says the year where the country's plates do. Mileage goes with age.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import slot_table
from dataforge.corpora.terms import in_words
from dataforge.engine.check_digits import vin as vin_check
from dataforge.engine.generators.records.fields import (
    Codes,
    Draw,
    Made,
    MakeField,
    Number,
    Ranked,
    Slots,
    Text,
    coded,
)
from dataforge.engine.generators.records.fitting import plain
from dataforge.engine.generators.records.fixed import digits
from dataforge.engine.generators.records.plates import plate
from dataforge.engine.generators.records.schemes import beside, in_base, one_of, same, shaped
from dataforge.engine.generators.records.tabled import Rows
from dataforge.engine.quantiles.normal import normal_quantile
from dataforge.streams import IntArray

MARKETS = {"en_US": "us", "ja_JP": "jp", "ko_KR": "kr", "hi_IN": "in", "zh_CN": "cn",
           "pt_BR": "br", "ar_SA": "us"}  # fmt: skip
# Makes that sell best at home, by how much.
AT_HOME = {
    "de_DE": ("Volkswagen", "Audi", "BMW", "Mercedes-Benz", "Opel"), "it_IT": ("Fiat",),
    "fr_FR": ("Renault", "Peugeot", "Citroën", "Dacia"), "es_ES": ("SEAT",), "sv_SE": ("Volvo",),
    "en_GB": ("Ford", "Nissan"), "tr_TR": ("Fiat", "Renault"), "pl_PL": ("Skoda", "Toyota"),
}  # fmt: skip
NOT_SOLD = {"en_GB": ("Opel",)}
HOME_FACTOR = 2.5
COLORS = {"White": 26, "Black": 22, "Gray": 19, "Silver": 13, "Blue": 9, "Red": 6, "Green": 3,
          "Beige": 2}  # fmt: skip
ELECTRIFIED = ("Hybrid", "Electric")
GEARS = ("Automatic", "Manual")
FIRST_ELECTRIFIED = 2012
MEAN_AGE = 7.5
YEARLY_KM, YEARLY_MILES = 13_000, 11_500
IN_MILES = frozenset({"en_US", "en_GB"})
# 49 CFR 565.15, table VII: 30 years from 2010, then again; none reads as another character.
YEAR_LETTERS = "ABCDEFGHJKLMNPRSTVWXY123456789"
VIN_LETTERS = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
SERIALS = 899_999
DETAILS = len(VIN_LETTERS) ** 5
# A step through the serial numbers that meets each once (the two have no common divisor).
SERIAL_STEP = 380_041
BLOCKS = 1000
# From this month on cars of the calendar year have driven.
FIRST_SALES_MONTH = 4


@cache
def _models(locale: str) -> Rows:
    return Rows("vehicle", "vehicle", locale)


@cache
def _model(locale: str) -> Slots:
    joint = _models(locale).joint
    weights = joint.numbers(MARKETS.get(locale, "eu")).copy()
    makes = np.array(joint.columns["make"])
    weights[np.isin(makes, AT_HOME.get(locale, ()))] *= HOME_FACTOR
    weights[np.isin(makes, NOT_SOLD.get(locale, ()))] = 0
    return Slots("vehicle", "vehicle", slot_table(len(weights), weights))


def _of_model(column: str, locale: str) -> Text:
    return coded(_model(locale), _models(locale).joint.columns[column])


def make(locale: str) -> Text:
    """The maker's brand."""
    return _of_model("make", locale)


def model(locale: str) -> Text:
    """The model's name."""
    return _of_model("model", locale)


def body_type(locale: str) -> Text:
    """The kind of body: Sedan, SUV, Pickup and the like."""
    return _of_model("type", locale)


def _years(draw: Draw, locale: str) -> IntArray:
    """Return model years: exponential ages, cut at the years in which the model was built."""
    rows, codes = _models(locale), _model(locale)(draw)
    since, until = (rows.numbers(name).astype(np.int64)[codes] for name in ("since", "until"))
    newest = np.where(until == 0, draw.now.year - (draw.now.month < FIRST_SALES_MONTH), until)
    span = newest - since
    share = 1 - np.exp(-(span + 1) / MEAN_AGE)
    ages = np.floor(-MEAN_AGE * np.log1p(-draw.unit("vehicle", "year") * share))
    years: IntArray = newest - np.minimum(ages.astype(np.int64), span)
    return years


def year(locale: str) -> Number:
    """The model year."""
    return Number(lambda draw: _years(draw, locale))


def fuel(locale: str) -> Text:
    """What the engine takes: a choice of the model's, none electrified before 2012."""
    choice = _models(locale).choice("fuels", "fuel")
    words, later = choice.words, in_words(locale, "vehicle.fuels", ELECTRIFIED)
    burnt = np.array([
        next((words.index(w) for w, _ in row if w not in later), words.index(row[0][0]))
        for row in choice.entries
    ])  # fmt: skip
    electrified = np.array([word in later for word in words])

    def codes(draw: Draw) -> Codes:
        rows = _model(locale)(draw)
        chosen = choice.within(rows, draw)
        early = electrified[chosen] & (_years(draw, locale) < FIRST_ELECTRIFIED)
        return np.where(early, burnt[rows], chosen)

    return coded(codes, words)


def color(locale: str) -> Text:
    """A colour that cars have."""
    slots = slot_table(len(COLORS), np.array(list(COLORS.values()), dtype=float))
    return coded(Slots("vehicle", "color", slots), in_words(locale, "vehicle.color", COLORS))


def transmission(locale: str) -> Text:
    """Automatic or manual; automatic alone where the fuel or the country leaves no choice."""
    fuels, words = fuel(locale).variants[0], in_words(locale, "vehicle.transmission", GEARS)
    electrified = pa.array(in_words(locale, "vehicle.fuels", ELECTRIFIED))
    manual = {"en_US": 0.03, "ja_JP": 0.02, "ko_KR": 0.01, "ar_SA": 0.03, "zh_CN": 0.2}
    share = manual.get(locale, 0.45)

    def codes(draw: Draw) -> Codes:
        fixed = pc.is_in(plain(fuels.make(draw)), electrified).to_numpy(zero_copy_only=False)
        chosen: Codes = ((draw.unit("vehicle", "transmission") < share) & ~fixed).astype(np.int32)
        return chosen

    return coded(codes, words)


def mileage(locale: str) -> Number:
    """What the odometer shows, in the country's unit: its age, driven about as much as usual."""
    yearly = YEARLY_MILES if locale in IN_MILES else YEARLY_KM

    def made(draw: Draw) -> IntArray:
        age = draw.now.year - _years(draw, locale) + draw.unit("vehicle", "month")
        spread = np.exp(normal_quantile(draw.unit("vehicle", "driven")) * 0.4)
        return (age * yearly * spread * 0.98**age).astype(np.int64) + 5

    return Number(made)


def vin(locale: str) -> Text:
    """Seventeen characters: maker, details, check, year, plant, serial number."""
    makers = _models(locale).joint.columns["maker"]
    count = len(makers)

    def written(codes: IntArray, years: IntArray, rank: IntArray) -> pa.Array:
        detail, serial = np.divmod(rank, SERIALS)
        letters = one_of(tuple(YEAR_LETTERS), (years - 2010) % len(YEAR_LETTERS))
        head = beside(one_of(makers, codes), in_base(detail, VIN_LETTERS, 5))
        tail = beside(letters, same(len(rank), "A"), digits(serial + 100_000, 6))
        check = vin_check(beside(head, tail))
        ninth = np.where(check == 10, int("X", 36), check).astype(np.uint8)
        return shaped(beside(head, ninth, tail), "#" * 17)

    def make_vin(draw: Draw) -> pa.Array:
        rank = draw.below("vehicle", "vin", DETAILS * SERIALS)
        return written(_model(locale)(draw).astype(np.int64), _years(draw, locale), rank)

    def make_numbered(draw: Draw) -> pa.Array:
        block, place = np.divmod(draw.cells.rows, SERIALS)
        detail = draw.below("vehicle", "vin", DETAILS // BLOCKS) * BLOCKS + block % BLOCKS
        rank = detail * SERIALS + place * SERIAL_STEP % SERIALS
        return written(_model(locale)(draw).astype(np.int64), _years(draw, locale), rank)

    def decode(ranks: IntArray) -> pa.Array:
        rank, code = np.divmod(ranks, count)
        return written(code, 2015 + rank % 10, rank)

    unique = (Ranked(17, DETAILS * SERIALS, decode),)
    return Text((Made(17, make_vin),), unique=unique, distinct=(Made(17, make_numbered),))


FIELDS: dict[str, MakeField] = {
    "make": make,
    "model": model,
    "type": body_type,
    "year": year,
    "fuel": fuel,
    "transmission": transmission,
    "color": color,
    "mileage": mileage,
    "vin": vin,
    "license_plate": lambda locale: plate(locale, lambda draw: _years(draw, locale)),
}
