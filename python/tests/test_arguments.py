"""Arrays, tensors, documents and files are the same instance; what cannot be used is an exception that says where and why."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import dictum_sdl
import numpy as np
import pytest
from dictum_sdl import InputError
from support import REPOSITORY, THREE, document

Given = Any
COLUMNS = np.array([[0.0, 1.0], [1.0, 0.0], [0.75, 0.5]])


@pytest.fixture(params=["lists", "fractions", "float32", "object", "document", "text", "npy", "npz", "json", "safetensors"])
def same(request: pytest.FixtureRequest, tmp_path: Path) -> Given:
    rows = [[Fraction(x) for x in row] for row in COLUMNS.tolist()]
    path = tmp_path / f"x.{request.param}"
    match request.param:
        case "lists":
            return COLUMNS.tolist()
        case "fractions":
            return rows
        case "float32":
            return COLUMNS.astype(np.float32)
        case "object":
            return np.array([[0, 1], [Decimal(1), 0], ["3/4", Fraction(1, 2)]], dtype=object)
        case "document":
            return document(rows)
        case "text":
            return json.dumps(document(rows))
        case "npy":
            np.save(path, COLUMNS)
        case "npz":
            np.savez(path, other=np.zeros(3), w=COLUMNS)
            return f"{path}#w"
        case "json":
            path.write_text(json.dumps(document(rows)))
        case "safetensors":
            header = {"w": {"dtype": "F64", "shape": [3, 2], "data_offsets": [0, 48]}}
            path.write_bytes(safetensors(header, COLUMNS.tobytes()))
    return path


def safetensors(header: dict[str, Any], data: bytes) -> bytes:
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def test_the_same_instance(same: Given) -> None:
    assert dictum_sdl.realize(same, [[3]]).farkas == dictum_sdl.Farkas(
        (dictum_sdl.Weighted(3, Fraction(1)),),
        (dictum_sdl.Weighted(1, Fraction(1, 2)), dictum_sdl.Weighted(2, Fraction(3, 4))),
    )


def test_a_float_is_the_fraction_that_it_is_and_a_text_what_it_says() -> None:
    def third(x: Any) -> Fraction:
        farkas = dictum_sdl.realize([[0, 1], [1, 0], [x, 1]], [[3]]).farkas
        assert farkas
        return farkas.off[1].weight

    assert third(0.1) == Fraction(0.1) != Fraction(1, 10)
    assert third(np.float32(0.1)) == Fraction(float(np.float32(0.1)))
    assert third("0.1") == third(Fraction(1, 10)) == third(Decimal("0.1")) == Fraction(1, 10)


def test_numbers_in_a_text_stay_exact_where_something_is_put_in_its_place() -> None:
    text = json.dumps(document([[0, 1], [1, 0], ["X", 1]])).replace('"X"', "0.1")
    found = dictum_sdl.realize(text, [[3], []], activation={"kind": "jumprelu", "theta": "0"})
    assert found.farkas and found.farkas.off[1].weight == Fraction(1, 10)


def test_a_16_bit_float_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "half.safetensors"
    bits = (np.array([[0.0, 1.0], [1.0, 0.0], [0.75, 0.5]], "<f4").view("<u4") >> 16).astype("<u2")
    path.write_bytes(safetensors({"w": {"dtype": "BF16", "shape": [3, 2], "data_offsets": [0, 12]}}, bits.tobytes()))
    assert dictum_sdl.realize(path, [[3]]).farkas == dictum_sdl.realize(COLUMNS, [[3]]).farkas


def test_labels_name_features() -> None:
    labels = ["north", "east", "between"]
    found = dictum_sdl.realize(THREE, [["between"]], labels=labels)
    assert str(found) == "{between} is not realizable: w(between) = 3/5 w(north) + 4/5 w(east)"


def test_the_rows_of_a_decoder_are_directions() -> None:
    folder = REPOSITORY / "test/inspect/trees/jump15"
    decoder = dictum_sdl._exact.array_in(folder / "sae_weights.safetensors", "W_dec")
    # Of a folder that SAELens wrote, and of its file.
    for given in (folder, f"{folder}/sae_weights.safetensors#W_dec", decoder):
        assert dictum_sdl.realize(given, [[1]]) == dictum_sdl.realize(decoder, [[1]])


def tensors() -> Any:
    return pytest.importorskip("torch")


def test_tensors() -> None:
    torch = tensors()
    for kind in (torch.float64, torch.float32, torch.bfloat16, torch.float16):
        tensor = torch.tensor(COLUMNS, dtype=kind, requires_grad=True)
        assert dictum_sdl.realize(tensor, [[3]]).farkas == dictum_sdl.realize(COLUMNS, [[3]]).farkas


REFUSED: list[tuple[str, Any, str, str]] = [
    ("nan", lambda: dictum_sdl.realize([[0, 1], [float("nan"), 0]], [[1]]), "not-a-number", "instance[1][0]"),
    ("infinity", lambda: dictum_sdl.realize(np.array([[np.inf]]), [[1]]), "not-a-number", "instance[0][0]"),
    ("a vector", lambda: dictum_sdl.realize(np.zeros(3), [[1]]), "wrong-size", "instance"),
    ("ragged rows", lambda: dictum_sdl.realize([[0, 1], [1]], [[1]]), "wrong-size", "instance[1]"),
    ("truth values", lambda: dictum_sdl.realize([[True, False]], [[1]]), "wrong-type", "instance[0][0]"),
    ("complex numbers", lambda: dictum_sdl.realize(np.zeros((2, 2), complex), [[1]]), "wrong-type", "instance"),
    ("no numbers", lambda: dictum_sdl.realize([["one"]], [[1]]), "not-a-number", "$.features[0].wp[0]"),
    ("nothing", lambda: dictum_sdl.realize(None, [[1]]), "wrong-type", "instance"),
    ("no file", lambda: dictum_sdl.realize("no/such/file.json", [[1]]), "unreadable", ""),
    ("no array", lambda: dictum_sdl.realize(Path(__file__).with_suffix(".npy"), [[1]]), "unreadable", ""),
    ("a direction of 0", lambda: dictum_sdl.realize([[0, 0]], [[1]]), "zero-direction", "$.features[0].wp"),
    ("too few labels", lambda: dictum_sdl.realize(THREE, [[1]], labels=["a"]), "wrong-size", "labels"),
    ("labels twice", lambda: dictum_sdl.realize(document([[1]]), [[1]], labels=["a"]), "bad-arguments", "labels"),
    ("an unknown label", lambda: dictum_sdl.realize(THREE, [["x"]]), "unknown-feature", "pattern[0][0]"),
    ("a feature 0", lambda: dictum_sdl.realize(THREE, [[0]]), "unknown-feature", "pattern[0][0]"),
    ("half a feature", lambda: dictum_sdl.realize(THREE, [[0.5]]), "unknown-feature", "pattern[0][0]"),
    ("text for a pattern", lambda: dictum_sdl.realize(THREE, "1,2"), "wrong-type", "pattern"),
    ("one set alone", lambda: dictum_sdl.realize(THREE, [1]), "wrong-type", "pattern[0]"),
    ("no pattern", lambda: dictum_sdl.realize(THREE), "no-pattern", "$.pattern"),
    ("an unknown bias", lambda: dictum_sdl.realize(THREE, [[1]], bias="some"), "unknown-word", "bias"),
    ("no work", lambda: dictum_sdl.realize(THREE, [[1]], work=0), "out-of-range", "work"),
    ("an unknown activation", lambda: dictum_sdl.realize(THREE, [[1]], activation="gelu"), "unknown-word", "$.activation.kind"),
    ("a size of none", lambda: dictum_sdl.patterns(THREE, max_size=0), "out-of-range", "max_size"),
    ("an unknown claim", lambda: dictum_sdl.certify("T0", THREE), "unknown-word", "claim"),
    ("an unknown reading", lambda: dictum_sdl.certify("T8", THREE, [[1]], reading="mine"), "unknown-word", "reading"),
    ("no runs", lambda: dictum_sdl.land(THREE, runs=0), "out-of-range", "runs"),
    ("an unknown optimizer", lambda: dictum_sdl.land(THREE, optimizer="lion"), "bad-arguments", "optimizer"),
    ("patterns of two lengths", lambda: dictum_sdl.landscape(THREE, [[[1], [2]], [[1]]]), "wrong-size", "patterns[1]"),
    ("a number for a certificate", lambda: dictum_sdl.check(3), "wrong-type", "certificate"),
    ("no certificate file", lambda: dictum_sdl.check("none.json"), "unreadable", ""),
    ("no model", lambda: dictum_sdl.inspect(3, np.zeros((2, 2))), "wrong-type", "model"),
    ("no checkpoint", lambda: dictum_sdl.inspect("none", np.zeros((2, 2))), "unreadable", ""),
]


@pytest.mark.parametrize("run, code, path", [of[1:] for of in REFUSED], ids=[of[0] for of in REFUSED])
def test_what_cannot_be_used_is_an_exception(run: Any, code: str, path: str) -> None:
    with pytest.raises(InputError) as caught:
        run()
    assert (caught.value.code, caught.value.path) == (code, path)
    assert caught.value.expected and caught.value.found
    assert dictum_sdl.realize(THREE, [[1]]).realizable


def test_input_errors_are_value_errors() -> None:
    with pytest.raises(ValueError, match="expected the label of a feature"):
        dictum_sdl.realize(THREE, [["x"]])
