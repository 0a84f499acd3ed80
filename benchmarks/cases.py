"""The benchmarks, one function each."""

from __future__ import annotations

import functools
import json
import statistics
import subprocess
import sys
from pathlib import Path

from measure import ENVIRONMENT, Run, dataforge, emptied, interleaved, peak_of_tree, run_command
from report import Bound, Section

HERE = Path(__file__).resolve().parent
TPCH_DDL = HERE.parent.parent / "shared" / "corpus" / "ddl" / "tpch_mysql.sql"
# TPC-H, scale factor 1 (specification 3.0.1, section 4.2.5).
TPCH_ROWS = {
    "region": 5,
    "nation": 25,
    "supplier": 10_000,
    "customer": 150_000,
    "part": 200_000,
    "partsupp": 800_000,
    "orders": 1_500_000,
    "lineitem": 6_001_215,
}
DECLARED_SLOW = frozenset[str]()
PEER_ROWS = {"faker": 20_000, "mimesis": 200_000}


def people(scratch: Path) -> Section:
    """1M rows of 10 columns to CSV against Faker and Mimesis."""

    def rate(*command: str | Path) -> Run:
        done = subprocess.run(
            [sys.executable, *(str(part) for part in command)],
            check=True,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )
        return Run(1e6 / float(done.stdout), 0)

    def ours() -> Run:
        return rate(HERE / "ours.py", emptied(scratch / "people"))

    def peer(name: str) -> Run:
        return rate(HERE / "peers.py", name, str(PEER_ROWS[name]), scratch / "peer.csv")

    def command() -> Run:
        out = emptied(scratch / "people-command")
        return run_command(dataforge("generate", "--schema", HERE / "people.yaml", "--out", out))

    samples = interleaved(
        {
            "dataforge": ours,
            "dataforge, whole command": command,
            "faker": functools.partial(peer, "faker"),
            "mimesis": functools.partial(peer, "mimesis"),
        },
        repeats=5,
    )
    rates = {name: 1e6 / sample.wall_s for name, sample in samples.items()}
    own = rates["dataforge"]
    table = [[name, f"{each:,.0f}", f"{own / each:,.1f} times"] for name, each in rates.items()]
    bounds = (
        Bound("times Faker", own / rates["faker"], 300, at_least=True),
        Bound("times Mimesis", own / rates["mimesis"], 20, at_least=True),
        Bound("rows/s", own, 1_500_000, at_least=True, goal=True),
    )
    what = (
        "1M rows of uuid, first and last name, e-mail made from the names, phone, city, date, "
        "int, decimal and category to CSV, without the imports of any tool; the peers' rates are "
        "over "
        + " and ".join(f"{count:,} rows ({name})" for name, count in PEER_ROWS.items())
        + ". The whole command has interpreter, imports, schema, DDL and hashes in it."
    )
    return Section("One table to CSV", what, ("tool", "rows/s", "DataForge is"), table, bounds)


def tpch(scratch: Path) -> Section:
    """TPC-H at scale factor 1 from its DDL against tpchgen-cli."""
    table, bounds = [], []
    for kind in ("parquet", "csv"):
        samples = interleaved(
            {
                "dataforge": functools.partial(_tpch_ours, scratch, kind),
                "tpchgen-cli": functools.partial(_tpch_peer, scratch, kind),
            },
            repeats=5,
        )
        own, peer = samples["dataforge"], samples["tpchgen-cli"]
        ratio = own.wall_s / peer.wall_s
        for sample in (own, peer):
            figures = [f"{sample.wall_s:.2f}", f"{sample.peak_mb:,.0f}"]
            table.append([kind, sample.name, *figures, f"{own.wall_s / sample.wall_s:.2f}"])
        bounds.append(Bound(f"{kind}: times tpchgen-cli's time", ratio, 1.0))
        bounds.append(Bound(f"{kind}: times tpchgen-cli's time", ratio, 0.6, goal=True))
    what = (
        "The eight tables of TPC-H (8.66M rows) from `tpch_mysql.sql`, a DDL file that says "
        "nothing of TPC-H's values, against the Rust program written for that one schema. "
        "Peak memory is the largest process's."
    )
    header = ("format", "tool", "seconds", "peak MB", "DataForge / it")
    return Section("TPC-H, scale factor 1", what, header, table, bounds)


