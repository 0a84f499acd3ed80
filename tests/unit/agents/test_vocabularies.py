from __future__ import annotations

from pathlib import Path

import pytest

from bedrock_server import THROTTLED, Request, Turn, bedrock_server
from dataforge.agents.steps import unheard
from dataforge.agents.vocabularies import FolderStore, asks_of
from dataforge.agents.vocabularies.writing import Vocabulary, expanded, with_vocabularies
from dataforge.llm import Ledger, model
from dataforge.schema import CategoricalSpec, Schema, from_yaml, validate
from dataforge.workflows.describe import generable

SCHEMA = from_yaml("""
version: 1
name: helpdesk
locale: de_DE
tables:
- name: tickets
  rows: 100
  primary_key: [id]
  columns:
  - {name: id, type: integer, nullable: false}
  - {name: subject, type: string(30), spec: {kind: text}}
  - {name: body, type: text, spec: {kind: text, unit: paragraph}}
  - {name: email, type: string(80)}
""")
WORDS = {
    "values": ["Drucker druckt nicht", "WLAN weg", "Passwort vergessen", "WLAN weg"],
    "templates": ["{device} {state}", "{nothing} x"],
    "slots": {"device": ["Bildschirm", "Maus"], "state": ["flackert", "fehlt"]},
}


def written(schema: Schema, place: Path, turn: Turn | None = None) -> tuple[Schema, list[Request]]:
    script = [turn or Turn(calls=[("Vocabulary", WORDS)])]
    with bedrock_server(script) as server:
        chat = model(server.settings(attempts=1), Ledger())
        return with_vocabularies(schema, chat, "m", FolderStore(place), unheard), server.requests


def test_only_columns_of_free_text_are_asked_about() -> None:
    assert [ask.column for ask in asks_of(SCHEMA)] == ["subject", "body"]


def test_lists_and_templates_become_values_that_the_engine_samples(tmp_path: Path) -> None:
    schema, requests = written(SCHEMA, tmp_path)
    spec = schema.table("tickets").column("subject").spec
    assert isinstance(spec, CategoricalSpec)
    assert spec.values == (
        "Drucker druckt nicht", "WLAN weg", "Passwort vergessen",
        "Bildschirm flackert", "Bildschirm fehlt", "Maus flackert", "Maus fehlt",
    )  # fmt: skip
    assert len(requests) == 2
    assert "de_DE" in str(requests[0]["messages"])
    assert not validate(schema)
    assert not generable(schema)


def test_they_are_asked_for_once_whatever_the_rows(tmp_path: Path) -> None:
    first, _ = written(SCHEMA, tmp_path)
    many = SCHEMA.table("tickets").model_copy(update={"rows": 10_000_000})
    again, requests = written(SCHEMA.model_copy(update={"tables": (many,)}), tmp_path)
    assert not requests
    assert again.table("tickets").columns == first.table("tickets").columns


def test_another_model_or_locale_is_asked_anew() -> None:
    (ask, *_), (other, *_) = asks_of(SCHEMA), asks_of(SCHEMA.model_copy(update={"locale": "fr_FR"}))
    assert len({ask.key("a"), ask.key("b"), other.key("a")}) == 3


@pytest.mark.parametrize(
    "turn",
    [THROTTLED, Turn("no"), Turn(calls=[("Vocabulary", {"values": 3})]), Turn(calls=[("x", {})])],
)
def test_a_model_that_writes_nothing_leaves_the_engines_texts(turn: Turn, tmp_path: Path) -> None:
    schema, _ = written(SCHEMA, tmp_path, turn)
    assert schema == SCHEMA


def test_values_fit_the_column() -> None:
    words = Vocabulary(values=["short", "much too long for it", "  spaced   out "])
    assert expanded(words, 12) == ("short", "spaced out")
