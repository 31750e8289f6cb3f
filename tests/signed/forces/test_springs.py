"""Springs that learn: how they start, how hidden signs judge them, what if they do not."""

import dataclasses
import math

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw import signed
from forcelaw.signed.decoder import area_under_curve
from forcelaw.signed.forces import PRESETS, Choices, Preset, Springs
from forcelaw.signed.forces.communities import community_positions
from forcelaw.signed.forces.held_out_auc import judge_pairs, keep_out
from forcelaw.signed.forces.memory_plan import plan_training
from forcelaw.signed.forces.objective import untrained_forces
from forcelaw.signed.forces.restarts import one_history
from forcelaw.signed.forces.settings import COMMUNITY_SETTINGS, TRAINING_SETTINGS
from forcelaw.signed.forces.simulation import random_start
from forcelaw.signed.model import count_fold_choices
from forcelaw.signed.model import embedding as _embedding
from forcelaw.training import Epoch, Stage

SHORT = dataclasses.replace(
    PRESETS["default"], stages=(Stage(2, 4, 0.1, 1.7, 0.02),), steps=4, dt=0.1, folds=4,
    trainings=2, choices=2,
)  # fmt: skip


@pytest.fixture(autouse=True)
def few_choices(monkeypatch):
    """Of folds: what is shown here takes two."""
    monkeypatch.setattr(
        _embedding,
        "count_fold_choices",
        lambda network, most, settings: count_fold_choices(network, min(2, most), settings),
    )


def blocks(factions, *, nodes=90, noise=0.05, degree=14.0, seed=0):
    return signed.synthetic(
        nodes, degree=degree, factions=factions, noise=noise, hubs=0.0, seed=seed
    )


def apart(position, pairs):
    return np.linalg.norm(position[pairs[:, 0]] - position[pairs[:, 1]], axis=1)


def auc(held, position):
    return area_under_curve(held.sign > 0, -apart(position, held.pairs))


def shuffled(network, seed=0):
    """The same edges, their signs at random."""
    return dataclasses.replace(network, sign=np.random.default_rng(seed).permutation(network.sign))


@pytest.mark.parametrize("factions", [2, 3, 5])
def test_factions_show_in_the_start(factions):
    parts = signed.split(blocks(factions, nodes=200, noise=0.0, degree=24.0), "pairs", seed=0)
    assert auc(parts.test, community_positions(parts.train)) > 0.95


def test_coordinates_of_factions_have_the_size_of_one():
    found = community_positions(blocks(3))
    assert found.shape == (90, COMMUNITY_SETTINGS.directions)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-9)
    assert (found**2).sum(axis=1).mean() == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 40), st.floats(1, 3), st.integers(0, 2**31 - 1))
def test_coordinates_of_factions_are_finite_on_any_network(nodes, degree, seed):
    network = signed.synthetic(nodes, degree=min(degree, nodes - 0.5), seed=seed)
    for some in (network, network.subset(network.sign > 0), network.subset(network.sign < 0)):
        found = community_positions(some)
        assert found.shape == (nodes, COMMUNITY_SETTINGS.directions)
        assert np.isfinite(found).all()


def test_each_component_has_the_factions_that_it_has_alone():
    alone = [blocks(3, nodes=60), blocks(2, nodes=30), signed.synthetic(3, degree=2.0, seed=0)]
    edges, sign, before = [], [], 0
    for network in alone:
        edges.append(network.edges + before)
        sign.append(network.sign)
        before += network.n_nodes
    ends = np.concatenate(edges)
    together = signed.SignedNetwork.from_edges(
        ends[:, 0], ends[:, 1], np.concatenate(sign), directed=False, nodes=[*range(before + 1)]
    )
    found, before = community_positions(together), 0
    for network in alone[:2]:
        pairs = np.stack(np.triu_indices(network.n_nodes, 1), axis=1)
        here = found[before : before + network.n_nodes]
        assert (here**2).sum(axis=1).mean() == pytest.approx(1)
        # Degrees count against the mean of all.
        one, other = apart(here, pairs), apart(community_positions(network), pairs)
        assert np.corrcoef(one, other)[0, 1] > 0.98
        before += network.n_nodes
    assert not found[-1].any()


