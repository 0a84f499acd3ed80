"""A prefix of an object store as a place for a data set (extra ``objects``).

Objects are written in parts as the rows come and appear under their name when the last part is in;
a failure aborts the upload.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from dataforge.errors import UnknownNameError, UsageError
from dataforge.sinks.atomic import HashingStream
from dataforge.sinks.objects.refusals import refusals

SCHEMES = ("s3", "s3a", "gs", "az", "abfs", "abfss", "memory")
_PART_BYTES = 8 << 20
_CHUNK_BYTES = 1 << 20
_RETRIES = 4
_CONNECT_TIMEOUT = "5s"


@dataclass(frozen=True, slots=True)
class StoreOptions:
    """How to reach a store: obstore's configuration by key; it holds secrets and is not shown."""

    config: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    allow_http: bool = False


_AS_IT_IS = StoreOptions()


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """Everything below ``url``, such as ``s3://bucket/prefix``.

    Every method raises an OutputError that says what a refusal means.
    """

    url: str
    options: StoreOptions = _AS_IT_IS

    def __post_init__(self) -> None:
        """Refuse another scheme, or an address without a bucket."""
        scheme, _, rest = self.url.partition("://")
        if scheme not in SCHEMES:
            raise UnknownNameError.of("kind of object store", scheme, SCHEMES)
        if scheme != "memory" and not rest.partition("/")[0]:
            raise UsageError(f"{self.url} names no bucket → {scheme}://bucket/prefix")

    def __str__(self) -> str:
        """Name the place."""
        return self.url

    def below(self, folder: str) -> ObjectPlace:
        """Return a place inside this one."""
        return replace(self, url=f"{self.url.rstrip('/')}/{folder}")

    @property
    def in_process(self) -> bool:
        """Whether other processes see what is written here."""
        return self.url.startswith("memory:")

    @contextmanager
    def replacing(self, path: str) -> Iterator[HashingStream]:
        """Open an upload that takes the name ``path`` when the block ends well."""
        store, obstore = _opened(self)
        with (
            self._refusals("write", path),
            obstore.open_writer(store, path, buffer_size=_PART_BYTES) as writer,
        ):
            yield HashingStream(writer)

    def write_bytes(self, path: str, content: bytes) -> None:
        """Write a small object."""
        store, obstore = _opened(self)
        with self._refusals("write", path):
            obstore.put(store, path, content)

    def read_bytes(self, path: str) -> bytes | None:
        """Return an object's content, None where there is no such object."""
        store, obstore = _opened(self)
        with self._refusals("read", path):
            try:
                return bytes(obstore.get(store, path).bytes())
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise
                return None

    def download(self, path: str, target: Path) -> None:
        """Write an object's content to a file; UsageError where there is no such object."""
        store, obstore = _opened(self)
        with self._refusals("read", path):
            try:
                found = obstore.get(store, path)
            except FileNotFoundError as error:
                if "NoSuchBucket" in str(error):
                    raise
                raise UsageError(f"{self.url}/{path} does not exist") from None
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as file:
                for chunk in found.stream(min_chunk_size=_CHUNK_BYTES):
                    file.write(chunk)

    def sizes(self) -> dict[str, int]:
        """Return every object below the place with its size."""
        store, obstore = _opened(self)
        with self._refusals("list"):
            return {
                str(each["path"]): int(each["size"])
                for page in obstore.list(store)
                for each in page
            }

    def delete(self, paths: Iterable[str]) -> None:
        """Delete objects; those that are not there are passed over."""
        store, obstore = _opened(self)
        for path in paths:
            with self._refusals("delete", path):
                try:
                    obstore.delete(store, path)
                except FileNotFoundError as error:
                    if "NoSuchBucket" in str(error):
                        raise

    def _refusals(self, doing: str, path: str = "") -> Any:
        place = f"{self.url.rstrip('/')}/{path}" if path else self.url
        return refusals(place, doing, _errors())


def _opened(place: ObjectPlace) -> tuple[Any, Any]:
    return _store(place.url, place.options), _obstore()


@lru_cache(maxsize=8)
def _store(url: str, options: StoreOptions) -> Any:
    """Open a store once in each process; what is in memory lives as long."""
    _obstore()
    stores = import_module("obstore.store")
    with refusals(url, "open", _errors()):
        if url.startswith("memory:"):
            return stores.MemoryStore()
        return stores.from_url(
            url,
            config=dict(options.config),
            client_options={
                "allow_http": options.allow_http,
                "connect_timeout": _CONNECT_TIMEOUT,
            },
            retry_config={"max_retries": _RETRIES},
        )


def _obstore() -> Any:
    try:
        return import_module("obstore")
    except ModuleNotFoundError as error:
        msg = (
            f"object stores need the package {error.name} → pip install 'dataforge-studio[objects]'"
        )
        raise UsageError(msg) from None


def _errors() -> tuple[type[Exception], ...]:
    base = cast("type[Exception]", import_module("obstore.exceptions").BaseError)
    return (base, FileNotFoundError, PermissionError)
