"""Values of the Faker library, any provider and locale, drawn from a pool that is made once.

Faker makes one value at a time, so a column of its own would be some hundred times slower than
every other generator. A pool costs its size in calls, once for each process; what rows draw from
it then costs a gather. The pool is a function of (schema seed and present day, table, column,
spec), whichever process makes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import pyarrow as pa

from dataforge.engine.cells import Cells, Domain, Generator, Site
from dataforge.engine.generators.categories import ListDomain, gather
from dataforge.engine.generators.faker_library import Source, known, made, refusal
from dataforge.engine.generators.faker_values import fitting
from dataforge.errors import Problem, SchemaError, UsageError
from dataforge.locales import locale_mix, locale_problems
from dataforge.schema import ColumnType, FakerSpec
from dataforge.streams import below, derive_key


@dataclass(frozen=True)
class Pool:
    """Picks entries of ``values``, each as likely as any other."""

    values: pa.Array
    needs: tuple[str, ...] = ()

    def make(self, cells: Cells) -> pa.Array:
        """Draw an index a row and gather."""
        return gather(self.values, below(cells.bits(), len(self.values)))


def build(spec: FakerSpec, site: Site) -> Generator:
    """Build the generator; ``SchemaError`` where no value of the pool fits the column."""
    return Pool(_values(spec, site))


def domain(spec: FakerSpec, site: Site) -> Domain | None:
    """Return the distinct values of the pool: a unique column has room for so many rows."""
    values = _values(spec, site)
    return None if pa.types.is_nested(values.type) else ListDomain(values.unique())


def problems(spec: FakerSpec, path: str, locale: str) -> Iterator[Problem]:
    """Report a missing library, an unknown locale or provider, and refused arguments."""
    try:
        locales = known()
    except UsageError as error:
        yield Problem(f"{path}.kind", error.message, "install it, or use a spec of this package")
        return
    if spec.locale is None and any(locale_problems(locale, path)):
        return  # validation has said so
    for asked in (spec.locale,) if spec.locale else locale_mix(locale).names:
        if asked not in locales:
            message = f"Faker has no locale {asked!r}{_nearest(asked, locales)}"
            yield Problem(f"{path}.locale", message, "write one of Faker's locales")
        else:
            yield from _unmakeable(spec, path, asked)


def _unmakeable(spec: FakerSpec, path: str, locale: str) -> Iterator[Problem]:
    providers = known(locale)
    if spec.provider not in providers:
        hint = _nearest(spec.provider, providers)
        message = f"Faker has no provider {spec.provider!r} for {locale}{hint}"
        yield Problem(f"{path}.provider", message, "write one of Faker's providers")
        return
    refused = refusal(Source(locale, spec.provider, json.dumps(spec.arguments), 1, 0))
    if refused is not None:
        remedy = "correct the arguments, or leave them out"
        yield Problem(f"{path}.arguments", f"{spec.provider} refuses them: {refused}", remedy)


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return a suggestion; Faker's hundreds of names are too many to list."""
    names = get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f" (did you mean {names[0]!r}?)" if names else ""


def _values(spec: FakerSpec, site: Site) -> pa.Array:
    schema, place = site.schema, (site.table.name, site.column.name)
    arguments = json.dumps(spec.arguments)
    locale = spec.locale or site.locale
    key = derive_key(schema.seed, *place, "faker", spec.provider, locale, arguments)
    source = Source(locale, spec.provider, arguments, spec.pool, key, schema.now.isoformat())
    values = _pool(source, site.column.type)
    if not len(values):
        kind = site.column.type.kind
        problem = Problem(
            f"tables.{'.columns.'.join(place)}.spec",
            f"none of the pool's {spec.pool} values of {spec.provider} fits this {kind} column",
            "widen the column's type, or name another provider",
        )
        raise SchemaError.of([problem])
    return values


@cache
def _pool(source: Source, logical: ColumnType) -> pa.Array:
    return fitting(made(source), logical)
