"""A network in a report: packed numbers, curves at every threshold, and every control works."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from watched_page import BROWSER, watched_page

from forcelaw.errors import InputError
from forcelaw.report import report
from forcelaw.report.drawing import moving_network
from forcelaw.report.predictions import standing_words
from forcelaw.report.results import SignedResults, parse_results
from forcelaw.signed.evaluation.showing import HeldOutCurves, HeldOutSigns, ShownNetwork

EVIL = "</script><b onload=alert(1)>"
NODES, EDGES, FRAMES = 40, 120, 5


def shown(names=None):
    random = np.random.default_rng(0)
    return ShownNetwork(
        names=names or (EVIL, *(f"node {i}" for i in range(1, NODES))),
        time=np.linspace(0, 1, FRAMES),
        position=random.uniform(-1, 1, (FRAMES, NODES, 3)),
        spread=0.8,
        edges=np.column_stack([np.arange(EDGES) % NODES, (7 * np.arange(EDGES) + 1) % NODES]),
        state=np.arange(EDGES) % 16,
        probability=np.linspace(0, 1, EDGES),
        faction=np.arange(NODES) % 3,
        all_nodes=NODES,
        all_edges=EDGES,
    )


def told(source, target, sign):
    return {
        "source": source, "target": target, "actual": -sign, "sign": sign, "probability": 0.9,
        "base": 0.5, "groups": {EVIL: 1.5, "degrees": -0.2},
        "columns": [{"name": EVIL, "contribution": 1.2}], "friendly_triangles": 3,
        "hostile_triangles": 0, "given": [3, 1], "received": [0, 2],
    }  # fmt: skip


def signs():
    random = np.random.default_rng(1)
    sign = np.where(random.random(500) < 0.8, 1, -1)
    said = np.clip(0.5 + 0.2 * sign + 0.2 * random.normal(size=500), 0, 1)
    each = {"forcelaw": said, "baseline": random.random(500)}
    return HeldOutSigns(sign, each, dict.fromkeys(each, 0.5))


def document(network=None):
    held = HeldOutCurves.of([signs()])
    assert held is not None
    pairs = [told("node 1", "node 8", 1), told("node 2", EVIL, -1)]
    return {
        "kind": "signed",
        "dataset": "made",
        "version": "0.1.0",
        "content_hash": "ab12",
        "seed": 3,
        "curves": {
            "network": network or shown().to_json(),
            "held_out": held.to_json(),
            "told": pairs,
        },
    }


def written(folder, found):
    folder.mkdir()
    (folder / "results.json").write_text(json.dumps(found))
    (folder / "config.yaml").write_text("source: made\n")
    return report(folder)


def test_places_come_back_to_a_part_of_a_pixel():
    network = shown()
    packed = network.to_json()
    places = np.frombuffer(base64.b64decode(packed["position"]), "<i2") * packed["widest"] / 32_767
    np.testing.assert_allclose(places, network.position.ravel(), atol=1e-4)
    ends = np.frombuffer(base64.b64decode(packed["edges"]), "<u2")
    assert (ends == network.edges.ravel()).all()


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("position", "AAAAAAAA", "600 numbers expected in position"),
        ("edges", base64.b64encode(b"\xff\xff\x00\x00").decode(), "between the nodes 0 to 39"),
        ("state", "<b>", "pattern"),
        ("faction", "AA", "faction|base64|padding"),
    ],
)
def test_what_a_picture_holds_is_checked(key, value, words):
    with pytest.raises(InputError, match=words):
        parse_results(document({**shown().to_json(), key: value}), "results.json")


def test_curves_agree_with_counts_at_thresholds():
    from sklearn.metrics import average_precision_score, roc_auc_score

    held = signs()
    curves = HeldOutCurves.of([held])
    assert curves is not None
    for method, probability in held.probability.items():
        area = np.trapezoid(np.asarray(curves.roc.series[method], float), curves.roc.x)
        assert area == pytest.approx(roc_auc_score(held.sign, probability), abs=2e-3)
        mean = np.mean(np.asarray(curves.precision_recall.series[method][1:], float))
        assert mean == pytest.approx(average_precision_score(-held.sign, 1 - probability), abs=0.03)
    friends, missed, taken, enemies = curves.confusion["forcelaw"]
    assert friends + missed == (held.sign > 0).sum()
    assert taken + enemies == (held.sign < 0).sum()
    assert friends + enemies == (held.called("forcelaw") == held.sign).sum()
    assert HeldOutCurves.of([HeldOutSigns(np.ones(3), {}, {})]) is None


def test_names_cannot_end_the_script(tmp_path):
    page = written(tmp_path / "run", document()).read_text("utf-8")
    assert page.count("</script>") == 2 and "<b onload" not in page
    for words in ("Suspects", "ROC", "Precision and recall of enemies", "How to cite", "ab12"):
        assert words in page
    assert moving_network({**shown().to_json(), "names": []}) is None


def test_lists_of_one_choice_are_not_shown():
    network = shown()
    alone = replace(network, state=network.state & 1, faction=np.zeros(NODES, int)).to_json()
    page, whole = str(moving_network(alone)), str(moving_network(network.to_json()))
    assert page.count('<label hidden="">') == 3 and "hidden" not in whole
    assert page.count("<select") == whole.count("<select")


@pytest.mark.parametrize(
    ("own", "baseline", "words"),
    [
        ((0.93, 0.004), (0.91, 0.003), "better than by the feature baseline"),
        ((0.911, 0.004), (0.91, 0.003), "as well as by the feature baseline"),
        ((0.87, 0.0), (0.91, 0.003), "worse than by the feature baseline"),
        ((None, None), (0.91, 0.0), ""),
    ],
)
def test_one_sentence_says_how_predictions_stand(own, baseline, words):
    given = {
        name: {"auc": {"mean": mean, "std": std, "count": 5, "values": []}}
        for name, (mean, std) in {"forcelaw": own, "baseline": baseline}.items()
    }
    said = standing_words(SignedResults.model_validate({**document(), **given}))
    assert words in said and bool(said) == bool(words)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
def test_every_control_works_without_errors_or_requests(tmp_path):
    file = written(tmp_path / "run", document())
    with watched_page(file, viewport={"width": 390, "height": 800}) as (page, expect, said, asked):
        picture = page.locator("canvas")

        def changes(action):
            before = picture.evaluate("canvas => canvas.toDataURL()")
            action()
            # Coarser while it moves, fine when it has rested.
            page.wait_for_timeout(200)
            return picture.evaluate("canvas => canvas.toDataURL()") != before

        page.wait_for_timeout(200)
        # Nothing is wider than a phone.
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        for key in ("ArrowLeft", "Shift+ArrowUp", "+", "-", "0"):
            assert changes(lambda key=key: picture.press(key)), key
        for name in ("Nearer", "Reset", "Farther", "Turn"):
            assert changes(page.get_by_role("button", name=name, exact=True).click), name
        page.get_by_role("button", name="Stop turning").click()
        for part in ("signs", "edges", "groups", "colours"):
            choice = page.locator(f'select[data-part="{part}"]')
            values = choice.locator("option").evaluate_all("all => all.map(one => one.value)")
            for value in [*values[1:], values[0]]:
                assert changes(lambda value=value, choice=choice: choice.select_option(value)), (
                    part,
                    value,
                )
        page.locator('select[data-part="edges"]').select_option("wrong")
        state = np.arange(EDGES) % 16
        wrong = ((state & 2) > 0) & (((state & 4) > 0) != ((state & 1) > 0))
        assert page.locator('[data-part="count"]').inner_text().startswith(f"{wrong.sum()} of 120")
        search = page.locator('input[type="search"]')
        search.fill("node 1")
        assert page.locator(".found button").count() == 8
        search.press("Enter")
        assert page.locator('[data-part="told"]').inner_text().startswith("node 1: faction 2;")
        search.fill("nobody")
        assert page.locator(".found").inner_text() == "no such name"
        # What was said of another node is gone.
        assert page.locator('[data-part="told"]').inner_text() == ""
        keys = page.locator('[data-part="legend"]').inner_text()
        assert "faction 1" in keys and "faction 3" in keys and "faction 4" not in keys
        page.locator("details.pair summary").first.click()
        expect(page.locator('[data-part="told"]')).to_contain_text("node 1, node 8:")
        page.locator('input[type="range"]').press("Home")
        expect(page.locator("output")).to_have_text("time 0.00")
        page.get_by_role("button", name="Play").click()
        expect(page.locator("output")).to_have_text("at rest", timeout=20_000)
        page.emulate_media(color_scheme="dark")
        page.emulate_media(media="print")
        assert not page.locator(".tools").is_visible()
    assert not said and asked == [file.as_uri()]
