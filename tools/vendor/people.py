"""Write the given and family names of every locale: ``python -m tools.vendor.people``.

``names/<locale>.txt`` tells the most frequent names, given names by the decade around which their
bearers were born. Faker's lists (MIT) add the rarer ones at the shares of ``GIVEN`` and ``FAMILY``.

``first_name_<sex>.txt`` has lines of value, weight, reading and the shares of those born around
1940, 1960, 1980 and 2000 (parts per million); ``last_name.txt`` value, weight, reading and, where
it differs, the form that women bear.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from tools.vendor.shared import DATA, faker_notice, provider, weighted, write

from dataforge.corpora.text import latin
from dataforge.locales import LOCALES

NAMES = Path(__file__).parent / "names"
ANCHORS = (1940, 1960, 1980, 2000)
SEXES = ("female", "male")
# The share of Faker's given names among those born around each anchor: nothing where its list
# speaks of another generation, little where it mixes all of them without frequencies.
GIVEN: Mapping[str, tuple[float, ...]] = {
    "en_US": (0.25, 0.25, 0.25, 0.25),
    "en_GB": (0.02, 0.1, 0.15, 0.1),
    "de_DE": (0.08, 0.04, 0.04, 0.04),
    "fr_FR": (0.08, 0.04, 0.03, 0.03),
    "es_ES": (0.15, 0.1, 0.1, 0.1),
    "it_IT": (0.06, 0.03, 0.03, 0.03),
    "pt_BR": (0, 0, 0.05, 0.25),
    "nl_NL": (0, 0, 0.03, 0.25),
    "pl_PL": (0.03, 0.08, 0.1, 0.2),
    "sv_SE": (0.2, 0.2, 0.25, 0.25),
}
# The share of Faker's family names, the most of its list that is taken.
FAMILY: Mapping[str, tuple[float, int]] = {
    "en_GB": (0.4, 500),
    "de_DE": (0.15, 406),
    "fr_FR": (0.15, 400),
    "es_ES": (0.2, 1085),
    "it_IT": (0.35, 1164),
    "pl_PL": (0.35, 900),
    "sv_SE": (0.25, 500),
}
_FEMININE = ((r"([scd]z?)ki$", r"\1ka"), (r"ny$", "na"))
_PLAUSIBLE = re.compile(r"[^\W\d_]+(['\- ][^\W\d_]+)*")


def main() -> None:
    """Write the files of every locale."""
    for locale in LOCALES:
        told = _told(locale)
        for sex in SEXES:
            write(locale, f"first_name_{sex}.txt", given(locale, sex, told))
        if "last" in told:
            write(locale, "last_name.txt", family(locale, told["last"]))
        if locale in GIVEN and locale != "en_US":
            files = [f"first_name_{sex}.txt" for sex in SEXES]
            faker_notice(locale, files + ["last_name.txt"] * (locale in FAMILY))


def given(locale: str, sex: str, told: Mapping[str, list[str]]) -> list[str]:
    """Return the lines of the given names of one sex, those of en_US as they stand in its file."""
    listed = _faker(locale, f"first_names_{sex}") if locale in GIVEN else {}
    known = {word.partition("=")[0] for at in ANCHORS for word in told[f"{sex} {at}"]}
    rare = {name: weight for name, weight in listed.items() if name not in known}
    readings: dict[str, str] = {}
    columns = []
    for anchor, share in zip(ANCHORS, GIVEN.get(locale, (0.0,) * 4), strict=True):
        common = _ranked(told[f"{sex} {anchor}"], 14, readings)
        columns.append(_blend(common, rare, share))
    names = list(dict.fromkeys(name for column in columns for name in column))
    weights = {name: sum(column.get(name, 0) for column in columns) / 4 for name in names}
    if locale == "en_US":  # its vocabulary keeps the frequencies of Faker's list
        weights = {name: weight / sum(listed.values()) for name, weight in listed.items()}
        columns = [{name: column.get(name, 0) for name in listed} for column in columns]
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return [
        "\t".join(
            [name, _parts(weight), _reading(name, readings, locale)]
            + [_parts(column.get(name, 0), 0) for column in columns]
        )
        for name, weight in ordered
    ]


def family(locale: str, told: list[str]) -> list[str]:
    """Return the lines of the family names."""
    readings: dict[str, str] = {}
    share, most = FAMILY.get(locale, (0.0, 0))
    rare = _faker(locale, "male_last_names" if locale == "pl_PL" else "last_names") if most else {}
    if locale == "pl_PL":
        extra = sorted(provider("person.pl_PL").unisex_last_names)
        rare |= dict.fromkeys(extra[:: len(extra) // (most - len(rare))], 0.2)
    blended = _blend(_ranked(told, 20, readings), rare, share)
    ordered = sorted(blended.items(), key=lambda item: (-item[1], item[0]))
    bearer: Callable[[str], str] = feminine if locale == "pl_PL" else str
    lines = []
    for name, weight in ordered:
        cells = [name, _parts(weight), _reading(name, readings, locale)]
        lines.append("\t".join(cells + [bearer(name)] * (bearer(name) != name)))
    return lines


def feminine(name: str) -> str:
    """Return the form that a Polish woman bears: -ski becomes -ska, -ny becomes -na."""
    for pattern, form in _FEMININE:
        changed = re.sub(pattern, form, name)
        if changed != name:
            return changed
    return name


def _told(locale: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    section = ""
    for line in (NAMES / f"{locale}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        elif not line.startswith("#"):
            found[section].extend(word.replace("_", " ") for word in line.split())
    return found


def _ranked(words: list[str], flat: int, readings: dict[str, str]) -> dict[str, float]:
    """Return shares: those told, else by a Zipf-Mandelbrot law over the order."""
    shares: dict[str, float] = {}
    for rank, word in enumerate(words):
        head, _, weight = word.partition(":")
        name, _, reading = head.partition("=")
        if reading:
            readings[name] = reading
        shares.setdefault(name, float(weight or 1 / (rank + flat)))
    total = sum(shares.values())
    return {name: share / total for name, share in shares.items()}


def _blend(common: dict[str, float], rare: dict[str, float], share: float) -> dict[str, float]:
    total = sum(rare.values())
    blended = {name: value * (1 - share if rare else 1) for name, value in common.items()}
    for name, weight in rare.items() if share else ():
        blended[name] = blended.get(name, 0) + share * weight / total
    return blended


def _faker(locale: str, name: str) -> dict[str, float]:
    names = weighted(getattr(provider(f"person.{locale}"), name))
    return {n.strip(): w for n, w in names.items() if _PLAUSIBLE.fullmatch(n.strip())}


def _reading(name: str, readings: dict[str, str], locale: str) -> str:
    return readings.get(name) or latin(name, locale)


def _parts(share: float, least: int = 1) -> str:
    return str(max(least, round(share * 1e6)))


if __name__ == "__main__":
    print(f"names of {len(LOCALES)} locales into {DATA}")  # noqa: T201 - a script
    main()
