"""The engine: a schema compiled to a plan that makes any rows of any table, as Arrow batches."""

from dataforge.engine.compile import compile_schema, load_order
from dataforge.engine.dirt.plan import DirtyPlan, compile_written
from dataforge.engine.plan import BATCH_ROWS, Plan, TablePlan

__all__ = [
    "BATCH_ROWS",
    "DirtyPlan",
    "Plan",
    "TablePlan",
    "compile_schema",
    "compile_written",
    "load_order",
]
