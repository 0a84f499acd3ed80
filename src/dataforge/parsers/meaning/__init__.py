"""Meaning from names: what a person would expect of a column given only its name and type."""

from dataforge.parsers.meaning.assign import assign_meaning, languages_of
from dataforge.parsers.meaning.explain import Finding, explain
from dataforge.parsers.meaning.languages import LANGUAGE_NAMES, LOCALE_OF

__all__ = [
    "LANGUAGE_NAMES",
    "LOCALE_OF",
    "Finding",
    "assign_meaning",
    "explain",
    "languages_of",
]
