"""The replication agent: from a profile, findings and a request to a plan with reasons."""

from dataforge.agents.replication_agent.plan import ColumnPlan, ReplicationPlan, TablePlan

__all__ = ["ColumnPlan", "ReplicationPlan", "TablePlan"]
