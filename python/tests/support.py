"""What the tests share: the command of the repository, run by itself, and small instances."""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

from dictum_sdl._process import node

REPOSITORY = Path(__file__).resolve().parents[2]
MAIN = REPOSITORY / "dist/src/commands/main.js"

THREE = [[0, 1], [1, 0], ["4/5", "3/5"]]
"""A direction between two others: no neuron carries the third alone."""


def dictum(*arguments: str, code: int | None = None) -> str:
    """Output of the command as the repository built it, in a process of its own."""
    program = shutil.which("node") or node()
    ran = subprocess.run([program, str(MAIN), *arguments], capture_output=True, text=True)
    assert code is None or ran.returncode == code, ran.stderr
    return ran.stdout


def printed(*arguments: str) -> dict[str, Any]:
    document = json.loads(dictum(*arguments, "--json"))
    del document["format"]
    return document  # type: ignore[no-any-return]


def document(rows: list[list[Any]], **also: Any) -> dict[str, Any]:
    return {
        "format": "dictum/instance@1",
        "name": "directions",
        "features": [{"label": f"f{i}", "wp": [str(x) for x in row]} for i, row in enumerate(rows, 1)],
        "activation": {"kind": "relu"},
        "neurons": 1,
        **also,
    }


def dot(a: Any, b: Any) -> Fraction:
    return sum((Fraction(x) * Fraction(y) for x, y in zip(a, b, strict=True)), Fraction(0))
