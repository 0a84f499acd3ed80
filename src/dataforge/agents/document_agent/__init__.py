"""The document agent: from a request to the plan of documents, tied to tables."""

from dataforge.agents.document_agent.plan import DocumentField, DocumentPlan, Variation

__all__ = ["DocumentField", "DocumentPlan", "Variation"]
