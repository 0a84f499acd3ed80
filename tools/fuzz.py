"""Feed mutated schema files and DDL to their readers and report what is no clear answer.

    python tools/fuzz.py [--seconds 600] [--seed 1] [--corpus FOLDER] [--keep FOLDER]

A reader answers with a schema or a ``DataForgeError``. Anything else is a finding: another
exception, more than ten seconds of processor time for one input, more than 2 GB of memory.
Findings are printed with their seed, so that the same input comes again, and kept as files where
``--keep`` names a folder; the exit code is 1 when there is any.
"""

# ruff: noqa: INP001  - a script, not a package
# ruff: noqa: S311  - reproducible noise, no secrets
# ruff: noqa: T201  - its output is its purpose

from __future__ import annotations

import argparse
import copy
import random
import re
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

import yaml

from dataforge.engine import compile_schema
from dataforge.errors import DataForgeError
from dataforge.parsers.meaning import assign_meaning
from dataforge.parsers.sql import parse_ddl
from dataforge.schema import Schema, from_json, from_yaml, normalize, to_json, to_yaml, validate

ROOT = Path(__file__).resolve().parents[1]
SLOWEST_S = 10
_TEXTUAL = 0.25
MEMORY_BYTES = 2 << 30
LARGEST = 60_000
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
NOISE = (
    "(", ")", ",", ";", "'", '"', "`", "[", "]", "--", "/*", "*/", "$$", "GO\n", "CHECK (", "NULL",
    "PRIMARY KEY", "REFERENCES", "CREATE TABLE", "ALTER TABLE", "ENUM('a','b')", "DEFAULT", "\\",
    "\x00", "\ufeff", "é", "表", "😀", "9" * 40, "-1", "1e999", "0", "x" * 5000, "((((((((((",
    "[[[[[[[[", "{", "}", ":", "- ", "&a", "*a", "!!python/object:os.system", "<<: *a", "\t",
    "\r\n", "kind: record", "rows: -1", "null", "true", ".inf", ".nan",
)  # fmt: skip


class TooSlowError(Exception):
    """One input took more than its time."""


def _alarm(_signal: int, _frame: FrameType | None) -> None:
    raise TooSlowError


