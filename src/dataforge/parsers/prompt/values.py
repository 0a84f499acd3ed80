"""Lists of values in what is said of a column: "A", "B" or "C"; one of …; from A to F."""

from __future__ import annotations

import re

from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.schema import Scalar

_QUOTED = re.compile(
    r"[\"“”„«「]\s*([^\"“”„«»「」]{1,60}?)\s*[\"“”»」]|(?<!\w)['‘]([^'’]{1,60})['’](?!\w)"
)
_SLASHES = re.compile(
    r"(?<![\w/])([\w+.-]+(?: [\w+-]+)?(?:\s?/\s?[\w+.-]+(?: [\w+-]+)?)+)(?![\w/])"
)
_PIPES = re.compile(r"([\w+.-]+(?:\s*\|\s*[\w +.-]+)+)")
_LETTERS = re.compile(r"\b([A-Z])\s*(?:-|–|to|bis|à|a|até|到|至)\s*([A-Z])\b")
_SHARE = re.compile(
    r"^(?P<value>.*?)[\s:(]+(?P<share>\d+(?:[.,]\d+)?)\s*%\)?$|^(?P<first>\d+(?:[.,]\d+)?)\s*%\s+(?P<then>.+)$"
)
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")
_OPEN = "([{（【"
_WORDS_OF_VALUE = 4
_FEW = 3
_MOST = 60


def values_of(said: str, words: Lexicon) -> dict[str, object]:
    """Return ``values`` (with ``weights``), a ``constant`` or an ``example``, as far as stated."""
    if not said:
        return {}
    like = re.search(words.any("like"), said, re.IGNORECASE)
    constant = re.match(
        rf"\W*(?:{words.any('always')})\s+(?:be\s+)?(?P<value>.+)$", said, re.IGNORECASE
    )
    if constant and len(_cut(constant["value"])) <= _MOST and not like:
        return {"constant": _scalar(_unquoted(_cut(constant["value"])))}
    if like:
        return _examples(said[: like.start()], said[like.end() :], words)
    return _listed(said, words)


def _listed(said: str, words: Lexicon) -> dict[str, object]:
    quoted = [a or b for a, b in _QUOTED.findall(said)]
    if len(quoted) > 1:
        return _weighted(quoted)
    letters = _LETTERS.search(said)
    if letters and letters[1] < letters[2]:
        return {"values": tuple(map(chr, range(ord(letters[1]), ord(letters[2]) + 1)))}
    stated = re.search(
        rf"(?:{words.any('one_of')})\s*[:：]?\s*(?P<list>.+)$", said, re.IGNORECASE | re.DOTALL
    )
    if stated and not _is_range(stated["list"], words):
        listed = _pieces(_cut(stated["list"]), words)
        if len(listed) > 1:
            return _weighted(listed)
    for pattern, joint in ((_PIPES, "|"), (_SLASHES, "/")):
        match = pattern.search(said)
        if match and not re.search(r"\d\s?/\s?\d|[dmyDMY]{1,4}/[dmyDMY]", match[1]):
            parts = [part.strip() for part in match[1].split(joint)]
            if not {part.casefold() for part in parts} & _truths(words):
                return _weighted(parts)
    enumerated = _pieces(said, words)
    closed = re.search(words.any("or"), said, re.IGNORECASE) or re.match(
        r"^\s*[(\[{]?\s*\w+\s*[,，、]", said
    )
    if len(enumerated) > 1 and all(_SHARE.match(part) for part in enumerated):
        return _weighted(enumerated)
    short = all(len(part.split()) <= _FEW for part in enumerated)
    if len(enumerated) > 1 and closed and short and not _says_more(enumerated, words):
        return _weighted(enumerated)
    return {}


def _truths(words: Lexicon) -> frozenset[str]:
    """Return the words of yes-or-no pairs: they are a type, not values."""
    pairs = (each for each in words.table("types").get("boolean", ()) if "/" in each)
    return frozenset(part.casefold() for pair in pairs for part in pair.split("/"))


def _examples(before: str, after: str, words: Lexicon) -> dict[str, object]:
    """Read three short examples or more as what the values are, fewer as an example."""
    quoted = [a or b for a, b in _QUOTED.findall(after)]
    listed = quoted or _pieces(_cut(after), words)
    listed = [
        each
        for each in listed
        if each.casefold().strip(". ") not in words.folded("default_phrases")
    ]
    if len(listed) >= _FEW and all(len(each.split()) <= _WORDS_OF_VALUE for each in listed):
        return _weighted(listed)
    found = _listed(before, words)
    return found | ({"example": listed[0]} if listed else {})


def _pieces(text: str, words: Lexicon) -> list[str]:
    body = text.strip().strip("[](){}（）")
    parts = re.split(
        rf"\s*[,，、;]\s*|\s+(?:{words.any('or', 'and')})\s+|(?:{words.any('or')})(?=\s)", body
    )
    pale = re.compile(rf"^(?:(?:{words.any('or', 'and')})\s+)", re.IGNORECASE)
    cleaned = (_unquoted(pale.sub("", part.strip())).strip(" .;。") for part in parts)
    listed = [part for part in cleaned if part]
    skip = words.folded("default_phrases")
    return [part for part in listed if part.casefold() not in skip]


def _is_range(text: str, words: Lexicon) -> bool:
    return bool(re.match(rf"\s*-?[\d.,]+\s*(?:{words.any('to')})\s*-?[\d.,]+", text, re.IGNORECASE))


def _says_more(parts: list[str], words: Lexicon) -> bool:
    """Tell whether the parts are prose: they begin with articles, or name a type or a bound."""
    lead = re.compile(
        words.any("articles", "at_least", "at_most", "average", "unique", "optional", "positive"),
        re.IGNORECASE,
    )
    types = {each for listed in words.table("types").values() for each in listed}
    plain = [part.casefold() for part in parts]
    typed = any(part in types for part in plain)
    return typed or any(lead.match(part) for part in parts if len(part) > 1)


def _weighted(listed: list[str]) -> dict[str, object]:
    values, shares = [], []
    for each in listed[:_MOST]:
        match = _SHARE.match(each.strip())
        value = each if match is None else (match["value"] or match["then"])
        share = None if match is None else (match["share"] or match["first"])
        values.append(_unquoted(value.strip(" :(")))
        shares.append(None if share is None else float(share.replace(",", ".")))
    distinct = list(dict.fromkeys(values))
    scalars = tuple(_scalar(value) for value in distinct)
    if len(distinct) < 2:
        return {}
    if None in shares or len(distinct) < len(values):
        return {"values": scalars}
    return {"values": scalars, "weights": tuple(share for share in shares if share is not None)}


def _cut(text: str) -> str:
    """Return a text up to the end of its sentence."""
    return re.split(r"[.。](?:\s|$)|\n", text.strip(), maxsplit=1)[0].strip()


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'“”‘’«»„「」`").strip()


def _scalar(text: str) -> Scalar:
    if _NUMBER.match(text) and not re.match(r"^0\d", text):
        return float(text) if "." in text else int(text)
    return text
