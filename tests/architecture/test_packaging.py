"""What the locks, the licences and the package's description promise."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)

PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|0BSD|Zlib|Unlicense|CC0)\b",
    re.IGNORECASE,
)
RESTRICTIVE = re.compile(r"\b(A?GPL|LGPL|GNU|BUSL|Business Source|SSPL|Proprietary)", re.IGNORECASE)

TOOLS_UNDER_WEAK_COPYLEFT = {
    "certifi": "MPL-2.0; comes with the test server of an object store and the documentation",
    "hypothesis": "MPL-2.0; used by tests alone",
    "pathspec": "MPL-2.0; used by the type checker alone",
}
"""Allowed in the locks for tests and benchmarks, never in the base."""

EXTRAS_UNDER_LGPL = {
    "psycopg": "LGPL-3.0; the extra `postgres`, used unmodified through its public interface",
    "psycopg-binary": "LGPL-3.0; the extra `postgres`",
    "python-stdnum": "LGPL-2.1; the tests ask it whether check digits are right",
}


def project() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


def licence(distribution: str) -> str:
    about = metadata.metadata(distribution)
    classifiers = [
        line.removeprefix("License :: ")
        for line in about.get_all("Classifier") or []
        if line.startswith("License :: ")
    ]
    stated = [*(about.get_all("License-Expression") or []), *classifiers]
    return "; ".join(stated or about.get_all("License") or [])


def pinned(lock: Path) -> list[str]:
    return [name for name, _ in PINNED.findall(lock.read_text())]


def installed(names: list[str]) -> list[str]:
    known = {re.sub(r"[-_.]+", "-", d.name).lower() for d in metadata.distributions()}
    return [name for name in names if re.sub(r"[-_.]+", "-", name).lower() in known]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_lock_names_no_package_index(lock: Path) -> None:
    text = lock.read_text()
    assert not re.search(r"://|--(?:extra-)?index-url|--find-links|@ ", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_a_hash(lock: Path) -> None:
    blocks = re.split(r"\n(?=\S)", lock.read_text().strip())
    assert blocks
    assert all("--hash=sha256:" in block for block in blocks)


def test_locks_agree_on_versions() -> None:
    base = set(PINNED.findall((ROOT / "requirements" / "base.txt").read_text()))
    for name in ("test.txt", "bench.txt"):
        assert base <= set(PINNED.findall((ROOT / "requirements" / name).read_text()))


def test_base_has_nothing_but_its_eight_libraries() -> None:
    requirements = project()["dependencies"]
    assert isinstance(requirements, list)
    names = {re.split(r"[<>=\[ ]", line)[0] for line in requirements}
    assert names == {
        "click",
        "duckdb",
        "numpy",
        "pyarrow",
        "pydantic",
        "pyyaml",
        "rich",
        "sqlglot",
    }


@pytest.mark.parametrize("name", pinned(ROOT / "requirements" / "base.txt"))
def test_base_is_permissive(name: str) -> None:
    found = licence(name)
    assert PERMISSIVE.search(found)
    assert not RESTRICTIVE.search(found)


@pytest.mark.parametrize("name", installed(sorted({n for lock in LOCKS for n in pinned(lock)})))
def test_every_licence_is_permissive_or_a_named_exception(name: str) -> None:
    if name in TOOLS_UNDER_WEAK_COPYLEFT:
        assert "MPL" in licence(name) or "Mozilla" in licence(name)
    elif name in EXTRAS_UNDER_LGPL:
        assert "LGPL" in licence(name) or "Lesser" in licence(name)
    else:
        assert PERMISSIVE.search(licence(name)), licence(name)
        assert not RESTRICTIVE.search(licence(name))


def test_licence_and_python_are_stated() -> None:
    about = project()
    assert about["license"] == "Apache-2.0"
    assert about["requires-python"] == ">=3.11"
    assert "Apache License" in (ROOT / "LICENSE").read_text()
