"""Tables for the entities of a request: from the words, from the catalogue, or from the noun."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from dataforge.domains import domain
from dataforge.parsers.meaning.words import classes_of, pieces
from dataforge.parsers.prompt.attributes import meaning_of
from dataforge.parsers.prompt.keys import is_act
from dataforge.parsers.prompt.mending import pruned, renamed_tables, with_column
from dataforge.parsers.prompt.names import is_camel, singular_name, snake
from dataforge.parsers.prompt.request import Entity, Request
from dataforge.parsers.prompt.typing import Made, made, period_rule
from dataforge.parsers.prompt.usual import noun_of
from dataforge.schema import (
    BooleanSpec,
    Column,
    DatetimeSpec,
    DateType,
    Expectation,
    ForeignKey,
    IntegerType,
    NumberSpec,
    Rule,
    Schema,
    SegmentSpec,
    SequenceSpec,
    StringType,
    Table,
    TemplateSpec,
    TimestampType,
    UniqueKey,
    UuidType,
)

PEOPLE = ("person", "employee", "customer", "student", "patient")
_REFERENCES = 1000
_ENUMERATED = 3
_NAMING = re.compile(
    r"name|title|iban|(?:^|_)id$|number|code|nom|titre|titel|titulo|email|isbn|sku|plate|date|time|_at$"
    r"|numero|nummer|姓名|名称|号"
)
_VAGUE = frozenset({"name", "title"})
_OLDEST = 120
_AGES = frozenset({"age", "alter", "edad", "idade", "age_in_years", "年龄"})
_BIRTH = re.compile(r"birth|geburt|naissance|nacimiento|nascimento|出生|dob")


def proposed(request: Request) -> Schema:
    """Return the tables of a request, those of the catalogue with the keys between them."""
    known, names = _known(request)
    base = Schema(name=_schema_name(request), locale=request.locale)
    tables = [*known.tables]
    at = {table.name: place for place, table in enumerate(tables)}
    for entity in request.entities:
        if entity.role in {"readings", "candles"}:
            continue
        if _is_explicit(entity):
            table = explicit_table(entity, request)
        elif entity.known_as is not None and names.get(entity.known_as) in at:
            table = _extended(tables[at[names[entity.known_as]]], entity, request)
        else:
            table = generic_table(entity, request)
        place = at.get(names.get(entity.known_as, "") if entity.known_as else table.name)
        if place is None:
            tables.append(table)
        else:
            tables[place] = table
    schema = base.model_copy(update={"tables": tuple(_distinct(tables))})
    return pruned(_repointed(schema))


def _distinct(tables: Sequence[Table]) -> list[Table]:
    return list({table.name: table for table in tables}.values())


def _repointed(schema: Schema) -> Schema:
    """Let foreign keys point to the key that their parent has, of its type."""
    tables = [_repointed_table(table, schema) for table in schema.tables]
    return schema.model_copy(update={"tables": tuple(tables)})


def _repointed_table(table: Table, schema: Schema) -> Table:
    keys, columns = [], {column.name: column for column in table.columns}
    for key in table.foreign_keys:
        parent = schema.tables_by_name.get(key.parent)
        if parent is None or set(key.parent_columns) <= set(parent.columns_by_name):
            keys.append(key)
            continue
        if len(parent.primary_key) != 1 or len(key.columns) != 1:
            continue
        name = key.columns[0]
        columns[name] = columns[name].model_copy(
            update={"type": parent.column(parent.primary_key[0]).type}
        )
        keys.append(key.model_copy(update={"parent_columns": parent.primary_key}))
    return table.model_copy(
        update={"foreign_keys": tuple(keys), "columns": tuple(columns.values())}
    )


def _schema_name(request: Request) -> str:
    if request.named_domain is not None and request.domain is not None:
        return request.domain
    first = next((entity.name for entity in request.entities), request.domain or "database")
    return snake(first) or "database"


def _is_explicit(entity: Entity) -> bool:
    return entity.exact and bool(entity.columns)


def _known(request: Request) -> tuple[Schema, dict[tuple[str, str], str]]:
    """Return the catalogue's tables that the request needs, under the names that it uses."""
    picked = [
        e
        for e in request.entities
        if e.known_as is not None and e.role not in {"readings", "candles"}
    ]
    wanted: dict[tuple[str, str], None] = dict.fromkeys(e.known_as for e in picked if e.known_as)
    if request.domain is not None:
        wanted |= dict.fromkeys(_company(request, wanted))
    tables: dict[tuple[str, str], Table] = {}
    for place in wanted:
        tables[place] = domain(place[0]).schema.table(place[1])
    order = (
        {name: n for n, name in enumerate(domain(request.domain).schema.tables_by_name)}
        if request.domain
        else {}
    )
    ranked = sorted(tables, key=lambda place: (place[0] != request.domain, order.get(place[1], 0)))
    renames = {e.known_as: e.name for e in picked if e.known_as}
    names: dict[tuple[str, str], str] = {}
    made_schema = Schema()
    for home in dict.fromkeys(place[0] for place in ranked):
        own = {place[1]: renames.get(place, place[1]) for place in ranked if place[0] == home}
        part = pruned(Schema(tables=tuple(tables[place] for place in ranked if place[0] == home)))
        part = renamed_tables(part, {old: new for old, new in own.items() if old != new})
        taken = set(made_schema.tables_by_name)
        made_schema = made_schema.model_copy(
            update={
                "tables": (*made_schema.tables, *(t for t in part.tables if t.name not in taken))
            }
        )
        names |= {(home, old): new for old, new in own.items()}
    return made_schema, names


