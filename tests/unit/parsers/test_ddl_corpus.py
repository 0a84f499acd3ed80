"""Real scripts of five dialects, where the corpus is at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from dataforge.parsers.sql import ParsedDdl, read_ddl

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus" / "ddl"

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this folder")

# file, dialect, tables, foreign keys whose parent is in the file
FILES = [
    ("adventureworks_dw_sqlserver", "tsql", 31, 44),
    ("auctionmark_mysql", "mysql", 17, 25),
    ("auctionmark_oracle", "oracle", 17, 25),
    ("chinook_postgres", "postgres", 11, 11),
    ("chinook_sqlite", "sqlite", 11, 11),
    ("chinook_sqlserver", "tsql", 11, 11),
    ("futon_manufacturing_sqlserver", "tsql", 20, 28),
    ("inaturalist_postgres_structure", "postgres", 186, 1),
    ("neosync_mysql_complex", "mysql", 20, 37),
    ("northwind_sqlserver", "tsql", 13, 13),
    ("oracle_hr_create", "oracle", 7, 10),  # 8 of 18 REFERENCES are in comments
    ("oracle_oe_cre", "oracle", 4, 3),  # four tables are created in files that are not there
    ("sakila_mysql_schema", "mysql", 16, 22),  # the 17th is temporary, inside a procedure
    ("sakila_oracle_schema", "oracle", 16, 22),
    ("tpcc_sqlserver", "tsql", 9, 0),
    ("tpch_mysql", "mysql", 8, 8),
    ("wikipedia_sqlite", "sqlite", 12, 1),
    ("world_postgres", "postgres", 3, 2),
]


def parsed_file(name: str) -> ParsedDdl:
    return read_ddl(CORPUS / f"{name}.sql")


@pytest.mark.parametrize(("name", "dialect", "tables", "references"), FILES)
def test_corpus_file_is_read_whole(name: str, dialect: str, tables: int, references: int) -> None:
    parsed = parsed_file(name)
    schema = parsed.schema
    assert parsed.dialect == dialect
    assert len(schema.tables) == tables
    assert sum(len(table.foreign_keys) for table in schema.tables) == references
    assert [p for p in parsed.problems if p.severity == "error"] == []
    assert all(rule.enforced for table in schema.tables for rule in table.rules)


def test_copy_data_in_latin_1_is_counted() -> None:
    assert parsed_file("world_postgres").passed_over["copy rows"] > 4000


def test_undeclared_references_of_the_corpus_are_offered() -> None:
    world = {(c.table, c.columns, c.parent) for c in parsed_file("world_postgres").candidates}
    assert ("city", ("countrycode",), "country") in world
    tpcc = {(c.table, c.columns, c.parent) for c in parsed_file("tpcc_sqlserver").candidates}
    assert ("ORDER_LINE", ("OL_W_ID", "OL_D_ID", "OL_O_ID"), "OORDER") in tpcc
    assert ("CUSTOMER", ("C_W_ID", "C_D_ID"), "DISTRICT") in tpcc
    assert len(parsed_file("inaturalist_postgres_structure").candidates) > 250
