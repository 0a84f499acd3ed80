"""Which of the known languages a request is written in."""

from __future__ import annotations

import re
from collections import Counter

from dataforge.parsers.prompt.lexicon import commonest

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
_READ = 4_000
_HAN_SHARE = 0.15


def language_of(text: str) -> str:
    """Return the code of the language with most of its common words; English where none has any.

    The first few thousand characters decide.
    """
    head = text[:_READ]
    letters = len(_WORD.findall(head)) + 1
    if len(_HAN.findall(head)) / (len(_HAN.findall(head)) + letters) > _HAN_SHARE:
        return "zh"
    counts = Counter(word.casefold() for word in _WORD.findall(head))
    scores = {code: sum(counts[word] for word in words) for code, words in commonest().items()}
    best = max(scores, key=lambda code: (scores[code], code == "en"))
    return best if scores[best] > 0 else "en"
