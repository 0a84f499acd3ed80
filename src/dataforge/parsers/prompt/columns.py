"""One entry of a list of columns → what it asks for: name, type, values, bounds, form."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import datetime

from dataforge.parsers.prompt.lexicon import Lexicon
from dataforge.parsers.prompt.names import is_camel, kept, snake
from dataforge.parsers.prompt.numerals import numbers_in
from dataforge.parsers.prompt.periods import periods_in
from dataforge.parsers.prompt.request import ColumnWish, Words
from dataforge.parsers.prompt.structure import Item, unmarked
from dataforge.parsers.prompt.values import values_of

_LABEL = re.compile(
    r"^(?P<label>[^:：=]{1,60}?)\s*(?:[:：=]|\s[-–—]+\s|\s->\s)\s*(?P<rest>.+)$", re.DOTALL
)
_BRACKETED = re.compile(
    r"^(?P<label>[^()（）\[\]]{1,60}?)\s*[(（\[](?P<rest>.+)[)）\]]\s*(?P<tail>.*)$", re.DOTALL
)
_SLASHED = re.compile(r"^(?P<label>.+?)\s+(?P<values>[\w.-]+(?:\s?/\s?[\w.-]+)+)$")
_LAYOUT = re.compile(
    r"\b(?:dd?[/.-]mm?[/.-]yyyy|mm?[/.-]dd?[/.-]yyyy|yyyy[/.-]mm?[/.-]dd?)\b", re.IGNORECASE
)
_LETTERS = re.compile(
    r"\b(\d)[- ]?(?:letters?|characters?|char|Buchstaben|lettres|letras|caracteres)\b"
    r"|(\d)\s*位字母",
    re.IGNORECASE,
)
_UUID = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE
)
_DOMAIN = re.compile(r"@(?P<domain>[\w-]+(?:\.[\w-]+)+)")
_SQL_TYPE = re.compile(
    r"^(?P<label>`?[A-Za-z_]\w*`?)\s+(?P<type>(?:var)?char|text|int(?:eger)?|bigint|smallint|serial|"
    r"numeric|decimal|float|double|real|bool(?:ean)?|date|datetime|timestamp|time|uuid|jsonb?|string)"
    r"\b(?P<size>\s*\([\d\s,]+\))?(?P<rest>.*)$",
    re.IGNORECASE,
)
_SIZES = re.compile(r"\d+")
_RANGED = re.compile(
    r"^(?P<label>[^\W\d].*?)\s+(?P<range>-?\d[\d.,]*\s?(?:-|–|to|bis|à|a|até|到)\s?\d[\d.,]*)$"
)
_GAP = r"[\s,:]*"
_MAX_WORDS = 7
_SQL_KINDS = {"varchar": "string", "numeric": "decimal"}
_PROSE_TYPES = frozenset(
    {"date", "time", "text", "timestamp", "datetime", "string", "real", "double"}
)


def wishes_of(
    item: Item, words: Lexicon, now: datetime, *, typed: bool = False
) -> Iterator[ColumnWish]:
    """Yield the columns that an entry asks for: none where it holds no name.

    ``typed`` says that the entries around it are names with types.
    """
    text = unmarked(item.text)
    place = Words(text=item.text, start=item.start, end=item.end)
    label, rest = parted(text, words, typed=typed)
    label, rest = _asked(*united(label, rest, words), words)
    label, rest = shortened(label, rest, words)
    name = kept(label)
    if not name or len(label.split()) > _MAX_WORDS:
        return
    yield _wish(name, label, rest, place, words, now)


def parted(text: str, words: Lexicon, *, typed: bool = False) -> tuple[str, str]:
    """Return the name in an entry and what is said of it."""
    column = _SQL_TYPE.match(text)
    if column and (typed or "_" in column["label"] or _is_typed(text)):
        size = column["size"] or ""
        return column["label"].strip("`"), f"{column['type']}{size} {column['rest']}"
    bracket = re.search(r"[(（\[]", text)
    parting = re.search(r"[:：=]|\s[-–—]+\s", text)
    first = bracket is not None and (parting is None or bracket.start() < parting.start())
    for pattern in (_BRACKETED, _LABEL) if first else (_LABEL, _BRACKETED):
        match = pattern.match(text)
        if match and match["label"].strip():
            tail = match.groupdict().get("tail") or ""
            inner = _BRACKETED.match(match["label"].strip())
            if inner:
                return unmarked(inner["label"]), f"{inner['rest']}; {match['rest']}"
            return unmarked(match["label"]), f"{match['rest']} {tail}".strip()
    return text, ""


def _is_typed(text: str) -> bool:
    """Tell whether an entry is a name with a type that is no word of prose, as date is."""
    match = _SQL_TYPE.match(text)
    return match is not None and match["type"].casefold() not in _PROSE_TYPES


def united(label: str, rest: str, words: Lexicon) -> tuple[str, str]:
    """Move a unit of measure, and a type or period in the name, to what is said of it."""
    units = rf"\s+(?:{words.any('in_unit')})\s+(?P<unit>{words.any('measure_units')})\s*$"
    match = re.search(units, label, re.IGNORECASE)
    if match:
        label, rest = label[: match.start()], f"{rest} {match['unit']}".strip()
    for key in ("one_of", "always", "between", "at_least", "at_most", "in_time"):
        opener = re.compile(rf"\s+(?P<said>(?:{words.any(key)}){_GAP}\S.*)$", re.IGNORECASE)
        match = opener.search(label)
        while match and not _opens(label, match, key, words):
            match = opener.search(label, match.start() + 1)
        if match:
            label, rest = label[: match.start()], f"{match['said']} {rest}".strip()
    match = _RANGED.match(label)
    if match:
        label, rest = match["label"], f"{match['range']} {rest}".strip()
    match = _SLASHED.match(label)
    if match:
        label, rest = match["label"], f"{match['values']} {rest}".strip()
    return label.strip(" -–—"), rest


def _opens(label: str, match: re.Match[str], key: str, words: Lexicon) -> bool:
    """Tell whether a small word begins what is said of a column: values or a bound follow it.

    It does not where it belongs to the word before: check in, sign up.
    """
    before = label[: match.start()].split()[-1:]
    if before and before[0].casefold() in words.folded("phrasal"):
        return False
    if key in {"one_of", "always"}:
        return True
    value = rf"(?:{words.any(key)}){_GAP}(?:[$€£¥]\s?)?(?:-?\d|Q\d|[A-Z]\b|{words.any('months')})"
    return re.match(value, match["said"], re.IGNORECASE if key == "in_time" else 0) is not None or (
        re.match(value.replace("[A-Z]\\b|", ""), match["said"], re.IGNORECASE) is not None
    )


def _asked(label: str, rest: str, words: Lexicon) -> tuple[str, str]:
    """Read a question as a flag: is the guest a VIP, whether it was paid."""
    match = re.match(words.entries.get("question", r"(?!)"), label, re.IGNORECASE)
    if match is None:
        return label, rest
    return f"is {match['what']}", f"boolean {rest}".strip()


def shortened(label: str, rest: str, words: Lexicon) -> tuple[str, str]:
    """Leave out articles and words that say nothing: a realistic, the product's."""
    found = re.split(
        rf"\s(?:{words.any('clause_ends')})\s", label.strip(" .;,"), maxsplit=1, flags=re.IGNORECASE
    )[0]
    leading = re.compile(
        rf"^(?:{words.any('articles', 'column_pale', 'column_lead')})\s+", re.IGNORECASE
    )
    while (shorter := leading.sub("", found)) != found and shorter:
        found = shorter
    trailing = re.compile(rf"\s+(?P<type>{words.any('type_tails')})$", re.IGNORECASE)
    match = trailing.search(found)
    if match and len(found.split()) > 1:
        rest = f"{match['type']} {rest}".strip()
        found = found[: match.start()]
    return found, rest


