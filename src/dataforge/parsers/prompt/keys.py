"""Foreign keys between the tables of a request, and how many children each parent has."""

from __future__ import annotations

from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.lexicon import lexicon, plain
from dataforge.parsers.prompt.mending import key_between, with_column, with_table
from dataforge.parsers.prompt.names import is_camel, one, singular_name, snake
from dataforge.parsers.prompt.request import Relation, Request
from dataforge.parsers.prompt.typing import made
from dataforge.schema import (
    CardinalityLaw,
    Column,
    FixedLaw,
    ForeignKey,
    IntegerType,
    PoissonLaw,
    RangeLaw,
    Schema,
    SequenceSpec,
    Table,
    UniqueKey,
)

_USUAL_MOST = 3


def by_name(schema: Schema) -> Schema:
    """Link columns named like the key of another table: customer_id, DepartmentID."""
    for table in schema.tables:
        for column in table.columns:
            parent = _named_by(column, table, schema)
            if parent is None or any(column.name in key.columns for key in table.foreign_keys):
                continue
            target = parent.primary_key[0]
            key = ForeignKey(columns=(column.name,), parent=parent.name, parent_columns=(target,))
            linked = column.model_copy(
                update={"type": parent.column(target).type, "spec": None, "nullable": False}
            )
            current = schema.table(table.name)
            current = with_column(current, linked)
            keys = (*current.foreign_keys, key)
            schema = with_table(schema, current.model_copy(update={"foreign_keys": keys}))
    return schema


def _named_by(column: Column, table: Table, schema: Schema) -> Table | None:
    name = snake(column.name)
    if column.name in table.primary_key:
        return None
    for parent in schema.tables:
        single = singular_name(snake(parent.name))
        names = {f"{single}_id", f"{snake(parent.name)}_id", f"id_{single}", f"{single}_uuid"}
        short = single.rpartition("_")[2]
        names |= {f"{short}_id"} if short != single else set()
        if parent.name != table.name and len(parent.primary_key) == 1 and name in names:
            return parent
    return None


