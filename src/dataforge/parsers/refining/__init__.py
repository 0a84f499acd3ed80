"""A follow-up in words → the changes of a schema that it speaks of, and nothing else."""

from dataforge.parsers.refining.refine import refine, refusal
from dataforge.parsers.refining.result import Applied, Refinement

__all__ = ["Applied", "Refinement", "refine", "refusal"]