def _wish(
    name: str, label: str, rest: str, place: Words, words: Lexicon, now: datetime
) -> ColumnWish:
    said = rest.strip()
    found: dict[str, object] = {"name": name, "label": label, "words": place, "description": said}
    found |= values_of(said, words)
    found |= _bounds(said, label, words, now, bool(found.get("values")))
    found |= _form(said, label, words)
    found |= _flags(said, label, words)
    if found.get("values") and found.get("type") in {"string", "text", "boolean"}:
        found["type"] = None
    return ColumnWish.model_validate(found)


def _bounds(
    said: str,
    label: str,
    words: Lexicon,
    now: datetime,
    listed: bool,  # noqa: FBT001
) -> dict[str, object]:
    found: dict[str, object] = {}
    said = re.sub(r"[$€£¥]\s?(?=\d)|(?<=\d)\s?[€$£¥]", "", said)
    periods = periods_in(said, words, now)
    if periods:
        found |= {"start": periods[0].start, "end": periods[0].end}
        said = said[: periods[0].first] + " " + said[periods[0].last :]
    if listed or _LAYOUT.search(said):
        return found
    numbers = _signed(said, words)
    for (low, begin, end), (high, then, _) in itertools.pairwise(numbers):
        between = said[end:then].strip()
        joined = re.fullmatch(words.any("to"), between, re.IGNORECASE)
        if (
            joined
            and low < high
            and not (
                between.casefold() in words.folded("and")
                and not re.search(words.any("between"), said[:begin], re.IGNORECASE)
            )
        ):
            found |= {"minimum": low, "maximum": high}
            break
    for key, field in (("at_least", "minimum"), ("at_most", "maximum"), ("average", "mean")):
        for value, begin, _ in numbers:
            before = re.search(
                rf"(?:{words.any(key)})\s*[:=]?\s*(?:{words.any('approximate')})?\s*$",
                said[:begin],
                re.IGNORECASE,
            )
            if before and field not in found:
                found[field] = value
    if re.search(words.any("positive"), said, re.IGNORECASE) and not found.get("minimum"):
        found["minimum"] = 0.0 if re.search(words.any("not_negative"), said, re.IGNORECASE) else 1.0
    return found