def related(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Return the schema with every relation that is stated."""
    for relation in request.relations:
        tables = schema.tables_by_name
        if relation.parent in tables and relation.child in tables:
            schema = _with_relation(schema, relation, request, ledger)
    return schema


def _with_relation(schema: Schema, relation: Relation, request: Request, ledger: Ledger) -> Schema:
    child, parent = schema.table(relation.child), schema.table(relation.parent)
    key = key_between(child, parent.name)
    back = key_between(parent, child.name)
    stated = _counts(request)
    many = _is_many(relation, stated, direct=key is not None)
    if many or (key is None and relation.many):
        return between(schema, relation, request, ledger, back)
    if key is None and back is not None and relation.minimum is None:
        return schema
    if key is None:
        schema = linked(schema, child.name, parent.name, required=relation.required)
        child = schema.table(child.name)
        key = key_between(child, parent.name)
    if key is None:
        return schema
    path = f"tables.{child.name}.foreign_keys.{','.join(key.columns)}"
    ledger.met(relation.words, path, f"every {','.join(key.columns)} is a row of {parent.name}")
    law = law_of(relation)
    if law is None:
        return schema
    return _under_law(schema, child, key, law, relation, request, ledger)


def _is_many(relation: Relation, stated: dict[str, int], *, direct: bool) -> bool:
    """Tell whether the counts leave room only for rows between the two tables."""
    low = relation.minimum or int(relation.mean or 0)
    parents, children = stated.get(relation.parent), stated.get(relation.child)
    if direct or not low or parents is None or children is None:
        return False
    return parents * low > children


def _counts(request: Request) -> dict[str, int]:
    return {e.name: e.count.value for e in request.entities if e.count is not None}


def law_of(relation: Relation) -> CardinalityLaw | None:
    """Return the law for so many children each; None where nothing is said of it."""
    low, high = relation.minimum, relation.maximum
    if relation.mean is not None:
        return PoissonLaw(mean=relation.mean)
    if low is None and high is None:
        return None
    if high is None:
        return RangeLaw(minimum=low or 0, maximum=(low or 0) + max(_USUAL_MOST, low or 0))
    return FixedLaw(count=high) if low == high else RangeLaw(minimum=low or 0, maximum=high)


def _under_law(
    schema: Schema,
    child: Table,
    key: ForeignKey,
    law: CardinalityLaw,
    relation: Relation,
    request: Request,
    ledger: Ledger,
) -> Schema:
    """Let a parent own its children by a law; counts that contradict it are told."""
    stated = _counts(request)
    parents, children = stated.get(key.parent), stated.get(child.name)
    rows = None
    bounds = (relation.minimum or 0, relation.maximum)
    if children is not None and parents is None:
        schema, rows = _enough_parents(schema, key.parent, children, relation)
    if children is not None and parents is not None:
        least = parents * bounds[0]
        most = children if bounds[1] is None else parents * bounds[1]
        if least <= children <= most:
            rows = children
        else:
            ledger.assume(
                f"{children:,} {child.name} cannot be {_span(bounds)} for each of "
                f"{parents:,} {key.parent}; "
                f"the number for each {singular_name(key.parent)} was kept, "
                f"so there are {_product(parents, bounds)} {child.name}"
            )
            ledger.miss(
                relation.words, f"the {children:,} {child.name} that were asked for contradict it"
            )
    keys = tuple(
        each.model_copy(
            update={
                "owning": each is key,
                "law": law if each is key else each.law,
                "null_share": None if each is key else each.null_share,
            }
        )
        for each in child.foreign_keys
    )
    changed = child.model_copy(update={"foreign_keys": keys, "rows": rows})
    for name in key.columns:
        changed = with_column(changed, changed.column(name).model_copy(update={"nullable": False}))
    ledger.met(
        relation.words,
        f"tables.{child.name}.foreign_keys.{','.join(key.columns)}.law",
        f"each row of {key.parent} has {_span(bounds)} rows of {child.name}",
    )
    return with_table(schema, changed)


def _enough_parents(
    schema: Schema, name: str, children: int, relation: Relation
) -> tuple[Schema, int | None]:
    """Ask for as many parents as a stated number of children takes; None where none fits."""
    low, high = relation.minimum or 0, relation.maximum or (relation.minimum or 0) + _USUAL_MOST
    middle = max((low + high) / 2, 1.0)
    rows = max(1, round(children / middle))
    parent = schema.table(name)
    fits = rows * low <= children <= rows * high
    if not fits or parent.owner is not None:
        return schema, None
    return with_table(schema, parent.model_copy(update={"rows": rows})), children


def _span(bounds: tuple[int, int | None]) -> str:
    low, high = bounds
    if high is None:
        return f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def _product(parents: int, bounds: tuple[int, int | None]) -> str:
    low, high = bounds
    if high is None:
        return f"at least {parents * low:,}"
    return f"{parents * low:,}" if low == high else f"{parents * low:,} to {parents * high:,}"


def linked(schema: Schema, child_name: str, parent_name: str, *, required: bool = True) -> Schema:
    """Give a table a column and a foreign key to a parent that has a key of one column."""
    child, parent = schema.table(child_name), schema.table(parent_name)
    parent = parent if parent.primary_key else _with_key(parent)
    schema = with_table(schema, parent)
    if len(parent.primary_key) != 1:
        return schema
    single = singular_name(snake(parent.name))
    camel = any(is_camel(column.name) for column in child.columns)
    name = "".join(part.title() for part in single.split("_")) + "ID" if camel else f"{single}_id"
    logical = parent.column(parent.primary_key[0]).type
    column = Column(name=name, type=logical, nullable=not required)
    key = ForeignKey(
        columns=(name,),
        parent=parent.name,
        parent_columns=parent.primary_key,
        null_share=None if required else 0.2,
    )
    first = child.primary_key[0] if len(child.primary_key) == 1 else None
    child = with_column(child, column, after=first)
    keys = (*child.foreign_keys, key)
    return with_table(schema, child.model_copy(update={"foreign_keys": keys}))


def _with_key(table: Table) -> Table:
    key = Column(name="id", type=IntegerType(), nullable=False, spec=SequenceSpec())
    columns = (key, *(each for each in table.columns if each.name != "id"))
    return table.model_copy(update={"columns": columns, "primary_key": ("id",)})


def between(
    schema: Schema, relation: Relation, request: Request, ledger: Ledger, back: ForeignKey | None
) -> Schema:
    """Put the pairs of two tables into a table of their own, owned by the one that has so many."""
    if back is not None:
        parent = schema.table(relation.parent)
        rest = tuple(key for key in parent.foreign_keys if key is not back)
        gone = set(back.columns)
        columns = tuple(each for each in parent.columns if each.name not in gone)
        schema = with_table(
            schema, parent.model_copy(update={"foreign_keys": rest, "columns": columns})
        )
    name = _junction(schema, relation)
    if name not in schema.tables_by_name:
        table = Table(
            name=name,
            columns=(Column(name="id", type=IntegerType(), nullable=False, spec=SequenceSpec()),),
            primary_key=("id",),
        )
        schema = with_table(schema, table)
        schema = linked(schema, name, relation.child)
        schema = linked(schema, name, relation.parent)
        ledger.assume(
            f"{relation.parent} and {relation.child} are many to many: {name} holds the pairs"
        )
    table = schema.table(name)
    owner = key_between(table, relation.parent)
    other = key_between(table, relation.child)
    law = law_of(relation)
    if owner is None or other is None:
        return schema
    keys = tuple(
        key.model_copy(update={"owning": key is owner, "law": law if key is owner else key.law})
        for key in table.foreign_keys
    )
    for wish in relation.columns:
        each = made(wish, name, request.language)
        table = with_column(table, each.column)
        table = table.model_copy(update={"rules": (*table.rules, *each.rules)})
        ledger.met(
            wish.words, f"tables.{name}.columns.{wish.name}", f"{name} has the column {wish.name}"
        )
    pair = UniqueKey(columns=(*owner.columns, *other.columns))
    table = table.model_copy(update={"foreign_keys": keys, "rows": None, "unique_keys": (pair,)})
    span = _span((relation.minimum or 0, relation.maximum))
    ledger.met(
        relation.words,
        f"tables.{name}.foreign_keys.{','.join(owner.columns)}.law",
        f"each row of {relation.parent} has {span} rows of {name}",
    )
    return with_table(schema, table)


def _junction(schema: Schema, relation: Relation) -> str:
    """Return the table that already lies between two others, else the name for a new one."""
    for table in schema.tables:
        parents = {key.parent for key in table.foreign_keys}
        if {relation.parent, relation.child} <= parents:
            return table.name
    return f"{singular_name(relation.parent)}_{relation.child}"


def connected(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Link tables of words alone that nothing links: the more numerous to the fewer before them."""
    names = [e.name for e in request.entities if e.name in schema.tables_by_name]
    outside = any(e.known_as is None or e.known_as[0] != request.domain for e in request.entities)
    if len(names) < 2 or (request.named_domain is not None and not outside):
        return schema
    for place, name in enumerate(names):
        entity = next(e for e in request.entities if e.name == name)
        if (
            entity.known_as is not None
            and entity.known_as[0] == request.domain
            and not entity.exact
        ):
            continue
        if _is_linked(schema, name):
            continue
        others = [other for n, other in enumerate(names) if n != place]
        if _is(name, request, "acts"):
            for other in others:
                if not _is(other, request, "acts"):
                    schema = linked(schema, name, other)
                    ledger.assume(_guess(name, other))
            continue
        if _is(name, request, "alone") or any(
            _is(other, request, "acts") and not _is_linked(schema, other) for other in others
        ):
            continue
        parent = _parent_for(name, others, place, names, request)
        if parent is not None:
            child, owner = parent
            schema = linked(schema, child, owner)
            ledger.assume(_guess(child, owner))
    return schema


def _guess(child: str, parent: str) -> str:
    return (
        f"each row of {child} belongs to one of {parent}: the request does not say how they relate"
    )


def _is_linked(schema: Schema, name: str) -> bool:
    if schema.table(name).foreign_keys:
        return True
    return any(key.parent == name for table in schema.tables for key in table.foreign_keys)


def _is(name: str, request: Request, key: str) -> bool:
    """Tell whether the noun of a table is among the words under a key of the language."""
    words = lexicon(request.language)
    entity = next((e for e in request.entities if e.name == name), None)
    noun = plain(entity.noun if entity else name).split()[-1]
    known = {plain(word) for word in words.words(key)}
    return bool({noun, one(noun), noun.removesuffix("s"), noun.removesuffix("en")} & known)


def is_act(name: str, request: Request) -> bool:
    """Tell whether the rows of a table are things that happen: orders, payments, visits."""
    return _is(name, request, "acts")


def is_holder(name: str, request: Request) -> bool:
    """Tell whether the rows of a table hold many of others: departments, warehouses."""
    return _is(name, request, "holders")


def _parent_for(
    name: str, others: list[str], place: int, names: list[str], request: Request
) -> tuple[str, str] | None:
    counts = _counts(request)
    earlier = names[:place] or others
    if not earlier:
        return None
    nearest = earlier[-1] if names[:place] else earlier[0]
    for other in others:
        if _is(name, request, "holders") and not _is(other, request, "holders"):
            return other, name
        if _is(other, request, "holders") and not _is(name, request, "holders"):
            return name, other
    mine, theirs = counts.get(name), counts.get(nearest)
    if mine is not None and theirs is not None and mine < theirs:
        return nearest, name
    return (name, nearest) if names[:place] else (nearest, name)
