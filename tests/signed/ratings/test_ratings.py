"""Ratings with intervals, what they are scored beside, and what they refuse."""

import csv
import io
import json

import numpy as np
import pytest
from rated_networks import rated_network, with_test_ratings

from forcelaw import signed
from forcelaw.errors import InputError, InvalidSetting, NotEnoughData
from forcelaw.signed.ratings import METRICS, RATING_SETTINGS
from forcelaw.signed.ratings.evaluation import predict_by_all
from forcelaw.signed.ratings.rivals import fit_factors, fit_fairness

QUICK = RATING_SETTINGS.model_copy(
    update={"trees": 20, "folds": 3, "ranks": (0, 2), "ridges": (5.0,)}
)


@pytest.mark.parametrize("protocol", ["directed", "temporal", "pairs"])
def test_test_ratings_change_nothing_that_is_predicted(protocol):
    network = rated_network(times=protocol == "temporal")
    parts = signed.split(network, protocol, seed=0)
    other = signed.split(with_test_ratings(network, parts, 1.0), protocol, seed=0)
    np.testing.assert_array_equal(parts.test.pairs, other.test.pairs)
    assert parts.test.rating is not None and other.test.rating is not None
    assert not np.array_equal(parts.test.rating, other.test.rating)
    ours, theirs = (
        predict_by_all(each, level=0.9, seed=0, settings=QUICK) for each in (parts, other)
    )
    for name in ours:
        for one, two in zip(ours[name], theirs[name], strict=True):
            np.testing.assert_array_equal(one, two)


def test_ratings_are_told_better_than_by_their_mean_and_intervals_hold_them():
    found = signed.evaluate_ratings(rated_network(), seeds=2, level=0.8, settings=QUICK)
    assert found.forcelaw.rmse.mean < 0.7 * found.mean.rmse.mean
    assert found.forcelaw.pearson.mean > 0.7
    for scores in found.scores().values():
        assert scores.coverage.mean > 0.72
        assert scores.rmse.mean >= scores.mae.mean
    assert found.forcelaw.width.mean < found.mean.width.mean
    assert found.mean.pearson.count == 0  # Of a constant there is none.
    document = json.loads(json.dumps(found.to_json()))
    assert set(document["forcelaw"]) == set(METRICS)
    assert document["mean"]["pearson"]["mean"] is None
    assert {"schema", "dataset", "protocol", "seeds", "level", "ratings"} <= set(document)
    assert "factorisation" in str(found) and "RMSE" in repr(found)


def test_rivals_find_what_they_are_made_for():
    network = rated_network(chance=0.0)
    asked, true = np.asarray(network.edges), network.rating
    factors = fit_factors(network, 0, 0.1, QUICK)(asked)
    assert np.corrcoef(factors, true)[0, 1] > 0.97
    assert np.corrcoef(fit_fairness(network, QUICK)(asked), true)[0, 1] > 0.8


def test_higher_levels_have_wider_intervals_of_ratings_that_occur():
    network = rated_network()
    model = signed.RatingModel.fit(network, settings=QUICK)
    pairs = np.asarray(network.edges[:50])
    wide, narrow = model.predict_rating(pairs, 0.95), model.predict_rating(pairs, 0.5)
    assert (wide.low <= narrow.low).all() and (wide.high >= narrow.high).all()
    assert (narrow.low <= narrow.high).all()
    assert network.rating is not None
    assert set(wide.low) | set(wide.high) <= set(network.rating.tolist())
    np.testing.assert_array_equal(model.predict(pairs), wide.rating)


def test_pairs_are_named_and_unknown_nodes_are_told_by_all_ratings():
    network = rated_network()
    model = signed.RatingModel.fit(network, settings=QUICK)
    found = signed.rate_pairs(model, [("0", "1"), ("=stranger", "1")], 0.9)
    assert found.known.tolist() == [True, False]
    assert network.rating is not None
    assert found.predicted.rating[1] == pytest.approx(network.rating.mean(), rel=1e-5)
    rows = list(csv.DictReader(io.StringIO(found.csv(spreadsheet_safe=True))))
    assert rows[1]["source"] == "'=stranger" and rows[1]["known"] == "false"
    assert found.to_json()["pairs"][0]["low"] <= found.to_json()["pairs"][0]["high"]
    assert "unknown" in str(found)


def test_what_has_no_ratings_is_refused_in_words():
    with pytest.raises(NotEnoughData, match="found signs alone, expected a rating"):
        signed.evaluate_ratings(signed.synthetic(40, seed=0))
    with pytest.raises(NotEnoughData, match="at least"):
        signed.RatingModel.fit(signed.SignedNetwork.from_edges(["a", "b"], ["b", "c"], [3, -2]))
    for level in (0, 1, -0.5):
        with pytest.raises((InvalidSetting, InputError), match="level"):
            signed.evaluate_ratings(rated_network(), level=float(level))
    with pytest.raises(InvalidSetting, match="network"):
        signed.RatingModel.fit("bitcoin")  # pyright: ignore[reportArgumentType]
