"""What has been read so far: tables in the making, before names are resolved."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataforge.parsers.sql.cursor import Name
from dataforge.parsers.sql.lexer import Token
from dataforge.schema.relations import Action

Names = tuple[Name, ...]


@dataclass(slots=True)
class TypeDraft:
    """A type as written: lower-case name, arguments, and what followed them."""

    name: str
    arguments: tuple[str, ...] = ()
    modifiers: frozenset[str] = frozenset()
    dimensions: int = 0
    namespace: str | None = None
    text: str = ""


@dataclass(slots=True)
class CheckDraft:
    """A condition in the dialect's own SQL."""

    text: str
    name: str | None = None
    line: int = 0


@dataclass(slots=True)
class ForeignKeyDraft:
    """A reference whose parent may not have been read yet."""

    columns: Names
    parent: Names
    parent_columns: Names
    name: str | None = None
    on_delete: Action = "no_action"
    on_update: Action = "no_action"
    line: int = 0


@dataclass(slots=True)
class KeyDraft:
    """A primary or unique key; ``index`` names the index that it takes its columns from."""

    columns: Names
    name: str | None = None
    primary: bool = False
    line: int = 0


@dataclass(slots=True)
class ColumnDraft:
    """A column as written."""

    name: Name
    line: int
    type: TypeDraft | None = None
    nullable: bool | None = None
    default: str | None = None
    identity: bool = False
    generated: bool = False
    expression: str | None = None
    comment: str | None = None


@dataclass(slots=True)
class TableDraft:
    """A table as written; ``likes`` are tables whose columns it copies, with their place.

    ``partitioned`` is the method (``LIST``, ``RANGE``, …) and its columns; ``partitions`` are the
    bounds of each partition as written behind FOR VALUES; ``leftovers`` are marks that no clause
    of SQL has, met while reading the last element.
    """

    name: Name
    namespace: str | None
    line: int
    columns: list[ColumnDraft] = field(default_factory=list)
    keys: list[KeyDraft] = field(default_factory=list)
    foreign_keys: list[ForeignKeyDraft] = field(default_factory=list)
    checks: list[CheckDraft] = field(default_factory=list)
    likes: list[tuple[int, Names]] = field(default_factory=list)
    parents: list[Names] = field(default_factory=list)
    partitioned: tuple[str, Names] | None = None
    partitions: list[list[Token]] = field(default_factory=list)
    comment: str | None = None
    leftovers: list[Token] = field(default_factory=list)


@dataclass(slots=True)
class UserType:
    """A named type: an enum's values, a domain's base type, or an object that is neither.

    ``statement`` is what created it, ``used`` whether a column of a table has it.
    """

    values: tuple[str, ...] = ()
    base: TypeDraft | None = None
    checks: tuple[CheckDraft, ...] = ()
    nullable: bool = True
    default: str | None = None
    structured: bool = False
    statement: str = "type"
    used: bool = False
