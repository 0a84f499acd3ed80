"""Schemas as SQL: ``ddl.writer.write_ddl`` and what it builds on."""