def _company(request: Request, wanted: dict[tuple[str, str], None]) -> list[tuple[str, str]]:
    """Return the tables of the domain that those wanted cannot be without.

    Owning parents always; of the core also other parents, what lies between two of the tables,
    and all of it where the domain alone is named.
    """
    home = domain(str(request.domain))
    tables, core = home.schema.tables_by_name, home.core
    own = {place[1] for place in wanted if place[0] == home.name}
    if request.named_domain is not None and not request.entities:
        return [(home.name, name) for name in core]
    listed = any(_is_explicit(entity) for entity in request.entities)
    if len(request.entities) == 1 and request.entities[0].role == "hierarchy":
        return []
    if listed and len(request.entities) == 1:
        return []
    if listed and not own - {
        e.known_as[1] for e in request.entities if e.known_as and _is_explicit(e)
    }:
        return []
    bare = {e.known_as[1] for e in request.entities if e.known_as and _is_explicit(e)}
    found = _with_parents(tables, own, core, bare)
    stated = [e for e in request.entities if e.known_as and e.known_as[0] == home.name]
    along = any(entity.role != "table" for entity in request.entities)
    if request.named_domain is not None and len(stated) < _ENUMERATED and not (listed or along):
        found |= set(core)
    if request.named_domain is not None:
        found |= {name for name in core if name not in found and _lies_between(tables[name], found)}
    linked = {name for r in request.relations for name in (r.parent, r.child)}
    loose = {e.known_as[1] for e in stated if e.known_as and e.name not in linked}
    found |= _bridges(tables, loose, found)
    return [(home.name, name) for name in sorted(found - own)]


def _with_parents(
    tables: dict[str, Table], own: set[str], core: tuple[str, ...], bare: set[str]
) -> set[str]:
    """Add the owning parents of tables, and required ones of the core; ``bare`` ones need none."""
    found = set(own)
    open_names = sorted(found)
    while open_names:
        name = open_names.pop()
        for key in tables[name].foreign_keys if name not in bare else ():
            needed = key.owning or (key.parent in core and not _nullable(tables[name], key))
            if needed and key.parent not in found:
                found.add(key.parent)
                open_names.append(key.parent)
    return found


def _bridges(tables: dict[str, Table], loose: set[str], found: set[str]) -> set[str]:
    """Return tables that link one asked for, which nothing links, to another: pilots by crews."""
    bridges: set[str] = set()
    for name in sorted(loose):
        parents = {key.parent for key in tables[name].foreign_keys}
        children = {t for t in found for key in tables[t].foreign_keys if key.parent == name}
        if (parents | children) & found - {name} or len(found) < 2:
            continue
        for other, table in tables.items():
            needed = {key.parent for key in table.foreign_keys}
            if name in needed and needed <= found and len(needed) > 1 and other not in found:
                bridges.add(other)
                break
    return bridges


def _nullable(table: Table, key: ForeignKey) -> bool:
    return any(table.column(name).nullable for name in key.columns)


def _lies_between(table: Table, found: set[str]) -> bool:
    needed = {
        key.parent
        for key in table.foreign_keys
        if not _nullable(table, key) and key.parent != table.name
    }
    return len(needed) > 1 and needed <= found


