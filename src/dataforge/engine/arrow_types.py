"""Moved to ``dataforge.schema.arrow_types``."""

from dataforge.schema.arrow_types import arrow_type

__all__ = ["arrow_type"]
