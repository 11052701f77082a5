"""Numbers and arrays as the exact numbers they are, and as the text that the command reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from .errors import InputError

Number: TypeAlias = int | float | str | Fraction | Decimal
"""A float is the fraction that it is, 0.1 = 3602879701896397/36028797018963968; write "1/10", "0.1" or `Fraction(1, 10)` for a tenth."""

Matrix: TypeAlias = tuple[tuple[Fraction, ...], ...]


def text(value: Any, path: str) -> str:
    """An exact number as the command reads it; of a text the command says whether it is one."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | np.bool_):
        raise InputError("wrong-type", path, "a number", repr(bool(value)))
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating | Decimal):
        if not math.isfinite(value):
            raise InputError("not-a-number", path, "a finite number", str(value), "NaN and Infinity are no quantities.")
        return fraction_text(Fraction(*value.as_integer_ratio()))
    if isinstance(value, Fraction):
        return fraction_text(value)
    raise InputError("wrong-type", path, "a number, or its text", type(value).__name__)


def fraction_text(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"


def fraction(said: str) -> Fraction:
    """What the command said, which reduces fractions, so that nothing is left to do but to read two integers."""
    numerator, _, denominator = said.partition("/")
    return Fraction(int(numerator), int(denominator or 1))


def matrix(rows: Sequence[Sequence[str]]) -> Matrix:
    return tuple(tuple(map(fraction, row)) for row in rows)


def array(value: Any) -> Any:
    """A tensor as the array that it is; other values as they are. Of 16-bit floats all of a tensor's fit 32 bits."""
    if hasattr(value, "detach") and hasattr(value, "cpu"):
        value = value.detach().cpu()
        if value.is_floating_point() and value.element_size() < 4:
            value = value.float()
        return value.numpy()
    return value


def rows_of(value: Any, path: str) -> list[list[str]]:
    """n rows of equally many exact numbers, as text."""
    value = array(value)
    if isinstance(value, np.ndarray):
        if value.ndim != 2:
            raise InputError("wrong-size", path, "an array with 2 dimensions, a row for each feature", f"{value.ndim}")
        if value.dtype.kind not in "iufO":
            raise InputError("wrong-type", path, "an array of numbers", f"one of {value.dtype}")
        value = value.tolist() if value.dtype.itemsize <= 8 else list(value)
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise InputError("wrong-type", path, "rows of numbers", type(value).__name__)
    rows = []
    for i, row in enumerate(value):
        row = array(row)
        if not isinstance(row, Sequence | np.ndarray) or isinstance(row, str):
            raise InputError("wrong-type", f"{path}[{i}]", "a row of numbers", type(row).__name__)
        rows.append([text(x, f"{path}[{i}][{j}]") for j, x in enumerate(row)])
        if len(rows[-1]) != len(rows[0]):
            raise InputError("wrong-size", f"{path}[{i}]", f"{len(rows[0])} numbers, as in row 0", str(len(rows[-1])))
    return rows


def array_in(path: Path, part: str | None) -> np.ndarray[Any, Any]:
    """The array of a .npy file, or the named one of a .npz or .safetensors file."""
    try:
        if path.suffix == ".safetensors":
            return tensors_in(path, part)
        found = np.load(path, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise InputError("unreadable", "", "an array", str(error), file=str(path)) from None
    if isinstance(found, np.ndarray):
        return found
    with found:
        return named({name: found[name] for name in found.files if part in (None, name)}, part, found.files, path)


FLOATS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4"}


def tensors_in(path: Path, part: str | None) -> np.ndarray[Any, Any]:
    """One tensor of a safetensors file: a length, a JSON header with offsets, bytes."""
    import json

    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    header.pop("__metadata__", None)
    found = {}
    for name, of in header.items():
        if part not in (None, name):
            continue
        first, last = of["data_offsets"]
        raw = data[start + first : start + last]
        if of["dtype"] == "BF16":  # the upper half of a 32-bit float
            values = (np.frombuffer(raw, "<u2").astype("<u4") << 16).view("<f4")
        elif of["dtype"] in FLOATS:
            values = np.frombuffer(raw, FLOATS[of["dtype"]])
        else:
            raise InputError("wrong-tensor", name, ", ".join([*FLOATS, "BF16"]), of["dtype"], file=str(path))
        found[name] = values.reshape(of["shape"])
    return named(found, part, list(header), path)


def named(
    found: dict[str, np.ndarray[Any, Any]], part: str | None, all_names: Sequence[str], path: Path
) -> np.ndarray[Any, Any]:
    if len(found) == 1:
        return next(iter(found.values()))
    expected = f"FILE#NAME with one of {', '.join(all_names)}"
    raise InputError("ambiguous" if part is None else "missing-tensor", "", expected, part or "no name", file=str(path))
