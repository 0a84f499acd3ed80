"""Registration plates, in the shape that each country gives today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
import pyarrow as pa

from dataforge.engine.generators.records.fields import Codes, Draw, Joined, Part, Text, joined
from dataforge.streams import IntArray

LATIN = "ABCDEFGHJKLMNPRSTUVWXYZ"
CONSONANTS = "BCDFGHJKLMNPRSTVWXYZ"
SAUDI = "أبحدرسصطعقكلمنهوى"
GERMAN = (
    "B M HH K F S D DO E HB DD L H N DU BO W BI BN MS KA MA A WI MG GE BS AC KI MD FR HL EF "
    "MZ HRO KS SB PB R IN OF WÜ UL HN PF WOB GÖ BT"
).split()
POLISH = (
    "WA WB WE WI WX KR KK PO PK WR DW GD GA LU EL SK SZ SO RZ BI KA KI OP OL ZS CB CT"
).split()
TURKISH = "34 34 34 06 06 35 16 07 01 42 27 33 55 38 26 21 63 10 20 41 54 59 61 48 09".split()
JAPANESE = (
    "品川 練馬 足立 世田谷 横浜 川崎 湘南 大宮 千葉 多摩 "
    "名古屋 大阪 なにわ 神戸 京都 福岡 札幌 仙台 広島 静岡"
).split()
CHINESE = (
    "京A 京N 沪A 沪B 粤A 粤B 浙A 浙B 苏A 苏E 川A 鲁A 鲁B 鄂A 湘A 豫A 冀A 辽A 陕A 渝A 闽D 皖A"
).split()
KOREAN = (
    "가 나 다 라 마 거 너 더 러 머 버 서 어 저 고 노 도 로 "
    "모 보 소 오 조 구 누 두 루 무 부 수 우 주 하 허 호"
).split()
INDIAN = (
    "MH 01:MH 02:MH 12:MH 14:DL 01:DL 03:DL 08:KA 01:KA 03:KA 05:TN 01:TN 09:TN 10:GJ 01:GJ "
    "05:TS 09:WB 02:UP 16:UP 32:HR 26:RJ 14:KL 07:PB 10:MP 09"
).split(":")
KANA = "さすせそたちつてとなにぬねのはひふほまみむめもやゆらりるろ"
BRITISH = (
    "LA LB LC LD LF BD BF BK MA MC MJ YD YF YK SA SF SN KM KP KR EA EF EJ GA GN HF NA NJ PA "
    "PO VA VO WA WF CA CP"
).split()

Years = Callable[[Draw], IntArray]


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a plate: what it may be, drawn evenly."""

    values: tuple[str, ...]

    def part(self, purpose: str) -> Part:
        """Return it as a part of a text."""
        return Part(
            list(self.values), lambda draw: draw.below("vehicle", purpose, len(self.values))
        )


def _letters(alphabet: str, count: int, before: str = "", after: str = "") -> Piece:
    words = product(alphabet, repeat=count)
    return Piece(tuple(f"{before}{''.join(word)}{after}" for word in words))


def _digits(count: int, before: str = "", after: str = "", least: int = 0) -> Piece:
    numbers = range(least, 10**count)
    return Piece(tuple(f"{before}{number:0{count}}{after}" for number in numbers))


def _words(*words: str, after: str = "") -> Piece:
    return Piece(tuple(f"{word}{after}" for word in words))


def _german() -> tuple[Piece, ...]:
    two = [a + b for a in LATIN for b in LATIN]
    numbers = [str(number) for number in range(10, 10_000)]
    return _words(*GERMAN, after="-"), _words(*two, after=" "), Piece(tuple(numbers))


_PIECES: dict[str, Callable[[], tuple[Piece, ...]]] = {
    "en_US": lambda: (_letters(LATIN, 3, after="-"), _digits(4, least=1000)),
    "de_DE": _german,
    "fr_FR": lambda: (_letters(LATIN, 2, after="-"), _digits(3, after="-", least=1),
                      _letters(LATIN, 2)),
    "es_ES": lambda: (_digits(4, after=" "), _words("L", "M"), _letters(CONSONANTS, 2)),
    "it_IT": lambda: (_words("F", "G"), _letters(LATIN, 1, after=" "), _digits(3, after=" "),
                      _letters(LATIN, 2)),
    "pt_BR": lambda: (_letters(LATIN, 3), _digits(1), _letters("ABCDEFGHIJ", 1), _digits(2)),
    "nl_NL": lambda: (_words("G", "H", "J", "K", "L", "N", "P", "R", "S", "T", after="-"),
                      _digits(3, after="-", least=1), _letters("BDFGHJKLNPRSTVXZ", 2)),
    "pl_PL": lambda: (_words(*POLISH, after=" "), _digits(4), _letters("ABCEFGHJKLMNPRSTUVWXY", 1)),
    "sv_SE": lambda: (_letters("ABCDEFGHJKLMNOPRSTUWXYZ", 3, after=" "), _digits(2),
                      _letters("0123456789ABCDEFGHJKLMNPRSTUWXYZ", 1)),
    "tr_TR": lambda: (_words(*TURKISH, after=" "), _letters("ABCDEFGHJKLMNPRSTUVYZ", 3, after=" "),
                      _digits(3, least=1)),
    "ja_JP": lambda: (_words(*JAPANESE, after=" "), _words("300", "301", "330", "500", "501", "580",
                      after=" "), _letters(KANA, 1, after=" "), _digits(2, after="-", least=10),
                      _digits(2)),
    "zh_CN": lambda: (_words(*CHINESE, after="·"),
                      _letters("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", 1), _digits(4)),
    "ko_KR": lambda: (_digits(3, least=100), _words(*KOREAN, after=" "), _digits(4, least=1000)),
    "hi_IN": lambda: (_words(*INDIAN, after=" "), _letters(LATIN, 2, after=" "),
                      _digits(4, least=1)),
    "ar_SA": lambda: (_letters(SAUDI, 1, after=" "), _letters(SAUDI, 1, after=" "),
                      _letters(SAUDI, 1, after=" "), _digits(4, least=1000)),
}  # fmt: skip


def plate(locale: str, years: Years) -> Text:
    """A plate of the country; the British one tells the half year of registration."""
    parts = _british(years) if locale == "en_GB" else _parts(_PIECES[locale]())
    lists = tuple(part.values for part in parts)
    return Text((joined(*parts), *_shorter(parts)), unique=(lists,))


def _parts(pieces: tuple[Piece, ...]) -> tuple[Part, ...]:
    return tuple(piece.part(f"plate{at}") for at, piece in enumerate(pieces))


def _shorter(parts: tuple[Part, ...]) -> tuple[Joined, ...]:
    return tuple(joined(*parts[at:]) for at in range(1, len(parts)))


def _british(years: Years) -> tuple[Part, ...]:
    """Return a place's two letters, 17 (from March) or 67 (from September), three letters."""
    identifiers = [f"{half * 50 + year:02} " for year in range(1, 50) for half in (0, 1)]

    def codes(draw: Draw) -> Codes:
        half = draw.below("vehicle", "half", 2)
        chosen: Codes = np.clip((years(draw) - 2001) * 2 + half, 0, len(identifiers) - 1)
        return chosen

    place, letters = Piece(tuple(BRITISH)), _letters(LATIN, 3)
    return place.part("plate0"), Part(pa.array(identifiers), codes), letters.part("plate1")
