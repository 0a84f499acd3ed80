from __future__ import annotations

import threading
import time

from dataforge.llm.gate import Gate
from dataforge.llm.retries import Patience


def test_throttling_halves_the_calls_at_a_time_and_answers_raise_them() -> None:
    gate = Gate(4)
    gate.throttled()
    assert gate.limit == 2
    gate.throttled()
    gate.throttled()
    assert gate.limit == 1
    for _ in range(20):
        gate.answered()
    assert gate.limit == 4


def test_no_more_calls_run_than_the_limit() -> None:
    gate, running, most = Gate(2), 0, 0
    lock = threading.Lock()

    def call() -> None:
        nonlocal running, most
        with gate.admitted():
            with lock:
                running += 1
                most = max(most, running)
            time.sleep(0.01)
            with lock:
                running -= 1

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_waits_double_up_to_a_bound_and_are_drawn_below_it() -> None:
    assert list(Patience(5, base_s=1, most_s=3, draw=lambda: 1.0).waits()) == [1, 2, 3, 3]
    assert list(Patience(3, draw=lambda: 0.0).waits()) == [0, 0]
    assert list(Patience(1).waits()) == []
