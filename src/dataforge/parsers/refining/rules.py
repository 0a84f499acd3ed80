"""What one clause may change: each rule returns the changed schema, or None where it is not its."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from dataforge.parsers.meaning.words import singular
from dataforge.parsers.prompt import Request, analyze, compose
from dataforge.parsers.prompt.names import snake
from dataforge.parsers.refining.additions import with_new_columns, with_new_tables
from dataforge.parsers.refining.clauses import Clause, pattern, stripped
from dataforge.parsers.refining.pruning import mended, with_table, without_column, without_table
from dataforge.parsers.refining.shares import with_share
from dataforge.schema import Column, Schema, UniqueKey
from dataforge.schema.relations import FixedLaw, ForeignKey, RangeLaw

EMPTY_SHARE = 0.2
"""Of a column that becomes optional, so many cells are empty where no share is said."""

_USUAL_MOST = 3


@dataclass(frozen=True, slots=True)
class Change:
    """A schema after a clause, the paths that it set, and how that can be checked."""

    schema: Schema
    paths: tuple[str, ...]
    check: str


Rule = Callable[[Schema, Clause], Change | None]


def remove(schema: Schema, clause: Clause) -> Change | None:
    """``remove the phone column of customers``, ``drop reviews``."""
    if not clause.says("remove"):
        return None
    if clause.columns:
        for table, column in clause.columns:
            schema = without_column(schema, table, column)
        gone = [f"{table}.{column}" for table, column in clause.columns]
    elif clause.tables:
        for table in clause.tables:
            schema = without_table(schema, table)
        gone = list(clause.tables)
    else:
        return None
    homes = dict.fromkeys(table for table, _ in clause.columns)
    return Change(schema, tuple(f"tables.{table}" for table in homes), f"no {', '.join(gone)}")


def rename(schema: Schema, clause: Clause) -> Change | None:
    """``rename phone to mobile``; columns alone, as a table's name is part of every address."""
    if not clause.says("rename") or len(clause.columns) != 1:
        return None
    table, old = clause.columns[0]
    name = snake(stripped(re.split(pattern("to"), clause.text)[-1], "filler", "column"))
    home = schema.table(table)
    if not name or name in home.columns_by_name or old in home.primary_key:
        return None
    columns = tuple(
        c.model_copy(update={"name": name}) if c.name == old else c for c in home.columns
    )
    schema = mended(with_table(schema, home.model_copy(update={"columns": columns})))
    return Change(schema, (f"tables.{table}.columns.{name}",), f"{table} has {name}, not {old}")


def optional(schema: Schema, clause: Clause) -> Change | None:
    """``make email optional``: some are empty; ``make reviews optional``: some have none."""
    if not clause.says("optional"):
        return None
    if clause.columns:
        update: dict[str, object] = {"nullable": True, "null_share": EMPTY_SHARE}
        changed = _columns(schema, clause, update)
        return changed and Change(*changed, f"about {EMPTY_SHARE:.0%} of the cells are empty")
    owned = [schema.table(name) for name in clause.tables if schema.table(name).owner]
    if not owned:
        return None
    for table in owned:
        keys = tuple(_from_none(k) if k.owning else k for k in table.foreign_keys)
        schema = with_table(schema, table.model_copy(update={"foreign_keys": keys}))
    paths = tuple(f"tables.{table.name}.foreign_keys" for table in owned)
    return Change(schema, paths, "some parents have none")


def required(schema: Schema, clause: Clause) -> Change | None:
    """``make email required``."""
    if not clause.says("required") or not clause.columns:
        return None
    changed = _columns(schema, clause, {"nullable": False, "null_share": None})
    return changed and Change(*changed, "no cell is empty")


def unique(schema: Schema, clause: Clause) -> Change | None:
    """``emails must be unique``."""
    if not clause.says("unique") or not clause.columns:
        return None
    for table, column in clause.columns:
        home = schema.table(table)
        if (column,) not in home.keys:
            keys = (*home.unique_keys, UniqueKey(columns=(column,)))
            schema = with_table(schema, home.model_copy(update={"unique_keys": keys}))
    paths = tuple(f"tables.{table}.columns.{column}" for table, column in clause.columns)
    return Change(schema, paths, "no value occurs twice")


def share(schema: Schema, clause: Clause) -> Change | None:
    """``8% of orders are returned``."""
    request = analyze(clause.text)
    for trait in request.traits:
        if trait.kind == "share" and trait.share is not None and trait.state:
            table = _table(schema, clause, trait.entity)
            if table is not None:
                made = compose(request).schema_.tables_by_name.get(table)
                schema, path = with_share(schema, table, trait.state, trait.share, made)
                check = f"{trait.share:g} of {table} are {trait.state}"
                return Change(schema, (path,), check) if path else None
    return None


