"""Consistent relational data sets from one schema.

    import dataforge

    schema = dataforge.from_ddl("shop.sql")
    data = dataforge.generate(schema, rows=1000)
    data["orders"].to_pandas()

Everything public is listed in ``__all__`` and is loaded on first use, so that importing the
package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from dataforge._version import __version__

if TYPE_CHECKING:
    from dataforge.api import (
        Dataset,
        Picture,
        Rows,
        diff,
        explain,
        from_database,
        from_ddl,
        from_examples,
        from_json_schema,
        from_openapi,
        from_prompt,
        generate,
        load,
        preview,
        read_schema,
        show,
        validate,
        verify,
    )
    from dataforge.errors import (
        CapacityError,
        DatabaseError,
        DataForgeError,
        OutputError,
        ParseError,
        Problem,
        RuleConflictError,
        RunError,
        SchemaError,
        UnknownNameError,
        UsageError,
        VerificationError,
    )
    from dataforge.schema import Column, ForeignKey, Rule, Schema, Table, UniqueKey


__all__ = [
    "CapacityError",
    "Column",
    "DataForgeError",
    "DatabaseError",
    "Dataset",
    "ForeignKey",
    "OutputError",
    "ParseError",
    "Picture",
    "Problem",
    "Rows",
    "Rule",
    "RuleConflictError",
    "RunError",
    "Schema",
    "SchemaError",
    "Table",
    "UniqueKey",
    "UnknownNameError",
    "UsageError",
    "VerificationError",
    "__version__",
    "diff",
    "explain",
    "from_database",
    "from_ddl",
    "from_examples",
    "from_json_schema",
    "from_openapi",
    "from_prompt",
    "generate",
    "load",
    "preview",
    "read_schema",
    "show",
    "validate",
    "verify",
]

_HOMES = {
    "dataforge.schema": ("Column", "ForeignKey", "Rule", "Schema", "Table", "UniqueKey"),
    "dataforge.errors": tuple(name for name in __all__ if name.endswith(("Error", "Problem"))),
}


def __getattr__(name: str) -> object:
    """Load the module that owns a public name when the name is first asked for."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(import_module(_home(name)), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)


def _home(name: str) -> str:
    return next((home for home, names in _HOMES.items() if name in names), "dataforge.api")
