"""Database URLs taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from dataforge.errors import UsageError


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a database URL; ``label`` is safe to show."""

    host: str
    port: int | None
    user: str | None
    password: str | None
    database: str
    options: tuple[tuple[str, str], ...]

    @property
    def label(self) -> str:
        """Where it is, without user and password."""
        port = f":{self.port}" if self.port else ""
        return f"{self.host}{port}/{self.database}" if self.host else self.database


def parse_url(url: str) -> Address:
    """Take a URL apart; UsageError when it is not one."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        # What Python's message quotes as a wrong port may be a piece of the password.
        msg = (
            "the database URL cannot be read: after the host comes a port, which is a number "
            "below 65536 → percent-encode special characters of the password"
        )
        raise UsageError(msg) from None
    return Address(
        host=parts.hostname or "",
        port=port,
        user=_decoded(parts.username),
        password=_decoded(parts.password),
        database=_path(parts),
        options=tuple(parse_qsl(parts.query)),
    )


def scheme_of(url: str) -> str:
    """Return the scheme without a driver (``mysql+pymysql`` is ``mysql``)."""
    return url.partition("://")[0].partition("+")[0].lower()


def _path(parts: SplitResult) -> str:
    return unquote(parts.path.removeprefix("/"))


def _decoded(text: str | None) -> str | None:
    return None if text is None else unquote(text)