def _signed(said: str, words: Lexicon) -> list[tuple[float, int, int]]:
    """Return numbers with their sign and place; what spells out letters or sizes is left out."""
    found = []
    for number in numbers_in(said, words.language):
        lettered = _LETTERS.match(said, number.start)
        negative = re.search(r"(?:^|[\s(])[-−]$", said[: number.start])
        if not lettered:
            value = -number.value if negative else number.value
            found.append((value, number.start, number.end))
    return found


def _form(said: str, label: str, words: Lexicon) -> dict[str, object]:
    found: dict[str, object] = {}
    layout = _LAYOUT.search(said)
    if layout:
        found["layout"] = layout[0].upper()
    size = _LETTERS.search(said)
    named = _type_in(said, words)
    if named:
        found["type"] = named
    share = re.search(rf"(\d+(?:[.,]\d+)?)\s*(?:{words.any('percent')})", said, re.IGNORECASE)
    if share and re.match(r"(?:is|has|was)[ _]", label, re.IGNORECASE):
        found |= {"type": "boolean", "mean": float(share[1].replace(",", ".")) / 100}
    if size:
        found["type"] = f"char({size[1] or size[2]})"
    if _UUID.search(said):
        found["type"] = "uuid"
    domain = _DOMAIN.search(said)
    if domain:
        template = _email_template(said[: domain.start()], words)
        found["template"] = f"{template}@{domain['domain']}"
    return found