def _tpch_ours(scratch: Path, kind: str) -> Run:
    return run_command(_tpch_command(emptied(scratch / f"tpch-{kind}"), kind))


def _tpch_command(out: Path, kind: str) -> list[str | Path]:
    rows = [part for name, n in TPCH_ROWS.items() for part in ("--rows", f"{name}={n}")]
    return dataforge("generate", "--ddl", TPCH_DDL, *rows, "--format", kind, "--out", out)


def _tpch_peer(scratch: Path, kind: str) -> Run:
    out = emptied(scratch / f"tpchgen-{kind}")
    out.mkdir()
    tool = Path(sys.executable).with_name("tpchgen-cli")
    return run_command([tool, kind, "-s", "1", "--output-dir", out])


def offset(_scratch: Path) -> Section:
    """A thousand rows in the middle of a child table of billions."""
    code = (
        "import time; start = time.perf_counter()\n"
        "import sys\n"
        "from dataforge.cli.startup import leave_pandas_out\n"
        "leave_pandas_out()\n"
        "from dataforge.engine import compile_schema\n"
        "from dataforge.schema import read_schema\n"
        "from pathlib import Path\n"
        "plan = compile_schema(read_schema(Path(sys.argv[1])))\n"
        "compiled = time.perf_counter()\n"
        "batch = next(plan.batches('lines', 1_000_000_000, 1_000_001_000))\n"
        "assert batch.num_rows == 1000\n"
        "print(time.perf_counter() - start, time.perf_counter() - compiled)\n"
    )

    def once() -> tuple[float, float]:
        done = subprocess.run(
            [sys.executable, "-c", code, str(HERE / "orders.yaml")],
            check=True,
            capture_output=True,
            text=True,
            env=ENVIRONMENT,
        )
        total, rows_only = done.stdout.split()
        return float(total), float(rows_only)

    total, rows_only = sorted(once() for _ in range(5))[2]
    rows = [["with imports and compiling", f"{total:.3f}"], ["the rows", f"{rows_only:.4f}"]]
    bounds = (Bound("seconds", total, 1.0),)
    what = (
        "1,000 rows at offset 1,000,000,000 of a child table with 1.2 billion rows, in a process "
        "that starts as the command does: without pandas, which PyArrow would load."
    )
    return Section("Any rows alone", what, ("part", "seconds"), rows, bounds)


def memory(scratch: Path) -> Section:
    """Peak memory from 1M to 10M rows."""
    rows, peaks = [], {}
    for count in (1_000_000, 10_000_000):
        run = peak_of_tree(
            dataforge(
                "generate",
                "--schema",
                HERE / "people.yaml",
                "--rows",
                str(count),
                "--format",
                "parquet",
                "--out",
                emptied(scratch / "memory"),
            )
        )
        peaks[count] = run.peak_mb
        rows.append([f"{count:,}", f"{run.peak_mb:,.0f}", f"{run.wall_s:.1f}"])
    emptied(scratch / "memory")
    small, large = peaks.values()
    bounds = (
        Bound("peak MB at 10M rows", large, 600),
        Bound("peak at 10M rows over peak at 1M", large / small, 1.25),
    )
    what = "The ten columns above to Parquet; the peak is that of all processes together."
    return Section("Memory", what, ("rows", "peak MB", "seconds"), rows, bounds)


