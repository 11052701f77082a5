"""The second checker, which shares no code with the first: verify/dictum_check.py of Dictum, and nothing but Python.

It was written from two documents alone. `python -m dictum_sdl.verify PATH...` runs it as a program, with its bounds on time and memory,
which `check` does not set: it is for certificates that you made.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from . import dictum_check

# The two files import each other by these names.
sys.modules.setdefault("dictum_check", dictum_check)
from . import dictum_landings  # noqa: E402

sys.modules.setdefault("dictum_landings", dictum_landings)

__all__ = ["Verified", "check"]


@dataclass(frozen=True)
class Verified:
    """What the second checker found. Of a rejection: why, and where."""

    accepted: bool
    claim: str | None = None
    reading: str | None = None
    verdict: str | None = None
    facts: tuple[Any, ...] = ()
    landing: Any = None
    kind: str | None = None
    code: str | None = None
    path: str | None = None
    expected: str | None = None
    found: str | None = None

    def __bool__(self) -> bool:
        return self.accepted


def check(certificate: str | bytes | PathLike[str]) -> Verified:
    """Replays a certificate: its text, or the path of its file."""
    if isinstance(certificate, str) and not certificate.lstrip().startswith("{"):
        certificate = Path(certificate)
    if isinstance(certificate, PathLike):
        certificate = Path(certificate).read_bytes()
    data = certificate.encode() if isinstance(certificate, str) else certificate
    try:
        found = dictum_check.check(data)
    except dictum_check.Reject as reject:
        return Verified(
            False, kind=reject.kind, code=reject.code, path=reject.path, expected=reject.expected, found=reject.found
        )
    named = ("claim", "reading", "verdict", "landing")
    return Verified(True, facts=tuple(found.get("facts", ())), **{key: found[key] for key in named if key in found})
