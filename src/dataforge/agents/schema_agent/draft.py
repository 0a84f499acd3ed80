"""The draft of a schema: pure functions from (request, base, edits) to what stands so far.

A draft is the fold of its edits, so that the state of a graph holds only small values, calls of
tools that a model makes side by side cannot overwrite each other, and the way to a schema can be
read afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from dataforge.agents.schema_agent.additions import with_relation, with_table
from dataforge.agents.schema_agent.edits import Edit
from dataforge.agents.schema_agent.places import Document, changed, document_of, exists
from dataforge.errors import SchemaError
from dataforge.parsers.prompt import Composition, Request, Traced, analyze, compose
from dataforge.parsers.prompt import propose_tables as tables_of
from dataforge.parsers.prompt import relate as related
from dataforge.parsers.refining import Refinement, refine
from dataforge.schema import Schema, from_json, normalize, to_json
from dataforge.schema.serialize import from_document

ANALYSES_KEPT = 32


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands of a schema. ``own`` tells that a model has written parts of it itself."""

    request: str
    schema: Schema
    base: Schema | None = None
    own: bool = False

    @property
    def document(self) -> Document:
        """The schema as a schema file says it."""
        return document_of(self.schema)


@lru_cache(maxsize=ANALYSES_KEPT)
def analysis(text: str) -> Request:
    """Return what the words of a request ask for."""
    return analyze(text)


@lru_cache(maxsize=ANALYSES_KEPT)
def composition(text: str) -> Composition:
    """Return the schema that a request becomes without a model."""
    return compose(analysis(text))


@lru_cache(maxsize=ANALYSES_KEPT)
def _refined(document: str, text: str) -> Refinement:
    return refine(from_json(document), text)


def refinement(schema: Schema, text: str) -> Refinement:
    """Return what the words of a follow-up change in a schema."""
    return _refined(to_json(schema), text)


def drafted(request: str, base: Schema | None, edits: Iterable[Edit]) -> Draft:
    """Return the draft that ``edits`` make; one that no longer fits its place is passed over."""
    draft = Draft(request, base or Schema(), base)
    for edit in edits:
        try:
            draft = revised(draft, edit)
        except SchemaError:
            continue
    return draft


def revised(draft: Draft, edit: Edit) -> Draft:
    """Return the draft after one edit; SchemaError where it does not fit."""
    match edit.kind:
        case "columns":
            return _with_tables(draft, edit)
        case "relations":
            return _with_relations(draft, edit)
        case "change" if not edit.changes:
            return draft
        case "change":
            document = draft.document
            for change in edit.changes:
                document = changed(document, change.path, change.value)
            return replace(draft, schema=from_document(document, "draft"), own=True)
        case "normalize":
            return replace(draft, schema=normalize(draft.schema))
        case "analyze":
            return draft


def traced(draft: Draft) -> Composition:
    """Return the schema with the trace, assumptions and unmet wishes that hold of it.

    Of the trace that the words alone give, the clauses that are in the schema stay.
    """
    if draft.base is not None:
        return _retold(draft)
    told = composition(draft.request)
    document = draft.document
    trace = tuple(_kept(entry, document) for entry in told.trace)
    assumptions = told.assumptions if not draft.own else ()
    return Composition(schema=draft.schema, trace=trace, assumptions=assumptions, unmet=told.unmet)


def _with_tables(draft: Draft, edit: Edit) -> Draft:
    if not edit.tables and draft.base is not None:
        return replace(draft, schema=refinement(draft.schema, draft.request).schema)
    if not edit.tables:
        found = tables_of(analysis(draft.request))
        return replace(draft, schema=_joined(draft.schema, found))
    document = draft.document
    for idea in edit.tables:
        document = with_table(document, idea)
    return replace(draft, schema=from_document(document, "draft"), own=True)


def _with_relations(draft: Draft, edit: Edit) -> Draft:
    if edit.relations:
        document = draft.document
        for idea in edit.relations:
            document = with_relation(document, idea)
        return replace(draft, schema=from_document(document, "draft"), own=True)
    if draft.base is not None:
        return draft
    if draft.own:
        return replace(draft, schema=related(draft.schema, analysis(draft.request)))
    return replace(draft, schema=composition(draft.request).schema_)


def _retold(draft: Draft) -> Composition:
    """Tell of a refined schema what the words changed; a model of its own tells what it left."""
    base = draft.base or Schema()
    told = refinement(base, draft.request)
    unmet = () if draft.own else told.unmet
    trace = (
        Traced(
            sentence=change.words,
            clauses=tuple(path for path in change.clauses if exists(draft.document, path)),
            checks=change.checks,
        )
        for change in told.changes
    )
    return Composition(schema=draft.schema, trace=tuple(trace), unmet=unmet)


def _joined(schema: Schema, found: Schema) -> Schema:
    """Return ``found`` where nothing stands yet, else ``schema`` with the tables it lacks."""
    if not schema.tables:
        return found
    new = tuple(table for table in found.tables if table.name not in schema.tables_by_name)
    return schema.model_copy(update={"tables": (*schema.tables, *new)})


def _kept(entry: Traced, document: Document) -> Traced:
    clauses: Sequence[str] = [path for path in entry.clauses if exists(document, path)]
    if len(clauses) == len(entry.clauses):
        return entry
    return entry.model_copy(update={"clauses": tuple(clauses), "checks": ()})
