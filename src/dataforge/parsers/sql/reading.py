"""The parser itself: text or file in, ``ParsedDdl`` out."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType

from dataforge.errors import ParseError, Problem, UnknownNameError
from dataforge.parsers.sql.assembly import assemble
from dataforge.parsers.sql.candidates import find_candidates
from dataforge.parsers.sql.dialects import ALIASES, DIALECTS, detect_dialect
from dataforge.parsers.sql.encodings import decode
from dataforge.parsers.sql.result import ParsedDdl
from dataforge.parsers.sql.script import read_script


def parse_ddl(
    text: str, *, dialect: str | None = None, source: str = "<ddl>", strict: bool = False
) -> ParsedDdl:
    """Read the tables that a SQL script defines.

    ``dialect`` is ``postgres``, ``mysql``, ``sqlite``, ``tsql`` or ``oracle`` (or a usual other
    name of one); without it the script's own words decide. ``source`` labels problems.

    Raises ``UnknownNameError`` for another dialect, and ``ParseError`` where ``strict`` is set and
    any statement could not be read (warnings do not count), or where no table was found.
    """
    chosen = _dialect(dialect) if dialect is not None else detect_dialect(text)
    catalog = read_script(text.lstrip("\ufeff"), chosen, source)
    schema = assemble(catalog, _label(source))
    problems = tuple(sorted(catalog.problems, key=_line))
    errors = [problem for problem in problems if problem.severity == "error"]
    if strict and errors:
        raise ParseError(f"{source} has {len(errors)} statement(s) that cannot be read:", errors)
    if not schema.tables:
        raise ParseError(
            f"{source} has no table that can be read as {chosen}:",
            errors or [Problem(source, "there is no CREATE TABLE", "give a script that has some")],
        )
    return ParsedDdl(
        schema=schema,
        dialect=chosen,
        detected=dialect is None,
        passed_over=MappingProxyType(dict(sorted(catalog.passed_over.items()))),
        problems=problems,
        candidates=find_candidates(schema),
    )


def read_ddl(path: Path, *, dialect: str | None = None, strict: bool = False) -> ParsedDdl:
    """Read a script from a file of any usual encoding; see ``parse_ddl``.

    Raises ``ParseError`` also where the file cannot be opened or is no text.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = Problem(str(path), error.strerror or "cannot be read", "check path and rights")
        raise ParseError("the DDL file cannot be opened:", [problem]) from error
    text, _encoding = decode(data)
    if "\0" in text:
        problem = Problem(
            path.name,
            "it holds zero bytes, as programs, archives and compressed dumps do",
            "give the SQL text: `pg_restore -f dump.sql dump` turns a pg_dump archive into it",
        )
        raise ParseError("the DDL file is no text:", [problem])
    return parse_ddl(text, dialect=dialect, source=path.name, strict=strict)


def _dialect(name: str) -> str:
    wanted = ALIASES.get(name.lower(), name.lower())
    if wanted not in DIALECTS:
        raise UnknownNameError.of("dialect", name, DIALECTS)
    return wanted


def _label(source: str) -> str:
    return Path(source).stem if source.lower().endswith((".sql", ".ddl", ".txt")) else "database"


def _line(problem: Problem) -> tuple[int, str]:
    line = problem.path.rpartition(":")[2]
    return (int(line) if line.isdigit() else 0, problem.message)
