"""Write the en_US word lists of Faker (MIT) as data files of ``dataforge.corpora``.

Run it only to take up a newer release: the lists are part of what makes output byte-stable, so a
change of them is a change of the generated data and belongs into the changelog.

    python tools/vendor_corpora.py [TARGET_DIR]

Writes one ``<vocabulary>.txt`` a list (``value`` or ``value<TAB>weight``), ``colors.tsv``,
``currencies.tsv`` and the licence notice. Needs Faker installed; the package itself does not.
"""

# ruff: noqa: INP001  - a script, not a package

from __future__ import annotations

import importlib
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1] / "src/dataforge/corpora/data/en_US"
CURRENCY_WEIGHTS = {
    "USD": 400, "EUR": 250, "GBP": 90, "JPY": 60, "CAD": 60, "AUD": 50, "CHF": 40, "CNY": 40,
    "INR": 40, "BRL": 25, "MXN": 25, "SEK": 20, "NOK": 20, "DKK": 15, "PLN": 15, "SGD": 20,
    "HKD": 15, "NZD": 15, "KRW": 15, "ZAR": 12, "TRY": 10, "AED": 10, "CZK": 8, "THB": 8,
}  # fmt: skip
# Written by ``tools/vendor/people.py``, with the generations that bear them.
GIVEN_NAMES = ("first_name_female.txt", "first_name_male.txt")
UNWELCOME = {"cancer", "death", "die", "drug", "gun", "hell", "kill", "sex"}
NOT_CIRCULATING = {"CUC", "XDR", "TVD", "GGP", "IMP", "JEP", "NIS", "SPL", "SVC"}


def provider(path: str) -> Any:
    """Return the class that holds the lists of ``faker.providers.<path>``."""
    return importlib.import_module(f"faker.providers.{path}").Provider


def plain(values: Iterable[str]) -> list[str]:
    """Return the distinct ASCII values, sorted, so that the file does not depend on their order."""
    return sorted({value.strip() for value in values if value.isascii()} - UNWELCOME)


def weighted(values: Mapping[str, float]) -> list[str]:
    """Return ``value<TAB>parts per million`` lines, heaviest first."""
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    return [f"{value}\t{max(1, round(weight * 1e6))}" for value, weight in ranked]


def job_titles() -> list[str]:
    """Return the titles without inverted parts (``Engineer, building services``)."""
    return plain(job for job in provider("job.en_US").jobs if not set(job) & set(",/()"))


def currencies() -> list[str]:
    """Return code, name and weight of every circulating currency."""
    rows = (row for row in provider("currency.en_US").currencies if row[0] not in NOT_CIRCULATING)
    lines = (f"{code}\t{ascii_of(name)}\t{CURRENCY_WEIGHTS.get(code, 2)}" for code, name in rows)
    return ["code\tname\tweight", *sorted(lines)]


def ascii_of(text: str) -> str:
    """Return the text without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def colors() -> list[str]:
    """Return name and hex value of every named CSS colour."""
    named = provider("color.en_US").all_colors
    return ["name\thex", *(f"{name}\t{code}" for name, code in named.items())]


def files() -> dict[str, list[str]]:
    """Return the lines of every file, keyed by its name."""
    person, company = provider("person.en_US"), provider("company.en_US")
    speech = provider("lorem.en_US").parts_of_speech
    phrase = [plain(words) for words in company.catch_phrase_words]
    return {
        "last_name.txt": weighted(person.last_names),
        "job_title.txt": job_titles(),
        "word.txt": plain(provider("lorem.en_US").word_list),
        **{f"{part}.txt": plain(speech[part]) for part in ("verb", "noun", "adjective", "adverb")},
        **{f"phrase_{place}.txt": phrase[place - 1] for place in (1, 2, 3)},
        "currencies.tsv": currencies(),
        "colors.tsv": colors(),
    }


def licence() -> str:
    """Return the notice that the MIT licence asks for."""
    faker = distribution("Faker")
    text = next(path for path in faker.files or () if path.name == "LICENSE.txt").read_text()
    names = ", ".join(sorted([*files(), *GIVEN_NAMES]))
    return f"These files were made from word lists of Faker {faker.version}:\n{names}\n\n{text}"


def main(target: Path) -> None:
    """Write every file into ``target``."""
    target.mkdir(parents=True, exist_ok=True)
    for name, lines in files().items():
        (target / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (target / "LICENSE-faker.txt").write_text(licence(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HOME)
