"""One page that shows what was learned, needs nothing else and trusts no string."""

import json
import re

import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.report import network_picture, report
from forcelaw.report.drawing import script_tags
from forcelaw.signed.evaluation.curves import embedding_curve, reliability_curve

EVIL = "<script>alert(1)</script>"


def particles_document():
    x = [0.5, 1.0, 1.5, 2.0]
    return {
        "schema": 1,
        "kind": "particles",
        "command": "particles discover",
        "source": EVIL,
        "model": EVIL,
        "bodies": 4,
        "formula": {"pair": "2*(r - 1)", "self": "-0.1*v", "latex": ""},
        "truth": {"pair": EVIL, "self": "0"},
        "pareto": [
            {"complexity": 1, "error": 1.0, "text": EVIL},
            {"complexity": 3, "error": 0.1, "text": "r", "chosen": True},
        ],
        "r2": {"force": 0.999, "force_trimmed": 1.0, "acceleration": None},
        "energy_drift": 1e-5,
        "seconds": {"fit": 3.0, EVIL: 1.0},
        "curves": {
            "force": {
                "x": x,
                "series": {"truth": [-1, 0, 1, 2], EVIL: [-1, 0, 1, None]},
                "x_label": EVIL,
                "points": [EVIL],
            },
            "energy": {"x": x, "series": {"formula": [1e-6] * 4}, "log_y": True},
            "errors": [{"name": EVIL, "test": 0.1, "far": None}],
        },
    }


def signed_document():
    score = {"mean": 0.9, "std": None, "values": [0.9]}
    scores = dict.fromkeys(("auc", "f1_macro", "f1_binary", "f1_micro"), score)
    edges = np.array([[0, 1], [1, 2], [2, 0]])
    sign = np.array([1, -1, 1])
    position = np.random.default_rng(0).normal(size=(3, 2))
    return {
        "kind": "signed",
        "dataset": EVIL,
        "nodes": 3,
        "edges": 3,
        "positive": 2 / 3,
        "protocol": "pairs",
        "forcelaw": scores,
        "baseline": scores,
        "formulas": {EVIL: EVIL},
        "curves": {
            "force": {"x": [1, 2], "series": {"friend": [1, 2], "enemy": [-1, -2]}},
            "reliability": reliability_curve(sign, {EVIL: np.array([0.9, 0.1, 0.8])}).to_json(),
            "embedding": embedding_curve([EVIL, "b", "c"], edges, sign, position, 0.1).to_json(),
        },
    }


def make_run(folder, document, metrics=()):
    folder.mkdir()
    (folder / "results.json").write_text(json.dumps(document))
    (folder / "config.yaml").write_text(f"source: '{EVIL}'\n")
    lines = "".join(json.dumps(line) + "\n" for line in metrics)
    (folder / "metrics.jsonl").write_text(lines + '{"epoch": 3, "lo')
    return folder


@pytest.fixture
def page(tmp_path):
    losses = [{"epoch": e, "loss": 1 / e, "validation": 2.0, EVIL: 2.0} for e in range(1, 5)]
    make_run(tmp_path / "a", particles_document(), losses)
    make_run(tmp_path / "b", signed_document(), losses)
    return report(tmp_path).read_text("utf-8")


def test_no_string_becomes_markup(page):
    assert "<script" not in page.replace(str(script_tags("front")), "")
    assert page.count("&lt;script&gt;") > 10
    # Tooltips and attributes too: no tag carries a quote that ends it.
    assert not re.search(r"<[a-z]+ [^>]*\son\w+=", page)


def test_page_loads_nothing(page):
    without_namespaces = page.replace("http://www.w3.org/", "")
    assert "http:" not in without_namespaces
    assert "https:" not in without_namespaces
    assert not re.search(r"<(link|img|iframe|object|embed|base)\b|url\(|@import|\bsrc=", page)


def test_page_shows_both_jobs(page):
    assert page.startswith("<!doctype html>")
    assert page.count("<section>") == 2
    for title in ("Force against distance", "Energy along a rollout", "Training", "Candidates"):
        assert title in page
    for title in ("Predicted signs", "Learned force against distance", "The network in the plane"):
        assert title in page
    assert page.count("<svg") == 8
    assert 'class="chosen"' in page


def test_page_is_well_formed(page):
    from html.parser import HTMLParser

    class Checker(HTMLParser):
        open_tags: list = []

        def handle_starttag(self, tag, attrs):
            if tag not in ("meta", "input"):
                self.open_tags.append(tag)

        def handle_endtag(self, tag):
            assert self.open_tags.pop() == tag

    checker = Checker()
    checker.feed(page)
    assert checker.open_tags == []


def test_little_is_enough(tmp_path):
    make_run(tmp_path / "a", {"kind": "particles"})
    make_run(tmp_path / "b", {"kind": "signed"})
    assert "no formula" not in report(tmp_path).read_text("utf-8")


def test_what_is_no_run(tmp_path):
    with pytest.raises(InputError, match="found no run"):
        report(tmp_path)
    with pytest.raises(InputError, match="found no run"):
        report(tmp_path / "absent")
    (tmp_path / "config.yaml").write_text("a: 1\n")
    with pytest.raises(InputError, match="unfinished"):
        report(tmp_path)
    (tmp_path / "results.json").write_text("{")
    with pytest.raises(InputError, match="not readable JSON"):
        report(tmp_path)
    (tmp_path / "results.json").write_text('{"kind": "other"}')
    with pytest.raises(InputError, match="found 'other' for kind"):
        report(tmp_path)


def test_of_many_edges_some_are_drawn():
    rng = np.random.default_rng(0)
    edges = rng.integers(0, 50, (30_000, 2))
    names = [str(i) for i in range(50)]
    position = rng.normal(size=(50, 2))
    curve = embedding_curve(
        names, edges, np.ones(30_000, int), position, 0.1, caption="All."
    ).to_json()
    assert len(curve["names"]) == len(curve["position"]) == 50
    assert len(curve["edges"]) == 20_000
    assert curve["caption"] == "All. 20,000 of 30,000 edges are drawn."
    drawn = network_picture(curve)
    assert drawn.startswith("<svg ")
    assert drawn.count("<circle") == 50


def test_reliability_of_a_calibrated_forecast():
    rng = np.random.default_rng(0)
    probability = rng.random(20_000)
    sign = np.where(rng.random(20_000) < probability, 1, -1)
    curve = reliability_curve(sign, {"forcelaw": probability}).to_json()
    np.testing.assert_allclose(curve["series"]["forcelaw"], curve["series"]["ideal"], atol=0.05)
