"""Figures for papers: each of a report, in every format, the same file from the same results."""

import json

import pytest

from forcelaw.errors import InputError
from forcelaw.report import write_plots
from tests.report.test_particles_report import document

BEGIN = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}


@pytest.fixture
def run(tmp_path):
    (tmp_path / "results.json").write_text(json.dumps(document()))
    return tmp_path


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_every_figure_is_written_the_same_each_time(run, kind):
    pytest.importorskip("matplotlib")
    files = write_plots(run, kind)
    assert {file.stem for file in files} == {
        "force", "predicted", "residuals-by-distance", "residuals-by-time", "residuals-by-body",
        "front", "energy", "momentum",
    }  # fmt: skip
    assert all(file.parent == run / "plots" for file in files)
    before = [file.read_bytes() for file in files]
    assert all(content.startswith(BEGIN[kind]) for content in before)
    assert [file.read_bytes() for file in write_plots(run, kind)] == before


def test_text_stays_text_and_lines_differ_without_colour(run):
    pytest.importorskip("matplotlib")
    force = next(file for file in write_plots(run, "svg") if file.stem == "force").read_text()
    for words in ("distance", "force", "truth", "formula", "network", "curve", "measured"):
        assert f">{words}</text>" in force
    assert "stroke-dasharray" in force


def test_without_a_run_there_is_nothing_to_draw(tmp_path):
    with pytest.raises(InputError, match="found no run"):
        write_plots(tmp_path, "png")