def seeds(corpus: Path | None) -> tuple[list[str], list[str]]:
    """Return the texts to start from: schema files and DDL."""
    schemas = [path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*.yaml"))]
    schemas += [to_json(from_yaml(text)) for text in schemas]
    scripts = [path.read_text("utf-8") for path in sorted((ROOT / "examples").glob("*.sql"))]
    folder = corpus / "ddl" if corpus else None
    real = sorted(folder.glob("*.sql")) if folder and folder.is_dir() else []
    scripts += [path.read_text("utf-8", errors="replace")[:LARGEST] for path in real]
    return schemas, scripts


def mutated(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Return the text after one to eight cuts, copies, swaps and insertions."""
    for _ in range(draw.randint(1, 8)):
        text = draw.choice(MUTATIONS)(text, others, draw)[:LARGEST]
    return text


def mutated_schema(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Return a schema file with up to four values changed; one in four is cut up as text, too."""
    for _ in range(draw.randint(1, 4)):
        text = _restructured(text, others, draw)
    return mutated(text, others, draw) if draw.random() < _TEXTUAL else text


def _cut(text: str, _others: Sequence[str], draw: random.Random) -> str:
    start = draw.randrange(len(text) + 1)
    return text[:start] + text[start + draw.randint(1, 200) :]


def _truncated(text: str, _others: Sequence[str], draw: random.Random) -> str:
    return text[: draw.randrange(len(text) + 1)]


def _noise(text: str, _others: Sequence[str], draw: random.Random) -> str:
    at = draw.randrange(len(text) + 1)
    return text[:at] + draw.choice(NOISE) + text[at:]


def _spliced(text: str, others: Sequence[str], draw: random.Random) -> str:
    other = draw.choice(others)
    start = draw.randrange(len(other) + 1)
    at = draw.randrange(len(text) + 1)
    return text[:at] + other[start : start + draw.randint(1, 400)] + text[at:]


def _swapped(text: str, _others: Sequence[str], draw: random.Random) -> str:
    tokens = TOKEN.findall(text)
    if len(tokens) < 2:
        return text
    one, two = draw.randrange(len(tokens)), draw.randrange(len(tokens))
    tokens[one], tokens[two] = tokens[two], tokens[one]
    return "".join(tokens)


def _repeated(text: str, _others: Sequence[str], draw: random.Random) -> str:
    start = draw.randrange(len(text) + 1)
    piece = text[start : start + draw.randint(1, 100)]
    return text[:start] + piece * draw.randint(2, 60) + text[start:]


def _restructured(text: str, _others: Sequence[str], draw: random.Random) -> str:
    """Replace, drop or copy one value inside a document, so that what follows still parses."""
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return text
    places = list(_places(document))
    if not places:
        return text
    holder, key = draw.choice(places)
    match draw.randrange(4):
        case 0:
            del holder[key]
        case 1:
            holder[key] = draw.choice(ODD)
        case 2:
            other, there = draw.choice(places)
            holder[key] = copy.deepcopy(other[there])
        case _:
            if isinstance(holder, list):
                holder.append(copy.deepcopy(holder[key]))
            else:
                holder[draw.choice(("kind", "name", "columns", "spec", "zzz"))] = holder[key]
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True)


def _places(value: object) -> Iterator[tuple[Any, Any]]:
    """Yield every holder in a document with the key or index of each of its values."""
    pairs: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    for key, inner in pairs:
        yield value, key
        yield from _places(inner)


MUTATIONS: tuple[Callable[[str, Sequence[str], random.Random], str], ...] = (
    _cut,
    _truncated,
    _noise,
    _noise,
    _spliced,
    _swapped,
    _repeated,
)
ODD = (
    None, True, 0, -1, 1 << 70, 1e308, float("nan"), float("inf"), "", "x" * 300, "record", "a b",
    "2024-13-45", "int", "decimal(0,9)", "string(-1)", [], [[]], {}, {"kind": "number"},
    {"kind": "record", "record": "person", "field": "nope"}, {"kind": "list", "item": {}},
    "customers", "id", "id + 1 > 0", "(((", "'", "CASE WHEN", "\u0000", "表",
)  # fmt: skip


def read_schema_text(text: str) -> None:
    """Read a schema file as the loader does, and write what it gave again."""
    read = from_json if text.lstrip().startswith("{") else from_yaml
    schema = read(text)
    _judge(schema)
    if from_yaml(to_yaml(schema)) != schema:
        raise AssertionError("a schema differs after being written and read")


def read_script(text: str) -> None:
    """Read DDL as the parser does."""
    _judge(parse_ddl(text).schema)


def _judge(schema: Schema) -> None:
    normal = normalize(schema)
    if not any(problem.severity == "error" for problem in validate(normal)):
        compile_schema(_small(assign_meaning(normal)))


def _small(schema: Schema) -> Schema:
    tables = (t.model_copy(update={"rows": min(t.rows or 50, 50)}) for t in schema.tables)
    return schema.model_copy(update={"tables": tuple(tables), "default_rows": 50})


def finding(read: Callable[[str], None], text: str) -> str | None:
    """Return what went wrong, or None where the reader answered."""
    signal.signal(signal.SIGPROF, _alarm)
    signal.setitimer(signal.ITIMER_PROF, SLOWEST_S)  # processor time: others may use the machine
    try:
        read(text)
    except DataForgeError:
        return None
    except TooSlowError:
        return f"more than {SLOWEST_S} s of processor time"
    except (Exception, RecursionError):  # noqa: BLE001 - whatever it is, it is a finding
        return traceback.format_exc(limit=-4)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    return None


def fuzz(
    seconds: float, seed: int, corpus: Path | None, most: int | None = None
) -> tuple[int, list[tuple[int, str, str]]]:
    """Return how many inputs were tried, and of each finding its seed, its input and its text."""
    schemas, scripts = seeds(corpus)
    kinds = ((read_schema_text, mutated_schema, schemas), (read_script, mutated, scripts))
    found = []
    until = time.monotonic() + seconds
    tried = 0
    while time.monotonic() < until and (most is None or tried < most):
        draw = random.Random(seed + tried)
        read, mutate, texts = kinds[tried % 2]
        text = mutate(draw.choice(texts), texts, draw)
        wrong = finding(read, text)
        if wrong:
            found.append((seed + tried, text, wrong))
        tried += 1
    return tried, found


def main() -> int:
    """Fuzz for a while; print the findings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    tried, found = fuzz(asked.seconds, asked.seed, asked.corpus)
    for seed, text, wrong in found:
        print(f"seed {seed}, {len(text):,} characters:\n{wrong}")
        if asked.keep:
            asked.keep.mkdir(parents=True, exist_ok=True)
            (asked.keep / f"{seed}.txt").write_text(text, "utf-8", errors="surrogatepass")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{tried:,} inputs, {len(found)} findings, peak {peak:,.0f} MB")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