def each(schema: Schema, clause: Clause) -> Change | None:
    """``each order has 2 to 4 reviews``."""
    request = analyze(clause.text)
    for relation in request.relations:
        child, parent = _known(schema, request, relation.child, relation.parent)
        keys = [] if child is None else schema.table(child).foreign_keys
        key = next((key for key in keys if key.parent == parent), None)
        if child is None or key is None or (relation.minimum is None and relation.maximum is None):
            continue
        least = relation.minimum or 0
        law = RangeLaw(minimum=least, maximum=max(least, relation.maximum or _USUAL_MOST))
        home = schema.table(child)
        others = any(k.owning for k in home.foreign_keys if k is not key)
        new = key.model_copy(update={"law": law, "owning": key.owning or not others})
        keys = tuple(new if k is key else k for k in home.foreign_keys)
        table = home.model_copy(update={"foreign_keys": keys, "rows": None})
        check = f"each of {parent} has {law.minimum} to {law.maximum} of {child}"
        return Change(with_table(schema, table), (f"tables.{child}.foreign_keys",), check)
    return None


def count(schema: Schema, clause: Clause) -> Change | None:
    """``make it 10,000 customers``."""
    request = analyze(clause.text)
    if clause.says("add"):
        request = request.model_copy(update={"entities": ()})
    paths = []
    for entity in request.entities:
        table = _table(schema, clause, entity.name)
        if entity.count is not None and table is not None:
            home = schema.table(table)
            rows = entity.count.value
            schema = with_table(schema, home.model_copy(update={"rows": rows}))
            paths.append(f"tables.{table}.rows")
    return Change(schema, tuple(paths), "the number of rows is exact") if paths else None


def add(schema: Schema, clause: Clause) -> Change | None:
    """``add a loyalty_points column to customers``, ``add a coupon table``."""
    if not clause.says("add"):
        return None
    said = clause.after("add")
    if len(clause.tables) == 1 and not clause.says("table"):
        (table,) = clause.tables
        words = _without_table(said, table)
        grown, columns = with_new_columns(schema, table, words) if words else (schema, ())
        if columns:
            paths = tuple(f"tables.{table}.columns.{name}" for name in columns)
            return Change(grown, paths, f"{table} has {', '.join(columns)}")
    grown, names = with_new_tables(schema, said)
    paths = tuple(f"tables.{name}" for name in names)
    return Change(grown, paths, f"there is {', '.join(names)}") if names else None


RULES: tuple[Rule, ...] = (remove, rename, optional, required, share, unique, each, count, add)
"""Tried in this order; the first that a clause fits takes it."""


def _columns(
    schema: Schema, clause: Clause, update: dict[str, object]
) -> tuple[Schema, tuple[str, ...]] | None:
    paths = []
    for name, column in clause.columns:
        home = schema.table(name)
        if column in home.primary_key:
            continue

        def changed(each: Column, wanted: str = column) -> Column:
            return each.model_copy(update=update) if each.name == wanted else each

        columns = tuple(changed(each) for each in home.columns)
        schema = with_table(schema, home.model_copy(update={"columns": columns}))
        paths.append(f"tables.{name}.columns.{column}")
    return (schema, tuple(paths)) if paths else None


def _from_none(key: ForeignKey) -> ForeignKey:
    if isinstance(key.law, RangeLaw):
        most = max(1, key.law.maximum)
    else:
        most = max(1, key.law.count) if isinstance(key.law, FixedLaw) else 0
    return key.model_copy(update={"law": RangeLaw(minimum=0, maximum=most)}) if most else key


def _table(schema: Schema, clause: Clause, name: str | None) -> str | None:
    if name in schema.tables_by_name:
        return name
    return clause.tables[0] if len(clause.tables) == 1 else None


def _known(schema: Schema, request: Request, *names: str) -> tuple[str | None, ...]:
    catalogue = {e.name: e.known_as[1] for e in request.entities if e.known_as}
    there = schema.tables_by_name
    return tuple(
        name if name in there else (found if (found := catalogue.get(name)) in there else None)
        for name in names
    )


def _without_table(said: str, table: str) -> str:
    """Return what is said of a column: ``a phone column to customers`` → ``phone``."""
    name = table.replace("_", "[ _-]")
    one = singular(table).replace("_", "[ _-]")
    words = re.sub(rf"(?<!\w)(?:{name}|{one})(?!\w)", " ", said, flags=re.IGNORECASE)
    return stripped(re.sub(r"\s+", " ", words).strip(), "filler", "column", "to")
