"""Which things a request asks for, with their counts and columns, and the domain they are of."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from dataforge.domains import cues_in, domain, known
from dataforge.domains.matching import Cue
from dataforge.parsers.prompt.lexicon import Lexicon, one_of, plain
from dataforge.parsers.prompt.listings import ColumnList, noun_before
from dataforge.parsers.prompt.mentions import Mention, mentions_in
from dataforge.parsers.prompt.names import is_camel, one, plural, snake
from dataforge.parsers.prompt.numerals import Number
from dataforge.parsers.prompt.request import ColumnWish, Entity, Quantity, Role, Words

_CUE_WEIGHT = 3.0
_NEAR_WEIGHT = 0.6
_LEAST_SHARE = 0.5
_ONE_IN = (
    r"\b(?:one|1|einer?|une?|uno|una|uma?)\s+"
    r"(?:in|of every|out of|von|sur|de cada|a cada|em cada|every)\s*$"
)


@dataclass(slots=True)
class Draft:
    """An entity being put together; ``places`` are where the text speaks of it."""

    noun: str
    name: str
    start: int
    end: int
    known_as: tuple[str, str] | None = None
    count: Quantity | None = None
    columns: dict[str, ColumnWish] = field(default_factory=dict)
    exact: bool = False
    marked: bool = False
    role: Role = "table"
    places: list[tuple[int, int]] = field(default_factory=list)

    def entity(self) -> Entity:
        """Return the entity as it stands."""
        return Entity(
            name=self.name,
            noun=self.noun,
            words=Words(text=self.noun, start=self.start, end=self.end),
            known_as=self.known_as,
            count=self.count,
            columns=tuple(self.columns.values()),
            exact=self.exact,
            marked=self.marked,
            role=self.role,
        )


@dataclass(slots=True)
class Cast:
    """All entities of a request, and how the text was understood to speak of them."""

    drafts: list[Draft]
    domain: str | None
    cue: Cue | None
    rows: Quantity | None
    several: bool = False
    language: str = "en"
    cue_words: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)

    def at(self, place: int) -> Draft | None:
        """Return the entity that the text speaks of at a place."""
        for draft in self.drafts:
            if any(start <= place < end for start, end in draft.places):
                return draft
        return None

    def spoken_of(self, start: int, end: int) -> list[tuple[int, int, Draft]]:
        """Return the places of entities within ``text[start:end]``, in order."""
        found = [
            (a, b, draft)
            for draft in self.drafts
            for a, b in draft.places
            if start <= a and b <= end
        ]
        return sorted(found, key=lambda each: each[0])


def cast_of(
    text: str,
    words: Lexicon,
    mentions: Sequence[Mention],
    lists: Sequence[ColumnList],
    numbers: Sequence[Number],
) -> Cast:
    """Return the entities of a text, in the order in which it names them."""
    cues = tuple(c for c in cues_in(text, words.language) if not _is_part(c, mentions))
    mentions = [each for each in mentions if not _is_cue(each, cues)]
    chosen = _domain(mentions, cues)
    cue = next((each for each in cues if each.domain == chosen), None)
    nouns = {plain(mention.noun) for mention in mentions if mention.makes}
    cast = Cast([], chosen, cue, _rows(text, words, numbers), several=len(nouns) > 1)
    cast.language = words.language
    cast.cue_words = tuple(text[each.start : each.stop] for each in cues)
    for mention in mentions:
        _meet(cast, mention, text, words)
    for each in lists:
        _attach(cast, each, text, words)
    _echoes(cast, text, words)
    if any(each.whole and each.marked for each in lists):
        _only_listed(cast, text, words)
    return cast


def _is_part(cue: Cue, mentions: Sequence[Mention]) -> bool:
    """Tell whether the name of a domain is only a part of a longer noun: scan events."""
    return any(
        each.start <= cue.start
        and cue.stop <= each.end
        and each.end - each.start > cue.stop - cue.start
        for each in mentions
    )


def _is_cue(mention: Mention, cues: Sequence[Cue]) -> bool:
    """Tell whether a singular noun stands within the name of a domain: an online bookstore."""
    inside = any(c.start <= mention.start and mention.end <= c.stop for c in cues)
    whole = any(c.start == mention.start and c.stop == mention.end for c in cues)
    return inside and mention.number is None and not (whole and mention.makes)


def _domain(mentions: Sequence[Mention], cues: Sequence[Cue]) -> str | None:
    """Return the domain whose cues and tables the text names most; None where it names none."""
    scores: dict[str, float] = defaultdict(float)
    for name in dict.fromkeys(cue.domain for cue in cues):
        scores[name] += _CUE_WEIGHT
    nouns: dict[str, Mention] = {}
    for mention in mentions:
        if mention.makes:
            nouns.setdefault(plain(mention.noun), mention)
    for mention in nouns.values():
        for name in {option[0] for option in mention.near} - {
            option[0] for option in mention.options
        }:
            scores[name] += _NEAR_WEIGHT
        for name in {option[0] for option in mention.options}:
            tables = {table for d, table in mention.options if d == name}
            core = bool(tables & set(domain(name).core))
            scores[name] += 1 + 0.25 * core + 0.2 * (len(mention.noun.split()) - 1)
    if not scores or (not cues and max(scores.values()) < _LEAST_SHARE * len(nouns)):
        return None
    first = {name: n for n, name in enumerate(known())}
    return max(scores, key=lambda name: (scores[name], -first[name]))


def _rows(text: str, words: Lexicon, numbers: Sequence[Number]) -> Quantity | None:
    pattern = re.compile(
        rf"\s*(?:(?:{words.any('pale')})\s+){{0,2}}(?:[个条]?\s*)(?:{words.any('rows')})",
        re.IGNORECASE,
    )
    for number in numbers:
        if pattern.match(text, number.end) and number.value > 1:
            return quantity(number, text, words)
    return None


def quantity(number: Number, text: str, words: Lexicon, upper: Number | None = None) -> Quantity:
    """Return a count; ``upper`` is the other end of a range."""
    last = upper or number
    lead = text[max(0, number.start - 16) : number.start]
    about = re.search(rf"(?:{words.any('approximate')})\s*(?:\w+\s)?$", lead, re.IGNORECASE)
    place = Words(text=text[number.start : last.end], start=number.start, end=last.end)
    low, high = sorted((round(number.value), round(last.value)))
    return Quantity(minimum=low, maximum=high, approximate=about is not None, words=place)


def _meet(cast: Cast, mention: Mention, text: str, words: Lexicon) -> None:
    """Add what a mention speaks of, or another place to what is there already."""
    draft = _same(cast, mention, words)
    if draft is None:
        if not mention.makes or _passing(cast, mention, words):
            return
        draft = Draft(mention.noun, _name(mention, words), mention.start, mention.end)
        draft.known_as = _known_as(cast, mention)
        much = mention.tail and not mention.options and draft.known_as is not None
        if much and draft.known_as is not None:
            draft.name = draft.known_as[1]
        if draft.known_as is not None and words.language != "en":
            draft.name = _in_english(draft.known_as)
        taken = {each.name for each in cast.drafts}
        if draft.name in taken:
            return
        cast.drafts.append(draft)
    draft.places.append((mention.start, mention.end))
    for name in words.table("tail_columns").get(mention.tail, ()):
        place = Words(text=mention.noun, start=mention.start, end=mention.end)
        draft.columns.setdefault(name, ColumnWish(name=name, label=name, words=place))
    if mention.number is not None and draft.count is None and _is_total(mention, text, words):
        draft.count = quantity(mention.number, text, words)
    elif mention.number is not None and draft.count is not None and _is_total(mention, text, words):
        other = quantity(mention.number, text, words)
        if other.value != draft.count.value and other.words.start != draft.count.words.start:
            cast.notes.append(
                f"{draft.name} are counted as {draft.count.value:,} and as {other.value:,}: "
                f"the first count was kept"
            )


def _passing(cast: Cast, mention: Mention, words: Lexicon) -> bool:
    """Tell whether a single word of another domain is only passed by: il livre is no book."""
    foreign = words.language in {"fr", "es", "pt"} and mention.number is None
    single = not mention.noun.casefold().endswith(("s", "x"))
    home = any(option[0] == cast.domain for option in (*mention.options, *mention.near))
    return foreign and single and cast.cue is not None and not home


def _is_total(mention: Mention, text: str, words: Lexicon) -> bool:
    """Tell whether a number counts all there are, not those of each parent."""
    number = mention.number
    if number is None or number.value < 1 or number.value != int(number.value):
        return False
    lead = text[max(0, number.start - 120) : number.start]
    lead = re.split(r"[.;。\n]", lead)[-1]
    tail = text[mention.end : mention.end + 24]
    per = re.match(rf"\s*(?:{words.any('per', 'every_one')})", tail, re.IGNORECASE)
    range_ = re.search(rf"\d\s*(?:{words.any('to')})\s*$", lead, re.IGNORECASE)
    each = _per_each(lead, mention, words)
    least = re.search(
        rf"(?:{words.any('at_least', 'at_most', 'average')})\s*$", lead, re.IGNORECASE
    )
    denied = re.search(rf"(?:{words.any('not')})\s*$", lead, re.IGNORECASE)
    denied = denied or re.search(_ONE_IN, lead, re.IGNORECASE)
    tables = re.match(rf"\s*(?:{words.any('table_words')})", text[number.end :], re.IGNORECASE)
    one_row = number.value == 1 or denied or tables
    return not (per or range_ or each or least or one_row or _spanned(text, number, words))


def _per_each(lead: str, mention: Mention, words: Lexicon) -> bool:
    """Tell whether a number is that of each parent: each customer has at least 3 orders."""
    nearest = re.split(r"[,，、]", lead)[-1]
    if re.search(words.any("each_subject"), nearest, re.IGNORECASE):
        return True
    before = re.search(rf"(?:{words.any('each_subject')})\s*(?P<noun>\w+)", lead, re.IGNORECASE)
    return before is not None and one(before["noun"]) != one(mention.noun.split()[-1])


def _spanned(text: str, number: Number, words: Lexicon) -> bool:
    lead = text[max(0, number.start - 12) : number.start]
    return bool(re.search(r"(?:\d|\w)\s*[-–]\s*$", lead))


def _same(cast: Cast, mention: Mention, words: Lexicon) -> Draft | None:
    name = _name(mention, words)
    for draft in cast.drafts:
        if draft.name == name or plain(draft.noun) == plain(mention.noun):
            return draft
    options = {o for o in (*mention.options, *mention.near) if o[0] == cast.domain} or set(
        mention.options
    )
    named = [d for d in cast.drafts if d.known_as in options and d.known_as is not None]
    return named[0] if named else None


def _known_as(cast: Cast, mention: Mention) -> tuple[str, str] | None:
    own = [option for option in mention.options if option[0] == cast.domain]
    own += [option for option in mention.near if option[0] == cast.domain]
    taken = {draft.known_as for draft in cast.drafts}
    for option in own:
        if option not in taken:
            return option
    if not own and cast.domain is not None:
        own = [
            option for option in _akin(mention, cast.domain, cast.language) if option not in taken
        ]
        if own:
            return own[0]
        if cast.cue is not None and len({table for _, table in mention.options}) > 1:
            return next((option for option in mention.options if _is_person(option)), None)
    if cast.domain is None and cast.several:
        return next((option for option in mention.options if _is_person(option)), None)
    others = [option for option in mention.options if option[1] in domain(option[0]).core]
    return next(iter((*others, *mention.options)), None) if not own else None


def _akin(mention: Mention, home: str, language: str) -> list[tuple[str, str]]:
    """Return tables of a domain whose words hold the noun: bookings are class bookings."""
    noun = plain(mention.noun)
    stem = one(noun) if language == "en" else noun
    stems = {stem, *(stem.removesuffix(end) for end in ("en", "s") if len(stem) > 5)}
    found = []
    for table, listed in domain(home).words.items():
        called = {plain(word) for word in listed.get(language, ())}
        if language in {"en", "de", "zh"}:
            akin = any(word.endswith(each) and word != each for word in called for each in stems)
        else:
            akin = any(word.startswith(f"{each} ") for word in called for each in stems)
        if akin:
            found.append((home, table))
    return found


def _in_english(known_as: tuple[str, str]) -> str:
    """Return the shortest plain name of a table of the catalogue: members, for club_members."""
    home, table = known_as
    names = (plural(snake(word)) for word in domain(home).words[table]["en"])
    return min((name for name in names if table.endswith(f"_{name}")), key=len, default=table)


def _is_person(option: tuple[str, str]) -> bool:
    """Tell whether the rows of a table of the catalogue are people."""
    columns = domain(option[0]).schema.table(option[1]).columns_by_name
    return {"first_name", "last_name"} <= set(columns)


def _name(mention: Mention, words: Lexicon) -> str:
    if is_camel(mention.noun):
        return mention.noun
    name = snake(mention.noun)
    return plural(name) if words.language == "en" else name


def _attach(cast: Cast, found: ColumnList, text: str, words: Lexicon) -> None:
    """Give a list of columns to the thing that it belongs to."""
    draft = _owner(cast, found, text, words)
    for column in found.columns:
        draft.columns.setdefault(column.name, column)
    if found.whole and words.language != "en" and draft.noun:
        draft.name = snake(draft.noun)
    draft.exact = draft.exact or found.whole
    draft.marked = draft.marked or found.marked
    draft.places.append((found.start, found.end))


def _owner(cast: Cast, found: ColumnList, text: str, words: Lexicon) -> Draft:
    if found.owner is not None:
        return _called(cast, found.owner, words)
    spoken = cast.spoken_of(found.header.start, max(found.header.end, found.start))
    each = [entry for entry in spoken if _is_each(text, entry[0], words)]
    counted = [entry for entry in spoken if entry[2].count is not None]
    for entries in (each, counted[:1], spoken[:1]):
        if entries:
            return entries[0][2]
    told = [draft for draft in cast.drafts if draft.count is not None and not draft.columns]
    if len(told) == 1 and len(cast.drafts) == 1:
        return told[0]
    subject = _subject(found.header, words)
    if subject is not None:
        return _called(cast, subject, words)
    modifier = _before_generic(found.header.text, words)
    if modifier:
        start = found.header.start + found.header.text.find(modifier)
        return _called(cast, Words(text=modifier, start=start, end=start + len(modifier)), words)
    noun = noun_before(text, found.header.end + 1, words) if found.header.text.strip() else None
    colon = text[found.header.end : found.header.end + 1] in {":", "：", " "}
    meant = noun is not None and colon and noun.start >= found.header.start and not spoken
    if noun is not None and meant and noun.text.casefold() not in _said_nothing(words):
        return _called(cast, noun, words)
    earlier = [draft for draft in cast.drafts if draft.start < found.start]
    return earlier[0] if earlier else _unnamed(cast, found)


def _is_each(text: str, place: int, words: Lexicon) -> bool:
    lead = text[max(0, place - 16) : place]
    return re.search(rf"(?:{words.any('each')})\s+$", lead, re.IGNORECASE) is not None


def _subject(header: Words, words: Lexicon) -> Words | None:
    """Return the noun after "each" or "data for": each user should have."""
    for lead in (
        words.any("each_subject"),
        rf"(?:{words.any('generic')})\s+(?:{words.any('for_thing')})",
    ):
        match = re.search(
            rf"(?:{lead})\s+(?:(?:{words.any('articles', 'pale')})\s+)*(?P<noun>[^\W\d]\w*)",
            header.text,
            re.IGNORECASE,
        )
        if match and match["noun"].casefold() not in _said_nothing(words):
            start = header.start + match.start("noun")
            return Words(text=match["noun"], start=start, end=start + len(match["noun"]))
    return None


def _before_generic(header: str, words: Lexicon) -> str | None:
    """Return the noun before dataset or table: a product dataset."""
    pattern = rf"((?:[^\W\d]\w*\s+){{0,2}}[^\W\d]\w*)\s+(?:{words.any('generic')})(?!\w)"
    for match in re.finditer(pattern, header, re.IGNORECASE):
        noun = [w for w in match[1].split() if w.casefold() not in _said_nothing(words)]
        if noun:
            return " ".join(noun[-2:])
    return None


def _said_nothing(words: Lexicon) -> frozenset[str]:
    keys = ("articles", "pale", "ask", "generic", "stop", "rows", "columns", "introduce")
    return frozenset().union(*(words.folded(key) for key in keys))


def _called(cast: Cast, owner: Words, words: Lexicon) -> Draft:
    """Return the entity of that name, made where there is none."""
    skip = words.folded("table_words") | words.folded("generic") | words.folded("pale")
    said = [word for word in owner.text.split() if word.casefold() not in skip]
    noun = " ".join(said) or owner.text
    name = snake(noun) if is_plural_name(noun, words) else plural(snake(noun))
    for draft in cast.drafts:
        same = {plain(draft.noun), plain(draft.name), plain(one(draft.noun))}
        if {plain(noun), plain(name), plain(one(noun))} & same:
            draft.places.append((owner.start, owner.end))
            return draft
    inside = [d for a, b, d in cast.spoken_of(owner.start, owner.end)]
    if inside:
        return inside[-1]
    draft = Draft(noun, name, owner.start, owner.end, places=[(owner.start, owner.end)])
    known_noun = _mention_of(noun, words)
    draft.known_as = None if known_noun is None else _known_as(cast, known_noun)
    cast.drafts.append(draft)
    return draft


def is_plural_name(noun: str, words: Lexicon) -> bool:
    """Tell whether a table's name is taken as it stands: other languages, identifiers."""
    return words.language != "en" or "_" in noun


