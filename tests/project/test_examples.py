"""Notebooks of `examples/`: nothing of a run is kept in them, and their cells run in order."""

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


def named(paths):
    return [pytest.param(path, id=path.stem) for path in paths]


def read(path):
    return json.loads(path.read_text("utf-8"))


def programs(path):
    """The source of every cell of code."""
    return ["".join(c["source"]) for c in read(path)["cells"] if c["cell_type"] == "code"]


def test_there_is_one_for_each_application():
    texts = ["\n".join(programs(path)) for path in NOTEBOOKS]
    assert all(any(f"fl.{name}." in text for text in texts) for name in ("particles", "signed"))


@pytest.mark.parametrize("path", named(NOTEBOOKS))
def test_notebooks_are_whole_and_hold_no_results(path):
    document = read(path)
    assert (document["nbformat"], document["nbformat_minor"]) == (4, 5)
    cells = document["cells"]
    assert cells[0]["cell_type"] == "markdown" and cells[0]["source"][0].startswith("# ")
    assert len({cell["id"] for cell in cells}) == len(cells)
    for cell in cells:
        assert {"cell_type", "id", "metadata", "source"} <= cell.keys()
        if cell["cell_type"] == "code":
            assert cell["outputs"] == [] and cell["execution_count"] is None
            compile("".join(cell["source"]), path.name, "exec")


@pytest.mark.slow
@pytest.mark.parametrize("path", named(NOTEBOOKS))
def test_cells_run_in_order(path, tmp_path, monkeypatch):
    import matplotlib.pyplot as plt

    plt.switch_backend("agg")
    monkeypatch.chdir(tmp_path)
    names = {}
    for text in programs(path):
        exec(compile(text, path.name, "exec"), names)
    plt.close("all")
    if "found" in names:
        assert names["found"].verdict == "law"
        assert names["moved"].energy_drift < 0.01
    else:
        scored = names["fl"].signed.scores(names["test"].sign, names["probability"])
        assert scored["auc"] > 0.8
