"""What requests in words become, against what an expert expects of them."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

import dataforge
from dataforge.parsers.prompt import Composition, analyze, compose
from dataforge.schema import Schema, Table

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "golden" / "prompts"
CORPUS = ROOT.parents[0] / "shared" / "corpus" / "prompts" / "prompts_dev.json"
MOST_ROWS = 20_000


@dataclass
class Figures:
    """Hits and totals of one request, and what is missing in words."""

    hits: dict[str, int] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def note(self, kind: str, what: str, *, met: bool) -> None:
        """Count one expectation."""
        self.totals[kind] = self.totals.get(kind, 0) + 1
        self.hits[kind] = self.hits.get(kind, 0) + met
        if not met:
            self.missing.append(f"{kind}: {what}")


def corpus() -> dict[str, str]:
    """Return the requests of the corpus by id; empty where it is not at hand."""
    if not CORPUS.exists():
        return {}
    listed = json.loads(CORPUS.read_text("utf-8"))["prompts"]
    return {each["id"]: each["prompt"] for each in listed}


def requests() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield the id, the words and the expectation of every request at hand."""
    prompts = corpus()
    for path in sorted(GOLDEN.glob("*.yaml")):
        for name, wanted in yaml.safe_load(path.read_text("utf-8")).items():
            text = wanted.get("prompt", prompts.get(name))
            if text is not None:
                yield str(name), text, wanted


def named(schema: Schema, names: str) -> Table | None:
    """Return the table that goes by one of ``a|b``."""
    tables = {_plain(table.name): table for table in schema.tables}
    return next((tables[_plain(n)] for n in names.split("|") if _plain(n) in tables), None)


def _plain(name: str) -> str:
    return re.sub(r"[^\w]|_", "", name).casefold()


def judged(composition: Composition, wanted: Mapping[str, Any]) -> Figures:
    """Compare a composition with what is expected of it."""
    found = Figures()
    schema = composition.schema_
    if wanted.get("refused"):
        found.note("refused", "is refused", met=composition.refused is not None)
        return found
    if "locale" in wanted:
        found.note("locale", wanted["locale"], met=schema.locale == wanted["locale"])
    for names, facts in wanted.get("tables", {}).items():
        table = named(schema, names)
        found.note("tables", names, met=table is not None)
        _judge_table(found, table, names, facts or {}, schema)
    for child, parent in wanted.get("relations", ()):
        one, other = named(schema, child), named(schema, parent)
        linked = (
            one is not None
            and other is not None
            and any(key.parent == other.name for key in one.foreign_keys)
        )
        found.note("relations", f"{child} → {parent}", met=linked)
    for names, text in wanted.get("rules", ()):
        table = named(schema, names)
        document = "" if table is None else _document(table)
        found.note("rules", f"{names}: {text}", met=text in document)
    for names, share in wanted.get("shares", ()):
        table = named(schema, names)
        near = table is not None and any(abs(w.share - share) < 1e-3 for w in table.expectations)
        found.note("shares", f"{names}: {share}", met=near)
    return found


def _document(table: Table) -> str:
    rules = " ".join(rule.expression for rule in table.rules)
    keys = " ".join(",".join(key) for key in table.keys)
    return rules + keys + json.dumps(table.model_dump(mode="json"), ensure_ascii=False)


def _judge_table(
    found: Figures, table: Table | None, names: str, facts: Mapping[str, Any], schema: Schema
) -> None:
    columns = {} if table is None else {_plain(c.name): c for c in table.columns}
    for wish, kinds in facts.get("columns", {}).items():
        column = next((columns[_plain(n)] for n in wish.split("|") if _plain(n) in columns), None)
        fits = column is not None and column.type.kind in kinds.split("|")
        kind = "" if column is None else f" is {column.type.kind}"
        found.note("columns", f"{names}.{wish}{kind}", met=fits)
    if "rows" in facts:
        rows = None if table is None else rows_of(table, schema)
        found.note("counts", f"{names}: {rows} for {facts['rows']}", met=rows == facts["rows"])


def rows_of(table: Table, schema: Schema) -> int | None:
    """Return how many rows a table will have, as far as its schema says."""
    if table.rows is not None:
        return table.rows
    owner = table.owner
    if owner is None or owner.law is None or owner.law.kind != "fixed":
        return schema.default_rows if owner is None else None
    parents = rows_of(schema.table(owner.parent), schema)
    return None if parents is None else parents * owner.law.count


def proven(schema: Schema) -> str:
    """Generate at a small scale and verify; return what fails, in a line."""
    rows = sum(rows_of(table, schema) or 1000 for table in schema.tables)
    scale = min(1.0, MOST_ROWS / rows)
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / "data"
        try:
            dataforge.generate(schema, out, scale=scale if scale < 1 else None, workers=1)
        except dataforge.DataForgeError as error:
            return f"generate: {error}"
        certificate = dataforge.verify(out)
    failed = [f"{c.kind} {c.table} {c.constraint} {c.reason}" for c in certificate.failures]
    return "; ".join(failed)


def measured(*, prove: bool = True) -> dict[str, Figures]:
    """Return the figures of every request at hand."""
    results = {}
    for name, text, wanted in requests():
        start = time.perf_counter()
        composition = compose(analyze(text))
        seconds = time.perf_counter() - start
        figures = judged(composition, wanted)
        figures.seconds = seconds
        if prove and composition.schema_.tables:
            fault = proven(composition.schema_)
            figures.note("proven", fault[:300], met=not fault)
        results[name] = figures
    return results


KINDS = (
    "tables",
    "relations",
    "columns",
    "counts",
    "rules",
    "shares",
    "locale",
    "refused",
    "proven",
)


def summary(results: Mapping[str, Figures]) -> str:
    """Return the table of figures as Markdown."""
    lines = ["| Expected | Met | Of | Share |", "|---|---|---|---|"]
    for kind in KINDS:
        total = sum(each.totals.get(kind, 0) for each in results.values())
        hits = sum(each.hits.get(kind, 0) for each in results.values())
        if total:
            lines.append(f"| {kind} | {hits:,} | {total:,} | {hits / total:.3f} |")
    whole = sum(not each.missing for each in results.values())
    lines.append(
        f"| requests fully right | {whole:,} | {len(results):,} | {whole / len(results):.3f} |"
    )
    return "\n".join(lines)
