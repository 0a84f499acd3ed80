"""What is said of a file that is not the statements it should be."""

from __future__ import annotations

from dataforge.errors import VerificationError


class MalformedError(VerificationError):
    """Text that is neither a row nor what has to stand around rows; ``line`` counts from 1."""

    def __init__(self, line: int, found: str) -> None:
        """Keep the place apart from what was found there."""
        super().__init__(f"line {line}: {found}")
        self.line = line
        self.found = found
