"""A report of particles: motion, force, predictions and rivals, and every control works."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from watched_page import BROWSER, watched_page

from forcelaw.errors import InputError
from forcelaw.particles.comparison import Predictions, bin_means
from forcelaw.particles.prediction import ShownMotion
from forcelaw.report import report
from forcelaw.report.results import parse_results

EVIL = "</script><b onload=alert(1)>"
BODIES, FRAMES = 30, 9


def motion():
    places = np.random.default_rng(0).uniform(0, 3, (FRAMES, BODIES, 3))
    changes = {"measured": np.zeros(FRAMES), "law": np.linspace(0, 1e-3, FRAMES)}
    kinds = tuple("A" if body % 2 else EVIL for body in range(BODIES))
    return ShownMotion(
        np.linspace(0, 1, FRAMES), places, places + 0.01, kinds, 3 * np.eye(3), changes, changes
    )


def predictions(bias=0.0):
    chance = np.random.default_rng(1)
    measured = chance.normal(size=(2000, 3))
    towards = measured / np.linalg.norm(measured, axis=1, keepdims=True)
    left = 0.01 * chance.normal(size=measured.shape) + bias * towards
    return Predictions(
        "acceleration", measured, measured - left, np.arange(2000.0) % BODIES,
        np.linspace(0, 1, 2000), chance.uniform(1, 2, 2000), towards,
    )  # fmt: skip


def document():
    r = np.linspace(0.5, 2, 20)
    line = {"x": r, "x_label": "distance", "y_label": "force", "clip": [-2.0, 2.0]}
    points = {"x": [1.0, 1.5], "y": [0.0, 1.0], "error": [0.1, 0.2]}
    force = {**line, "series": {"curve": 2 * r - 2}, "low": 2 * r - 2.1, "high": 2 * r - 1.9}
    compared = {**predictions().to_json(), "force": {**force, "dots": points}}
    row = {"complexity": 5, "error": 1e-5, "text": "2*(r - 1)", "chosen": True}
    found = {
        "kind": "particles", "source": "made", "version": "0.2.0", "content_hash": "ab12",
        "verdict": "law", "explained": 1.0, "causes": [], "seed": 3,
        "formula": {"pair": "2*(r - 1)"}, "truth": {"pair": "2*(r - 1)"},
        "spread": {"constants": [{"value": 2.0, "deviation": 0.01}]},
        "pareto": [{**row, "complexity": 1, "error": 0.3, "text": "r", "chosen": False}, row],
        "curves": {
            "force": {**line, "series": {"truth": 2 * r - 2, "formula": 2 * r - 2, "network": r}},
            "motion": motion().to_json(), "compared": compared,
        },
    }  # fmt: skip
    return json.loads(json.dumps(found, default=lambda array: array.tolist()))


def written(folder, found):
    folder.mkdir()
    (folder / "results.json").write_text(json.dumps(found))
    return report(folder)


def test_a_bias_of_the_law_shows_in_residuals_and_nothing_else_does():
    unbiased, biased = (predictions(bias).to_json()["by_distance"] for bias in (0.0, 0.02))
    for plot, told in ((unbiased, 0.0), (biased, 0.02)):
        mean, low, high = (
            np.array(side) for side in (plot["series"]["mean"], plot["low"], plot["high"])
        )
        assert np.mean(mean) == pytest.approx(told, abs=2e-3)
        assert np.mean((low <= told) & (told <= high)) > 0.7
    assert len(unbiased["dots"]["x"]) == 900


def test_under_chance_means_tell_whether_a_law_is_right():
    known = np.random.default_rng(3).normal(size=(5000, 2))
    measured = known + 10 * np.random.default_rng(4).normal(size=known.shape)
    for factor in (1.0, 3.0):
        made = Predictions(
            "velocity", measured, factor * known, np.zeros(5000), before=factor * known
        )
        drawn = made.to_json()["predicted"]
        x, y, error = (np.array(drawn["dots"][key]) for key in ("x", "y", "error"))
        # A law that is three times too strong predicts what no mean is.
        assert (np.mean(np.abs(x - y) < error) > 0.8) == (factor == 1.0)


def test_means_of_equal_parts_have_their_errors():
    chance = np.random.default_rng(2)
    x, y = chance.uniform(size=(2, 4000))
    middle, mean, half = bin_means(x, y)
    assert (np.diff(middle) > 0).all() and len(middle) == 24
    # A uniform number has a deviation of 1/sqrt(12).
    assert half.mean() == pytest.approx(1.96 / np.sqrt(12 * 4000 / 24), rel=0.1)
    assert np.mean(np.abs(mean - 0.5) < half) > 0.8


def test_the_report_holds_all_of_it_and_names_cannot_end_a_script(tmp_path):
    page = written(tmp_path / "run", document()).read_text("utf-8")
    assert "<b onload" not in page and page.count("</script>") == 3
    for words in (
        "The formula is the law", "Energy along the motion", "Momentum along the motion",
        "Predicted against measured", "Residuals by distance", "Residuals by time",
        "Residuals by body", "Error against length", "standard deviation", "How to cite", "ab12",
    ):  # fmt: skip
        assert words in page
    for drawn in ('class="band s', 'class="bars"', 'class="line truth"', 'class="cursor"'):
        assert drawn in page


@pytest.mark.parametrize(
    ("plot", "key", "value"),
    [("force", "low", [0.0]), ("predicted", "dots", {"x": [1.0], "y": []})],
)
def test_plots_are_checked(plot, key, value):
    found = document()
    found["curves"]["compared"][plot][key] = value
    with pytest.raises(InputError, match=f"curves.compared.{plot}"):
        parse_results(found, "results.json")
    found = document()
    found["curves"]["motion"]["energy"]["law"] = [0.0]
    with pytest.raises(InputError, match="changes of energy"):
        parse_results(found, "results.json")


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
def test_every_control_works_without_errors_or_requests(tmp_path):
    file = written(tmp_path / "run", document())
    with watched_page(file, viewport={"width": 390, "height": 800}) as (page, expect, said, asked):
        state = SimpleNamespace(
            cursor=page.locator(".motion .cursor").first,
            slider=page.get_by_label("Time of the motion"),
            view=page.get_by_label("Motion of the bodies, measured"),
        )
        page.get_by_role("button", name="Play").click()
        expect(state.slider).not_to_have_value("0")
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("button", name="Play")).to_be_visible()
        state.slider.focus()
        page.keyboard.press("End")
        expect(page.locator(".motion output")).to_have_text("time 1.00")
        assert state.cursor.get_attribute("x1") == state.cursor.get_attribute("data-to")
        before = state.view.evaluate("view => view.toDataURL()")
        state.view.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
        assert state.view.evaluate("view => view.toDataURL()") != before
        told = page.locator(".front .told")
        expect(told).to_contain_text("Chosen")
        page.locator(".front circle[data-row='0']").focus()
        expect(told.locator("[data-row='0']")).to_be_visible()
        expect(told.locator("[data-row='1']")).to_be_hidden()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.emulate_media(media="print")
        expect(state.slider).to_be_hidden()
    assert not said and asked == [file.as_uri()]