def verify(scratch: Path) -> Section:
    """Verifying against generating."""
    rows, bounds = [], []
    for kind in ("parquet", "csv"):
        out = scratch / f"tpch-{kind}"
        generated = interleaved(
            {"generate": functools.partial(_tpch_ours, scratch, kind)}, repeats=3
        )["generate"]
        verified = interleaved(
            {"verify": lambda out=out: run_command(dataforge("verify", out))}, repeats=3
        )["verify"]
        ratio = verified.wall_s / generated.wall_s
        rows.append([kind, f"{generated.wall_s:.2f}", f"{verified.wall_s:.2f}", f"{ratio:.2f}"])
        bounds.append(Bound(f"{kind}: verifying over generating", ratio, 1.0))
    what = "TPC-H at scale factor 1: generating it, then proving every constraint from the files."
    header = ("format", "generate s", "verify s", "ratio")
    return Section("Verifying", what, header, rows, bounds)


def dirt(scratch: Path) -> Section:
    """The same million rows clean and dirty, with their truth."""
    clean = HERE / "people.yaml"
    dirty = scratch / "dirty.yaml"
    lines = (HERE / "dirt.yaml").read_text("utf-8").splitlines()
    told = "".join(f"  {line}\n" for line in ("dirt:", *lines))
    dirty.write_text(clean.read_text("utf-8") + told, "utf-8")

    def once(schema: Path, name: str) -> Run:
        out = emptied(scratch / f"dirt-{name}")
        return run_command(dataforge("generate", "--schema", schema, "--out", out))

    samples = interleaved(
        {
            "clean": functools.partial(once, clean, "clean"),
            "dirty, with its truth": functools.partial(once, dirty, "dirty"),
        }
    )
    seconds = {name: sample.wall_s for name, sample in samples.items()}
    rows = [[name, f"{1e6 / each:,.0f}", f"{each:.2f}"] for name, each in seconds.items()]
    ratio = seconds["dirty, with its truth"] / seconds["clean"]
    bounds = (Bound("dirty over clean time", ratio, 4.0),)
    what = (
        "The million people above to CSV, whole commands: clean, and with eleven kinds of dirt on "
        "about one row in three, which are 3 % more rows and a truth table beside them."
    )
    return Section("Dirt", what, ("rows", "clean rows/s", "seconds"), rows, bounds)


def specs(_scratch: Path) -> Section:
    """Every kind of spec, one core."""
    found = [line.split() for line in _printed(HERE / "specs.py")]
    rates = {name: float(rate) for name, rate in found}
    rows = [[name, f"{rate / 1e6:,.1f}"] for name, rate in rates.items()]
    slowest = min(rate for name, rate in rates.items() if name not in DECLARED_SLOW)
    bounds = (Bound("slowest spec, M values/s", slowest / 1e6, 1, at_least=True),)
    what = (
        "The example of each spec in the table where the reference tries it: 524,288 values on one "
        "core, the cells of parents, siblings and children that it needs included."
    )
    return Section("Specs", what, ("spec", "M values/s"), rows, bounds)


# Companies and markets of more than a million rows: what to generate, and which promises to ask
# the verifier about.
SCALED = (
    ("life.yaml", ("--scale", "5", "--rows", "employees=1500")),
    ("markets.yaml", ("--scale", "13")),
)
PROMISES = {
    "chain": "states follow the machine, their moments in order",
    "after": "no row is earlier than its parent",
    "interval": "no two intervals of a parent overlap",
    "balance": "balances are the sums of their movements and keep their floor",
    "double_entry": "debits equal credits",
    "as_of": "the price is the one valid at the moment",
    "aggregate": "totals are the sums of their lines",
    "candle": "high and low enclose open and close",
    "label": "labels are of the list",
}


