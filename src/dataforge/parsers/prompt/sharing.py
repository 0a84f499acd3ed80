"""A stated share → weights of a column, and an expectation that the verifier measures."""

from __future__ import annotations

import re

from dataforge.parsers.prompt.keys import is_act
from dataforge.parsers.prompt.ledger import Ledger
from dataforge.parsers.prompt.lexicon import plain
from dataforge.parsers.prompt.mending import with_column, with_spec, with_table
from dataforge.parsers.prompt.names import snake
from dataforge.parsers.prompt.request import Request, Trait
from dataforge.parsers.prompt.states import categorical
from dataforge.parsers.prompt.structure import sentence_at
from dataforge.parsers.prompt.typing import concept_of, literal, quoted
from dataforge.schema import (
    BooleanSpec,
    BooleanType,
    CategoricalSpec,
    Column,
    ConditionalSpec,
    ConstantSpec,
    EnumType,
    Expectation,
    Scalar,
    Schema,
    SegmentSpec,
    Spec,
    StatusSpec,
    StringType,
    Table,
)
from dataforge.schema.references import nested

_WHOLE_SLACK = 0.021
_DIVIDING = frozenset(
    "sentiment status type category kind state outcome result plan tier priority channel method "
    "payment_method level stage segment gender".split()
)
_SETTLED = frozenset({"late", "delivered", "returned", "completed", "paid", "expired", "no_show"})


def shared(schema: Schema, trait: Trait, request: Request, ledger: Ledger) -> Schema:
    """Return the schema with a share of a table's rows in a state."""
    if trait.share is None:
        return schema
    names = [name for name in trait.candidates if name in schema.tables_by_name]
    names += [table.name for table in schema.tables if table.name not in names]
    if trait.columns:
        return _nulls(schema, trait, names, request, ledger)
    tables = names[:1] if trait.entity in names else names
    for name in (trait.entity, *tables):
        table = schema.tables_by_name.get(name or "")
        found = None if table is None else _value(table, trait)
        if table is not None and found is not None:
            return _weighted(schema, table, *found, trait, ledger)
    for name in names:
        found_flag = _flag(schema.table(name), trait)
        if found_flag is not None:
            return _flagged(schema, schema.table(name), found_flag, trait, ledger)
    if not names:
        ledger.miss(trait.words, "no table that it could be said of")
        return schema
    acts = [name for name in names if is_act(name, request)]
    first = trait.entity if trait.entity in names else (acts or names)[0]
    return _new_state(schema, schema.table(str(first)), trait, ledger)


def split_shares(schema: Schema, request: Request, ledger: Ledger) -> Schema:
    """Put shares of one sentence that make up the whole into one column."""
    groups: dict[int, list[Trait]] = {}
    for trait in request.traits:
        if trait.kind == "share" and trait.share and not trait.columns:
            groups.setdefault(sentence_at(request.sentences, trait.words.start), []).append(trait)
    for traits in groups.values():
        total = sum(trait.share or 0 for trait in traits)
        if len(traits) < 2 or abs(total - 1) > _WHOLE_SLACK:
            continue
        names = [n for n in traits[0].candidates if n in schema.tables_by_name]
        names += [table.name for table in schema.tables if table.name not in names]
        table = schema.table(names[0])
        if any(_value(table, trait) for trait in traits):
            continue
        schema = _divided(schema, table, traits, ledger)
    return schema


def _divided(schema: Schema, table: Table, traits: list[Trait], ledger: Ledger) -> Schema:
    open_columns = [c.name for c in table.columns if c.spec is None and snake(c.name) in _DIVIDING]
    name = open_columns[0] if open_columns else "status"
    spec = CategoricalSpec(
        values=tuple(trait.state for trait in traits),
        weights=tuple(float(trait.share or 0) for trait in traits),
    )
    table = with_column(table, Column(name=name, type=StringType(), nullable=False, spec=spec))
    for trait in traits:
        schema = _expected(
            schema, table, name, f"{quoted(name)} = {literal(trait.state)}", trait, ledger
        )
        table = schema.table(table.name)
    return schema


def _value(table: Table, trait: Trait) -> tuple[Column, Scalar] | None:
    """Return the column and its value that the state is: by the words, then by their English."""
    listed = [(column, value) for column in table.columns for value in values(column)]
    said = _stem(trait.state)
    for column, value in listed:
        if _stem(str(value)) == said:
            return column, value
    for state in trait.states:
        for column, value in listed:
            if _stem(str(value)) == _stem(state):
                return column, value
    for column, value in listed:
        words = _stem(str(value))
        if len(words) > 3 and re.search(rf"(?<!\w){re.escape(words)}", said):
            return column, value
    return None


