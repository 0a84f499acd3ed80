from __future__ import annotations

import re

import numpy as np
import pytest

from dataforge.engine.cells import Limits
from dataforge.engine.generators import patterns
from dataforge.errors import SchemaError
from dataforge.schema.specs import PatternSpec
from dataforge.schema.types import StringType, TextType
from fake_cells import cells, site

PATTERNS = [
    r"[A-Z]{3}-\d{4}",
    r"^\d{10}$",
    r"[A-Za-z0-9]{40}",
    r"\w+@\w+\.(com|org|net)",
    r"(?:cat|dog|bird)s?",
    r"[a-z]{1,10}",
    r"(a|ab)(c|bcd)?",
    r"a?a?a?",
    r"[^aeiou]{2,}",
    r"(?:\d{3}\.){2}\d",
    r"#[0-9a-f]{6}|rgb\(\d{1,3},\d{1,3}\)",
    r"[äöü]{2}x*",
    r"(\(\d{3}\) )?\d{3}-\d{4}",
    r"(?i)^(yes|no)$",
    r"x{0}",
    r"([a-z]+ ){0,5}[a-z]+\.",
    r".{70}",
    r"(?P<year>\d{4})\x2d\u0041{,3}?",
    r"[]a-]\S\s\D\W",
    r"(\d+|[a-f]{3,}+)*z",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_drawn_strings_match(pattern: str) -> None:
    made = patterns.build(PatternSpec(pattern=pattern), site(TextType())).make(cells(500))
    made.validate(full=True)
    assert [value for value in made.to_pylist() if not re.fullmatch(pattern, value)] == []


@pytest.mark.parametrize("pattern", PATTERNS)
def test_ranks_give_distinct_matches(pattern: str) -> None:
    domain = patterns.domain(PatternSpec(pattern=pattern), site(TextType()))
    assert domain is not None
    step = max(1, domain.size // 700)
    ranks = np.arange(min(700, domain.size), dtype=np.int64) * step
    values = domain.decode(ranks).to_pylist()
    assert len(set(values)) == len(ranks)
    assert [value for value in values if not re.fullmatch(pattern, value)] == []


@pytest.mark.parametrize(
    ("pattern", "size"),
    [
        (r"[ab]{3}", 8),
        (r"[ab]{0,2}", 7),
        (r"cat|dog", 2),
        (r"(?:cat|dog|bird)s?", 6),
        (r"(a|ab)(c|bcd)?", 6),
        (r"a?a?a?", 4),
        (r"\d{18}", 10**18),
        (r"\d{30}", 10**18),
        (r"\w+@\d", sum(63**count for count in range(1, 10)) * 10),
    ],
)
def test_sizes_are_exact_where_they_can_be(pattern: str, size: int) -> None:
    domain = patterns.domain(PatternSpec(pattern=pattern), site(TextType()))
    assert domain is not None
    assert domain.size == size


@pytest.mark.parametrize(
    ("pattern", "safe"), [(r"[a-z]{3}", True), (r"[A-Za-z]{3}", False), ("yes|YES", False)]
)
def test_case_folding_is_declared(pattern: str, safe: bool) -> None:
    domain = patterns.domain(PatternSpec(pattern=pattern), site(TextType()))
    assert isinstance(domain, patterns.ListedDomain | patterns.PatternDomain)
    assert domain.fold_safe is safe
    folded = domain.folded()
    values = folded.decode(np.arange(min(folded.size, 500))).to_pylist()
    assert len({value.casefold() for value in values}) == len(values)


@pytest.mark.parametrize("pattern", [r"\w+@\w+\.(com|org|x)", "(ab|abcd)*z", "[ab]{2,9}|c{6}"])
@pytest.mark.parametrize("room", [5, 8, 12])
def test_matches_fit_the_column(pattern: str, room: int) -> None:
    spec = PatternSpec(pattern=pattern)
    made = patterns.build(spec, site(StringType(max_length=room))).make(cells(500)).to_pylist()
    assert max(map(len, made)) <= room
    assert all(re.fullmatch(pattern, value) for value in made)


def test_a_match_longer_than_the_column_is_refused() -> None:
    with pytest.raises(SchemaError, match=r"the shortest match of .* has 5 characters, not 4"):
        patterns.build(PatternSpec(pattern="x{5,}"), site(TextType(), Limits(max_length=4)))


@pytest.mark.parametrize(
    ("pattern", "construct"),
    [
        ("a(?=b)", r"group '\(\?=b' at position 1"),
        ("a^b", "an anchor inside the text at position 1"),
        ("$a", r"text after \$ at position 1"),
        ("(a$)b", r"text after \$ at position 4"),
        (r"\bfoo", "escape"),
        (r"(a)\1", "escape"),
        ("(a", "a group that is not closed at position 2"),
        ("a)", r"an unmatched \) at position 1"),
        ("[z-a]", "a range that runs backwards"),
        ("[abc", "a class that is not closed at position 0"),
        ("a{3,1}", r"repetition \{3,1\}"),
        ("*a", "nothing to repeat at position 0"),
    ],
)
def test_what_is_not_read_is_named(pattern: str, construct: str) -> None:
    with pytest.raises(SchemaError, match=construct):
        patterns.build(PatternSpec(pattern=pattern), site(TextType()))
