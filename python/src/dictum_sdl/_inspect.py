"""`inspect`: writes what it is given to files, runs the command of that name, and reads its answer."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from . import _exact, _html, _instance
from ._instance import Instance
from ._process import command
from .errors import InputError
from .inspection import Absorption, Inspection, Latent, Share


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
        sentence=f"{_html.counted(raw['nq'], 'latent')} on {_html.counted(raw['rows'], 'row' if raw['of'] == 'data' else 'atom')}: "
        f"{absorbed} of {_html.counted(len(pairs), 'pair')} absorbed, {_html.counted(never, 'latent')} never on",
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
    said = "; ".join([of["kind"], f"on in {_html.counted(of['rows'], 'row')}", *also])
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
