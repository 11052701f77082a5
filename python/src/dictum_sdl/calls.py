"""The functions, under the names that the library for JavaScript has."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from os import PathLike, fspath
from pathlib import Path
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import numpy as np

from . import _exact, _instance
from ._instance import Instance, Pattern
from ._process import Tell, command, lines
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
from .inspection import Absorption, Inspection, Latent, Share

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
    from ._html import sets

    said = entry["class"] or entry["verdict"]
    return Critical(
        sentence=f"({sets(entry['pattern'], labels)}): {said}",
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
    from ._html import sets

    return End(
        sentence=f"({sets(end['pattern'], labels)}): {end['class']}, loss {end['loss']}, {counted(end['count'], 'run')}",
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


class Files:
    """What a command reads, as files: paths as they are, values written into a folder that is gone once nobody holds this."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="dictum-")
        self.names: dict[str, str] = {}

    def path(self, argument: str, suffix: str = "") -> Path:
        path = Path(self._folder.name) / f"{argument}{suffix}"
        self.names[str(path)] = argument
        return path

    def written(self, argument: str, suffix: str, text: str) -> str:
        path = self.path(argument, suffix)
        path.write_text(text, encoding="utf-8")
        return str(path)

    def model(self, given: Any) -> str:
        if isinstance(given, str | PathLike):
            return fspath(given)
        if not _instance.is_sae(given):
            raise InputError("wrong-type", "model", "a checkpoint, or an sae_lens.SAE", type(given).__name__)
        folder = self.path("model")
        folder.mkdir()
        given.save_model(str(folder))
        return str(folder)

    def array(self, argument: str, given: Any) -> str:
        values = np.asarray(_exact.array(given))
        if values.ndim != 2 or values.dtype.kind not in "biuf":
            raise InputError(
                "wrong-size", argument, "an array of numbers with 2 dimensions", f"{values.dtype} {values.shape}"
            )
        path = self.path(argument, ".npy")
        np.save(path, values if values.dtype in (np.float32, np.float64) else values.astype(np.float64))
        return str(path)

    def rows(self, given: Any) -> str:
        if isinstance(given, str | PathLike):
            return fspath(given)
        if isinstance(given, Mapping):
            words = {str(word): np.asarray(_exact.array(row)).tolist() for word, row in given.items()}
            return self.written("x", ".json", json.dumps(words))
        return self.array("x", given)

    def labels(self, given: Any) -> str:
        """Names from a mapping or from the columns of a DataFrame; a bare array has none."""
        if isinstance(given, str | PathLike):
            return fspath(given)
        if hasattr(given, "columns") and hasattr(given, "to_numpy"):
            given = {str(column): given[column].to_numpy() for column in given.columns}
        if not isinstance(given, Mapping):
            return self.array("labels", given)
        columns = [np.asarray(_exact.array(column)).astype(int).tolist() for column in given.values()]
        path = self.path("labels", ".csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(map(str, given))
            out.writerows(zip(*columns, strict=True))
        return str(path)


def inspect(
    model: Any,
    x: Any = None,
    labels: Any = None,
    *,
    features: Instance | None = None,
    hierarchy: Mapping[str, str] | str | PathLike[str] | None = None,
    names: Sequence[str] | None = None,
    strength: tuple[float, float] | None = None,
    architecture: str | None = None,
    subtract_b_dec: bool | None = None,
    jobs: int | None = None,
) -> Inspection:
    """What does each latent of a trained model do? Who absorbs whom, what is never on, and why?

    model: an `sae_lens.SAE`, or a checkpoint as `dictum inspect` reads it. x: rows of inputs, an array, a tensor, a file, or {"word": numbers}.
    labels: which row has which label, {"label": 0 or 1 a row}, a DataFrame, an array or a file. features: an instance whose features make inputs;
    one of x and features is needed. hierarchy: {"child": "parent"}; strength: the least and the largest of the features.
    """
    files = Files()
    arguments = ["inspect", files.model(model)]
    if x is not None:
        arguments += ["--data", files.rows(x)]
    if labels is not None:
        arguments += ["--labels", files.labels(labels)]
    if names is not None:
        arguments += ["--names", files.written("names", ".txt", "".join(f"{name}\n" for name in names))]
    if features is not None:
        arguments += ["--features", files.written("features", ".json", _instance.instance_text(features))]
    if hierarchy is not None:
        told = isinstance(hierarchy, Mapping)
        arguments += ["--hierarchy", files.written("hierarchy", ".json", json.dumps(hierarchy)) if told else fspath(hierarchy)]  # type: ignore[arg-type]
    if strength is not None:
        arguments += ["--strength", "..".join(str(one) for one in strength)]
    if architecture is not None:
        arguments += ["--architecture", architecture]
    if subtract_b_dec is not None:
        arguments += ["--subtract-b-dec", "yes" if subtract_b_dec else "no"]
    if jobs is not None:
        arguments += ["--jobs", str(jobs)]
    page = files.path("page", ".html")
    raw = command([*arguments, "--html", str(page)], files.names)
    return inspection(raw, page.read_text(encoding="utf-8"), prover(arguments, files))


def prover(arguments: Sequence[str], files: Files) -> Callable[[int], str]:
    def prove(latent: int) -> str:
        path = files.path(f"latent-{latent}", ".json")
        command([*arguments, "--latent", str(latent), "--certificate", str(path)], files.names)
        return path.read_text(encoding="utf-8")

    return prove


def inspection(raw: Mapping[str, Any], page: str, prove: Callable[[int], str]) -> Inspection:
    pairs = tuple(absorption(of, prove) for of in raw["absorption"] or raw["absorptionByLabels"])
    absorbed = sum(of.verdict == "absorbed" for of in pairs)
    never = sum(of["kind"] in ("never", "loses") for of in raw["latents"])
    return Inspection(
        sentence=f"{counted(raw['nq'], 'latent')} on {counted(raw['rows'], 'row' if raw['of'] == 'data' else 'atom')}: "
        f"{absorbed} of {counted(len(pairs), 'pair')} absorbed, {counted(never, 'latent')} never on",
        raw=raw,
        method=raw["method"],
        rows=raw["rows"],
        of=raw["of"],
        l0=raw["l0"],
        fvu=raw.get("fvu"),
        latents=tuple(latent_of(of, prove) for of in raw["latents"]),
        absorption=pairs,
        labels=tuple(raw["labels"]),
        groups=raw["groups"],
        notes=tuple(raw["notes"]),
        page=page,
    )


def counted(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"


def absorption(of: Mapping[str, Any], prove: Callable[[int], str]) -> Absorption:
    alone, beside, others = (_exact.fraction(of[key]) for key in ("alone", "beside", "others"))
    carrier = of.get("carrier")
    named = "nobody" if carrier is None else f"latent {carrier}"
    return Absorption(
        sentence=f"{of['parent']} with {of['child']}: {of['verdict']}; {named} writes {_percent(alone)} of {of['parent']} alone and "
        f"{_percent(beside)} beside {of['child']}, where those that come with it write {_percent(others)}",
        raw=of,
        parent=of["parent"],
        child=of["child"],
        verdict=of["verdict"],
        basis=of["basis"],
        carrier=carrier,
        alone=alone,
        beside=beside,
        others=others,
        shares=tuple(
            Share(share["latent"], _exact.fraction(share["alone"]), _exact.fraction(share["beside"]))
            for share in of["shares"]
            if share["comes"]
        ),
        _prove=prove,
    )


def _percent(share: Any) -> str:
    return f"{100 * float(share):.0f}%"


def latent_of(of: Mapping[str, Any], prove: Callable[[int], str]) -> Latent:
    best = of.get("best") or {}
    also = [f"{key} {', '.join(of[key])}" for key in ("absorbed", "absorbs") if of[key]]
    said = "; ".join([of["kind"], f"on in {counted(of['rows'], 'row')}", *also])
    return Latent(
        sentence=f"latent {of['latent']}: {said}",
        raw=of,
        latent=of["latent"],
        kind=of["kind"],
        rows=of["rows"],
        label=best.get("label"),
        f1=best.get("f1"),
        absorbed=tuple(of["absorbed"]),
        absorbs=tuple(of["absorbs"]),
        _prove=prove,
    )
