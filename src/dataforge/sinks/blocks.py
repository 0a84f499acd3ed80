"""Bytes handed on in blocks of one size, however they came."""

from __future__ import annotations

from collections.abc import Callable

BLOCK_BYTES = 1 << 20


class Blocks:
    """Gathers what is written and hands it on in blocks of ``BLOCK_BYTES``.

    What a compressor makes may depend on how its input is cut; hence the fixed blocks.
    """

    def __init__(self, take: Callable[[bytes], object]) -> None:
        """Hand every block to ``take``."""
        self._take = take
        self._held = bytearray()

    def write(self, data: bytes | memoryview[int]) -> int:
        """Take all of ``data``."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), BLOCK_BYTES):
            self._held += view[start : start + BLOCK_BYTES]
            if len(self._held) >= BLOCK_BYTES:
                self._hand_over(BLOCK_BYTES)
        return len(view)

    def finish(self) -> None:
        """Hand over what is left."""
        self._hand_over(len(self._held))

    def _hand_over(self, size: int) -> None:
        block = bytes(self._held[:size])
        del self._held[:size]
        self._take(block)
