"""Read a script: each statement goes to its reader or is passed over and counted."""

from __future__ import annotations

from collections.abc import Callable

from dataforge.parsers.sql.alters import read_alter_table
from dataforge.parsers.sql.catalog import Catalog
from dataforge.parsers.sql.cursor import Cursor, Unreadable
from dataforge.parsers.sql.definitions import (
    read_comment,
    read_create_domain,
    read_create_index,
    read_create_type,
    read_procedure_call,
)
from dataforge.parsers.sql.lexer import Token
from dataforge.parsers.sql.statements import ClientCommand, Statement, split
from dataforge.parsers.sql.tables import excerpt, read_create_table

Reader = Callable[[list[Token], Catalog], None]
_READERS: dict[tuple[str, str], Reader] = {
    ("CREATE", "TABLE"): read_create_table,
    ("ALTER", "TABLE"): read_alter_table,
    ("CREATE", "TYPE"): read_create_type,
    ("CREATE", "DOMAIN"): read_create_domain,
    ("CREATE", "INDEX"): read_create_index,
}
_VERBS = frozenset(
    """ACCEPT ALTER ANALYSE ANALYZE ATTACH BACKUP BEGIN BULK CALL CHECKPOINT CLOSE CLUSTER COMMENT
    COMMIT COPY CREATE DBCC DEALLOCATE DECLARE DEFINE DELETE DELIMITER DENY DESC DESCRIBE DETACH
    DISABLE DISCARD DO DROP ELSE ENABLE END EXEC EXECUTE EXIT EXPLAIN FETCH FLUSH GO GOTO GRANT
    HANDLER IF IMPORT INSERT INSTALL KILL LISTEN LOAD LOCK MERGE NOTIFY OPEN OPTIMIZE PRAGMA
    PREPARE PRINT PURGE QUIT RAISERROR REASSIGN RECONFIGURE REFRESH REINDEX RELEASE RENAME REPAIR
    REPLACE RESET RESTORE RETURN REVOKE ROLLBACK SAVE SAVEPOINT SECURITY SELECT SET SHOW SHUTDOWN
    SOURCE START STOP TABLE THROW TRUNCATE UNDEFINE UNINSTALL UNLISTEN UNLOCK UPDATE UPSERT USE
    VACUUM VALUES WAITFOR WHILE WITH AUDIT NOAUDIT FLASHBACK ASSOCIATE ADMINISTER ( ; /""".split()
)
_RENAMED = {"proc": "procedure", "exec": "execute", "rem": "client command"}


def read_script(text: str, dialect: str, source: str) -> Catalog:
    """Return everything that ``text`` defines, with its problems, in order."""
    catalog = Catalog(dialect, source)
    for statement in split(text, dialect):
        if isinstance(statement, ClientCommand):
            catalog.passed_over["client command"] += 1
        else:
            _read_statement(statement, catalog)
    return catalog


def _read_statement(statement: Statement, catalog: Catalog) -> None:
    tokens = statement.tokens
    verb = tokens[0].upper
    reader = _READERS.get((verb, statement.created))
    try:
        if reader is not None:
            reader(tokens, catalog)
        elif verb == "COMMENT":
            read_comment(tokens, catalog)
        elif verb in {"EXEC", "EXECUTE"} and read_procedure_call(tokens, catalog):
            catalog.passed_over["comment"] += 1
        else:
            _pass_over(statement, catalog)
    except Unreadable as unreadable:
        _report(unreadable, tokens, catalog, fatal=reader is read_create_table)


def _report(unreadable: Unreadable, tokens: list[Token], catalog: Catalog, *, fatal: bool) -> None:
    catalog.report(
        unreadable.line or tokens[0].line,
        f"cannot read this statement: {unreadable.message} in: {excerpt(tokens)}",
        "correct it, or give the dialect if it was taken for another; the other tables are kept",
        "error" if fatal else "warning",
    )


def _pass_over(statement: Statement, catalog: Catalog) -> None:
    verb = statement.tokens[0].upper.lower()
    if verb in {"create", "alter"}:
        kind = statement.created.lower() or "other"
        kind = kind if verb == "create" else f"alter {kind}"
    elif verb == "copy":
        kind = "copy rows" if statement.rows else "copy"
    else:
        kind = verb if verb.isalpha() else "other"
    if verb.upper() not in _VERBS and not verb.startswith("@"):
        message = f"cannot read this statement: {excerpt(statement.tokens)}"
        catalog.report(
            statement.line, message, "correct or remove it; the tables are kept", "error"
        )
    catalog.passed_over[_RENAMED.get(kind, kind)] += statement.rows or 1
    _follow_namespace(statement, catalog)


def _follow_namespace(statement: Statement, catalog: Catalog) -> None:
    """Names without a namespace belong to the one that was last made current."""
    cursor = Cursor(statement.tokens)
    if catalog.dialect == "mysql" and cursor.take("USE") and cursor.at_name():
        catalog.namespace = cursor.name().value
    if catalog.dialect == "postgres" and cursor.take("SET", "SEARCH_PATH"):
        cursor.next()
        if cursor.at_name() and cursor.peek().value:
            catalog.namespace = cursor.name().value