def coherence(scratch: Path) -> Section:
    """Millions of rows, asked by other code whether they agree."""
    rows = [*_people_agree(scratch), *_lives_agree(scratch)]
    bounds = (Bound("exceptions", sum(wrong for *_, wrong in rows), 0),)
    what = (
        "One million people of sixteen locales with addresses, companies, accounts and products; "
        "DuckDB, phonenumbers and python-stdnum are asked whether what belongs together agrees. "
        "Then `examples/life.yaml` and `examples/markets.yaml` at more than a million rows each, "
        "asked by the verifier, which shares no code with the engine."
    )
    listed = [[question, f"{asked:,}", f"{wrong:,}"] for question, asked, wrong in rows]
    return Section("Coherence", what, ("question", "rows", "exceptions"), listed, bounds)


def _people_agree(scratch: Path) -> list[tuple[str, int, int]]:
    out = emptied(scratch / "coherence")
    schema = HERE / "coherence.yaml"
    run_command(dataforge("generate", "--schema", schema, "--format", "parquet", "--out", out))
    answers = (line.split("\t") for line in _printed(HERE / "coherence.py", out / "data"))
    return [(question, int(asked), int(wrong)) for wrong, asked, question in answers]


def _lives_agree(scratch: Path) -> list[tuple[str, int, int]]:
    found = []
    for name, scale in SCALED:
        out = emptied(scratch / "scaled")
        schema = HERE.parent / "examples" / name
        command = dataforge("generate", "--schema", schema, *scale, "--format", "parquet")
        run_command([*command, "--out", out])
        run_command(dataforge("verify", out))
        certificate = json.loads((out / "certificate.json").read_text())
        rows = sum(table["rows"] for table in certificate["tables"])
        for kind, promise in PROMISES.items():
            checks = [check for check in certificate["checks"] if check["kind"] == kind]
            broken = sum(max(c["violations"], c["verdict"] != "passed") for c in checks)
            if checks:
                found.append((f"{name}: {promise}", rows, broken))
    return found


def _printed(*command: str | Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, *(str(part) for part in command)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    )
    return done.stdout.splitlines()


def fields(_scratch: Path) -> Section:
    """Every field of every record, one core, against Faker's and Mimesis' own call."""
    found = [line.split() for line in _printed(HERE / "fields.py")]
    rates = [(name, *(float(rate.replace(",", "")) for rate in each)) for name, *each in found]
    rows = [
        [name, f"{own / 1e6:,.1f}", _peer_cells(own, faker), _peer_cells(own, mimesis)]
        for name, own, faker, mimesis in rates
    ]
    against = [own / faker for _, own, faker, _ in rates if faker]
    bounds = (
        Bound(
            "slowest field, M values/s", min(own for _, own, _, _ in rates) / 1e6, 1, at_least=True
        ),
        Bound("median of times Faker's call", statistics.median(against), 200, at_least=True),
    )
    what = (
        "One column of 524,288 values on one core, without writing it; beside it the peer's call "
        "for the same thing, where it has one (calls a second, and how many times that is ours)."
    )
    header = ("field", "M values/s", "Faker", "Mimesis")
    return Section("Fields of records", what, header, rows, bounds)


def _peer_cells(own: float, peer: float) -> str:
    return f"{peer:,.0f} ({own / peer:,.0f} x)" if peer else ""


def start(_scratch: Path) -> Section:
    """How long a user waits before anything happens."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "python -c 'import dataforge'": [sys.executable, "-c", "import dataforge"],
        "dataforge --help": dataforge("--help"),
    }
    samples = interleaved(
        {name: functools.partial(run_command, command) for name, command in commands.items()},
        repeats=9,
    )
    rows = [[name, f"{sample.wall_s * 1000:.0f}"] for name, sample in samples.items()]
    bounds = (
        Bound("import, ms", samples["python -c 'import dataforge'"].wall_s * 1000, 300),
        Bound("help, ms", samples["dataforge --help"].wall_s * 1000, 500),
    )
    what = "Whole processes, the interpreter's own start included."
    return Section("Start-up", what, ("command", "ms"), rows, bounds)