def _mention_of(noun: str, words: Lexicon) -> Mention | None:
    found = [each for each in mentions_in(noun, words, ()) if each.options or each.near]
    return found[-1] if found else None


def _unnamed(cast: Cast, found: ColumnList) -> Draft:
    name = "records"
    start = found.header.start
    draft = Draft(name, name, start, found.header.end, places=[(start, found.header.end)])
    if cast.domain is not None and cast.cue is not None:
        draft.name = domain(cast.domain).core[0]
        draft.noun = draft.name
    cast.drafts.append(draft)
    return draft


def _echoes(cast: Cast, text: str, words: Lexicon) -> None:
    """Find the places where the text speaks again of a noun that the catalogue does not know."""
    for draft in cast.drafts:
        last = draft.noun.split()[-1]
        forms = {draft.noun, last} if draft.known_as is None else {draft.noun}
        forms |= (
            {one(form) for form in forms}
            if words.language == "en"
            else {f[:-1] for f in forms if f[-1:] in "sxn"}
        )
        forms = {form for form in forms if len(form) > 2 or not words.spaced}
        for match in re.finditer(one_of(sorted(forms), spaced=words.spaced), text, re.IGNORECASE):
            if cast.at(match.start()) is None:
                draft.places.append(match.span())


def _only_listed(cast: Cast, text: str, words: Lexicon) -> None:
    """Where columns are listed, keep nouns that are counted or have columns of their own."""
    listed = [draft for draft in cast.drafts if draft.columns]
    if len(listed) != 1:
        cast.drafts[:] = [
            d for d in cast.drafts if d.columns or d.count is not None or len(listed) == 0
        ]
        return
    relational = re.search(words.any("schema_words"), text, re.IGNORECASE)
    cast.drafts[:] = [
        draft
        for draft in cast.drafts
        if draft.columns or draft.count is not None or (relational and draft.known_as is not None)
    ]
