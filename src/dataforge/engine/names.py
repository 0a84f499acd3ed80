"""What specs ask for by name, a record, a vocabulary or a provider, has to exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dataforge.corpora import vocabulary_names
from dataforge.engine.generators import fakers
from dataforge.engine.generators.records import RECORDS, is_placed
from dataforge.engine.generators.records.labelled import STATES
from dataforge.engine.generators.records.listing import LISTED
from dataforge.errors import Problem, did_you_mean
from dataforge.schema import Bound, FakerSpec, RecordSpec, Schema, Spec, VocabularySpec
from dataforge.schema.references import nested


def check_names(schema: Schema) -> Iterator[Problem]:
    """Report every name of the engine's or of Faker's that does not exist, with the nearest."""
    for table in schema.tables:
        for column in table.columns:
            path = f"tables.{table.name}.columns.{column.name}.spec"
            for spec in nested(column.spec) if column.spec is not None else ():
                yield from _unknown(spec, path, schema.locale)


def _unknown(spec: Spec, path: str, locale: str) -> Iterator[Problem]:
    match spec:
        case RecordSpec(record=record) if record not in RECORDS:
            yield _no_such("record", record, RECORDS, f"{path}.record")
        case RecordSpec(record=record, field=field) if field not in RECORDS[record]:
            yield _no_such(f"field of record {record}", field, RECORDS[record], f"{path}.field")
        case RecordSpec(listed=True, record=record) if record not in LISTED:
            message = f"record {record} has no list to go through"
            yield Problem(f"{path}.listed", message, f"drop it, or choose {', '.join(LISTED)}")
        case RecordSpec(labels=dict()):
            yield from _states(spec, path)
        case RecordSpec(place=Bound()) if not is_placed(spec.record, spec.field):
            message = f"{spec.record}.{spec.field} is nowhere: only addresses and telephones are"
            yield Problem(f"{path}.place", message, "drop the place")
        case VocabularySpec(vocabulary=name) if name not in vocabulary_names():
            yield _no_such("vocabulary", name, vocabulary_names(), f"{path}.vocabulary")
        case FakerSpec():
            yield from fakers.problems(spec, path, locale)
        case _:
            pass


def _states(spec: RecordSpec, path: str) -> Iterator[Problem]:
    """Report labels of fields that have no states, of states that do not exist, or of none."""
    known = STATES.get(spec.field, ()) if spec.record == "person" else ()
    if not known:
        yield Problem(
            f"{path}.labels",
            f"{spec.record}.{spec.field} has no states to label",
            f"drop the labels, or choose person.{', person.'.join(STATES)}",
        )
        return
    labels = spec.labels or {}
    for state in labels.keys() - set(known):
        yield _no_such(f"state of {spec.record}.{spec.field}", state, known, f"{path}.labels")
    if not any(labels.get(state) for state in known):
        yield Problem(f"{path}.labels", "no state has a label", f"label {' or '.join(known)}")


def _no_such(noun: str, name: str, known: Iterable[str], path: str) -> Problem:
    message = f"unknown {noun} {name!r}{did_you_mean(name, known)}"
    return Problem(path, message, "write one of the known names")