def test_names_of_nodes_do_not_move_the_factions():
    network = blocks(3)
    order = np.random.default_rng(0).permutation(network.n_nodes)
    turned = dataclasses.replace(
        network,
        source=order[network.source].astype(network.source.dtype),
        target=order[network.target].astype(network.target.dtype),
    )
    pairs = np.stack(np.triu_indices(network.n_nodes, 1), axis=1)
    np.testing.assert_allclose(
        apart(community_positions(turned), order[pairs]),
        apart(community_positions(network), pairs),
        atol=0.02,
    )


@pytest.mark.parametrize("dim", [2, 8, 64])
def test_a_start_keeps_the_distances_between_factions(dim):
    start = random_start(90, dim, "camps", key=jax.random.key(0))
    shown = min(dim, COMMUNITY_SETTINGS.directions)
    camp = np.eye(COMMUNITY_SETTINGS.directions)[:shown]
    placed = camp @ np.asarray(start.turn)
    length = math.sqrt(dim)
    np.testing.assert_allclose(placed @ placed.T, length**2 * np.eye(shown), atol=1e-4)


def test_distances_that_tell_are_told_from_those_that_do_not():
    random = np.random.default_rng(0)
    positive = random.random(400) < 0.7
    told = judge_pairs(random.random(400) + ~positive, positive, below_guess=True)
    assert told == Springs(True, 1.0)
    inverted = judge_pairs(random.random(400) + positive, positive, below_guess=True)
    assert inverted == Springs(False, 0.0)
    assert not judge_pairs(random.random(400) + ~positive, positive, below_guess=False).learned
    alone = judge_pairs(np.ones(3), np.ones(3, bool), below_guess=True)
    assert not alone.learned and math.isnan(alone.auc)
    for found in (told, inverted, alone):
        again = Springs.from_json(found.to_json())
        assert again.learned == found.learned
        np.testing.assert_equal(again.auc, found.auc)


def test_every_pair_is_kept_out_of_one_part_and_in_its_fold():
    network = blocks(3)
    choices = [signed.SpringEmbedding(seed=seed, preset=SHORT).views_of(network) for seed in (0, 1)]
    pairs = {}
    for views in choices:
        total = np.zeros(views.hidden.weight.shape)
        for part in range(TRAINING_SETTINGS.parts):
            shown, kept_out = keep_out(views, part, seed=5)
            weight = np.asarray(shown.hidden.weight)
            assert not weight[kept_out].any()
            np.testing.assert_array_equal(weight[~kept_out], views.hidden.weight[~kept_out])
            # A pair has the same part whatever fold it is in.
            found = {tuple(pair) for pair in np.asarray(views.hidden.ends)[kept_out].tolist()}
            assert pairs.setdefault(part, found) == found
            total += kept_out
        np.testing.assert_array_equal(total, np.asarray(views.hidden.weight) > 0)


def test_both_directions_of_a_pair_are_kept_out_together():
    random = np.random.default_rng(0)
    ends = np.stack(np.triu_indices(12, 1), axis=1)
    both = np.concatenate([ends, ends[:, ::-1]])
    sign = np.where(random.random(len(both)) < 0.5, 1.0, -1.0)
    network = signed.SignedNetwork.from_edges(both[:, 0], both[:, 1], sign, directed=True)
    views = signed.SpringEmbedding(preset=SHORT).views_of(network)
    _, kept_out = keep_out(views, 0, seed=0)
    found = {tuple(pair) for pair in np.asarray(views.hidden.ends)[kept_out].tolist()}
    assert found and found == {pair[::-1] for pair in found}