def explicit_table(entity: Entity, request: Request) -> Table:
    """Return a table of exactly the columns that were listed, with a key where others need one."""
    built = [made(wish, entity.name, request.language) for wish in entity.columns]
    columns = [each.column for each in built]
    rules = tuple(rule for each in built for rule in each.rules) + _in_periods(entity, columns)
    key = _key_of(entity, columns)
    if key is None and _is_related(entity, request):
        name = "ID" if any(is_camel(column.name) for column in columns) else "id"
        key = Column(name=name, type=IntegerType(), nullable=False, spec=SequenceSpec())
        columns.insert(0, key)
    if (
        not entity.marked
        and len(columns) <= _ENUMERATED
        and not any(_NAMING.search(snake(c.name)) for c in columns)
    ):
        named = _plain_column("name", StringType(), entity.name, request.language)
        columns.insert(0 if key is None else 1, named)
    columns = [
        _as_key(column) if key is not None and column.name == key.name else column
        for column in columns
    ]
    columns = [_as_reference(column, entity, request) for column in columns]
    unique = tuple(
        UniqueKey(columns=(w.name,))
        for w in entity.columns
        if w.unique and (key is None or w.name != key.name)
    )
    table = Table(
        name=entity.name,
        columns=tuple(columns),
        rows=entity.count.value if entity.count else None,
        primary_key=(key.name,) if key is not None else (),
        unique_keys=unique,
        rules=rules,
        expectations=_expected(entity, columns),
    )
    return with_templates(_with_births(table), entity)


def _in_periods(entity: Entity, columns: Sequence[Column]) -> tuple[Rule, ...]:
    spans = {wish.name: (wish.start, wish.end) for wish in entity.columns}
    found = []
    for column in columns:
        start, end = spans.get(column.name, (None, None))
        if isinstance(column.spec, DatetimeSpec) and start is not None and end is not None:
            found.append(period_rule(column, start, end))
    return tuple(found)


def _expected(entity: Entity, columns: Sequence[Column]) -> tuple[Expectation, ...]:
    """Return the stated shares of yes-or-no columns."""
    shares = {wish.name: wish for wish in entity.columns if wish.mean is not None}
    return tuple(
        Expectation(
            name=snake(column.name),
            expression=column.name,
            share=column.spec.true_share,
            source=shares[column.name].words.text,
        )
        for column in columns
        if isinstance(column.spec, BooleanSpec) and column.name in shares
    )


def _is_related(entity: Entity, request: Request) -> bool:
    """Tell whether other tables may point to this one."""
    return len(request.entities) > 1


def _key_of(entity: Entity, columns: Sequence[Column]) -> Column | None:
    """Return the column that identifies a row: said to be the key, id, or the table's own id."""
    stated = [wish.name for wish in entity.columns if wish.key and not wish.refers_to]
    single = singular_name(snake(entity.name))
    own = {"id", f"{single}_id", f"{snake(entity.name)}_id", "uuid", f"{single}_uuid"}
    own |= {f"{single.rpartition('_')[2]}_id", f"id_{single}"}
    ranked = [
        [column for column in columns if snake(column.name) == "id"],
        [column for column in columns if column.name in stated],
        [column for column in columns if snake(column.name) in own],
    ]
    return next((found[0] for found in ranked if found), None)


def _as_key(column: Column) -> Column:
    return column.model_copy(update={"nullable": False, "null_share": None})