def values(column: Column) -> tuple[Scalar, ...]:
    """Return the values that a column is known to have."""
    match column.spec:
        case CategoricalSpec(values=found):
            return found
        case StatusSpec() as spec:
            states = (spec.initial, *(each.target for each in spec.transitions))
            return tuple(dict.fromkeys(states))
        case ConditionalSpec() | SegmentSpec() as spec:
            return tuple(
                dict.fromkeys(value for leaf in nested(spec) for value in _leaf_values(leaf))
            )
        case None if isinstance(column.type, EnumType):
            return column.type.values
        case _:
            return ()


def _leaf_values(spec: Spec) -> tuple[Scalar, ...]:
    match spec:
        case CategoricalSpec(values=found):
            return found
        case ConstantSpec(value=str(value)):
            return (value,)
        case _:
            return ()


def _stem(text: str) -> str:
    """Return words for comparing: no case, accents, signs; cancelled is canceled."""
    return re.sub(r"[\W_]+", " ", plain(text)).strip().replace("cancelled", "canceled")


def _weighted(
    schema: Schema, table: Table, column: Column, value: Scalar, trait: Trait, ledger: Ledger
) -> Schema:
    share = float(trait.share or 0)
    table = categorical(table, column.name)
    spec = table.column(column.name).spec
    if isinstance(spec, ConditionalSpec | SegmentSpec):
        return _in_branches(schema, table, column, value, trait, ledger)
    if isinstance(spec, CategoricalSpec):
        table = with_spec(table, column.name, _with_share(spec, value, share), null_share=0.0)
    else:
        listed = values(column)
        rest = (1 - share) / max(1, len(listed) - 1)
        weights = tuple(share if each == value else rest for each in listed)
        table = with_spec(table, column.name, CategoricalSpec(values=listed, weights=weights))
    condition = f"{quoted(column.name)} = {literal(value)}"
    return _expected(schema, table, column.name, condition, trait, ledger)


def _in_branches(
    schema: Schema, table: Table, column: Column, value: Scalar, trait: Trait, ledger: Ledger
) -> Schema:
    """Give every branch of a conditional the share, so that the whole has it.

    What can only have happened already (late, delivered) stays in the branches that have it; the
    share is then that of the rows of those branches.
    """
    share, spec = float(trait.share or 0), column.spec
    condition = f"{quoted(column.name)} = {literal(value)}"
    settled = bool(_SETTLED & set(trait.states))
    if isinstance(spec, ConditionalSpec) and settled:
        spec = _chosen(spec, value)
        changed: Spec | None = spec.model_copy(
            update={
                "branches": tuple(
                    b.model_copy(update={"then": _leaf(b.then, value, share, add=False)})
                    for b in spec.branches
                ),
                "otherwise": _leaf(spec.otherwise, value, share, add=False),
            }
        )
        where = _where(spec, value)
    else:
        changed = _all_leaves(spec, value, share)
        where = None
    table = with_spec(table, column.name, changed)
    return _expected(schema, table, column.name, condition, trait, ledger, where)


def _all_leaves(spec: Spec | None, value: Scalar, share: float) -> Spec | None:
    match spec:
        case ConditionalSpec():
            branches = tuple(
                b.model_copy(update={"then": _all_leaves(b.then, value, share)})
                for b in spec.branches
            )
            other = _all_leaves(spec.otherwise, value, share)
            return spec.model_copy(update={"branches": branches, "otherwise": other})
        case SegmentSpec():
            return spec.changed(lambda part: _all_leaves(part, value, share) or part)
        case None:
            return None
        case _:
            return _leaf(spec, value, share, add=True)


def _leaf(spec: Spec, value: Scalar, share: float, *, add: bool) -> Spec:
    match spec:
        case CategoricalSpec() if value in spec.values:
            return _with_share(spec, value, share)
        case CategoricalSpec() if add:
            weights = spec.weights or (1.0,) * len(spec.values)
            total = sum(weights)
            scaled = tuple(weight * (1 - share) / total for weight in weights)
            return CategoricalSpec(values=(*spec.values, value), weights=(*scaled, share))
        case ConstantSpec(value=str(other)) if add and other != value:
            return CategoricalSpec(values=(other, value), weights=(1 - share, share))
        case _:
            return spec


def _chosen(spec: ConditionalSpec, value: Scalar) -> ConditionalSpec:
    """Let a value that only a condition of its own leads to be chosen among the last ones."""
    own = [b for b in spec.branches if isinstance(b.then, ConstantSpec) and b.then.value == value]
    rest = tuple(branch for branch in spec.branches if branch not in own)
    if not own or not rest:
        return spec
    match spec.otherwise:
        case ConstantSpec(value=str(other)):
            last: Spec = CategoricalSpec(values=(other, value))
        case CategoricalSpec(values=listed) if value not in listed:
            last = CategoricalSpec(values=(*listed, value))
        case _:
            return spec
    return ConditionalSpec(branches=rest, otherwise=last)


