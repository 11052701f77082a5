"""What a call from Python costs beside its answer: python bench/lines.py, where the package is installed.

A call that is refused once its request was read, with the same instance in it, takes all but the answer: the instance as text, a line there, a
line back. Wall time per call, and the processor time of both sides.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import dictum_sdl
from dictum_sdl._process import lines

CALLS = 1000
THREE = [[0, 1], [1, 0], ["4/5", "3/5"]]


def spent_by_child() -> float:
    """Seconds; Linux."""
    assert lines._child
    with open(f"/proc/{lines._child.pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def refused() -> None:
    try:
        dictum_sdl.realize(THREE, [[4]])
    except dictum_sdl.InputError:
        return
    raise AssertionError("feature 4 of 3")


def measure(what: str, call: Callable[[], object]) -> None:
    for _ in range(CALLS):
        call()  # what is run often is compiled
    child, own, wall = spent_by_child(), time.process_time(), time.perf_counter()
    for _ in range(CALLS):
        call()
    wall, own, child = time.perf_counter() - wall, time.process_time() - own, spent_by_child() - child
    times = [f"{1000 * spent / CALLS:.2f}" for spent in (wall, own, child)]
    print(f"{what}: {times[0]} ms a call; processor: {times[1]} ms here, {times[2]} ms in the command")


measure("realize, three features in the plane", lambda: dictum_sdl.realize(THREE, [[3]]))
measure("refused once it was read", refused)
