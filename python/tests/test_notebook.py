"""The notebook runs, prints what stands in it, and stays small."""

from __future__ import annotations

from typing import Any

import pytest
from support import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "python/examples").glob("*.ipynb"))


def printed(notebook: Any) -> list[str]:
    return [output.text for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type == "stream"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_prints_what_stands_in_it(path: Any) -> None:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    stands = nbformat.read(path, as_version=4)
    ran = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(ran, timeout=300, kernel_name="python3").execute()
    assert printed(ran) == printed(stands) != []
    shown = [output for cell in ran.cells for output in cell.get("outputs", []) if "text/html" in output.get("data", {})]
    assert any("<svg" in output.data["text/html"] for output in shown)


def test_outputs_are_small() -> None:
    assert NOTEBOOKS
    for path in NOTEBOOKS:
        assert path.stat().st_size < 100_000, path
