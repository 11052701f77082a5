"""Answers are those of the command, which runs in a process of its own for each: 200 calls drawn at random."""

from __future__ import annotations

import json
import os
import random
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import dictum_sdl
import pytest
from dictum_sdl import verify
from support import dictum, document, dot, printed

SEED = int(os.environ.get("DICTUM_SEED", random.SystemRandom().randrange(10**6)))
CALLS = int(os.environ.get("DICTUM_PYTHON_CALLS", "200"))


def drawn(at: random.Random, most: int = 6) -> dict[str, Any]:
    n, dimension = at.randint(2, most), at.randint(2, 3)
    rows: list[list[Any]] = []
    while len(rows) < n:
        row = [Fraction(at.randint(-4, 4), at.choice([1, 1, 2, 3])) for _ in range(dimension)]
        if any(row):
            rows.append(row)
    return document(rows)


def pattern_drawn(at: random.Random, n: int) -> list[list[int]]:
    return [sorted(at.sample(range(1, n + 1), at.randint(0, min(n, 3)))) for _ in range(at.randint(1, 2))]


def flag(pattern: list[list[int]]) -> str:
    return ";".join(",".join(map(str, one)) for one in pattern)


def case(seed: int, folder: Path) -> None:
    at = random.Random(f"{SEED} {seed}")
    given = drawn(at)
    file = folder / f"{seed}.json"
    n = len(given["features"])
    kind = at.choice(["realize"] * 6 + ["patterns"] * 3 + ["certify"] * 4 + ["check"] * 2 + ["landscape", "land"])
    if kind in ("landscape", "land"):
        given = {**drawn(at, 4), "neurons": at.randint(1, 3)}
    file.write_text(json.dumps(given))
    if kind == "realize":
        pattern, bias = pattern_drawn(at, n), at.choice(["none", "free"])
        answer = dictum_sdl.realize(given, pattern, bias=bias)
        raw = {key: value for key, value in answer.raw.items() if key not in ("verdict", "sentence")}
        assert raw == printed("realize", str(file), "--pattern", flag(pattern), "--bias", bias)
        holds(answer, given, pattern, bias == "free")
    elif kind == "patterns":
        strict = at.random() < 0.5
        found = dictum_sdl.patterns(given, strict=strict)
        want = printed("patterns", str(file), "--list", *(["--strict"] if strict else []))
        assert [list(one) for one in found.sets] == want["sets"]
        assert (found.found, list(found.by_size)) == (want["chambers" if strict else "realizable"], want["bySize"])
        assert verify.check(found.certificate or "")
    elif kind == "certify":
        claim, pattern = at.choice(["R", "T8", "E5", "T6"]), pattern_drawn(at, n)
        certified = dictum_sdl.certify(claim, given, pattern, reading="paper")
        text = dictum("certify", claim, str(file), "--reading", "paper", "--pattern", flag(pattern))
        assert (certified.certificate or "") == text
    elif kind == "check":
        certificate = json.loads(dictum_sdl.realize(given, pattern_drawn(at, n)).certificate or "")
        if at.random() < 0.5:
            certificate["verdict"] = "holds" if certificate["verdict"] == "refuted" else "refuted"
        file.write_text(json.dumps(certificate))
        checked = dictum_sdl.check(certificate)
        (want,) = printed("check", str(file))["results"]
        for key in ("accepted", "kind", "code", "path", "claim", "reading", "verdict"):
            assert checked.raw.get(key) == want.get(key), key
        assert verify.check(file).accepted == checked.accepted
    elif kind == "landscape":
        landscape = dictum_sdl.landscape(given, certificates=False)
        assert {k: v for k, v in landscape.raw.items() if k != "sentence"} == printed("landscape", str(file))
    else:
        bias = at.choice(["none", "free"])
        landing = dictum_sdl.land(given, runs=20, steps=500, seed=seed + 1, threads=1, certificates=False, bias=bias)
        asked = ["--runs", "20", "--steps", "500", "--seed", str(seed + 1), "--threads", "1", "--bias", bias]
        want = printed("land", str(file), *asked)
        assert {k: v for k, v in landing.raw.items() if k != "sentence"} == want


def holds(answer: dictum_sdl.Realization, given: dict[str, Any], pattern: list[list[int]], free: bool) -> None:
    """What is answered is so, by Python's own fractions."""
    rows = [[*feature["wp"], *(["1"] if free else [])] for feature in given["features"]]
    if answer.we is not None:
        assert [[d for d, row in enumerate(rows, 1) if dot(e, row) > 0] for e in answer.we] == pattern
    elif answer.farkas is not None:
        on, off = answer.farkas.on, answer.farkas.off
        for k in range(len(rows[0])):
            sides = [sum((w.weight * Fraction(rows[w.feature - 1][k]) for w in side), Fraction(0)) for side in (on, off)]
            assert sides[0] == sides[1]
        wanted = set(pattern[(answer.neuron or 0) - 1])
        assert {w.feature for w in on} <= wanted and not {w.feature for w in off} & wanted
        assert on and all(w.weight > 0 for w in (*on, *off))


def test_answers_are_those_of_the_command(tmp_path: Path) -> None:
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        for seed, running in [(seed, threads.submit(case, seed, tmp_path)) for seed in range(CALLS)]:
            try:
                running.result()
            except Exception as error:
                threads.shutdown(wait=False, cancel_futures=True)
                pytest.fail(f"call {seed} of DICTUM_SEED={SEED}: {error!r}")
