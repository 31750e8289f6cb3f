from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed import scores, summary
from forcelaw.signed.decoder import best_threshold, expected_threshold

ROWS = st.lists(
    st.tuples(st.sampled_from([-1, 1]), st.sampled_from([0.0, 0.1, 0.5, 0.7, 1.0])), min_size=1
)


@settings(max_examples=80, deadline=None)
@given(ROWS, st.sampled_from([0.3, 0.5, 0.9]))
def test_scores_equal_scikit_learn(rows, threshold):
    rows = [(1, 0.7), (-1, 0.5), *rows]
    sign, probability = (np.array(column) for column in zip(*rows, strict=True))
    found = scores(sign, probability, threshold)
    predicted = np.where(probability >= threshold, 1, -1)
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(sign, probability))
    assert found["f1_macro"] == pytest.approx(metrics.f1_score(sign, predicted, average="macro"))
    assert found["f1_binary"] == pytest.approx(metrics.f1_score(sign, predicted))
    assert found["f1_micro"] == pytest.approx(metrics.f1_score(sign, predicted, average="micro"))
    for name, label in (("friend", 1), ("enemy", -1)):
        if (predicted == label).any():
            precision = metrics.precision_score(sign, predicted, pos_label=label)
            assert found[f"precision_{name}"] == pytest.approx(precision)
        else:
            assert math.isnan(found[f"precision_{name}"])
        recall = metrics.recall_score(sign, predicted, pos_label=label)
        assert found[f"recall_{name}"] == pytest.approx(recall)
    assert found["brier"] == pytest.approx(metrics.brier_score_loss(sign, probability))


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_best_threshold_is_best(rows):
    rows = [(1, 0.7), (-1, 0.5), *rows]
    sign, probability = (np.array(column) for column in zip(*rows, strict=True))
    best = scores(sign, probability, best_threshold(sign, probability))["f1_macro"]
    for threshold in (0.05, 0.3, 0.6, 0.85):
        assert best >= scores(sign, probability, threshold)["f1_macro"] - 1e-12


def test_the_expected_threshold_is_best_if_probabilities_are_right():
    random = np.random.default_rng(0)
    probability = random.random(4000) ** 2
    sign = np.where(random.random(4000) < probability, 1, -1)
    ours = scores(sign, probability, expected_threshold(probability))["f1_macro"]
    assert ours > scores(sign, probability, best_threshold(sign, probability))["f1_macro"] - 0.01
    certain = (sign > 0).astype(float)
    assert expected_threshold(certain) == 0.5


def test_one_class_is_undefined_not_zero():
    with pytest.warns(UserWarning, match="only positive pairs to score: auc and f1_macro are und"):
        found = scores(np.array([1, 1]), np.array([0.9, 0.2]))
    assert math.isnan(found["auc"]) and math.isnan(found["f1_macro"])
    assert found["f1_binary"] == pytest.approx(2 / 3) and found["f1_micro"] == 0.5
    with pytest.warns(UserWarning, match="only negative pairs"):
        assert math.isnan(scores(np.array([-1]), np.array([0.9]))["f1_binary"])
    with pytest.warns(UserWarning, match="no pairs to score"):
        assert all(math.isnan(x) for x in scores(np.array([]), np.array([])).values())


def test_wrong_values():
    with pytest.raises(InputError, match="found signs other than"):
        scores(np.array([0, 1]), np.array([0.1, 0.2]))
    with pytest.raises(InputError, match="found values outside 0 to 1"):
        scores(np.array([-1, 1]), np.array([0.1, np.nan]))
    with pytest.raises(InputError, match=r"found signs of shape \(2,\) and probabilities"):
        scores(np.array([-1, 1]), np.array([0.1, 0.2, 0.3]))


def test_summary():
    expected = {"mean": 2.0, "std": pytest.approx(math.sqrt(2)), "count": 2, "values": [1, 3]}
    assert summary([1, 3]).to_json() == expected
    gap = summary([1, math.nan, 3])
    assert gap.to_json() == expected | {"values": [1, None, 3]} and math.isnan(gap.values[1])
    assert math.isnan(summary([math.nan]).mean) and summary([math.nan]).count == 0
    assert math.isnan(summary([1]).std)
    with pytest.raises(InputError, match="found no values"):
        summary([])


def test_reliability_counts_and_averages():
    sign = np.array([1, 1, -1, 1, -1])
    found = signed.reliability(sign, np.array([0.95, 0.91, 0.95, 0.12, 0.18]), bins=10)
    assert sum(found.count) == 5 and found.count[9] == 3
    assert found.positive[9] == pytest.approx(2 / 3)
    assert found.probability[1] == pytest.approx(0.15)
    assert found.positive[5] is None
    expected = (3 * abs(2.81 / 3 - 2 / 3) + 2 * abs(0.15 - 0.5)) / 5
    assert found.error == pytest.approx(expected)


def test_probabilities_that_are_true_are_reliable():
    random = np.random.default_rng(0)
    probability = random.random(50_000)
    sign = np.where(random.random(50_000) < probability, 1, -1)
    assert signed.reliability(sign, probability).error < 0.01
