"""The table of scores, and predictions from file to file."""

import dataclasses
import json

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.documents import ParsedObject
from forcelaw.errors import InputError
from forcelaw.signed.evaluation.evaluation_result import METRICS
from forcelaw.signed.forces import PRESETS
from forcelaw.training import Stage

QUICK = dataclasses.replace(
    PRESETS["default"], stages=(Stage(2, 8, 0.1, 1.7, 0.02),), steps=8, dt=0.1, folds=4, starts=1,
    trainings=2, choices=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def network():
    return signed.synthetic(120, degree=14.0, noise=0.05, seed=0)


@pytest.fixture(scope="module")
def found(network):
    told = []
    found = signed.evaluate(
        network, "pairs", seeds=2, preset=QUICK, dim=8, report=lambda *at: told.append(at)
    )
    epochs = range(1, QUICK.trainings * QUICK.stages[0].epochs + 1)
    assert [(seed, epoch.epoch) for seed, epoch in told] == [(s, e) for s in (0, 1) for e in epochs]
    return found


@pytest.fixture(scope="module")
def document(found):
    return found.to_json()


def test_the_result_is_shown_as_a_table_with_everything_escaped(found):
    text = f"{found.forcelaw.auc.mean:.3f} ± {found.forcelaw.auc.std:.3f}"
    assert repr(found).startswith(f"<EvaluationResult {found.dataset}, pairs, AUC {text}, baseline")
    assert text in str(found)
    named = dataclasses.replace(found, dataset="<script>", notes=("<b>",))
    page = named._repr_html_()
    assert "<script>" not in page and "<b>" not in page
    assert "&lt;script&gt;: 120 nodes" in page and f"<td>{text}</td>" in page
    assert "<ul>" not in dataclasses.replace(found, notes=())._repr_html_()


def test_the_document_has_the_promised_keys(document, network):
    promised = {"dataset", "nodes", "edges", "positive", "protocol", "seeds", "forcelaw"}
    promised |= {
        "features",
        "default",
        "baseline",
        "spectral",
        "notes",
        "reverse_share",
        "seconds",
        "peak_memory_mb",
    }
    assert promised <= set(document)
    differences = ("difference", "difference_to_features", "difference_to_spectral")
    for method in ("forcelaw", "features", "default", "baseline", "spectral", *differences):
        assert set(document[method]) == set(METRICS)
        for score in document[method].values():
            assert set(score) == {"mean", "std", "count", "values"}
            assert score["count"] == len(score["values"]) == 2
    assert document["notes"] == []
    assert [set(springs) for springs in document["springs"]] == [{"learned", "auc"}] * 2
    assert all(springs["learned"] and springs["auc"] > 0.7 for springs in document["springs"])
    assert document["nodes"] == 120 and document["edges"] == network.n_edges
    assert document["reverse_share"] == 0
    assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_both_methods_are_far_above_chance(document):
    # Degrees and triads tell much of a balanced network already; the forces must not lose it.
    assert document["forcelaw"]["auc"]["mean"] > 0.85
    assert document["forcelaw"]["auc"]["mean"] > document["baseline"]["auc"]["mean"] - 0.05


@pytest.mark.slow
def test_features_alone_are_the_decoder_without_geometry(network, document):
    parts = signed.split(network, "pairs", seed=0)
    alone = signed.FeaturesAlone(seed=0).fit(parts.train)
    probability = alone.predict_proba(parts.test.pairs)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    right = (alone.predict(parts.test.pairs) == parts.test.sign).mean()
    assert right > 0.8
    for method in ("forcelaw", "baseline"):
        assert document["features"]["auc"] != document[method]["auc"]


@pytest.mark.slow
def test_the_shipped_law_is_scored_untrained_where_it_has_not_seen_the_signs(network, document):
    parts = signed.split(network, "pairs", seed=0)
    moved = signed.apply("default", parts.train)
    own = signed.scores(
        parts.test.sign, moved.predict_proba(parts.test.pairs)[:, 1], moved.threshold_
    )
    first = document["default"]["auc"]["values"][0]
    assert first == pytest.approx(own["auc"], abs=1e-6) and first > 0.8
    _, content = signed.load_learned_model("default").trained_on[0]
    known = dataclasses.replace(parts.train, content_hash=content, name="seen")
    found = signed.evaluate(dataclasses.replace(parts, train=known), seeds=1, preset=QUICK, dim=2)
    assert found.default is None and "default" not in found.scores()
    assert "default" not in found.reliability and "default" not in str(found)
    assert found.notes == ("the shipped law was trained on seen: it is not scored there",)
    assert found.to_json()["default"] is None


def test_json_knows_no_nan():
    expected = {"mean": 0.5, "std": None, "count": 1, "values": [0.5, None]}
    assert signed.summary([0.5, float("nan")]).to_json() == expected


@pytest.mark.slow
def test_a_split_without_an_enemy_does_not_blank_the_mean():
    """One enemy among many friends: it is in the test part of a few splits alone."""
    friends = [(i, j) for i in range(8) for j in range(i + 1, 8) if (i + j) % 3]
    source, target = zip(*friends, (8, 0), (8, 1), strict=True)
    sign = [1] * len(friends) + [-1, -1]
    network = signed.SignedNetwork.from_edges(source, target, sign, directed=False)
    lacking = [
        str(seed) for seed in range(3)
        if (signed.split(network, "pairs", seed=seed).test.sign > 0).all()
    ]  # fmt: skip
    assert 0 < len(lacking) < 3
    found = signed.evaluate(network, "pairs", seeds=3, preset=QUICK, dim=2)
    document: ParsedObject = found.to_json()
    several = "s" if len(lacking) > 1 else ""
    assert document["notes"] == [
        f"no enemy in the test part of split{several} {', '.join(lacking)}: AUC and macro-F1 are "
        f"undefined there, and means are over the other {3 - len(lacking)} of 3"
    ]
    for method in ("forcelaw", "features", "baseline", "spectral", "difference"):
        found = document[method]["auc"]
        known = [value for value in found["values"] if value is not None]
        assert found["count"] == len(known) == 3 - len(lacking)
        assert found["mean"] == pytest.approx(np.mean(known))
        assert document[method]["f1_micro"]["count"] == 3


def test_predictions_from_file_to_file(network, tmp_path):
    parts = signed.split(network, "pairs", seed=0)
    test = parts.test
    model = signed.SpringEmbedding(8, preset=QUICK).fit(parts.train)
    file = tmp_path / "pairs.csv"
    rows = [f"{source},{target}" for source, target in test.named_pairs[:5]]
    file.write_text("\n".join(["source,target", *rows, "nobody,0"]) + "\n")
    found = signed.predict(model, file)
    np.testing.assert_array_equal(found.known, [True] * 5 + [False])
    lines = found.csv().splitlines()
    assert lines[0] == "source,target,sign,probability,known,deviation" and len(lines) == 7
    assert [line.rsplit(",", 4)[0] for line in lines[1:6]] == rows
    assert lines[6].endswith(",false,") and np.isnan(found.deviation[5])
    assert (found.deviation[:5] > 0).all() and (found.deviation[:5] < 0.5).all()
    np.testing.assert_array_equal(found.deviation[:5], model.deviation(test.pairs[:5]))
    np.testing.assert_allclose(
        found.probability[:5], model.predict_proba(test.pairs[:5])[:, 1], rtol=1e-6
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [("a\n", r"pairs\.csv:1"), ("a,b\nc,\n", r"pairs\.csv:2"), ("# nothing\n", "no pairs")],
)
def test_damaged_pair_files_name_their_line(tmp_path, text, message):
    file = tmp_path / "pairs.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=message):
        signed.read_pairs(file)


def test_a_header_of_pairs_says_which_column_is_which(tmp_path):
    file = tmp_path / "pairs.csv"
    for header in (
        "truster;trustee;note\na;b;x",
        "note;trustee;truster\nx;b;a",
        "Source;about\na;b",
    ):
        file.write_text(f"{header}\n")
        assert signed.read_pairs(file) == [("a", "b")]
    # Names of nodes are no header.
    file.write_text("user1,user2\nuser3,user4\nx,user1\n")
    assert len(signed.read_pairs(file)) == 3


def test_pairs_in_any_separator(tmp_path):
    file = tmp_path / "pairs.txt"
    for separator in (",", ";", "\t", " "):
        file.write_text(f"a{separator}b{separator}1\nc{separator}d{separator}1\n")
        assert signed.read_pairs(file) == [("a", "b"), ("c", "d")]
