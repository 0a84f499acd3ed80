"""The schema agent: from a request in words to a schema that validates."""

from dataforge.agents.schema_agent.check import Check, valid
from dataforge.agents.schema_agent.plain import propose_offline

__all__ = ["Check", "propose_offline", "valid"]
