"""Answers: exact numbers, certificates that both checkers accept, what is saved, what a notebook shows."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import dictum_sdl
import pytest
from dictum_sdl import verify
from support import REPOSITORY, THREE, dictum


def test_a_certificate_is_saved_and_replayed_by_three(tmp_path: Path) -> None:
    answer = dictum_sdl.realize(THREE, [[3]])
    assert answer.realizable is False
    file = answer.save(tmp_path / "three.json")
    assert file.read_text() == answer.certificate
    assert "1 certificate replayed, 0 rejected" in dictum("check", str(file), code=0)
    assert dictum_sdl.check(file) and dictum_sdl.check(answer) and verify.check(file)
    assert [path.name for path in tmp_path.iterdir()] == ["three.json"]
    page = answer.save(tmp_path / "three.html").read_text()
    assert page.startswith("<!doctype html>") and "<svg" in page


def test_a_forged_certificate_is_refused_by_both() -> None:
    certificate = json.loads(dictum_sdl.certify("T8", THREE, [[2, 3]]).certificate or "")
    assert dictum_sdl.check(certificate) and verify.check(json.dumps(certificate))
    certificate["verdict"] = "holds"
    first, second = dictum_sdl.check(certificate), verify.check(json.dumps(certificate))
    assert not first and not second
    assert (first.kind, second.kind) == ("invalid", "invalid")
    assert first.code and first.path and first.certificate is None
    with pytest.raises(ValueError, match="no certificate"):
        first.save("never.json")


@pytest.mark.parametrize("text", ["", "x\n", "{", "[]", "{}", '{"format": "dictum/certificate@1"}'])
def test_no_certificate_is_an_answer(text: str) -> None:
    assert not dictum_sdl.check(text)
    assert dictum_sdl.check(text).kind == "malformed"
    assert verify.check(text.encode()).kind == "malformed"


def test_the_committed_certificates_are_accepted_by_the_second_checker() -> None:
    for file in sorted((REPOSITORY / "certificates/T8").glob("*.json")):
        assert verify.check(file), file


def test_an_open_question_is_an_answer_without_certificate() -> None:
    answer = dictum_sdl.realize(THREE, [[3]], work=1)
    assert (answer.verdict, answer.realizable, answer.certificate) == ("undecided", None, None)
    assert "limit" in (answer.why or "") and "undecided" in answer._repr_html_()
    with pytest.raises(dictum_sdl.InputError, match="an answer with a certificate"):
        dictum_sdl.check(answer)


def test_patterns_with_a_certified_count() -> None:
    found = dictum_sdl.patterns(THREE)
    assert found.found == len(found.sets) == sum(found.by_size) == 6
    assert dictum_sdl.check(found).claim == "R-count"
    assert dictum_sdl.check(dictum_sdl.patterns(THREE, strict=True)).claim == "R-chambers"
    assert dictum_sdl.patterns(THREE, max_size=1).certificate is None


def test_a_landscape_of_traps(tmp_path: Path) -> None:
    found = dictum_sdl.landscape(THREE, neurons=2)
    assert len(found.patterns) == found.counts["patterns"] == 4
    for one in found.patterns:
        assert one.certificate and dictum_sdl.check(one) and verify.check(one.certificate)
    kinds = [one.kind for one in found.patterns if one.kind == "local-minimum" and one.loss and one.loss[0] > 0]
    assert found.traps == len(kinds) > 0
    folder = found.save(tmp_path / "proofs")
    assert len(list(folder.iterdir())) == len([c for c in found.certificate if c])


def test_landings(tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    found = dictum_sdl.land(THREE, neurons=2, runs=300, progress=lambda done, of: told.append((done, of)))
    assert sum(end.count for end in found.ends) == found.matched
    assert told and all(of == 300 and 0 < done <= 300 for done, of in told)
    for end in found.ends:
        assert end.certificate and verify.check(end.certificate)
        landing = dictum_sdl.check(end).landing
        assert landing and landing.kind == end.kind
        assert landing.loss[0] <= landing.loss[1] and float(landing.loss[0]) == pytest.approx(end.loss, abs=1e-5)
        assert isinstance(landing.apart, Fraction) and landing.apart <= Fraction(1, 100)
    html = found._repr_html_()
    assert html.count("<rect") == html.count("<tr>") - 1 == min(len(found.ends), 20)
    assert len(list(found.save(tmp_path / "ends").iterdir())) == len(found.ends)


def test_claims() -> None:
    listed = {claim.id: claim for claim in dictum_sdl.claims()}
    assert {"R", "T6", "T8"} <= listed.keys()
    assert "paper" in listed["T8"].readings


def shown(answer: Any) -> str:
    html: str = answer._repr_html_()
    # It is a part of a page that others share: nothing that reaches beyond it.
    assert not re.search(r"<(html|body|head|script|iframe|link)\b", html)
    style = re.search(r"<style>(.*?)</style>", html, re.S)
    if style:
        assert re.match(r"\.dictum-[0-9a-f]{8} \{", style[1]) and not re.search(r"(?<![\w-])(:root|body)\s*\{", style[1])
        assert style[1].count("{") == style[1].count("}")
    return html


def test_what_a_notebook_shows() -> None:
    assert "<svg" in shown(dictum_sdl.realize(THREE, [[3]]))
    assert "absorption" in shown(dictum_sdl.certify("T8", THREE, [[2, 3]]))
    assert "<table" in shown(dictum_sdl.patterns(THREE))
    assert "local-minimum" in shown(dictum_sdl.landscape(THREE, neurons=2))
    assert "rejected" in shown(dictum_sdl.check("{}")).lower() or "$.format" in shown(dictum_sdl.check("{}"))


def test_labels_are_text_and_no_markup() -> None:
    labels = ["<script>", "a&b", '"']
    for answer in (
        dictum_sdl.realize(THREE, [[3]], labels=labels),
        dictum_sdl.patterns(THREE, labels=labels),
        dictum_sdl.landscape(THREE, labels=labels),
        dictum_sdl.land(THREE, labels=labels, runs=20, steps=500),
    ):
        shown(answer)