def test_signs_that_judge_have_no_part_in_the_training():
    # Turning them over changes what is said of the springs, not the springs.
    network = blocks(2, nodes=60)
    views = signed.SpringEmbedding(4, preset=SHORT).views_of(network)
    shown, kept_out = keep_out(views, 0, seed=0)
    positive = np.where(kept_out, 1 - views.hidden.positive, views.hidden.positive)
    turned = eqx.tree_at(lambda tree: tree.hidden.positive, shown, jnp.asarray(positive))
    forces = untrained_forces(views, SHORT, key=jax.random.key(0))
    choices = Choices(4, SHORT.capacity, network.directed, SHORT.start)
    laws = [
        plan_training(forces, each, choices, SHORT).run(forces, SHORT, key=jax.random.key(1)).best
        for each in (shown, turned)
    ]
    for one, other in zip(*map(jax.tree.leaves, laws), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.slow
def test_springs_that_learned_noise_by_heart_do_not_claim_that_they_learned():
    # Fast and long training: the loss of signs that took part falls far below that of a guess.
    preset = dataclasses.replace(SHORT, stages=(Stage(8, 4, 0.1, 1.7, 0.05),))
    network = shuffled(blocks(2, nodes=40, degree=10.0))
    with pytest.warns(UserWarning, match="the springs have learned nothing"):
        model = signed.SpringEmbedding(8, preset=preset).fit(network)
    assert model.springs_ is not None and not model.springs_.learned
    assert min(epoch.metrics["loss"] for epoch in model.history_) < math.log(2)


def test_distances_by_chance_seldom_pass():
    random = np.random.default_rng(1)
    positive = np.arange(60) < 25
    passed = [
        judge_pairs(random.random(60), positive, below_guess=True).learned for _ in range(2000)
    ]
    assert np.mean(passed) < 3 * TRAINING_SETTINGS.significance


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.slow
def test_three_factions_are_learned_from_every_seed(seed):
    parts = signed.split(blocks(3), "pairs", seed=0)
    model = signed.SpringEmbedding(16, seed=seed).fit(parts.train)
    assert model.springs_ is not None and model.springs_.learned
    assert auc(parts.test, model.positions_) > 0.85
    force = signed.social_force(model)
    far = force.length > force.length[-1] / 2
    assert force.friend[far].mean() > 0


@pytest.mark.slow
def test_springs_that_learn_nothing_are_trained_again_with_a_warning(tmp_path):
    network = shuffled(blocks(2, nodes=40))
    told, noted = [], []

    def fit():
        with pytest.warns(UserWarning, match="the springs have learned nothing"):
            return signed.SpringEmbedding(4, preset=SHORT).fit(
                network, folder=tmp_path, report=told.append, note=noted.append
            )

    model = fit()
    assert model.springs_ is not None and not model.springs_.learned
    epochs = SHORT.trainings * SHORT.stages[0].epochs
    assert [epoch.epoch for epoch in told] == list(
        range(1, TRAINING_SETTINGS.attempts * epochs + 1)
    )
    assert told[-1].epochs == TRAINING_SETTINGS.attempts * epochs
    assert len(noted) == TRAINING_SETTINGS.attempts - 1 and all(
        "not learned" in line for line in noted
    )
    # All is kept: the same call trains nothing more, and ends the same.
    told.clear()
    np.testing.assert_array_equal(fit().positions_, model.positions_)
    assert not told
    model.save(tmp_path / "run")
    assert signed.SpringEmbedding.load(tmp_path / "run").springs_ == model.springs_
    assert signed.load_learned_model(tmp_path / "run").springs == model.springs_


def test_the_shipped_law_separates_three_factions():
    law = signed.load_learned_model("default")
    found = []
    # An AUC of the 210 pairs of one network has a standard error of .03.
    networks = [blocks(3, nodes=150, noise=0.1, seed=seed) for seed in range(4)]
    for network in networks:
        parts = signed.split(network, "pairs", seed=0)
        found.append(auc(parts.test, signed.embed(law, parts.train)))
        assert law.springs_on(parts.train).learned
    assert np.mean(found) > 0.8
    assert not law.springs_on(shuffled(networks[-1])).learned


def test_what_trainings_skipped_adds_up():
    told = [
        [
            Epoch(0, epoch, 2, {"loss": 1.0, "skipped": skipped, "rollbacks": 1.0})
            for epoch in (1, 2)
        ]
        for skipped in (3.0, 4.0)
    ]
    history = one_history(told)
    assert [epoch.metrics["skipped"] for epoch in history] == [3, 3, 7, 7]
    assert history[-1].metrics == {"loss": 1.0, "skipped": 7.0, "rollbacks": 2.0}


def test_settings_without_a_start_are_of_springs_that_started_anywhere():
    old = dict(PRESETS["default"].settings())
    del old["start"]
    assert Preset.from_settings(old).start == "random"
    assert Preset.from_settings(PRESETS["default"].settings()) == PRESETS["default"]
