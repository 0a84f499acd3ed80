"""What browsers, servers and networks say of a request: fields of record internet that agree."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pyarrow as pa

from dataforge.corpora import slot_table
from dataforge.engine.generators.records.fields import (
    MakeField,
    Part,
    Slots,
    Text,
    coded,
    joined,
)
from dataforge.engine.generators.records.tabled import Rows

METHODS = {"GET": 78, "POST": 14, "PUT": 3, "PATCH": 2, "DELETE": 1, "HEAD": 1, "OPTIONS": 1}
ROLES = (
    "web",
    "app",
    "api",
    "db",
    "cache",
    "queue",
    "auth",
    "mail",
    "proxy",
    "worker",
    "build",
    "node",
)
SITES = ("fra1", "lon1", "nyc3", "sfo2", "sgp1", "ams2", "par1", "tyo1", "syd1", "sao1")
# RFC 5737: three networks that stand for public addresses in documentation.
DOCUMENTATION = ("192.0.2.", "198.51.100.", "203.0.113.")


@cache
def _rows(table: str, locale: str) -> Rows:
    return Rows("internet", table, locale)


def _column(table: str, column: str, locale: str) -> Text:
    return _rows(table, locale).text(column)


def _evenly(values: list[str] | tuple[str, ...], purpose: str) -> Part:
    return Part(values, lambda draw: draw.below("internet", purpose, len(values)))


def user_agent(locale: str) -> Text:
    """What the browser of the row says of itself, its system and its device."""
    return _rows("user_agent", locale).text("user_agent")


def http_method(_locale: str) -> Text:
    """GET more often than all others together."""
    slots = slot_table(len(METHODS), np.array(list(METHODS.values()), dtype=float))
    return coded(Slots("internet", "method", slots), list(METHODS))


def ipv4_private(_locale: str) -> Text:
    """Addresses of home and office networks (RFC 1918)."""
    heads = (*("192.168.0.", "192.168.1.", "192.168.178.") * 12, "10.0.0.", "10.0.1.", "10.1.0.",
             *(f"10.{a}.{b}." for a in range(4, 60) for b in (0, 1, 2, 16)),
             *(f"172.{a}.{b}." for a in range(16, 32) for b in (0, 1, 5)))  # fmt: skip
    hosts = [str(number) for number in range(2, 255)]
    pairs = pa.array([f"{a}.{b}" for a in range(256) for b in range(1, 255)])
    unique = (pa.array([f"10.{octet}." for octet in range(256)]), pairs)
    return Text((joined(_evenly(heads, "lan"), _evenly(hosts, "lan host")),), unique=(unique,))


def ipv4_public(_locale: str) -> Text:
    """Addresses that stand for public ones in documentation (RFC 5737): 762 of them."""
    hosts = [str(number) for number in range(1, 255)]
    parts = _evenly(DOCUMENTATION, "wan"), _evenly(hosts, "wan host")
    return Text((joined(*parts),), unique=(tuple(part.values for part in parts),))


def cidr(_locale: str) -> Text:
    """A private network with its prefix: ``10.24.0.0/16``."""
    blocks = [f"10.{a}.0.0/16" for a in range(256)]
    blocks += [f"172.16.{b}.0/24" for b in range(256)] + [f"192.168.{b}.0/24" for b in range(256)]
    return Text((joined(_evenly(blocks, "cidr")),), unique=((pa.array(blocks),),))


def hostname(_locale: str) -> Text:
    """A machine's name in a reserved domain: ``api-07.fra1.example.net``."""
    machines = [f"{role}-{number:02}" for role in ROLES for number in range(1, 41)]
    sites = [f".{site}.example.net" for site in SITES]
    parts = _evenly(machines, "machine"), _evenly(sites, "site")
    numbers = pa.array([str(number) for number in range(100, 100_000)])
    unique = (pa.array([f"{role}-" for role in ROLES]), numbers, parts[1].values)
    return Text((joined(*parts), joined(parts[0])), unique=(unique,))


FIELDS: dict[str, MakeField] = {
    "ipv4_private": ipv4_private,
    "ipv4_public": ipv4_public,
    "cidr": cidr,
    "hostname": hostname,
    "user_agent": user_agent,
    "browser": partial(_column, "user_agent", "browser"),
    "browser_version": partial(_column, "user_agent", "version"),
    "operating_system": partial(_column, "user_agent", "os"),
    "device_type": partial(_column, "user_agent", "device"),
    "http_method": http_method,
    "http_status": lambda locale: _rows("http_status", locale).number("code"),
    "http_status_text": partial(_column, "http_status", "phrase"),
    "port": lambda locale: _rows("port", locale).number("number"),
    "service": partial(_column, "port", "service"),
    "protocol": partial(_column, "port", "protocol"),
}
