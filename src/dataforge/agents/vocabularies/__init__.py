"""Vocabularies that a model writes for columns of free text: lists and templates, asked once."""

from dataforge.agents.vocabularies.asks import Ask, asks_of
from dataforge.agents.vocabularies.store import FolderStore, VocabularyStore

__all__ = ["Ask", "FolderStore", "VocabularyStore", "asks_of"]
