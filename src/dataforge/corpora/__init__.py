"""Vocabularies and joint tables by locale: what names, places and things are called."""

from dataforge.corpora.names import FamilyNames, GivenNames, family_names, given_names
from dataforge.corpora.tables import JointTable, joint_table
from dataforge.corpora.text import fold, latin, slug
from dataforge.corpora.vocabularies import COMPLETE, Vocabulary, vocabulary, vocabulary_names
from dataforge.corpora.weights import SLOT_COUNT, slot_table

__all__ = [
    "COMPLETE",
    "SLOT_COUNT",
    "FamilyNames",
    "GivenNames",
    "JointTable",
    "Vocabulary",
    "family_names",
    "fold",
    "given_names",
    "joint_table",
    "latin",
    "slot_table",
    "slug",
    "vocabulary",
    "vocabulary_names",
]
