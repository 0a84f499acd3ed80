"""How names are written in addresses of the internet, and when two of them count as the same."""

from __future__ import annotations

import re
import unicodedata

# Letters that have no plain one inside, and those that a language spells out (DIN 5007-2 for
# German); the rest lose their accents.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "đ": "d",
        "ð": "d",
        "þ": "th",
    }
)
_SPELLED = {"de": str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})}
# Revised Romanization of Korean (2000), letter by letter as it prescribes for given names.
_INITIALS = "g kk n d tt r m b pp s ss  j jj ch k t p h".split(" ")
_VOWELS = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_FINALS = " k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" ")
_FIRST_SYLLABLE, _LAST_SYLLABLE = 0xAC00, 0xD7A3


def fold(text: str) -> str:
    """Return the form in which case, accents and trailing blanks make no difference.

    MySQL's default collations compare strings this way, so values of a unique column have to
    differ in it.
    """
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().rstrip()


def slug(text: str, separator: str = "") -> str:
    """Return ``text`` in lower-case ASCII letters and digits, words joined by ``separator``."""
    plain = fold(text).translate(_LETTERS).replace("'", "")
    return separator.join(re.findall(r"[a-z0-9]+", plain))


def latin(text: str, locale: str, separator: str = "") -> str:
    """Return ``text`` in lower-case ASCII letters, as people of the locale spell it.

    German umlauts become ae, oe, ue, Hangul is romanised; elsewhere accents are dropped. Chinese,
    Japanese, Hindi and Arabic words have to bring their reading with them: they come out empty.
    """
    spelled = unicodedata.normalize("NFC", text).casefold()
    spelled = spelled.translate(_SPELLED.get(locale[:2], {}))
    return slug("".join(map(_syllable, spelled)), separator)


def _syllable(letter: str) -> str:
    if not _FIRST_SYLLABLE <= ord(letter) <= _LAST_SYLLABLE:
        return letter
    rest, final = divmod(ord(letter) - _FIRST_SYLLABLE, len(_FINALS))
    initial, vowel = divmod(rest, len(_VOWELS))
    return _INITIALS[initial] + _VOWELS[vowel] + _FINALS[final]
