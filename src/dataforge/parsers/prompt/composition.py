"""A request → a schema that validates, with the trace from words to clauses."""

from __future__ import annotations

from dataforge.domains import domain
from dataforge.parsers.prompt.capacity import roomy
from dataforge.parsers.prompt.counts import counted
from dataforge.parsers.prompt.honouring import honoured
from dataforge.parsers.prompt.keys import by_name, connected, related
from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.mending import mended
from dataforge.parsers.prompt.request import Composition, Request
from dataforge.parsers.prompt.series import with_series
from dataforge.parsers.prompt.tables import proposed
from dataforge.schema import Schema


def propose_tables(request: Request) -> Schema:
    """Return the tables and columns of a request; those of the catalogue with their relations."""
    if request.refused is not None:
        return Schema()
    ledger = Ledger()
    return mended(with_series(proposed(request), request, ledger))[0]


def relate(schema: Schema, request: Request) -> Schema:
    """Return the schema with the keys, counts, rules and shares that the request asks for."""
    return _related(schema, request, Ledger())


def compose(request: Request) -> Composition:
    """Return the schema of a request, every sentence followed into it.

    The schema validates. Pure and deterministic; nothing is raised for what a prompt may say.
    """
    if request.refused is not None:
        return Composition(schema=Schema(), refused=request.refused, unmet=request.unmet)
    ledger = Ledger(assumptions=list(request.assumptions), unmet=list(request.unmet))
    schema = with_series(proposed(request), request, ledger)
    if not schema.tables:
        reason = "the request names nothing that rows could be about"
        return Composition(schema=Schema(), refused=reason, unmet=request.unmet)
    _note_tables(schema, request, ledger)
    schema = _related(schema, request, ledger)
    return Composition(
        schema=schema,
        trace=ledger.traced(request),
        assumptions=tuple(ledger.assumptions),
        unmet=tuple(dict.fromkeys(ledger.unmet)),
    )


def _related(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    usual = _usual_counts(schema, request)
    schema = by_name(schema)
    schema = related(schema, request, ledger)
    schema = connected(schema, request, ledger)
    schema = counted(schema, request, ledger, usual)
    schema, _ = mended(schema)
    schema = honoured(schema, request, ledger)
    return mended(roomy(schema, ledger))[0]


def _usual_counts(schema: Schema, request: Request) -> dict[str, int]:
    """Return how many rows the catalogue gives each table, under the request's names."""
    names = {entity.known_as: entity.name for entity in request.entities if entity.known_as}
    homes = {place[0] for place in names} | ({request.domain} if request.domain else set())
    found: dict[str, int] = {}
    for home in homes:
        for table in domain(home).schema.tables:
            name = names.get((home, table.name), table.name)
            if table.rows is not None and name in schema.tables_by_name:
                found.setdefault(name, table.rows)
    return found


def _note_tables(schema: Schema, request: Request, ledger: Ledger) -> None:
    spoken = {entity.name for entity in request.entities}
    for entity in request.entities:
        if entity.name not in schema.tables_by_name:
            continue
        ledger.met(entity.words, f"tables.{entity.name}", f"the table {entity.name} is there")
        known = schema.table(entity.name).columns_by_name
        for wish in entity.columns:
            if wish.name in known:
                path = f"tables.{entity.name}.columns.{wish.name}"
                ledger.met(wish.words, path, f"{entity.name} has the column {wish.name}")
    others = [table.name for table in schema.tables if table.name not in spoken]
    if others and request.domain is not None:
        if request.named_domain is not None:
            ledger.met(
                request.named_domain, f"tables.{others[0]}", f"tables of {request.domain} are there"
            )
        ledger.assume(
            f"{', '.join(others)}: part of the {request.domain} template, as the request needs them"
        )
    for entity in request.entities:
        if entity.count is None and len(request.entities) == 1 and request.rows is None:
            ledger.assume(
                f"no number of rows is stated: {entity.name} has the usual {schema.default_rows:,}"
                if schema.tables_by_name.get(entity.name) is not None
                and schema.table(entity.name).rows is None
                else f"no number of rows is stated: {entity.name} has the template's"
            )
