"""A proof that is stopped says so: Ctrl-C as such, a machine without means with what to do."""

from __future__ import annotations

import pytest

from dataforge.errors import VerificationError
from dataforge.verification.interrupts import interruptible


def test_an_interrupted_query_is_an_interrupt() -> None:
    with pytest.raises(KeyboardInterrupt), interruptible():
        raise RuntimeError("Query interrupted")


def test_a_lack_of_means_says_what_to_do() -> None:
    with pytest.raises(VerificationError, match="could not be finished") as caught, interruptible():
        raise RuntimeError("Resource temporarily unavailable")
    assert "free some memory" in str(caught.value)


def test_a_bug_stays_a_bug() -> None:
    with pytest.raises(NotImplementedError), interruptible():
        raise NotImplementedError
