"""The schema agent's tools: each changes the draft by an edit and returns a short text.

They are listed in the order of the work; a model may call them in any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.messages import ToolMessage
from langchain_core.tools import BaseTool, tool
from langgraph.types import Command

from dataforge.agents.schema_agent import summaries
from dataforge.agents.schema_agent.check import Check, told
from dataforge.agents.schema_agent.draft import Draft, analysis, drafted, revised
from dataforge.agents.schema_agent.edits import Edit, PathEdit, RelationIdea, TableIdea
from dataforge.agents.steps import Step
from dataforge.errors import SchemaError
from dataforge.schema.serialize import from_document

Runtime = ToolRuntime[Any, Any]


def schema_tools(check: Check) -> list[BaseTool]:
    """Return the tools; ``check`` is what the draft has to pass."""

    @tool
    def analyze_prompt(runtime: Runtime) -> Command[Any]:
        """Read the request: entities, relationships, quantities, traits, rules, with its words."""
        text = summaries.of_request(analysis(runtime.state["request"]))
        return _answer(runtime, "analyze_prompt", text, Edit(kind="analyze"))

    @tool
    def suggest_columns(runtime: Runtime, tables: tuple[TableIdea, ...] = ()) -> Command[Any]:
        """Add tables with columns. Without arguments: every table the request speaks of."""
        return _edited(runtime, "suggest_columns", Edit(kind="columns", tables=tables))

    @tool
    def infer_relationships(
        runtime: Runtime, relations: tuple[RelationIdea, ...] = ()
    ) -> Command[Any]:
        """Add foreign keys. Without arguments: those that the request and the names imply."""
        return _edited(runtime, "infer_relationships", Edit(kind="relations", relations=relations))

    @tool
    def change_schema(runtime: Runtime, changes: tuple[PathEdit, ...] = ()) -> Command[Any]:
        """Set or remove anything in the draft by its path: rows, specs, rules, keys, names."""
        return _edited(runtime, "change_schema", Edit(kind="change", changes=changes))

    @tool
    def normalize_schema(runtime: Runtime) -> Command[Any]:
        """Bring the draft into its normal form: exact names, key columns, owners of rows."""
        return _edited(runtime, "normalize_schema", Edit(kind="normalize"))

    @tool
    def validate_schema(runtime: Runtime) -> Command[Any]:
        """List every problem of the draft, each with its path and a remedy."""
        problems = check(_draft(runtime).schema)
        text = told(problems) if problems else "no problems"
        return _answer(runtime, "validate_schema", text)

    return [
        analyze_prompt,
        suggest_columns,
        infer_relationships,
        change_schema,
        normalize_schema,
        validate_schema,
    ]


def draft_of(state: Mapping[str, Any]) -> Draft:
    """Return the draft that a graph's state stands for."""
    base = state.get("base")
    edits = (Edit.model_validate(edit) for edit in state.get("edits", ()))
    return drafted(state["request"], None if base is None else from_document(base), edits)


def _draft(runtime: Runtime) -> Draft:
    return draft_of(runtime.state)


def _edited(runtime: Runtime, name: str, edit: Edit) -> Command[Any]:
    try:
        draft = revised(_draft(runtime), edit)
    except SchemaError as error:
        return _answer(runtime, name, f"nothing was changed:\n{told(error.problems)}")
    return _answer(runtime, name, summaries.of_schema(draft.schema), edit)


def _answer(runtime: Runtime, name: str, text: str, edit: Edit | None = None) -> Command[Any]:
    write: Callable[[Any], None] = runtime.stream_writer
    write(Step(kind="tool", name=name, text=text).plain)
    message = ToolMessage(text, tool_call_id=runtime.tool_call_id, name=name)
    edits = [] if edit is None else [edit.model_dump(mode="json", exclude_defaults=True)]
    return Command(update={"messages": [message], "edits": edits})
