import dataclasses
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from designs import springs

from forcelaw.errors import InputError
from forcelaw.laws import Expression, Formula, HamiltonianNetwork, Law, MessageNetwork, PairNetwork
from forcelaw.laws.networks.inserted_formula import WrittenMessage, WrittenScalar
from forcelaw.particles import insert_formula, simulate
from forcelaw.particles.candidates import fit_linear, fit_power_law, one_body_terms
from forcelaw.particles.equations import Design, formula_acceleration
from forcelaw.particles.equations.predictions import law_acceleration
from forcelaw.particles.learning import LearningSettings, fit, message_r2
from forcelaw.particles.learning.batches import Classes, Frames, draw_rows
from forcelaw.particles.preparation import Sizes
from forcelaw.training import Stage

SHORT = (Stage(epochs=2, learning_rate=5e-3),)


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("pair", PairNetwork),
        pytest.param("hamiltonian", HamiltonianNetwork, marks=pytest.mark.slow),
        ("message", MessageNetwork),
    ],
)
def test_the_error_falls(model, family):
    fitted = fit(springs(), model=model, stages=SHORT, batch=32, seed=1, hidden=(16, 16))
    assert isinstance(fitted.law, family)
    first, last = (fitted.history[k].metrics["error"] for k in (0, -1))
    assert last < first
    assert fitted.sizes.names == ("mass",)


TRAINED = [
    *({"model": "message", "regularise": r} for r in ("none", "l1", "kl", "bottleneck")),
    {"model": "pair"},
    {"model": "hamiltonian"},
    {"model": "hamiltonian", "one_body": True},
    {"model": "pair", "formula": "1.0*(r - 0.5)"},
    {"model": "hamiltonian", "formula": "1.0*(r - 0.5)**2"},
    {"model": "message", "formula": "1.0*(r - 0.5)"},
]
"""Every model as a user may ask for it."""


def models(quick, networks):
    """The networks as parameters; all but the quick ones are slow."""
    return [
        pytest.param(
            network,
            id="-".join(map(str, network.values())),
            marks=() if network in quick else pytest.mark.slow,
        )
        for network in networks
    ]


SHORT_EPOCHS = LearningSettings(updates=5)
ONE = {"stages": (Stage(epochs=1, learning_rate=1e-3),), "batch": 4, "hidden": (8,)}


def written(law: Law) -> WrittenScalar:
    """The scalar force of a network with a formula inside."""
    if isinstance(law, MessageNetwork):
        assert isinstance(law.edge, WrittenMessage)
        return law.edge.scalar
    assert isinstance(law, PairNetwork | HamiltonianNetwork)
    assert isinstance(law.radial, WrittenScalar)
    return law.radial


def of_one_body(law: Law) -> Any:
    """What a network holds beside the force between two bodies."""
    if isinstance(law, MessageNetwork):
        return law.node
    assert isinstance(law, PairNetwork)
    return law.one_body


CHAIN = np.asarray([[0, 1], [1, 0], [1, 2], [2, 1]])


@pytest.mark.parametrize("network", models([TRAINED[2], TRAINED[7]], TRAINED))
@pytest.mark.parametrize(
    "edges",
    [
        pytest.param(None, id="complete", marks=pytest.mark.slow),
        pytest.param(CHAIN, id="chain"),
    ],
)
def test_every_model_trains_on_every_graph(network, edges):
    data = dataclasses.replace(springs(5), edges=edges)
    fitted = fit(data, settings=SHORT_EPOCHS, **ONE, **network)
    assert np.isfinite(fitted.history[-1].metrics["validation"])
    if "formula" in network:
        assert written(fitted.law).expression.text(None) != network["formula"]


@pytest.mark.parametrize("network", models([TRAINED[4]], TRAINED[:7]))
@pytest.mark.parametrize("target", ["next_state", "trajectory"])
def test_every_model_looks_ahead(network, target):
    fitted = fit(springs(5), target=target, settings=SHORT_EPOCHS, **ONE, **network)
    assert np.isfinite(fitted.history[-1].metrics["validation"])


@pytest.mark.parametrize("model", ["pair", pytest.param("message", marks=pytest.mark.slow)])
def test_a_formula_goes_back_into_the_network_and_trains_on(model):
    data = simulate("spring", bodies=3, trajectories=20, steps=40, dt=0.05, seed=0)
    fitted = fit(data, model=model, stages=SHORT, batch=32, seed=1, hidden=(16, 16))
    law = insert_formula(fitted, Formula.parse("1.5*(r - 0.9)"))
    assert eqx.tree_equal(of_one_body(fitted.law), of_one_body(law))
    again = fit(data, start=law, stages=SHORT, batch=32, seed=1)
    assert again.model == model
    stiffness, rest = written(again.law).expression.numbers()
    assert (stiffness, rest) != (1.5, 0.9)
    if model == "pair":
        assert abs(stiffness - 2) < 0.4
        assert abs(rest - 1) < 0.1
    assert again.history[-1].metrics["validation"] < fitted.history[-1].metrics["validation"]


