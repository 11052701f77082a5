"""The functions, under the names that the library for JavaScript has."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from os import PathLike, fspath
from pathlib import Path
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np

from . import _exact, _html, _instance
from ._instance import Instance, Pattern
from ._process import Tell, lines
from .answers import (
    Certified,
    Checked,
    Claim,
    Critical,
    End,
    Farkas,
    LandingProof,
    Landing,
    Landscape,
    OpenRun,
    Patterns,
    Proved,
    Realization,
    Weighted,
    WeightedRow,
    sets_of,
)
from .errors import InputError

Bias: TypeAlias = Literal["none", "free"]
Reading: TypeAlias = Literal["walkthrough", "paper", "ours", "repaired"]
Activation: TypeAlias = str | Mapping[str, Any]
Progress: TypeAlias = bool | Tell | None
"""A function of how much is done and of how much (None: nobody knows); True or None: a bar of tqdm after a second, if it is installed."""


def given_only(**arguments: Any) -> dict[str, Any]:
    """Arguments that were given, NumPy's numbers as Python's."""
    plain = {key: value.item() if isinstance(value, np.generic) else value for key, value in arguments.items()}
    return {key: value for key, value in plain.items() if value is not None}


def interval(said: Mapping[str, str] | None) -> Any:
    """Of a number that is exact, or between two decimals."""
    if said is None:
        return None
    ends = (said["exact"],) * 2 if "exact" in said else (said["lower"], said["upper"])
    return tuple(map(Fraction, ends))


def labels_in(text: str) -> tuple[str, ...]:
    return tuple(str(feature["label"]) for feature in json.loads(text)["features"])


def watched(progress: Progress, unit: str) -> AbstractContextManager[Tell | None]:
    if progress is False:
        return nullcontext(None)
    if callable(progress):
        return nullcontext(progress)
    try:
        from tqdm import tqdm
    except ImportError:
        if progress:
            raise
        return nullcontext(None)
    return Bar(tqdm, unit)


class Bar:
    """A bar that is there once the wait is longer than a second, and gone afterwards."""

    def __init__(self, tqdm: Any, unit: str) -> None:
        self._bar = tqdm(unit=f" {unit}", delay=1, leave=False)

    def __enter__(self) -> Tell:
        return self._tell

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def _tell(self, done: int, of: int | None) -> None:
        self._bar.total = of
        self._bar.update(done - self._bar.n)


def realize(
    instance: Instance,
    pattern: Pattern | None = None,
    *,
    labels: Sequence[str] | None = None,
    activation: Activation | None = None,
    bias: Bias | None = None,
    work: int | None = None,
) -> Realization:
    """Does some encoder show this pattern: each neuron active on its set of features and on no other?

    >>> realize([[0, 1], [1, 0], ["4/5", "3/5"]], [[3]]).sentence
    '{3} is not realizable: w(3) = 3/5 w(1) + 4/5 w(2)'
    """
    text = _instance.instance_text(instance, labels=labels, activation=activation)
    asked = given_only(instance=text, pattern=_instance.pattern_of(pattern), bias=bias)
    raw = lines.call("realize", {**asked, **given_only(work=work)})
    farkas = raw.get("farkas") or {}
    sides = [tuple(Weighted(one["feature"], _exact.fraction(one["weight"])) for one in farkas.get(side, ())) for side in ("on", "off")]
    return Realization(
        sentence=raw["sentence"],
        raw=raw,
        verdict=raw["verdict"],
        we=_exact.matrix(raw["we"]) if "we" in raw else None,
        gate=_exact.matrix(raw["gate"]) if "gate" in raw else None,
        bias=tuple(map(_exact.fraction, raw["bias"])) if "bias" in raw else None,
        neuron=raw.get("neuron"),
        farkas=Farkas(*sides) if "on" in farkas else None,
        rows=tuple(WeightedRow(**{**row, "weight": _exact.fraction(row["weight"])}) for row in farkas["rows"])
        if "rows" in farkas
        else None,
        capacity=raw.get("capacity"),
        beyond=tuple(raw.get("with", ())),
        why=raw.get("why"),
        _prove=lambda: certified({"claim": "R", **asked}),
    )


def patterns(
    instance: Instance,
    *,
    strict: bool = False,
    max_size: int | None = None,
    containing: Sequence[int | str] | None = None,
    limit: int | None = None,
    labels: Sequence[str] | None = None,
    activation: Activation | None = None,
    bias: Bias | None = None,
    work: int | None = None,
    progress: Progress = None,
) -> Patterns:
    """Which sets of features can one neuron be active on? `strict`: chambers, sets shown with no feature at the kink."""
    text = _instance.instance_text(instance, labels=labels, activation=activation)
    asked = given_only(instance=text, bias=bias)
    only = None if containing is None else _instance.features_of(containing, "containing")
    more = given_only(strict=strict, maxSize=max_size, containing=only, limit=limit, work=work)
    with watched(progress, "sets") as tell:
        raw = lines.call("patterns", {**asked, **more}, tell)
    all_of_them = max_size is None and not containing
    return Patterns(
        sentence=raw["sentence"],
        raw=raw,
        features=raw["features"],
        dimension=raw["dimension"],
        found=raw["found"],
        by_size=tuple(raw["bySize"]),
        chambers=raw["chambers"],
        sets=sets_of(raw["sets"]),
        complete=raw["complete"],
        why=raw.get("why"),
        labels=labels_in(text),
        _prove=(lambda: certified({"claim": "R-chambers" if strict else "R-count", **asked})) if all_of_them else None,
    )


def certified(arguments: Mapping[str, Any]) -> Certified:
    raw = lines.call("certify", arguments)
    return Certified(
        sentence=raw["sentence"],
        raw=raw,
        claim=raw["claim"],
        reading=raw["reading"],
        verdict=raw["verdict"],
        facts=tuple(raw.get("facts", ())),
        fails=raw.get("fails"),
        dropped=raw.get("dropped"),
        beyond=tuple(raw.get("with", ())),
        id=raw.get("id"),
        why=raw.get("why"),
        _text=raw.get("certificate"),
    )


def certify(
    claim: str,
    instance: Instance,
    pattern: Pattern | None = None,
    *,
    reading: Reading | None = None,
    drop: str | None = None,
    labels: Sequence[str] | None = None,
    activation: Activation | None = None,
    neurons: int | None = None,
    bias: Bias | None = None,
    work: int | None = None,
) -> Certified:
    """Does this claim hold of this instance? With a certificate, unless the question stays open. `claims()` lists them."""
    text = _instance.instance_text(instance, labels=labels, activation=activation, neurons=neurons)
    return certified(
        given_only(
            claim=claim,
            instance=text,
            pattern=_instance.pattern_of(pattern),
            reading=reading,
            drop=drop,
            bias=bias,
            work=work,
        )
    )


def claims() -> tuple[Claim, ...]:
    """Which claims are there, in which readings?"""
    return tuple(
        Claim(
            id=of["id"],
            title=of["title"],
            about=of["about"],
            readings={reading["reading"]: reading["says"] for reading in of["readings"]},
        )
        for of in lines.call("claims", {})
    )


def check(certificate: str | PathLike[str] | Mapping[str, Any] | Proved) -> Checked:
    """Is this a proof, and of what? A wrong certificate is an answer: `accepted` is False, and it says why. Takes the text, a file, or an answer."""
    text = text_of(certificate)
    raw = lines.call("check", {"certificate": text})
    landing = raw.get("landing")
    return Checked(
        sentence=raw["sentence"],
        raw=raw,
        accepted=raw["accepted"],
        claim=raw.get("claim"),
        reading=raw.get("reading"),
        verdict=raw.get("verdict"),
        facts=tuple(raw.get("facts", ())),
        instance=raw["instance"]["name"] if raw["accepted"] else None,
        id=raw.get("id"),
        landing=landing
        and LandingProof(
            kind=landing["class"],
            loss=interval(landing["loss"]),
            gradient=_exact.fraction(landing["gradient"]),
            apart=_exact.fraction(landing["apart"]),
        ),
        kind=raw.get("kind"),
        code=raw.get("code"),
        path=raw.get("path"),
        expected=raw.get("expected"),
        found=raw.get("found"),
        _text=text,
    )


def text_of(certificate: Any) -> str:
    if isinstance(certificate, Proved):
        text = certificate.certificate
        if text is None:
            raise InputError("missing-data", "certificate", "an answer with a certificate", certificate.sentence)
        return text
    if isinstance(certificate, Mapping):
        return json.dumps(certificate)
    if not isinstance(certificate, str | PathLike):
        raise InputError("wrong-type", "certificate", "text, a file, or an answer", type(certificate).__name__)
    # What is no JSON object, and no file either, the checker refuses with more words than a file system has.
    if isinstance(certificate, str) and ("\n" in certificate or certificate.lstrip()[:1] in ("{", "[", "")):
        return certificate
    try:
        return Path(certificate).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("unreadable", "", "a certificate", str(error), file=fspath(certificate)) from None


def landscape(
    instance: Instance,
    patterns: Sequence[Pattern] | None = None,
    *,
    sample: int | None = None,
    seed: int | None = None,
    certificates: bool = True,
    labels: Sequence[str] | None = None,
    activation: Activation | None = None,
    neurons: int | None = None,
    work: int | None = None,
    progress: Progress = None,
) -> Landscape:
    """Which patterns carry critical points of the loss, and which of these trap? All partitions of up to 10 features, a sample, or those given."""
    text = _instance.instance_text(instance, labels=labels, activation=activation, neurons=neurons)
    asked = None if patterns is None else [_instance.pattern_of(of, f"patterns[{k}]") for k, of in enumerate(patterns)]
    arguments = given_only(
        instance=text, patterns=asked, sample=sample, seed=seed, certificates=certificates, work=work
    )
    with watched(progress, "patterns") as tell:
        raw = lines.call("landscape", arguments, tell)
    names = labels_in(text)
    return Landscape(
        sentence=raw["sentence"],
        raw=raw,
        patterns=tuple(critical(entry, names) for entry in raw["patterns"]),
        counts=raw["counts"],
        traps=raw["traps"],
        global_minima=raw["globalMinima"],
        sample=raw.get("sample"),
        seed=raw.get("seed"),
        labels=names,
    )


def critical(entry: Mapping[str, Any], labels: Sequence[str]) -> Critical:
    said = entry["class"] or entry["verdict"]
    return Critical(
        sentence=f"({_html.sets(entry['pattern'], labels)}): {said}",
        raw=entry,
        pattern=sets_of(entry["pattern"]),
        verdict=entry["verdict"],
        kind=entry["class"],
        loss=interval(entry["loss"]),
        eigenvalues=None if entry["eigenvalues"] is None else tuple(map(interval, entry["eigenvalues"])),
        gradients=entry["gradients"],
        why=entry.get("why"),
        _text=entry.get("certificate"),
    )


def land(
    instance: Instance,
    *,
    neurons: int | None = None,
    runs: int = 1000,
    optimizer: Literal["gd", "sgd", "adam"] | None = None,
    rate: float | None = None,
    steps: int | None = None,
    seed: int | None = None,
    anchors: int | None = None,
    resample: int | None = None,
    threads: int | None = None,
    certificates: bool = True,
    exits: bool = False,
    bias: Bias | None = None,
    labels: Sequence[str] | None = None,
    activation: Activation | None = None,
    progress: Progress = None,
) -> Landing:
    """Where do training runs end? Trains many small models, and proves of each that it ended near a critical configuration, of which class."""
    text = _instance.instance_text(instance, labels=labels, activation=activation, neurons=neurons)
    arguments = given_only(
        instance=text,
        runs=runs,
        optimizer=optimizer,
        rate=rate,
        steps=steps,
        seed=seed,
        anchors=anchors,
        resample=resample,
        threads=threads,
        certificates=certificates,
        exits=exits,
        bias=bias,
    )
    with watched(progress, "runs") as tell:
        raw = lines.call("land", arguments, tell)
    names = labels_in(text)
    return Landing(
        sentence=raw["sentence"],
        raw=raw,
        instance=raw["instance"],
        runs=raw["runs"],
        converged=raw["converged"],
        matched=raw["matched"],
        undecided=raw["undecided"],
        seed=raw["seed"],
        settings=raw["settings"],
        ends=tuple(end_of(end, names) for end in raw["ends"]),
        open=tuple(
            OpenRun(
                kind=of["kind"],
                run=of["run"],
                why=of["why"],
                we=finite(of["weights"]["we"]),
                wd=finite(of["weights"]["wd"]),
            )
            for of in raw["open"]
        ),
        exits=raw.get("exits"),
        labels=names,
    )


def finite(rows: Sequence[Sequence[str]]) -> _exact.Matrix | None:
    return None if any(word in row for row in rows for word in ("NaN", "Infinity", "-Infinity")) else _exact.matrix(rows)


def end_of(end: Mapping[str, Any], labels: Sequence[str]) -> End:
    return End(
        sentence=f"({_html.sets(end['pattern'], labels)}): {end['class']}, loss {end['loss']}, {_html.counted(end['count'], 'run')}",
        raw=end,
        pattern=sets_of(end["pattern"]),
        kind=end["class"],
        loss=float(end["loss"]),
        count=end["count"],
        rate=(end["rate"]["lower"], end["rate"]["upper"]),
        predicted=end["predicted"],
        apart=end["apart"],
        gradient=end["gradient"],
        _text=end.get("certificate"),
    )
