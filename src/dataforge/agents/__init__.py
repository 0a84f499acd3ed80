"""Agents: from a request to a typed description (a schema, a plan), with a model's help.

They decide and never make: no row, file or job is touched here. Loading this package loads no
LangChain; the graphs do.
"""

from dataforge.agents.proposal import SchemaProposal
from dataforge.agents.steps import Step

__all__ = ["SchemaProposal", "Step"]
