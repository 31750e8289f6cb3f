"""Motion in a report: places as whole numbers, one script that the page may run, and it plays."""

import base64
import hashlib
import json
import re

import numpy as np
import pytest
from watched_page import BROWSER, watched_page

from forcelaw.particles.prediction import ShownMotion
from forcelaw.report.drawing import motion_player, script_policy, script_tags


def shown(dim=2, box=None, kinds=()):
    chance = np.random.default_rng(0)
    places = chance.normal(size=(7, 5, dim))
    measured = places.copy()
    measured[3, 2] = np.nan
    return ShownMotion(np.linspace(0, 1, 7), measured, places + 0.01, kinds, box)


def places(document, side):
    numbers = np.reshape(document[side], (len(document["time"]), document["bodies"], -1))
    found = np.asarray(document["low"]) + numbers * document["step"]
    return np.where(numbers == document["absent"], np.nan, found)


def test_places_come_back_to_a_part_of_a_pixel():
    motion = shown()
    document = json.loads(json.dumps(motion.to_json()))
    for side, wanted in (("measured", motion.measured), ("law", motion.law)):
        np.testing.assert_allclose(places(document, side), wanted, atol=document["step"])
    assert np.isnan(places(document, "measured")[3, 2]).all()


def test_bodies_are_shown_in_their_box():
    box = np.array([[1.0, 0.0], [0.3, 2.0]])
    motion = shown(box=box)
    document = motion.to_json()
    share = places(document, "law") @ np.linalg.inv(box)
    assert (share > -1e-3).all() and (share < 1 + 1e-3).all()
    image = (share - motion.law @ np.linalg.inv(box)).round()
    np.testing.assert_allclose(share, motion.law @ np.linalg.inv(box) + image, atol=1e-3)


def test_what_flies_off_stays_finite_and_much_motion_stays_small():
    motion = shown()
    motion.law[-1, 0] = 1e300
    assert max(map(abs, motion.to_json()["law"])) < 30_000
    assert ShownMotion.frames(1_000) * 1_000 <= 60_000
    assert ShownMotion.frames(3) == 120


def test_the_page_may_run_this_script_alone():
    source = re.sub("^<script>|</script>$", "", str(script_tags("motion")))
    digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
    assert script_policy("motion") == f"script-src 'sha256-{digest}'"


def test_names_of_kinds_cannot_end_the_script():
    kinds = ("</script><b>", "b", "b", "b", "b")
    page = motion_player(shown(kinds=kinds).to_json())
    assert page is not None and page.count("</script>") == 1 and "<b>" not in page
    assert motion_player({**shown().to_json(), "time": [0.0]}) is None


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
@pytest.mark.parametrize("dim", [1, 2, 3])
def test_it_plays_without_errors_or_requests(dim, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html>{motion_player(shown(dim).to_json())}{script_tags('motion')}")
    with watched_page(file) as (page, expect, said, asked):
        slider = page.locator("input")
        page.get_by_role("button", name="Play").click()
        page.wait_for_function("document.querySelector('input').value > 1")
        page.get_by_role("button", name="Pause").click()
        slider.focus()
        page.keyboard.press("End")
        assert slider.input_value() == "6"
        expect(page.locator("output")).to_have_text("time 1.00")
    assert not said and asked == [file.as_uri()]
