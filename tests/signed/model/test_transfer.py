"""What was learned on one network, at work on another."""

import dataclasses

import equinox as eqx
import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.laws import AttributeSpring, Spring
from forcelaw.signed.decoder import Calibration, calibrate
from forcelaw.signed.forces import PRESETS
from forcelaw.signed.model.model_files import load_learned, save_learned
from forcelaw.training import Stage

QUICK = dataclasses.replace(
    PRESETS["default"], stages=(Stage(2, 8, 0.1, 1.7, 0.02),), steps=8, dt=0.1, folds=4,
    trainings=1, choices=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def parts():
    return signed.split(signed.synthetic(150, degree=14.0, noise=0.03, seed=5), "pairs", seed=0)


@pytest.fixture(scope="module")
def shipped(parts):
    return signed.apply("default", parts.train)


def auc(model, test):
    probability = model.predict_proba(test.pairs)[:, 1]
    return signed.scores(test.sign, probability, model.threshold_)["auc"]


def test_the_shipped_law_predicts_a_network_it_was_never_trained_on(parts, shipped):
    assert auc(shipped, parts.test) > 0.85
    assert shipped.positions_.shape == (parts.train.n_nodes, shipped.dim)
    assert shipped.prior_ == parts.train.positive_share
    assert "bitcoin-otc" in dict(shipped.trained_on_)


def test_what_is_at_work_saves_and_loads(parts, shipped, tmp_path):
    shipped.save(tmp_path)
    loaded = signed.SpringEmbedding.load(tmp_path)
    pairs = parts.test.pairs
    np.testing.assert_array_equal(loaded.predict_proba(pairs), shipped.predict_proba(pairs))
    assert loaded.threshold_ == shipped.threshold_


def test_a_directed_network_gets_the_directed_decoder():
    network = signed.synthetic(60, seed=1)
    directed = dataclasses.replace(network, directed=True)
    model = signed.apply("default", directed)
    assert model.network_.directed
    assert np.isfinite(model.predict_proba(network.edges[:5])).all()
    with pytest.raises(InputError, match="expected a directed one"):
        signed.apply(model, network)


def test_a_network_without_enemies_keeps_the_decoder_as_it_came():
    network = signed.synthetic(30, degree=6.0, seed=2)
    friends = network.subset(network.sign > 0)
    model = signed.apply("default", friends)
    assert model.threshold_ == signed.load_learned_model("default").threshold
    assert np.isfinite(model.positions_).all()


@pytest.mark.slow
def test_training_begins_with_a_learned_law(parts):
    start = signed.load_learned_model("default")
    still = dataclasses.replace(QUICK, stages=(Stage(1, 8, 0.1, 1.7, 1e-9),))
    model = signed.SpringEmbedding(8, preset=still, start_from="default").fit(parts.train)
    assert isinstance(start.law, AttributeSpring) and isinstance(model.law_, AttributeSpring)
    np.testing.assert_allclose(model.law_.bias, start.law.bias, atol=1e-4)
    assert model.trained_on_ == (
        *start.trained_on,
        (parts.train.name, parts.train.content_hash),
    )
    with pytest.raises(InputError, match="found a law AttributeSpring"):
        signed.SpringEmbedding(8, preset="spr", start_from="default").fit(parts.train)


def test_calibration_finds_slope_and_shift():
    random = np.random.default_rng(0)
    log_odds = 3 * random.standard_normal(20_000)
    positive = random.random(20_000) < 1 / (1 + np.exp(-(0.5 * log_odds + 1.0)))
    found = calibrate(log_odds, positive.astype(float))
    np.testing.assert_allclose(found, (0.5, 1.0), atol=0.06)


def test_calibration_of_nothing_changes_nothing():
    np.testing.assert_allclose(calibrate(np.empty(0), np.empty(0)), (1, 0))
    assert Calibration().probability(np.array([0.0]))[0] == 0.5
    assert np.isfinite(calibrate(np.full(50, 1e4), np.zeros(50))).all()


def test_springs_come_back_as_formulas():
    spring = Spring()
    spring = eqx.tree_at(lambda law: law.stiffness, spring, spring.stiffness.at[2].set(0.0))
    # Within the distances at which the shipped law sees nodes.
    lengths = spring.rest_length.at[0].set(4.0).at[1].set(6.0)
    spring = eqx.tree_at(lambda law: law.rest_length, spring, lengths)
    law = dataclasses.replace(signed.load_learned_model("default"), law=spring)
    found = signed.force_formulas(law)
    assert {name: formula.expression.text() for name, formula in found.items()} == {
        "friend": "2.5*max(0, r - 4)",
        "enemy": "2.5*min(0, r - 6)",
        "unknown": "0",
    }
    assert found["unknown"].r2 is None
    for name in ("friend", "enemy"):
        r2 = found[name].r2
        assert r2 is not None and r2 > 0.9999
        length = np.linspace(0.5, found[name].reach, 7)
        truth = getattr(signed.social_force(law, length), name)
        np.testing.assert_allclose(found[name](length), truth, atol=1e-3)


def test_numbers_that_are_not_finite_are_refused(tmp_path):
    learned = signed.load_learned_model("default")
    damaged = eqx.tree_at(lambda inputs: inputs.reach, learned.reference_inputs, np.float32(np.nan))
    save_learned(dataclasses.replace(learned, reference_inputs=damaged), tmp_path)
    with pytest.raises(InputError, match="safetensors: found numbers that are not finite"):
        load_learned(tmp_path)
