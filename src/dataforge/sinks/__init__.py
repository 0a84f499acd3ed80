"""Sinks: record batches to files and databases, and schemas to DDL.

Import from the submodules: ``formats`` (which file sinks there are), ``writing`` (atomic parts),
``layout`` and ``manifest`` (a data set's directory), ``ddl`` and ``databases``.
"""
