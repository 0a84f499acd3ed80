"""Vocabularies and joint tables by locale: what names, places and things are called."""

from dataforge.corpora.tables import JointTable, joint_table
from dataforge.corpora.text import fold, slug
from dataforge.corpora.vocabularies import COMPLETE, Vocabulary, vocabulary, vocabulary_names
from dataforge.corpora.weights import SLOT_COUNT, slot_table

__all__ = [
    "COMPLETE",
    "SLOT_COUNT",
    "JointTable",
    "Vocabulary",
    "fold",
    "joint_table",
    "slot_table",
    "slug",
    "vocabulary",
    "vocabulary_names",
]
