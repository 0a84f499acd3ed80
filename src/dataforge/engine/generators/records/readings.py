"""How names are read: in katakana where forms of the country ask for it, else in Latin letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from dataforge.engine.generators.records import identity
from dataforge.engine.generators.records.fields import MakeField, Part, Text, coded, joined
from dataforge.engine.generators.records.identity import FamilyCodes, GivenCodes
from dataforge.engine.generators.records.surnames import FAMILY_FIRST

_KATAKANA = "ja_JP"
# The kana of each consonant by its vowel; the Latin names leave the length of vowels open.
_ROWS = {
    "": "アイウエオ", "k": "カキクケコ", "s": "サ_スセソ", "sh": "シャ シ シュ シェ ショ",
    "t": "タ__テト", "ts": "__ツ__", "ch": "チャ チ チュ チェ チョ", "n": "ナニヌネノ",
    "h": "ハヒ_ヘホ", "f": "__フ__", "m": "マミムメモ", "y": "ヤ_ユ_ヨ", "r": "ラリルレロ",
    "w": "ワ____", "g": "ガギグゲゴ", "z": "ザ_ズゼゾ", "j": "ジャ ジ ジュ ジェ ジョ",
    "d": "ダ__デド", "b": "バビブベボ", "p": "パピプペポ", "ky": "キャ _ キュ _ キョ",
    "gy": "ギャ _ ギュ _ ギョ", "ny": "ニャ _ ニュ _ ニョ", "hy": "ヒャ _ ヒュ _ ヒョ",
    "by": "ビャ _ ビュ _ ビョ", "py": "ピャ _ ピュ _ ピョ", "my": "ミャ _ ミュ _ ミョ",
    "ry": "リャ _ リュ _ リョ",
}  # fmt: skip
# Characters whose reading, where it is this one, has a long vowel: 佐藤 is サトウ.
_LONG = {
    "藤": "to do", "郎": "ro", "朗": "ro", "大": "o", "太": "o", "翔": "sho", "将": "sho",
    "章": "sho", "正": "sho", "裕": "yu", "祐": "yu", "優": "yu", "悠": "yu", "勇": "yu",
    "雄": "yu", "佑": "yu", "友": "yu", "結": "yu", "遼": "ryo", "亮": "ryo", "涼": "ryo",
    "良": "ryo", "陽": "yo", "洋": "yo", "幸": "ko", "浩": "ko", "光": "ko", "宏": "ko",
    "孝": "ko", "康": "ko", "恭": "kyo", "京": "kyo", "工": "ku", "空": "ku", "蒼": "so",
    "颯": "so", "創": "so", "柊": "shu", "秀": "shu", "修": "shu", "周": "shu",
}  # fmt: skip
_VOWELS = "aiueo"
# Last characters before whose reading an n stands by itself: 健一 is ケンイチ.
_APART = {"一": "ichi", "市": "ichi", "也": "ya", "矢": "ya", "哉": "ya", "弥": "ya"}


@cache
def _kana() -> dict[str, str]:
    found = {}
    for consonant, row in _ROWS.items():
        cells = row.split() if " " in row else list(row)
        pairs = zip(_VOWELS, cells, strict=True)
        found.update({consonant + vowel: kana for vowel, kana in pairs if kana != "_"})
    return found


def katakana(reading: str, name: str = "") -> str:
    """Return a reading in lower-case Latin letters (Hepburn) as katakana.

    ``name`` is how it is written: characters that it begins or ends with tell of long vowels.
    """
    table = _kana()
    syllables: list[str] = []
    last = _APART.get(name[-1:], "")
    if last and reading.endswith(f"n{last}"):
        reading = f"{reading.removesuffix(last)}'{last}"
    at = 0
    while at < len(reading):
        size = next((n for n in (3, 2, 1) if reading[at : at + n] in table), 0)
        if size:
            syllables.append(reading[at : at + size])
        elif reading[at] == "'":
            pass
        elif reading[at] == "n":
            syllables.append("n")
        else:
            syllables.append("q")  # the first of two consonants
        at += size or 1
    kana = ["ン" if each == "n" else "ッ" if each == "q" else table[each] for each in syllables]
    for place in (0, -1):
        if name and syllables[place] in _LONG.get(name[place], "").split():
            kana[place] += "オ" if syllables[place] == "o" else "ウ"
    return "".join(kana)


def _read(names: Sequence[str], readings: Sequence[str], locale: str) -> list[str]:
    if locale != _KATAKANA:
        return [reading.capitalize() for reading in readings]
    return [katakana(reading, name) for name, reading in zip(names, readings, strict=True)]


def _firsts(locale: str) -> list[str]:
    return _read(identity.first_names(locale), identity.first_readings(locale), locale)


def _lasts(locale: str) -> list[str]:
    return _read(identity.last_names(locale), identity.last_readings(locale), locale)


def first_name_reading(locale: str) -> Text:
    """How the given name is read."""
    return coded(GivenCodes.of(locale), _firsts(locale))


def last_name_reading(locale: str) -> Text:
    """How the family name is read."""
    return coded(FamilyCodes.of(locale), _lasts(locale))


def full_name_reading(locale: str) -> Text:
    """How the whole name is read, in the order of the country."""
    firsts, lasts = _firsts(locale), _lasts(locale)
    given, family = GivenCodes.of(locale), FamilyCodes.of(locale)
    if locale in FAMILY_FIRST:
        parts = Part([f"{name} " for name in lasts], family), Part(firsts, given)
    else:
        parts = Part([f"{name} " for name in firsts], given), Part(lasts, family)
    return Text((joined(*parts), joined(Part(lasts, family))))


FIELDS: dict[str, MakeField] = {
    "first_name_reading": first_name_reading,
    "last_name_reading": last_name_reading,
    "full_name_reading": full_name_reading,
}
