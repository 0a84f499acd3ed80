"""A schema as compact text, one line for each column, key, reference and rule."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dataforge.parsers.sql import ParsedDdl, read_ddl
from dataforge.schema.model import Column, Table
from dataforge.schema.type_text import type_text
from dataforge.schema.types import ColumnType, EnumType


def listing(parsed: ParsedDdl) -> str:
    lines: list[str] = []
    for table in parsed.schema.tables:
        lines += _table(table)
    counts = ", ".join(f"{kind} {count}" for kind, count in parsed.passed_over.items())
    lines.append(f"passed over: {counts}")
    lines += [f"{p.severity} {p.path.rpartition(':')[2]}: {p.message}" for p in parsed.problems]
    lines += [
        f"offered: {c.table}({', '.join(c.columns)}) -> {c.parent}({', '.join(c.parent_columns)})"
        for c in parsed.candidates
    ]
    return "\n".join(lines) + "\n"


def _table(table: Table) -> Iterator[str]:
    space = f" in {table.namespace}" if table.namespace else ""
    comment = f"  -- {table.comment}" if table.comment else ""
    yield f"table {table.name}{space}{comment}"
    for column in table.columns:
        yield f"  {_column(column)}"
    if table.primary_key:
        yield f"  primary key ({', '.join(table.primary_key)})"
    for key in table.unique_keys:
        yield f"  unique ({', '.join(key.columns)})"
    for reference in table.foreign_keys:
        yield (
            f"  ({', '.join(reference.columns)}) -> {reference.parent}"
            f"({', '.join(reference.parent_columns)})"
            f" on delete {reference.on_delete} on update {reference.on_update}"
        )
    for rule in table.rules:
        yield f"  rule {rule.expression}" + ("" if rule.enforced else f"  !! {rule.reason}")


def _column(column: Column) -> str:
    parts = [column.name, type_text(column.type) or _enum(column.type)]
    parts += [] if column.nullable else ["not null"]
    parts += ["identity"] if column.identity else []
    parts += ["generated"] if column.generated else []
    parts += [f"default {column.default}"] if column.default is not None else []
    if column.spec is not None:
        parts.append(f"spec {column.spec.model_dump_json(exclude_defaults=True)}")
    return " ".join(parts) + (f"  -- {column.comment}" if column.comment else "")


def _enum(kind: ColumnType) -> str:
    return f"{kind.name}{kind.values}" if isinstance(kind, EnumType) else kind.kind


if __name__ == "__main__":
    script = Path(sys.argv[1])
    sys.stdout.write(listing(read_ddl(script, dialect=script.stem.partition("_")[0])))
