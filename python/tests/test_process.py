"""The child: interrupted, killed, forked, shared by threads, and as fast as it has to be."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import dictum_sdl
import pytest
from dictum_sdl._process import lines
from support import THREE

unix = pytest.mark.skipif(os.name == "nt", reason="signals of Unix")


def pid() -> int:
    dictum_sdl.realize(THREE, [[1]])
    assert lines._child
    return lines._child.pid


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_one_process_for_all_calls() -> None:
    first = pid()
    with pytest.raises(dictum_sdl.InputError):
        dictum_sdl.realize(THREE, [["x"]])
    assert pid() == first


# More than a computer does in the time of a test.
LONG = {"neurons": 3, "runs": 1_000_000, "steps": 100_000}


@unix
def test_ctrl_c_ends_the_child_and_the_next_call_has_another() -> None:
    first = pid()
    timer = threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        dictum_sdl.land(THREE, **LONG)  # type: ignore[arg-type]
    assert gone(first)
    assert pid() != first
    assert dictum_sdl.realize(THREE, [[3]]).realizable is False


@unix
def test_ctrl_c_in_a_program_leaves_no_child_behind() -> None:
    program = (
        "import dictum_sdl as d\nfrom dictum_sdl._process import lines\n"
        "d.realize([[1, 0]], [[1]]); print(lines._child.pid, flush=True)\n"
        f"d.land([[0, 1], [1, 0], [1, 1]], neurons=3, runs={LONG['runs']}, steps={LONG['steps']})"
    )
    running = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert running.stdout
    child = int(running.stdout.readline())
    time.sleep(1)
    assert not gone(child)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert said.rstrip().endswith("KeyboardInterrupt")
    assert gone(child)


@unix
def test_a_killed_child_is_an_exception_and_the_next_call_has_another() -> None:
    first = pid()
    threading.Timer(1.5, os.kill, (first, signal.SIGKILL)).start()
    with pytest.raises(dictum_sdl.Crash, match="ended with -9"):
        dictum_sdl.land(THREE, **LONG)  # type: ignore[arg-type]
    second = pid()
    os.kill(second, signal.SIGKILL)
    # Between calls nobody waits: it is merely started anew.
    while lines._child and lines._child.poll() is None:
        time.sleep(0.01)
    assert pid() != second


def in_another() -> tuple[int, str]:
    return pid(), str(dictum_sdl.realize(THREE, [[3]]))


@unix
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_has_a_child_of_its_own() -> None:
    first = pid()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        others = [pool.apply_async(in_another) for _ in range(4)]
        for other in others:
            process, said = other.get(timeout=60)
            assert process != first and said == str(dictum_sdl.realize(THREE, [[3]]))
    assert pid() == first


def test_threads_wait_for_each_other_and_get_their_own_answers() -> None:
    def weight(k: int) -> object:
        farkas = dictum_sdl.realize([[0, 1], [1, 0], [k, 1]], [[3]]).farkas
        return farkas and farkas.off[1].weight

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(weight, range(1, 200))) == list(range(1, 200))


def test_an_interrupted_progress_ends_the_call() -> None:
    def stop(done: int, of: int | None) -> None:
        raise RuntimeError("enough")

    first = pid()
    with pytest.raises(RuntimeError, match="enough"):
        dictum_sdl.land(THREE, runs=5000, progress=stop)
    assert gone(first) or os.name == "nt"
    assert dictum_sdl.realize(THREE, [[1]]).realizable


def test_a_large_instance_goes_through() -> None:
    rows = [[(i * j) % 7 - 3 for j in range(1, 301)] for i in range(1, 1001)]
    rows = [[*row, 1] for row in rows]
    assert dictum_sdl.realize(rows, [list(range(1, 1001))]).realizable


def test_progress_is_told_by_tqdm_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", None)
    assert dictum_sdl.land(THREE, runs=20, steps=500).runs == 20
    with pytest.raises(ImportError):
        dictum_sdl.land(THREE, runs=20, steps=500, progress=True)
    monkeypatch.undo()
    pytest.importorskip("tqdm")
    assert dictum_sdl.land(THREE, runs=20, steps=500, progress=True).runs == 20
