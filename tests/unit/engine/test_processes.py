"""What happens in time keeps its laws: chains, intervals, balances, entries, trees, bounds."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from dataforge.engine import compile_schema
from dataforge.engine.generators.kin import compressed
from dataforge.holidays import COUNTRIES, easter, holidays_of
from dataforge.schema import FixedLaw, Schema, Table
from dataforge.schema.machines import chain_lengths, longest_chain
from dataforge.schema.specs import EventStateSpec
from process_schemas import HOURS, MACHINE, processes
from sample_schemas import rows_of

NOW = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - a wall-clock time
ALLOWED = {(each["source"], each["target"]) for each in MACHINE["transitions"]}


@pytest.fixture(scope="module")
def made() -> dict[str, pa.Table]:
    plan = compile_schema(processes(accounts=3000, entries=12_000))
    return {name: rows_of(plan, name) for name in plan.tables}


def count(tables: dict[str, pa.Table], sql: str) -> int:
    with duckdb.connect() as connection:
        for name, rows in tables.items():
            connection.register(name, rows)
        found = connection.execute(sql).fetchone()
        assert found is not None
        return int(found[0])


def test_chains_begin_move_and_end_as_the_machine_says(made: dict[str, pa.Table]) -> None:
    chains: dict[int, list[str]] = {}
    for account, state in zip(
        made["event"]["account_id"].to_pylist(), made["event"]["state"].to_pylist(), strict=True
    ):
        chains.setdefault(account, []).append(state)
    assert len(chains) == 3000
    for states in chains.values():
        assert states[0] == "placed"
        assert states[-1] in MACHINE["terminal"]
        assert set(itertools.pairwise(states)) <= ALLOWED
    lengths = Counter(map(len, chains.values()))
    expected = chain_lengths(EventStateSpec.model_validate(MACHINE))
    for length in range(2, 8):
        assert lengths[length] / 3000 == pytest.approx(expected[length], abs=0.002)
    endings = Counter(states[-1] for states in chains.values())
    assert endings["delivered"] / 3000 == pytest.approx(
        0.85 * 0.9 * 0.8 / (0.8 + 0.2 * 0.1), abs=0.03
    )


def test_events_follow_each_other_from_the_owners_moment_to_the_present(
    made: dict[str, pa.Table],
) -> None:
    order = "OVER (PARTITION BY account_id ORDER BY number)"
    falling = f"SELECT moment < lag(moment) {order} AS bad FROM event"
    assert count(made, f"SELECT count(*) FROM ({falling}) WHERE bad") == 0
    first = "SELECT count(*) FROM event e JOIN account a ON a.id = e.account_id WHERE e.number = 1"
    assert count(made, f"{first} AND e.moment <> a.opened") == 0
    late = f"JOIN account a ON a.id = account_id WHERE moment > '{NOW}' AND moment > a.opened"
    assert count(made, f"SELECT count(*) FROM event {late}") == 0
    gaps = f"SELECT epoch(moment - lag(moment) {order}) g, state, lag(state) {order} p FROM event"
    back = f"SELECT count(*) FROM ({gaps}) WHERE p = 'shipped' AND state = 'paid'"
    assert count(made, back) > 100
    assert count(made, f"{back} AND g > 7200") == 0
    median = f"SELECT median(g) FROM ({gaps}) WHERE p = 'placed' AND state = 'paid'"
    assert count(made, median) == pytest.approx(90_000, rel=0.1)


@pytest.mark.parametrize(("rows", "ends"), [(2, True), (3, True), (1, False), (5, True)])
def test_a_chain_of_exactly_so_many_states_ends_where_one_can(rows: int, ends: bool) -> None:
    schema = processes(accounts=200)
    event = schema.table("event")
    key = event.foreign_keys[0].model_copy(update={"law": FixedLaw(count=rows)})
    fixed = with_table(schema, event.model_copy(update={"foreign_keys": (key,)}))
    states = rows_of(compile_schema(fixed), "event")["state"].to_pylist()
    chains = [states[at : at + rows] for at in range(0, len(states), rows)]
    assert all(pair in ALLOWED for c in chains for pair in itertools.pairwise(c))
    assert all((chain[-1] in MACHINE["terminal"]) == ends for chain in chains)


def with_table(schema: Schema, table: Table) -> Schema:
    tables = tuple(table if each.name == table.name else each for each in schema.tables)
    return schema.model_copy(update={"tables": tables})


def test_a_status_row_tells_one_story(made: dict[str, pa.Table]) -> None:
    account = made["account"].to_pylist()
    for row in account:
        assert row["opened"] <= NOW
        reached = {s: row[f"{s}_at"] for s in ("paid", "shipped", "delivered", "cancelled")}
        held = [moment for moment in reached.values() if moment is not None]
        assert all(row["opened"] <= moment <= NOW for moment in held)
        if row["status"] != "placed":
            assert reached[row["status"]] is not None
        if reached["delivered"]:
            assert reached["paid"] <= reached["shipped"] <= reached["delivered"]
            assert reached["cancelled"] is None
    counted = Counter(row["status"] for row in account)
    assert counted["delivered"] > counted["cancelled"] > counted["shipped"] > 0


@pytest.mark.parametrize(
    ("start", "end", "apart"),
    [("booked", "freed", 1), ("began", "ended", 5), ("valid_from", "valid_to", 0)],
)
def test_intervals_of_an_owner_do_not_overlap(
    made: dict[str, pa.Table], start: str, end: str, apart: int
) -> None:
    order = "OVER (PARTITION BY account_id ORDER BY number)"
    unit = "second" if start == "began" else "day"
    earlier = f'SELECT "{start}" s, lag("{end}") {order} e, "{end}" own FROM entry'
    near = f"date_diff('{unit}', e, s) < {apart}"
    assert count(made, f"SELECT count(*) FROM ({earlier}) WHERE {near}") == 0
    assert count(made, f"SELECT count(*) FROM ({earlier}) WHERE own <= s") == 0
    late = f'SELECT count(*) FROM entry e JOIN account a ON a.id = e.account_id WHERE "{start}" < '
    assert count(made, late + ("CAST(a.opened AS DATE)" if unit == "day" else "a.opened")) == 0


def test_versions_tile_their_window_without_a_gap(made: dict[str, pa.Table]) -> None:
    order = "OVER (PARTITION BY account_id ORDER BY number)"
    pairs = f"SELECT valid_to, lead(valid_from) {order} AS following FROM entry"
    assert (
        count(made, f"SELECT count(*) FROM ({pairs}) WHERE valid_to IS DISTINCT FROM following")
        == 0
    )
    assert count(made, "SELECT count(*) FROM entry WHERE valid_to IS NULL") == count(
        made, "SELECT count(DISTINCT account_id) FROM entry"
    )


def test_balances_follow_their_movements_and_keep_their_floor(made: dict[str, pa.Table]) -> None:
    joined = "FROM entry e JOIN account a ON a.id = e.account_id"
    assert count(made, f"SELECT count(*) {joined} WHERE e.balance < a.overdraft") == 0
    total = "a.opening + sum(e.amount) OVER (PARTITION BY a.id ORDER BY e.number)"
    sums = f"SELECT e.balance AS held, {total} AS wanted {joined}"
    assert count(made, f"SELECT count(*) FROM ({sums}) WHERE held <> wanted") == 0
    assert count(made, "SELECT count(*) FROM entry WHERE amount = 0") <= 3
    share = count(made, "SELECT 100 * count(*) FILTER (amount < 0) / count(*) FROM entry")
    assert 30 <= share <= 55


def test_a_transactions_debits_and_credits_are_its_total(made: dict[str, pa.Table]) -> None:
    sums = (
        "SELECT sum(signed) s, sum(debit) d, sum(credit) c, any_value(a.total) t, "
        "min(coalesce(debit, credit)) l FROM line JOIN account a ON a.id = account_id GROUP BY a.id"
    )
    assert count(made, f"SELECT count(*) FROM ({sums})") == 3000
    assert (
        count(made, f"SELECT count(*) FROM ({sums}) WHERE s <> 0 OR d <> t OR c <> t OR l < 0") == 0
    )


def test_depth_and_path_lead_to_the_root(made: dict[str, pa.Table]) -> None:
    notes = {row["id"]: row for row in made["note"].to_pylist()}
    for row in notes.values():
        above = notes.get(row["above_id"])
        assert row["depth"] == (0 if above is None else above["depth"] + 1)
        assert row["path"] == (
            str(row["id"]) if above is None else f"{above['path']} > {row['id']}"
        )
    assert max(row["depth"] for row in notes.values()) > 1


def test_moments_keep_to_those_of_their_parents(made: dict[str, pa.Table]) -> None:
    joined = "SELECT count(*) FROM note n JOIN account a ON a.id = n.account_id WHERE"
    assert count(made, f"{joined} n.written < a.opened OR n.answered < a.opened") == 0
    assert count(made, f"{joined} n.written > a.closed AND a.closed > a.opened") == 0
    assert count(made, f"{joined} n.answered > '{NOW}'") == 0
    assert count(made, "SELECT count(*) FROM note WHERE written_on < CAST(written AS DATE)") == 0
    assert count(made, "SELECT count(DISTINCT hour(written)) FROM note") > 10


def test_a_version_is_the_one_that_was_valid(made: dict[str, pa.Table]) -> None:
    entries: dict[int, list[tuple[dt.date, Any]]] = {}
    for row in made["entry"].to_pylist():
        entries.setdefault(row["account_id"], []).append((row["valid_from"], row["amount"]))
    seen = 0
    for row in made["note"].to_pylist():
        versions = entries.get(row["account_id"], [])
        past = [amount for begins, amount in versions if begins <= row["written"].date()]
        expected = past[-1] if past else versions[0][1] if versions else None
        assert row["valid_amount"] == expected
        seen += expected is not None
    assert seen > 100


def test_bounded_moments_keep_the_shape_of_their_law() -> None:
    spec = {
        "kind": "datetime",
        "start": "2024-01-01",
        "end": "2026-01-01",
        "growth": 4,
        "hours": HOURS,
    }
    bounded = {**spec, "after": [{"column": "low"}]}
    schema = Schema.model_validate(
        {
            "tables": [
                {
                    "name": "t",
                    "rows": 40_000,
                    "columns": [
                        {
                            "name": "low",
                            "type": {"kind": "date"},
                            "spec": {"kind": "constant", "value": "2023-05-01"},
                        },
                        {"name": "free", "type": {"kind": "timestamp"}, "spec": spec},
                        {"name": "bound", "type": {"kind": "timestamp"}, "spec": bounded},
                    ],
                }
            ]
        }
    )
    made = {"t": rows_of(compile_schema(schema), "t")}
    for part in ("hour", "year", "month"):
        shares = f"SELECT {part}(%s) k, count(*) n FROM t GROUP BY k"
        free, bound = shares % "free", shares % "bound"
        apart = f"SELECT max(abs(a.n - b.n)) FROM ({free}) a JOIN ({bound}) b USING (k)"
        assert count(made, apart) < 600


def test_a_parent_later_than_the_law_is_the_moment_itself() -> None:
    spec = {"kind": "datetime", "end": "2025-01-01", "after": [{"column": "low"}]}
    late = {"kind": "constant", "value": "2025-06-01 12:00:00"}
    columns = [
        {"name": "low", "type": {"kind": "timestamp"}, "spec": late},
        {"name": "at", "type": {"kind": "timestamp"}, "spec": spec},
    ]
    schema = Schema.model_validate({"tables": [{"name": "t", "rows": 5, "columns": columns}]})
    made = rows_of(compile_schema(schema), "t")
    assert made["at"].equals(made["low"])
    rule = {"expression": "at <= '2024-12-31 00:00:00'"}
    ruled = {"tables": [{"name": "t", "rows": 5, "columns": columns, "rules": [rule]}]}
    kept = rows_of(compile_schema(Schema.model_validate(ruled)), "t")["at"].to_pylist()
    assert all(moment <= dt.datetime(2024, 12, 31) for moment in kept)  # noqa: DTZ001


def test_lengths_are_compressed_below_their_room() -> None:
    room = np.full(1000, 100)
    lengths = np.arange(1000)
    bent = compressed(lengths, room)
    assert (bent[:76] == lengths[:76]).all()
    assert (np.diff(bent) >= 0).all()
    assert bent.max() <= 100
    assert (compressed(lengths, np.zeros(1000, dtype=np.int64)) == 0).all()
    assert (compressed(lengths, np.full(1000, -5)) == 0).all()


def test_easter_and_the_days_that_follow_it() -> None:
    known = {
        2000: (4, 23),
        2008: (3, 23),
        2024: (3, 31),
        2025: (4, 20),
        2026: (4, 5),
        2038: (4, 25),
    }
    assert {year: (easter(year).month, easter(year).day) for year in known} == known
    days = {dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in holidays_of("DE", [2025])}
    assert {dt.date(2025, 4, 18), dt.date(2025, 5, 29), dt.date(2025, 6, 9)} <= days
    assert dt.date(2025, 11, 27) in {
        dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in holidays_of("US", [2025])
    }
    assert dt.date(2025, 5, 26) in {
        dt.date(1970, 1, 1) + dt.timedelta(days=day) for day in holidays_of("US", [2025])
    }
    for country in COUNTRIES:
        assert 2 <= len(holidays_of(country, [2026])) <= 14


def test_holidays_are_quieter() -> None:
    spec = {
        "kind": "datetime",
        "start": "2020-01-01",
        "end": "2026-01-01",
        "holidays": {"country": "DE", "factor": 0},
    }
    columns = [{"name": "at", "type": {"kind": "timestamp"}, "spec": spec}]
    schema = Schema.model_validate({"tables": [{"name": "t", "rows": 20_000, "columns": columns}]})
    made = rows_of(compile_schema(schema), "t")["at"].cast(pa.date32()).cast(pa.int32()).to_numpy()
    assert not np.isin(made, holidays_of("DE", range(2020, 2026))).any()


def test_machines_know_their_longest_chain() -> None:
    assert longest_chain(EventStateSpec.model_validate(MACHINE)) is None
    line = {
        "initial": "a",
        "terminal": ["c"],
        "transitions": [{"source": "a", "target": "b"}, {"source": "b", "target": "c"}],
    }
    spec = EventStateSpec.model_validate(line)
    assert longest_chain(spec) == 3
    assert chain_lengths(spec) == (0.0, 0.0, 0.0, 1.0)


def test_a_drift_begins_at_its_base_and_changes_by_a_little(made: dict[str, pa.Table]) -> None:
    first = "SELECT count(*) FROM entry e JOIN account a ON a.id = account_id WHERE number = 1"
    assert count(made, f"{first} AND e.rate <> a.total") == 0
    order = "OVER (PARTITION BY account_id ORDER BY number)"
    factors = f"SELECT ln(rate / lag(rate) {order}) f FROM entry WHERE rate > 50"
    assert count(made, f"SELECT round(1000 * avg(f)) FROM ({factors})") == pytest.approx(30, abs=4)
    assert count(made, f"SELECT round(1000 * stddev(f)) FROM ({factors})") == pytest.approx(
        50, abs=4
    )
