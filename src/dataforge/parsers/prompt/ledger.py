"""What became of each part of a request: clauses, checks, assumptions, what could not be done."""

from __future__ import annotations

from dataclasses import dataclass, field

from dataforge.parsers.prompt.request import Request, Traced, Words
from dataforge.parsers.prompt.structure import sentence_at


@dataclass(slots=True)
class Ledger:
    """Notes taken while a schema is put together, by the words that they are about."""

    clauses: list[tuple[Words, str, str]] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)

    def met(self, words: Words, path: str, check: str) -> None:
        """Note that a clause of the schema satisfies some words, and how to measure it."""
        self.clauses.append((words, path, check))

    def assume(self, text: str) -> None:
        """Note what was decided where the words are silent."""
        if text not in self.assumptions:
            self.assumptions.append(text)

    def miss(self, words: Words, reason: str) -> None:
        """Note a wish that is not honoured."""
        self.unmet.append(f"{words.text.strip()!r}: {reason}")

    def traced(self, request: Request) -> tuple[Traced, ...]:
        """Return every sentence with the clauses that its words led to."""
        clauses: dict[int, list[str]] = {}
        checks: dict[int, list[str]] = {}
        for words, path, check in self.clauses:
            number = sentence_at(request.sentences, words.start)
            clauses.setdefault(number, []).append(path)
            checks.setdefault(number, []).append(check)
        return tuple(
            Traced(
                sentence=sentence,
                clauses=tuple(dict.fromkeys(clauses.get(number, ()))),
                checks=tuple(dict.fromkeys(checks.get(number, ()))),
            )
            for number, sentence in enumerate(request.sentences)
        )
