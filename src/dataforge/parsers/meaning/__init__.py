"""Meaning from names: what a person would expect of a column given only its name and type."""

from dataforge.parsers.meaning.assign import assign_meaning

__all__ = ["assign_meaning"]
