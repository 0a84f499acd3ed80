"""What the schema agent hands back: a schema, and how it came to be."""

from __future__ import annotations

from pydantic import Field

from dataforge.parsers.prompt import Traced
from dataforge.schema import Schema
from dataforge.schema.types import Model


class SchemaProposal(Model):
    """A schema that validates, traced to the words of its request.

    ``trace`` follows every sentence of the request to the clauses of the schema that satisfy it
    and to a check that can be measured. ``assumptions`` were made where the words are silent,
    ``unmet`` could not be honoured. ``model`` is the name of the model that decided.
    """

    request: str
    schema_: Schema = Field(alias="schema", serialization_alias="schema")
    trace: tuple[Traced, ...] = ()
    assumptions: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    model: str = "offline"