def _where(spec: ConditionalSpec, value: Scalar) -> str | None:
    """Return the condition of the rows whose branch has the value; None where all have it."""
    before: list[str] = []
    parts: list[str] = []
    everywhere = True
    for branch in spec.branches:
        if value in _leaf_values(branch.then) and isinstance(branch.then, CategoricalSpec):
            parts.append(" AND ".join([*before, f"({branch.condition})"]))
        else:
            everywhere = False
        before.append(f"NOT ({branch.condition})")
    if value in _leaf_values(spec.otherwise):
        parts.append(" AND ".join(before))
    else:
        everywhere = False
    return None if everywhere or not parts else " OR ".join(f"({part})" for part in parts)


def _with_share(spec: CategoricalSpec, value: Scalar, share: float) -> CategoricalSpec:
    """Return the spec with a share for one value, the others in proportion in the rest."""
    weights = spec.weights or (1.0,) * len(spec.values)
    rest = sum(w for v, w in zip(spec.values, weights, strict=True) if v != value)
    scaled = tuple(
        share if each == value else (weight * (1 - share) / rest if rest else 0.0)
        for each, weight in zip(spec.values, weights, strict=True)
    )
    return spec.model_copy(update={"weights": scaled})


def _flag(table: Table, trait: Trait) -> Column | None:
    """Return the yes-or-no column that is named after the state."""
    wanted = {snake(trait.state), *map(snake, trait.states)}
    for column in table.columns:
        name = re.sub(r"^(?:is|has|was)_", "", snake(column.name))
        if isinstance(column.type, BooleanType) and name in wanted:
            return column
    return None


def _flagged(schema: Schema, table: Table, column: Column, trait: Trait, ledger: Ledger) -> Schema:
    spec = BooleanSpec(true_share=float(trait.share or 0))
    table = with_spec(table, column.name, spec, nullable=False, null_share=None)
    return _expected(schema, table, column.name, quoted(column.name), trait, ledger)


def _new_state(schema: Schema, table: Table, trait: Trait, ledger: Ledger) -> Schema:
    """Give a table a yes-or-no column for a state that it has no place for."""
    state = trait.states[0] if trait.states else trait.state
    name = snake(state)
    if not name:
        ledger.miss(trait.words, "no column could be named after it")
        return schema
    name = f"is_{name}"[:60]
    column = Column(
        name=name,
        type=BooleanType(),
        nullable=False,
        spec=BooleanSpec(true_share=float(trait.share or 0)),
    )
    ledger.assume(f"{table.name}.{name} was added to say which rows are {state!r}")
    return _expected(schema, with_column(table, column), name, quoted(name), trait, ledger)


def _nulls(
    schema: Schema, trait: Trait, names: list[str], request: Request, ledger: Ledger
) -> Schema:
    """Leave a share of a column empty: 10 % have no phone."""
    wanted = snake(trait.columns[0])
    for name in names:
        table = schema.table(name)
        for column in table.columns:
            own = snake(column.name)
            same = own == wanted or own.startswith(f"{wanted}_") or own.endswith(f"_{wanted}")
            meant = concept_of(wanted, name, request.language)
            if same or (meant and meant == concept_of(own, name, "en")):
                if column.name in table.primary_key:
                    continue
                changed = column.model_copy(update={"nullable": True, "null_share": trait.share})
                return _expected(
                    schema,
                    with_column(table, changed),
                    column.name,
                    f"{quoted(column.name)} IS NULL",
                    trait,
                    ledger,
                )
    ledger.miss(trait.words, f"no column {wanted!r} that could be empty")
    return schema


def _expected(
    schema: Schema,
    table: Table,
    column: str,
    condition: str,
    trait: Trait,
    ledger: Ledger,
    where: str | None = None,
) -> Schema:
    name = f"{snake(column)}_{snake(trait.states[0] if trait.states else trait.state)}"[:60].strip(
        "_"
    )
    if where is not None:
        ledger.assume(
            f"{trait.words.text.strip()!r} is understood of the rows of {table.name} "
            f"where it can be said already"
        )
    wish = Expectation(
        where=where,
        name=name,
        expression=condition,
        share=float(trait.share or 0),
        source=trait.words.text.strip(),
    )
    others = tuple(each for each in table.expectations if each.name != name)
    table = table.model_copy(update={"expectations": (*others, wish)})
    ledger.met(
        trait.words,
        f"tables.{table.name}.expectations.{name}",
        f"{condition} in {wish.share:.4g} of the rows of {table.name}",
    )
    return with_table(schema, table)
