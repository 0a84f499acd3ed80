"""The engine: a schema compiled to a plan that makes any rows of any table, as Arrow batches."""

from dataforge.engine.compile import compile_schema, load_order
from dataforge.engine.plan import BATCH_ROWS, Plan, TablePlan

__all__ = ["BATCH_ROWS", "Plan", "TablePlan", "compile_schema", "load_order"]
