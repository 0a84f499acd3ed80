"""Tell the dialect of a script from the words that only one of them uses."""

from __future__ import annotations

import re

DIALECTS = ("postgres", "mysql", "sqlite", "tsql", "oracle")
ALIASES = {
    "postgresql": "postgres",
    "pg": "postgres",
    "mariadb": "mysql",
    "sqlite3": "sqlite",
    "sqlserver": "tsql",
    "mssql": "tsql",
    "t-sql": "tsql",
}
_LOOKED_AT = 400_000
_MOST_COUNTED = 4

# (weight, pattern); a pattern counts up to four times.
_MARKS: dict[str, tuple[tuple[int, str], ...]] = {
    "postgres": (
        (20, r"^-- PostgreSQL database"),
        (8, r"^COPY .*\bFROM stdin"),
        (6, r"\bALTER TABLE ONLY\b"),
        (5, r"\bCREATE EXTENSION\b|\bplpgsql\b|\bSET search_path\b"),
        (5, r"\bCREATE TYPE [\w.\"]+ AS ENUM\b|\bCREATE DOMAIN\b"),
        (3, r"\bnextval\(|\bOWNER TO\b|\bUSING (btree|gin|gist)\b"),
        (3, r"::[a-z\"]|\$\$|\bcharacter varying\b|\bILIKE\b"),
        (3, r"\b(BIG|SMALL)?SERIAL\b"),
        (3, r"\b(timestamptz|jsonb|bytea|tsvector|citext|inet)\b"),
        (2, r"\btimestamp(\(\d\))? with(out)? time zone\b|\b(text|integer|varchar)\[\]"),
        (5, r"^\\(set|connect|i|ir|c|restrict|unset|echo)\b"),
        (2, r"\bGENERATED (ALWAYS|BY DEFAULT) AS IDENTITY\b|\buuid\b"),
    ),
    "mysql": (
        (20, r"^-- (MySQL|MariaDB) dump|^-- phpMyAdmin"),
        (6, r"/\*M?!\d{5,6}"),
        (5, r"\bENGINE\s*=\s*\w+"),
        (5, r"\bAUTO_INCREMENT\b"),
        (5, r"^\s*DELIMITER\s"),
        (4, r"\bFOREIGN_KEY_CHECKS\b|\bSQL_MODE\b"),
        (3, r"`\w+`"),
        (3, r"\bUNSIGNED\b|\bDEFAULT CHARSET\b|\bON UPDATE CURRENT_TIMESTAMP\b"),
        (3, r"\b(tiny|medium|long)(text|blob)\b|\bmediumint\b"),
        (2, r"\benum\s*\('|\bUNIQUE KEY\b|\b(FULLTEXT|SPATIAL) (KEY|INDEX)\b|\bLOCK TABLES\b"),
        (1, r"\bint\s*\(\d+\)|^\s*KEY \w+ \(|\bCOMMENT '"),
    ),
    "sqlite": (
        (8, r"\bAUTOINCREMENT\b|^\s*PRAGMA\b|\bWITHOUT ROWID\b|\bsqlite_\w+"),
        (5, r"\)\s*STRICT\s*;|\bUSING fts\d|\browid\b|\b(DATETIME|STRFTIME)\s*\('"),
        (3, r"\bINTEGER(\s+NOT NULL)? PRIMARY KEY\b"),
        (2, r"^BEGIN TRANSACTION;|^\s*CREATE TABLE IF NOT EXISTS \""),
        (1, r"^\s*\[\w+\] (INTEGER|NVARCHAR|TEXT|NUMERIC)"),
    ),
    "tsql": (
        (6, r"^\s*GO\s*;?\s*$"),
        (5, r"\[dbo\]\.|\bdbo\.\w|\bON \[PRIMARY\]"),
        (5, r"\bIDENTITY\s*\(\s*-?\d+\s*,|\bWITH (NO)?CHECK ADD\b"),
        (4, r"\b(NON)?CLUSTERED\b|\bOBJECT_ID\s*\(|\bEXEC(UTE)? (\w+\.)?sp_\w+"),
        (4, r"\b(uniqueidentifier|datetime2|smalldatetime|datetimeoffset|nvarchar\(max\)|ntext)\b"),
        (3, r"\bSET (QUOTED_IDENTIFIER|NOCOUNT|ANSI_NULLS|IDENTITY_INSERT)\b|\bGETDATE\s*\("),
        (2, r"\[\w+\]\.\[?\w|\b(INT|BIGINT) IDENTITY\b"),
        (2, r"\[\w+\] \[\w+\]|^\s*PRINT\s+N?'"),
        (1, r"\bNVARCHAR\s*\(|\bN'|\bBIT\b"),
    ),
    "oracle": (
        (5, r"\bN?VARCHAR2\s*\("),
        (4, r"\bNUMBER\s*\(\d|^/\s*$|\bEXECUTE IMMEDIATE\b|\bFROM DUAL\b"),
        (4, r"^(rem|prompt|set define|spool|whenever)\b"),
        (3, r"\bSYSDATE\b|\bSYSTIMESTAMP\b|:new\.|:old\.|\.nextval\b|\bENABLE NOVALIDATE\b"),
        (3, r"\bNOCACHE\b|\bNOCYCLE\b|\bSTORAGE\s*\(|\bSEGMENT CREATION\b|\bPCTFREE\b"),
        (2, r"\bN?CLOB\b|\bNUMBER\b|\b(ENABLE|DISABLE)\s*[,)]|\bORGANIZATION INDEX\b"),
        (1, r"\bTABLESPACE\b|\bCREATE OR REPLACE (PACKAGE|TRIGGER)\b"),
    ),
}
_COMPILED = {
    dialect: tuple((w, re.compile(p, re.IGNORECASE | re.MULTILINE)) for w, p in marks)
    for dialect, marks in _MARKS.items()
}


_VALUE = re.compile(r"'[^'\n]*'")
_HEAD = 3_000
_BENEFIT_OF_DOUBT = 2
_NAMED = {
    "postgres": re.compile(r"\bpostgres", re.IGNORECASE),
    "mysql": re.compile(r"\b(mysql|mariadb)", re.IGNORECASE),
    "sqlite": re.compile(r"\bsqlite", re.IGNORECASE),
    "tsql": re.compile(r"\b(sql ?server|t-?sql)\b", re.IGNORECASE),
    "oracle": re.compile(r"\boracle\b", re.IGNORECASE),
}


def detect_dialect(text: str) -> str:
    """Return ``postgres``, ``mysql``, ``sqlite``, ``tsql`` or ``oracle``.

    Plain SQL with hardly any mark counts as ``postgres``, the closest to the standard.
    """
    found = scores(text)
    found["postgres"] += _BENEFIT_OF_DOUBT
    return max(DIALECTS, key=lambda dialect: found[dialect])


def scores(text: str) -> dict[str, int]:
    """How much speaks for each dialect; values inside quotes do not count."""
    looked_at = _VALUE.sub("''", text[:_LOOKED_AT])
    head = text[:_HEAD]
    return {
        dialect: _score(looked_at, dialect) + (4 if _NAMED[dialect].search(head) else 0)
        for dialect in DIALECTS
    }


def _score(text: str, dialect: str) -> int:
    total = 0
    for weight, pattern in _COMPILED[dialect]:
        found = pattern.finditer(text)
        total += weight * sum(1 for _ in zip(range(_MOST_COUNTED), found, strict=False))
    return total
