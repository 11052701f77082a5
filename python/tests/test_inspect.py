"""Latents: of a folder that SAELens wrote, with arrays, mappings and files for rows and labels; and of an SAE in memory."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import dictum_sdl
import numpy as np
import pytest
from dictum_sdl import verify
from support import REPOSITORY, printed

TREES = REPOSITORY / "test/inspect/trees"
MODEL, FEATURES = TREES / "jump15", TREES / "directions.json"


def rows_and_labels() -> tuple[np.ndarray[Any, Any], dict[str, np.ndarray[Any, Any]]]:
    """Sums of a few features each, drawn at random, and which they were."""
    document = json.loads(FEATURES.read_text())
    directions = np.array([[float(Fraction(str(x))) for x in f["wp"]] for f in document["features"]])
    at = np.random.default_rng(7)
    on = at.random((500, len(directions))) < 0.05
    parent = {child: h["parent"] for h in document["hierarchy"] for child in h["children"]}
    names = [f["label"] for f in document["features"]]
    for child, above in parent.items():
        on[:, names.index(above)] |= on[:, names.index(child)]
    x = (on * at.uniform(1, 2, on.shape)) @ directions
    return x.astype(np.float32), {name: on[:, k].astype(int) for k, name in enumerate(names)}


def test_with_features_as_the_command() -> None:
    found = dictum_sdl.inspect(MODEL, features=FEATURES)
    want = printed("inspect", str(MODEL), "--features", str(FEATURES))
    assert {k: v for k, v in found.raw.items() if k != "format"} == want
    assert len(found.absorbed) == sum(book["verdict"] == "absorbed" for book in want["absorption"]) == 28
    first = found.absorbed[0]
    assert isinstance(first.alone, Fraction) and first.beside < first.alone / 2
    assert first.carrier is not None and found.card(first.carrier).kind == "absorbed"
    assert len(found.never) == 32


def test_certificates_of_latents_and_pairs(tmp_path: Path) -> None:
    found = dictum_sdl.inspect(MODEL, features=FEATURES)
    pair = found.absorbed[0]
    assert dictum_sdl.check(pair).claim == "absorbs" and verify.check(pair.certificate or "")
    silent = found.never[0]
    assert dictum_sdl.check(silent.save(tmp_path / "silent.json")).claim == "latent-off"


def test_arrays_mappings_and_files_are_the_same_rows(tmp_path: Path) -> None:
    x, labels = rows_and_labels()
    np.save(tmp_path / "rows.npy", x)
    by_array = dictum_sdl.inspect(MODEL, x, labels)
    by_file = dictum_sdl.inspect(MODEL, tmp_path / "rows.npy", labels)
    by_words = dictum_sdl.inspect(MODEL, {f"row {k}": row for k, row in enumerate(x)}, labels)
    assert by_array.of == "data" and by_array.rows == 500
    assert by_array.latents == by_file.latents
    assert [(one.kind, one.rows, one.label) for one in by_words.latents] == [
        (one.kind, one.rows, one.label) for one in by_array.latents
    ]
    assert any(one.kind == "detects" and one.label for one in by_array.latents)
    assert {pair.basis for pair in by_array.absorption} == {"labels"}


def test_what_a_notebook_shows(tmp_path: Path) -> None:
    found = dictum_sdl.inspect(MODEL, features=FEATURES)
    html = found._repr_html_()
    assert "<svg" in html and "<script" not in html and "<body" not in html
    assert found.save(tmp_path / "latents.html").read_text() == found.page


def test_errors_name_the_argument_and_no_temporary_file() -> None:
    with pytest.raises(dictum_sdl.InputError) as caught:
        dictum_sdl.inspect(MODEL, np.zeros((3, 5)))
    assert (caught.value.file, caught.value.code) == ("x", "wrong-size")
    x, labels = rows_and_labels()
    with pytest.raises(dictum_sdl.InputError) as caught:
        dictum_sdl.inspect(MODEL, x, {name: column[:-1] for name, column in labels.items()})
    assert caught.value.file == "labels" and "/dictum-" not in str(caught.value)
    with pytest.raises(dictum_sdl.InputError, match="--data FILE or --features FILE"):
        dictum_sdl.inspect(MODEL)
    with pytest.raises(dictum_sdl.InputError, match="model"):
        dictum_sdl.inspect(3)


def test_a_data_frame_has_labels_in_its_columns() -> None:
    pandas = pytest.importorskip("pandas")
    x, labels = rows_and_labels()
    assert dictum_sdl.inspect(MODEL, x, pandas.DataFrame(labels)).latents == dictum_sdl.inspect(MODEL, x, labels).latents


def test_an_sae_of_saelens_in_memory() -> None:
    saelens = pytest.importorskip("sae_lens")
    sae = saelens.SAE.load_from_disk(str(MODEL), device="cpu")
    of_file = dictum_sdl.inspect(MODEL, features=FEATURES)
    assert dictum_sdl.inspect(sae, features=FEATURES).latents == of_file.latents
    torch = pytest.importorskip("torch")
    x, labels = rows_and_labels()
    of_tensor = dictum_sdl.inspect(sae, torch.tensor(x), labels)
    assert of_tensor.latents == dictum_sdl.inspect(MODEL, x, labels).latents
    # As an instance: the rows of the decoder, by their index in the tensor.
    some, same = dictum_sdl.realize(sae, [["#7"]]), dictum_sdl.realize(sae.W_dec, [[8]])
    assert (some.verdict, some.we, some.farkas) == (same.verdict, same.we, same.farkas)
