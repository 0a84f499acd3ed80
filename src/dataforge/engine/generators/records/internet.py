"""Addresses and tokens of the internet, all within reserved or private ranges."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dataforge.corpora import latin, slug, vocabulary
from dataforge.engine.generators.records import files, fixed, web
from dataforge.engine.generators.records.fields import (
    Draw,
    Joined,
    Made,
    MakeField,
    Part,
    Text,
    Variant,
    joined,
)
from dataforge.streams import BitArray

HOSTS = ("www.example.com", "example.com", "www.example.org", "www.example.net", "blog.example.com")
# 10/8, 172.16/12 and 192.168/16 are private (RFC 1918), 198.18/15 is for tests (RFC 2544).
NETWORKS = tuple(f"10.{octet}." for octet in range(256))
NETWORKS += tuple(f"172.{octet}." for octet in range(16, 32))
NETWORKS += ("192.168.",) * 40 + ("198.18.", "198.19.") * 20
HASH_WIDTHS = (64, 40, 32, 24, 16, 12, 8, 6, 4, 2, 1)
PHRASE_WIDTH = 8
# Bits of the first octet (IEEE 802): set for groups, set for addresses that nobody was assigned.
_GROUP_BIT, _LOCAL_BIT = np.uint64(1 << 56), np.uint64(2 << 56)
STAMP_SPAN_S = 4 * 365 * 86_400


def _evenly(values: list[str] | tuple[str, ...] | pa.Array, purpose: str) -> Part:
    return Part(values, lambda draw: draw.below("internet", purpose, len(values)))


def _slugs(name: str, locale: str) -> list[str]:
    own = [latin(word, locale) for word in vocabulary(name, locale).values.to_pylist()]
    # Paths and hosts of languages in other scripts are in English, as they mostly are.
    words = own if all(own) else map(slug, vocabulary(name).values.to_pylist())
    return list(dict.fromkeys(word for word in words if 2 < len(word) <= PHRASE_WIDTH))


def _pairs() -> list[str]:
    return [f"{first}.{second}" for first in range(256) for second in range(256)]


def ipv4(_locale: str) -> Text:
    """Private and benchmark addresses."""
    unique = (pa.array(list(dict.fromkeys(NETWORKS))), pa.array(_pairs()))
    return Text((joined(_evenly(NETWORKS, "net"), _evenly(_pairs(), "host")),), unique=(unique,))


def ipv6(_locale: str) -> Text:
    """Addresses of 2001:db8::/32 (RFC 3849), in their shortest form."""
    groups = pa.array([f"{number:x}:" for number in range(4096, 65536)])
    last = pa.array([f"{number:x}" for number in range(4096, 65536)])
    head = pa.array(["2001:db8:"])
    parts = [_evenly(head, "v6"), *(_evenly(groups, f"v6{at}") for at in range(5))]
    unique = (head, pa.array(["1:2:3:"]), groups, groups, last)
    return Text((joined(*parts, _evenly(last, "v65")),), unique=(unique,))


def mac(_locale: str) -> Text:
    """Locally administered addresses: the second digit is 2, 6, a or e."""

    def make(draw: Draw) -> pa.Array:
        local = draw.bits("internet", "mac") & ~_GROUP_BIT | _LOCAL_BIT
        digits = fixed.hex_digits(local)
        matrix = fixed.template(len(digits), "00:00:00:00:00:00")
        for octet in range(6):
            matrix[:, octet * 3 : octet * 3 + 2] = digits[:, octet * 2 : octet * 2 + 2]
        return fixed.text(matrix)

    octets = pa.array([f"{a:02x}:{b:02x}" for a in range(256) for b in range(256)])
    unique = (pa.array(["02:00:"]), octets, pa.array([":"]), octets)
    return Text((Made(17, make), *_hex_variants("mac", (12, 8))), unique=(unique,))


def _words(draw: Draw, purpose: str, width: int) -> list[BitArray]:
    return [draw.bits("internet", f"{purpose}{at}") for at in range(-(-width // 16))]


def _hex(purpose: str, width: int) -> Made:
    return Made(width, lambda draw: fixed.hex_text(_words(draw, purpose, width), width))


def _hex_variants(purpose: str, widths: tuple[int, ...]) -> tuple[Variant, ...]:
    return tuple(_hex(purpose, width) for width in widths)


def digest(purpose: str, widths: tuple[int, ...], _locale: str) -> Text:
    """Hexadecimal digits in one of the usual widths."""
    return Text(
        _hex_variants(purpose, widths), unique=tuple(fixed.hex_ranked(width) for width in widths)
    )


def _page(locale: str, head: tuple[str, ...]) -> Joined:
    adjectives, nouns = _slugs("adjective", locale), _slugs("noun", locale)
    openings = [f"{host}/{word}-" for host in head for word in adjectives]
    return joined(_evenly(openings, "adjective"), _evenly(nouns, "noun"))


def _numbers() -> pa.Array:
    return pa.array(["", *(f"-{number}" for number in range(2, 1000))])


def _unique_phrase(locale: str, head: str) -> tuple[pa.Array, ...]:
    openings = pa.array([f"{head}{word}-" for word in _slugs("adjective", locale)])
    return (openings, pa.array(_slugs("noun", locale)), _numbers())


def url(locale: str) -> Text:
    """A page of a reserved domain."""
    hosts = tuple(f"https://{host}" for host in HOSTS)
    short = joined(_evenly(tuple(f"https://{host}" for host in HOSTS[1:2]), "host"))
    bare = joined(_evenly(HOSTS[1:2], "host"))
    unique = _unique_phrase(locale, "https://www.example.com/")
    return Text((_page(locale, hosts), short, bare), unique=(unique,))


def uri_path(locale: str) -> Text:
    """The path of such a page."""
    unique = (_unique_phrase(locale, "/"),)
    return Text((_page(locale, ("",)), *slug_text(locale).variants), unique=unique)


def slug_text(locale: str) -> Text:
    """Two words joined by a dash."""
    adjectives = [f"{word}-" for word in _slugs("adjective", locale)]
    nouns = _slugs("noun", locale)
    noun = _evenly(nouns, "noun")
    unique = (_unique_phrase(locale, ""), (pa.array(nouns), _numbers()))
    return Text((joined(_evenly(adjectives, "adjective"), noun), joined(noun)), unique=unique)


def domain(locale: str) -> Text:
    """A host below ``.example``."""
    hosts = [f"{word}.example" for word in _slugs("noun", locale)]
    adjectives = [f"{word}-" for word in _slugs("adjective", locale)]
    short = _evenly(hosts, "noun")
    unique = (pa.array(adjectives), pa.array(_slugs("noun", locale)), pa.array([".example"]))
    return Text((joined(_evenly(adjectives, "adjective"), short), joined(short)), unique=(unique,))


def _image(folder: str, _locale: str) -> Text:
    """An image below a reserved host."""
    long, short = (
        joined(_evenly((head,), "image"), _pixels(), _evenly((".jpg",), "image"))
        for head in (f"https://cdn.example.com/{folder}/", "")
    )
    four = pa.array([f"{number:04x}" for number in range(65536)])
    unique = (pa.array([f"https://cdn.example.com/{folder}/"]), four, four, pa.array([".jpg"]))
    return Text((long, short), unique=(unique, unique[1:]))


def _pixels() -> Part:
    names = [f"{number:04x}" for number in range(65536)]
    return _evenly(names, "pixels")


def serial(_locale: str) -> Text:
    """Letters and digits as on a label: ``4F2A-91C0-77``."""

    def make(draw: Draw) -> pa.Array:
        digits = np.array(fixed.hex_digits(draw.bits("internet", "serial")))
        digits[(digits >= ord("a"))] -= 32
        matrix = fixed.template(len(digits), "0000-0000-0000")
        for at in range(3):
            matrix[:, at * 5 : at * 5 + 4] = digits[:, at * 4 : at * 4 + 4]
        return fixed.text(matrix)

    four = pa.array([f"{number:04X}" for number in range(65536)])
    dash = pa.array(["-"])
    return Text(
        (Made(14, make), *_hex_variants("serial", (12, 8, 6, 4, 2, 1))),
        unique=((four, dash, four, dash, four), (four, four, four), (four, four), (four,)),
    )


def stamp(_locale: str) -> Text:
    """``20240131184502``: a moment of the four years before now, as MediaWiki writes it."""

    def make(draw: Draw) -> pa.Array:
        past = draw.below("internet", "stamp", STAMP_SPAN_S).astype("timedelta64[s]")
        moments = np.datetime64(draw.now, "s") - past
        return pc.replace_substring_regex(pc.cast(pa.array(moments), pa.string()), r"\D", "")

    return Text((Made(14, make),))


FIELDS: dict[str, MakeField] = {
    "ipv4": ipv4,
    "ipv6": ipv6,
    "mac": mac,
    "url": url,
    "uri_path": uri_path,
    "domain": domain,
    "slug": slug_text,
    "image_url": partial(_image, "images"),
    "avatar_url": partial(_image, "avatars"),
    "hash": partial(digest, "hash", HASH_WIDTHS),
    "md5": partial(digest, "md5", HASH_WIDTHS[2:]),
    "sha1": partial(digest, "sha1", HASH_WIDTHS[1:]),
    "sha256": partial(digest, "sha256", HASH_WIDTHS),
    "sha512": partial(digest, "sha512", (128, *HASH_WIDTHS)),
    "token": partial(digest, "token", HASH_WIDTHS[2:]),
    "serial": serial,
    "stamp": stamp,
    **web.FIELDS,
    "file_name": files.name,
    "file_path": files.path,
    "file_extension": files.FIELDS["extension"],
    "mime_type": files.FIELDS["mime_type"],
}
