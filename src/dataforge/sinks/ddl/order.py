"""Parents before children."""

from __future__ import annotations

from dataforge.schema import Schema, Table


def parents_first(schema: Schema) -> tuple[Table, ...]:
    """Return the tables in an order where each comes after its parents, cycles as they stand.

    Depth first over foreign keys, tables and keys in the schema's order: always the same order.
    """
    done: dict[str, Table] = {}
    open_names: set[str] = set()
    for table in schema.tables:
        stack = [(table, iter(table.foreign_keys))]
        if table.name in done:
            continue
        open_names.add(table.name)
        while stack:
            current, keys = stack[-1]
            key = next(keys, None)
            if key is None:
                stack.pop()
                done[current.name] = current
            elif key.parent not in open_names and key.parent in schema.tables_by_name:
                open_names.add(key.parent)
                parent = schema.table(key.parent)
                stack.append((parent, iter(parent.foreign_keys)))
    return tuple(done.values())


def comes_later(schema: Schema, table: Table, parent: str) -> bool:
    """Tell whether rows of ``table`` may refer to rows that come after them, its own included."""
    position = {each.name: number for number, each in enumerate(parents_first(schema))}
    return position.get(parent, -1) >= position[table.name]