def test_a_formula_trains_through_rollouts():
    data = simulate("spring", bodies=3, trajectories=8, steps=40, dt=0.05, seed=0)
    start = Formula.parse("1.5*(r - 0.9)")
    stages = (Stage(epochs=1, learning_rate=2e-2),)
    fitted = fit(data, start=start, target="trajectory", stages=stages, batch=16)
    assert isinstance(fitted.law, Formula)
    np.testing.assert_allclose(fitted.law.pair.numbers(), [2, 1], rtol=1e-2)


def test_what_cannot_be_put_back_is_named():
    fitted = fit(springs(4), model="hamiltonian", **ONE)
    with pytest.raises(InputError, match="found a HamiltonianNetwork"):
        insert_formula(fitted, Formula.parse("r"))


def test_the_same_seed_gives_the_same_law():
    def run():
        return fit(springs(8), stages=SHORT, batch=8, seed=3, hidden=(8,)).law

    for one, other in zip(jax.tree.leaves(run()), jax.tree.leaves(run()), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_parts_share_no_trajectory():
    split = fit(springs(10), stages=(Stage(epochs=1),), batch=4, hidden=(4,)).split
    starts = [tuple(x) for part in split for x in part.position[:, 0, 0]]
    assert len(starts) == len(set(starts)) == 10


def test_sizes_come_from_the_training_part():
    data = springs(10)
    fitted = fit(data, stages=(Stage(epochs=1),), batch=4, hidden=(4,))
    assert fitted.sizes == Sizes.of(fitted.split.train)
    assert fitted.sizes != Sizes.of(data)


def test_wrong_names_are_answered():
    with pytest.raises(InputError, match="did you mean 'pair'"):
        fit(springs(4), model="pairs")
    with pytest.raises(InputError, match="did you mean 'acceleration'"):
        fit(springs(4), target="accelerations")


def test_examples_are_the_frames_they_name():
    data = springs(4)
    frames = Frames.of(data, ahead=2)
    assert frames.rows == 4 * 38
    example = frames.take(jnp.asarray([0, 38 + 5]))
    np.testing.assert_allclose(example.state.position[1], data.position[1, 5], rtol=1e-6)
    np.testing.assert_allclose(example.later.velocity[1], data.velocity[1, 6:8], rtol=1e-6)
    np.testing.assert_allclose(example.attributes.node["mass"][1], data.attributes["mass"][1])


def test_an_epoch_of_few_rows_takes_each_equally_often():
    frames = Frames.of(springs(2))
    rows = draw_rows(frames.rows, jax.random.key(0), batches=8, size=10)
    np.testing.assert_array_equal(np.bincount(np.ravel(rows)), np.ones(80))


def test_close_encounters_are_drawn_as_often_as_quiet_moments():
    data = springs(5)
    data.acceleration[2, 7] *= 1e4
    frames = Frames.of(data)
    classes = Classes.of(frames, classes=10)
    np.testing.assert_array_equal(np.sort(classes.order), np.arange(frames.rows))
    assert int(classes.count.sum()) == frames.rows
    assert int(classes.count.min()) > 0
    rows = np.ravel(classes.draw(jax.random.key(0), batches=50, size=40))
    share = np.mean(rows == 2 * 40 + 7)
    assert share == pytest.approx(1 / len(classes.count), rel=0.3)


@pytest.mark.parametrize(
    "network",
    [
        {"regularise": "l1", "message": 8},
        pytest.param({"regularise": "bottleneck"}, marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_messages_become_forces_within_seconds(network):
    data = simulate("spring", bodies=4, trajectories=60, steps=40, dt=0.05, seed=0)
    stages = (Stage(epochs=12, learning_rate=1e-2),)
    fitted = fit(data, model="message", stages=stages, hidden=(32, 32), **network)
    r2 = message_r2(fitted.law, Design.of(fitted.split.test, 500), Formula.parse("2*(r - 1)"))
    assert r2["force"] is not None and r2["force"] > 0.99
    assert r2["acceleration"] is not None and r2["acceleration"] < 0.9


def test_baselines_find_their_own_laws():
    design = Design.of(springs(), 200)
    found = fit_linear(design)
    assert found.error < 1e-6
    np.testing.assert_allclose(found.formula.pair.numbers(), [-2, 2], rtol=1e-4)
    gravity = Design.of(springs(force=lambda r, a, b: 3 * a * b / r**2), 200)
    found = fit_power_law(gravity)
    assert found.power == -2
    assert found.error < 1e-6
    predicted = formula_acceleration(found.formula, gravity)
    np.testing.assert_allclose(predicted, gravity.acceleration, rtol=1e-4)


def test_a_formula_accelerates_alike_in_numpy_and_on_the_device():
    design = Design.of(springs(4), 50)
    formula = fit_power_law(design).formula
    np.testing.assert_allclose(
        law_acceleration(formula, design),
        formula_acceleration(formula, design),
        rtol=1e-3,
        atol=1e-4,
    )


def test_self_forces_cause_the_accelerations_they_promise():
    design = Design.of(springs(4), 50)
    drag = one_body_terms(design)[0]
    expected = design.velocity / design.mass[..., None]
    np.testing.assert_allclose(drag.columns(design)[0], expected)
    (tree,) = drag.with_factors(np.asarray([-0.5])).whole()
    assert Expression.of(tree).text() == "-0.5*v"