def _email_template(said: str, words: Lexicon) -> str:
    """Return the parts before the @ in the order in which they are named."""
    parts: list[tuple[int, str]] = []
    initial = re.compile(words.any("initial_of"), re.IGNORECASE)
    for key, column in (("first_name", "first_name"), ("last_name", "last_name")):
        match = re.search(words.any(key), said, re.IGNORECASE)
        match = match or re.search(words.any(f"{key}_short"), said, re.IGNORECASE)
        if match is None:
            continue
        lead = [m for m in initial.finditer(said) if 0 <= match.start() - m.end() < 12]
        style = (
            "initial"
            if lead or re.match(words.any("initial_key"), match[0], re.IGNORECASE)
            else "slug"
        )
        parts.append((match.start(), f"{{{column}:{style}}}"))
    if not parts:
        return "{first_name:slug}.{last_name:slug}"
    parts.sort()
    between = said[parts[0][0] :] if len(parts) > 1 else ""
    joint = (
        "."
        if re.search(
            r"\b(?:dot|punkt|point|punto|ponto)\b|name\}?\.\{?last|点", between, re.IGNORECASE
        )
        else ""
    )
    joint = "_" if "underscore" in between else joint
    return joint.join(part for _, part in parts)


def _type_in(said: str, words: Lexicon) -> str | None:
    sized = re.match(
        r"\s*(varchar|char|string|decimal|numeric)\s*\(([\d\s,]+)\)", said, re.IGNORECASE
    )
    if sized:
        sizes = ", ".join(_SIZES.findall(sized[2]))
        kind = sized[1].lower()
        return f"{_SQL_KINDS.get(kind, kind)}({sizes})"
    if re.match(words.any("key_words"), said, re.IGNORECASE):
        return None
    if re.match(r"text\b(?!\s*\()", said, re.IGNORECASE):
        return "text"
    for kind in words.table("types"):
        listed = words.table("types")[kind]
        head = re.match(rf"\W*(?:{_alternatives(listed)})(?!\w)", said, re.IGNORECASE)
        tail = re.search(rf"[(\[]\s*(?:{_alternatives(listed)})\s*[)\]]", said, re.IGNORECASE)
        if head or tail:
            return kind
    return None


def _alternatives(listed: list[str]) -> str:
    ordered = sorted(listed, key=len, reverse=True)
    return "|".join(re.escape(each) for each in ordered)


def _flags(said: str, label: str, words: Lexicon) -> dict[str, object]:
    whole = f"{label} {said}"
    refers = re.search(
        rf"(?:{words.any('foreign_words')})\s*(?:to|->|:)?\s*(?:the\s+)?(\w+)?", said, re.IGNORECASE
    )
    found: dict[str, object] = {}
    if re.search(words.any("optional"), said, re.IGNORECASE):
        found["optional"] = True
    if re.search(words.any("unique"), whole, re.IGNORECASE):
        found["unique"] = True
    if re.search(words.any("key_words"), said, re.IGNORECASE) and not refers:
        found["key"] = True
    if refers:
        found["refers_to"] = snake(refers[1] or "") or None
    return found


def columns_in(items: tuple[Item, ...], words: Lexicon, now: datetime) -> tuple[ColumnWish, ...]:
    """Return the columns of a list, each name once; entries that go on with values are joined."""
    found: dict[str, ColumnWish] = {}
    entries = tuple(joined(items, words))
    typed = any(_is_typed(unmarked(item.text)) for item in entries)
    for item in entries:
        for wish in wishes_of(item, words, now, typed=typed):
            found.setdefault(wish.name, wish)
    if any(is_camel(wish.label) for wish in found.values()):
        return tuple(_as_written(wish) for wish in found.values())
    return tuple(found.values())


def _as_written(wish: ColumnWish) -> ColumnWish:
    """Keep identifiers as they are written where some have capitals inside."""
    plain = re.fullmatch(r"[A-Za-z_]\w*", wish.label)
    return wish.model_copy(update={"name": wish.label}) if plain else wish


def joined(items: tuple[Item, ...], words: Lexicon) -> Iterator[Item]:
    """Yield the entries, those that only hold a number or quoted text joined to the one before."""
    opened = re.compile(rf"(?:{words.any('one_of', 'like')})", re.IGNORECASE)
    value = re.compile(r"^(?:[\d.,]+|[\"'“‘].*[\"'”’])\.?$")
    held: Item | None = None
    for item in items:
        if held is not None and value.match(item.text) and opened.search(held.text):
            held = Item(f"{held.text}, {item.text}", held.start, held.indent)
            continue
        if held is not None:
            yield held
        held = item
    if held is not None:
        yield held