def _as_reference(column: Column, entity: Entity, request: Request) -> Column:
    """Give an id of something that has no table here a range of its own."""
    name = snake(column.name)
    single = singular_name(snake(entity.name))
    foreign = name.endswith("_id") and name not in {f"{single}_id", "id"}
    if not foreign or column.spec is not None or not isinstance(column.type, IntegerType):
        return column
    rows = entity.count.value if entity.count else _REFERENCES
    most = max(10, min(rows // 2, 10_000_000))
    return column.model_copy(
        update={"spec": NumberSpec(minimum=1, maximum=most), "nullable": False}
    )


def _with_births(table: Table) -> Table:
    """Let a date of birth go with an age whose range is stated."""
    ages = [c for c in table.columns if snake(c.name) in _AGES and isinstance(c.spec, NumberSpec)]
    births = [
        c
        for c in table.columns
        if c.type.kind == "date" and c.spec is None and _BIRTH.search(snake(c.name))
    ]
    if not ages or not births or not isinstance(ages[0].spec, NumberSpec):
        return table
    now: datetime = Schema.model_fields["now"].default
    low, high = (int(bound or 0) for bound in (ages[0].spec.minimum, ages[0].spec.maximum))
    if not 0 <= low <= high <= _OLDEST:
        return table
    specs = {
        str(age): DatetimeSpec(
            start=now.replace(year=now.year - age - 1) + timedelta(days=1),
            end=now.replace(year=now.year - age),
        )
        for age in range(low, high + 1)
    }
    spec = SegmentSpec.model_validate(
        {"by": ages[0].name, "specs": specs, "otherwise": specs[str(low)]}
    )
    return with_column(table, births[0].model_copy(update={"spec": spec}))


def with_templates(table: Table, entity: Entity) -> Table:
    """Compose the columns that were asked to be made of others."""
    for wish in entity.columns:
        if wish.template is None:
            continue
        names = {snake(column.name): column.name for column in table.columns}
        text, lost = _filled(wish.template, names)
        if not lost:
            column = table.column(wish.name).model_copy(
                update={"spec": TemplateSpec(template=text), "nullable": False}
            )
            table = with_column(table, column)
    return table


def _filled(template: str, names: dict[str, str]) -> tuple[str, bool]:
    lost = False

    def fill(match: re.Match[str]) -> str:
        nonlocal lost
        found = next((names[n] for n in _ALIASES[match[1]] if n in names), None)
        lost = lost or found is None
        return f"{{{found}{match[2] or ''}}}"

    return re.sub(r"\{(\w+)(:\w+)?\}", fill, template), lost


_ALIASES = {
    "first_name": (
        "first_name",
        "firstname",
        "fname",
        "vorname",
        "prenom",
        "nombre",
        "nome",
        "given_name",
    ),
    "last_name": (
        "last_name",
        "lastname",
        "surname",
        "nachname",
        "nom",
        "nom_de_famille",
        "apellido",
        "apellidos",
        "sobrenome",
        "family_name",
    ),
}


def _extended(table: Table, entity: Entity, request: Request) -> Table:
    """Return a table of the catalogue with the columns that were asked for besides."""
    for wish in entity.columns:
        each = made(wish, table.name, request.language)
        named = _like(table, wish.name)
        if named is not None and each.column.spec is None:
            continue
        if named is not None:
            each = _named(each, named)
        table = with_column(table, each.column)
        table = table.model_copy(update={"rules": (*table.rules, *each.rules)})
    rows = entity.count.value if entity.count else table.rows
    comment = None if request.language == "en" else entity.noun
    return table.model_copy(update={"rows": rows, "comment": table.comment or comment})


def _named(each: Made, name: str) -> Made:
    old = each.column.name
    rules = tuple(
        Rule(expression=re.sub(rf"\b{re.escape(old)}\b", name, rule.expression))
        for rule in each.rules
    )
    return Made(each.column.model_copy(update={"name": name}), rules)


def _like(table: Table, name: str) -> str | None:
    """Return the column of a table that a wish of this name means."""
    wanted = snake(name)
    names = {snake(column.name): column.name for column in table.columns}
    if wanted in names:
        return names[wanted]
    ends = [own for own in names if own.endswith(f"_{wanted}") or wanted.endswith(f"_{own}")]
    return names[ends[0]] if len(ends) == 1 and len(wanted) > 3 else None


def generic_table(entity: Entity, request: Request) -> Table:
    """Return a table for a noun that the catalogue does not know: a key and what is said."""
    words = pieces(entity.name)
    kinds = classes_of(words)
    columns = [Column(name="id", type=IntegerType(), nullable=False, spec=SequenceSpec())]
    own = {snake(wish.name) for wish in entity.columns}
    for name, logical in _usual(person="person" in kinds):
        needless = own & {"title", "first_name", "name"} or is_act(entity.name, request)
        if name not in own and not (name == "name" and needless):
            columns.append(_plain_column(name, logical, entity.name, request.language))
    built = [made(wish, entity.name, request.language) for wish in entity.columns]
    columns += [each.column for each in built if snake(each.column.name) != "id"]
    rules = tuple(rule for each in built for rule in each.rules)
    return Table(
        name=entity.name,
        columns=tuple({column.name: column for column in columns}.values()),
        rows=entity.count.value if entity.count else None,
        primary_key=("id",),
        rules=rules,
        comment=None if request.language == "en" else entity.noun,
    )


def _plain_column(
    name: str, logical: StringType | DateType | TimestampType | UuidType, table: str, language: str
) -> Column:
    """Return a usual column; things that have no names of their own are numbered: Pump 7."""
    column = Column(name=name, type=logical, nullable=False)
    match = meaning_of(name, table, language)
    if name != "name" or (match is not None and match.concept.name not in _VAGUE):
        return column
    return column.model_copy(update={"spec": TemplateSpec(template=f"{noun_of(table)} {{id}}")})


def _usual(
    *, person: bool
) -> tuple[tuple[str, StringType | DateType | TimestampType | UuidType], ...]:
    if person:
        return (("first_name", StringType()), ("last_name", StringType()), ("email", StringType()))
    return (("name", StringType()), ("created_at", TimestampType()))
