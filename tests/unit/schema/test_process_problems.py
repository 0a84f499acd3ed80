"""What cannot happen in time is refused with its place, what was found and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dataforge.schema import Schema, validate
from process_schemas import MACHINE, processes


def machine(**facts: Any) -> dict[str, Any]:
    return {"kind": "event_state", **MACHINE, **facts}


def ways(*pairs: tuple[str, str, float]) -> list[dict[str, Any]]:
    return [{"source": s, "target": t, "probability": p} for s, t, p in pairs]


def changed(table: str, column: str, spec: dict[str, Any] | None, **facts: Any) -> Schema:
    """Return the schema of processes with another spec, or other facts, of a column."""
    whole = processes().model_dump(mode="json")
    found = next(each for each in whole["tables"] if each["name"] == table)
    target = next(each for each in found["columns"] if each["name"] == column)
    if spec is not None:
        target["spec"] = spec
    target.update(facts)
    return Schema.model_validate(whole)


def with_law(table: str, law: dict[str, Any]) -> Schema:
    whole = processes().model_dump(mode="json")
    found = next(each for each in whole["tables"] if each["name"] == table)
    found["foreign_keys"][0]["law"] = law
    found["rows"] = None
    return Schema.model_validate(whole)


LINE = machine(terminal=["b"], initial="a", transitions=ways(("a", "b", 1)))
CASES = yaml.safe_load(Path(__file__).with_name("process_problems.yaml").read_text("utf-8"))


def spec_in(case: dict[str, Any]) -> dict[str, Any]:
    facts = dict(case["spec"])
    if "machine" not in facts:
        return facts
    found = machine(**facts["machine"])
    if found.pop("without_first_transition", False):
        found["transitions"] = MACHINE["transitions"][1:]
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['place']}: {case['says']}")
def test_a_problem_says_where_and_what(case: dict[str, Any]) -> None:
    table, column = case["place"].split(".")
    problems = validate(changed(table, column, spec_in(case)))
    told = [
        p for p in problems if case["says"] in p.message and p.path.split(".")[-1] == case["at"]
    ]
    assert told, [str(problem) for problem in problems]
    assert all(problem.remedy for problem in told)
    assert all(f"tables.{table}." in problem.path for problem in told)


def test_all_problems_of_a_machine_come_at_once() -> None:
    spec = machine(initial="plced", transitions=MACHINE["transitions"][1:])
    assert len([p for p in validate(changed("event", "state", spec)) if "state" in p.path]) == 2


def test_a_time_that_may_be_missing_needs_a_nullable_column() -> None:
    problems = validate(changed("account", "paid_at", None, nullable=False))
    assert any("not every row has reached 'paid'" in problem.message for problem in problems)


@pytest.mark.parametrize(
    "law",
    [
        {"kind": "fixed", "count": 3},
        {"kind": "poisson"},
        {"kind": "range", "minimum": 1, "maximum": 4},
    ],
)
def test_a_law_of_more_rows_than_a_chain_has_is_refused(law: dict[str, Any]) -> None:
    whole = with_law("event", law).model_dump(mode="json")
    event = next(each for each in whole["tables"] if each["name"] == "event")
    event["columns"][2]["spec"] = LINE
    problems = validate(Schema.model_validate(whole))
    assert any("2 states are the longest" in problem.message for problem in problems)


@pytest.mark.parametrize("law", [{"kind": "fixed", "count": 1}, {"kind": "geometric"}])
def test_a_transaction_needs_two_lines(law: dict[str, Any]) -> None:
    problems = validate(with_law("line", law))
    assert any("cannot balance" in problem.message for problem in problems)


def test_parts_of_a_whole_column_stand_in_no_conditional() -> None:
    inner = {"kind": "event_state", **MACHINE}
    branches = [{"condition": "number = 1", "then": {"kind": "constant", "value": "x"}}]
    spec = {"kind": "conditional", "branches": branches, "otherwise": inner}
    problems = validate(changed("event", "state", spec))
    assert any("makes a whole column" in problem.message for problem in problems)


def test_moments_that_need_each_other_are_a_circle() -> None:
    spec = {"kind": "datetime", "after": [{"column": "written_on"}]}
    whole = changed("note", "written", spec)
    assert any("in a circle" in problem.message for problem in validate(whole))
