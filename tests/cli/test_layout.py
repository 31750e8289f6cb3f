"""`forcelaw signed layout`: pictures, pages and places."""

import json
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from forcelaw.signed.evaluation.settings import CurveSettings


def test_a_layout_is_a_picture_or_places(forcelaw, network, tmp_path):
    picture, places = tmp_path / "seen.svg", tmp_path / "seen.csv"
    found = forcelaw("signed", "layout", network, "--out", picture, "--json")
    document = found.document
    text = picture.read_text()
    assert text.startswith("<svg ")
    assert text.count("<circle") == document["nodes"]
    assert document["smallest"] >= document["marker"]
    assert document["auc"] > 0.9
    forcelaw("signed", "layout", network, "--dim", 3, "--nodes", 10, "--out", places)
    assert places.read_text().splitlines()[0] == "node,x0,x1,x2"
    assert len(places.read_text().splitlines()) == 11
    wrong = forcelaw("signed", "layout", network, "--dim", 3, "--out", tmp_path / "b.svg")
    assert wrong.code == 2
    assert "found --dim 3, expected 2 for a .svg file" in wrong.err
    turned = tmp_path / "turn.html"
    assert forcelaw("signed", "layout", network, "--out", turned).code == 0
    page = turned.read_text("utf-8")
    assert "TITLE" not in page
    assert "src=" not in page
    inside = page.split('type="application/json">')[1].split("</script>")[0]
    assert {len(place) for place in json.loads(inside)["position"]} == {3}


def test_an_image_shows_every_node(forcelaw, network, tmp_path):
    image_module = pytest.importorskip("matplotlib.image")
    image = tmp_path / "seen.png"
    found = forcelaw("signed", "layout", network, "--out", image, "--json")
    assert found.code == 0, found.err
    pixels = image_module.imread(image)[..., :3]
    assert pixels.shape[0] == pixels.shape[1] > 500
    blue = np.abs(pixels - np.array([0x0B, 0x6B, 0xCB]) / 255).max(axis=-1) < 0.02
    # Nodes do not overlap: each is a spot of its own.
    spots: Any = ndimage.label(blue)
    assert spots[1] == found.document["nodes"]
    wrong = forcelaw("signed", "layout", network, "--dim", 3, "--out", tmp_path / "b.png")
    assert wrong.code == 2 and "found --dim 3, expected 2 for a .png file" in wrong.err


def test_a_picture_of_too_many_nodes_is_noted(forcelaw, network, tmp_path, monkeypatch):
    few = CurveSettings(most_nodes=10)
    monkeypatch.setattr("forcelaw.signed.evaluation.settings.CURVE_SETTINGS", few)
    monkeypatch.setattr("forcelaw.report.drawing.layout_file.FINEST", 1.0)
    words = "12 nodes cannot be told apart in a picture; --nodes 10 draws"
    whole = ("signed", "layout", network, "--force", "--out", tmp_path / "seen.svg")
    assert words in forcelaw(*whole).err
    assert words not in forcelaw(*whole, "--nodes", 10).err
    assert words not in forcelaw(*whole[:-1], tmp_path / "seen.csv").err
