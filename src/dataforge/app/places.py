"""Where a data set is or goes, from what a user wrote."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from dataforge.app.settings import Settings
from dataforge.errors import UsageError
from dataforge.sinks.objects.place import SCHEMES, ObjectPlace, StoreOptions

_FAMILIES = {"s3a": "s3", "abfs": "az", "abfss": "az"}


def is_place_url(text: str) -> bool:
    """Tell the URL of files (``s3://``, ``gs://``, ``az://``, ``file://``) from other text."""
    scheme, found, _ = text.partition("://")
    return bool(found) and scheme.lower() in {*SCHEMES, "file"}


def place_of(text: str, settings: Settings) -> Path | ObjectPlace:
    """Return the directory or the object store's prefix that ``text`` names."""
    scheme, found, rest = text.partition("://")
    if not found:
        return Path(text)
    scheme = scheme.lower()
    if scheme == "file":
        return _directory(text)
    family = _FAMILIES.get(scheme, scheme)
    options = StoreOptions(
        config=settings.stores.get(family, ()), allow_http=settings.plain_http(family)
    )
    return ObjectPlace(f"{scheme}://{rest.rstrip('/')}", options)


def _directory(url: str) -> Path:
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"} or not parts.path:
        raise UsageError(f"{url} is no directory of this machine → file:///path/to/directory")
    return Path(unquote(parts.path))
