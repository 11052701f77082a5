"""Whatever a caller calls an instance, as the text of `dictum/instance@1`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from . import _exact
from .errors import InputError

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Instance: TypeAlias = "ArrayLike | Sequence[Sequence[_exact.Number]] | Mapping[str, Any] | str | PathLike[str] | Any"
"""Directions, a row for each feature: an array, a tensor, lists; an `sae_lens.SAE`, whose directions are the rows of `W_dec`; an instance as a
dict, as JSON text or as a file; an array in a file, .npy, .npz#NAME or .safetensors#NAME."""

Pattern: TypeAlias = "Sequence[Sequence[int | str]]"
"""For each neuron its set of features, by number from 1 or by label."""


def split(given: str | PathLike[str]) -> tuple[Path, str | None]:
    """FILE#NAME; a file that has the sign in its name comes first."""
    path = Path(given)
    name, sign, part = str(given).rpartition("#")
    return (Path(name), part) if sign and not path.exists() else (path, None)


def is_sae(given: Any) -> bool:
    """An SAE of SAELens, known by what it has: the package need not be there to tell."""
    return hasattr(given, "W_dec") and hasattr(given, "cfg")


def instance_text(
    given: Any,
    *,
    labels: Sequence[str] | None = None,
    activation: str | Mapping[str, Any] | None = None,
    neurons: int | None = None,
    name: str | None = None,
) -> str:
    """Of a document, `activation`, `neurons`, `name` are put in place of its own; labels it has."""
    if isinstance(given, str | PathLike) and not (isinstance(given, str) and given.lstrip().startswith("{")):
        path, part = split(given)
        if path.is_dir() and (path / "cfg.json").is_file():
            path, part = path / "sae_weights.safetensors", part or "W_dec"
        if path.suffix in (".npy", ".npz", ".safetensors"):
            given = _exact.array_in(path, part)
        else:
            try:
                given = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise InputError("unreadable", "", "an instance file", str(error), file=str(path)) from None
    changes = {"neurons": neurons, "name": name}
    if activation is not None:
        changes["activation"] = {"kind": activation} if isinstance(activation, str) else activation  # type: ignore[assignment]
    changes = {key: value for key, value in changes.items() if value is not None}
    if isinstance(given, str):
        if labels is None and not changes:
            return given
        try:
            given = json.loads(given, parse_float=Decimal)
        except ValueError as error:
            raise InputError("not-json", "$", "JSON", str(error)) from None
        if not isinstance(given, Mapping):
            raise InputError("wrong-type", "$", "an object", type(given).__name__)
    if isinstance(given, Mapping):
        if labels is not None:
            raise InputError("bad-arguments", "labels", "none, as the document has labels", "some")
        return json.dumps(_plain({**given, **changes}, "$"))
    if is_sae(given):
        labels = labels or [f"#{i}" for i in range(len(given.W_dec))]
        given = given.W_dec
    rows = _exact.rows_of(given, "instance")
    labels = [str(i + 1) for i in range(len(rows))] if labels is None else [str(label) for label in labels]
    if len(labels) != len(rows):
        raise InputError("wrong-size", "labels", f"{len(rows)}, one for each feature", str(len(labels)))
    document = {
        "format": "dictum/instance@1",
        "name": "directions",
        "features": [{"label": label, "wp": row} for label, row in zip(labels, rows, strict=True)],
        "activation": {"kind": "relu"},
        "neurons": 1,
        **changes,
    }
    return json.dumps(_plain(document, "$"))


def _plain(value: Any, path: str) -> Any:
    """As JSON has it; floats and fractions as the exact numbers they are."""
    value = _exact.array(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(of, f"{path}.{key}") for key, of in value.items()}
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        return [_plain(of, f"{path}[{i}]") for i, of in enumerate(value)]
    if isinstance(value, float | np.floating | Fraction | Decimal):
        return _exact.text(value, path)
    return int(value) if isinstance(value, np.integer) else value


def pattern_of(given: Any, path: str = "pattern") -> Any:
    """Sets may be any collections; numbers may be NumPy's."""
    if given is None:
        return None
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise InputError("wrong-type", path, "a set of features for each neuron", repr(given))
    return [features_of(of, f"{path}[{i}]") for i, of in enumerate(given)]


def features_of(given: Any, path: str) -> list[int | str]:
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        raise InputError("wrong-type", path, "a set of features", repr(given))
    found: list[int | str] = []
    for j, of in enumerate(given):
        if isinstance(of, bool | np.bool_) or not isinstance(of, str | int | np.integer):
            raise InputError("unknown-feature", f"{path}[{j}]", "a number from 1, or a label", repr(of))
        found.append(of if isinstance(of, str) else int(of))
    return found
