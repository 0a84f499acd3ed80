"""What the vendoring scripts share: where data goes, how Faker's lists are reached."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "src/dataforge/corpora/data"


def provider(path: str) -> Any:
    """Return the class that holds the lists of ``faker.providers.<path>``."""
    return importlib.import_module(f"faker.providers.{path}").Provider


def weighted(values: Mapping[str, float] | Iterable[str]) -> dict[str, float]:
    """Return a list of Faker with its weights, all 1 where it has none."""
    return dict(values) if isinstance(values, Mapping) else dict.fromkeys(values, 1.0)


def write(locale: str, name: str, lines: Iterable[str]) -> None:
    """Write a data file of a locale."""
    (DATA / locale).mkdir(parents=True, exist_ok=True)
    (DATA / locale / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def faker_notice(locale: str, names: Iterable[str]) -> None:
    """Write the notice that Faker's MIT licence asks for beside the files made from its lists."""
    faker = distribution("Faker")
    text = next(path for path in faker.files or () if path.name == "LICENSE.txt").read_text()
    about = f"These files were made from word lists of Faker {faker.version}:"
    write(locale, "LICENSE-faker.txt", [about, ", ".join(sorted(names)), "", text.rstrip()])
