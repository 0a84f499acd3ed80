"""The catalogue: what the tables of a trade look like and what people call them, as data."""

from dataforge.domains.catalogue import domain, known
from dataforge.domains.matching import Cue, cues_in, named
from dataforge.domains.model import LANGUAGES, Domain

__all__ = ["LANGUAGES", "Cue", "Domain", "cues_in", "domain", "known", "named"]
