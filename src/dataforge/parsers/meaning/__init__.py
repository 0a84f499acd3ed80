"""Meaning from names: what a person would expect of a column given only its name and type."""

from dataforge.parsers.meaning.assign import assign_meaning
from dataforge.parsers.meaning.explain import Finding, explain

__all__ = ["Finding", "assign_meaning", "explain"]
