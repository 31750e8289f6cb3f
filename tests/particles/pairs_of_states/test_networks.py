"""Networks are learned from states and where they lead, without any form of a force."""

from dataclasses import replace

import equinox as eqx
import jax
import numpy as np
import pytest

import forcelaw as fl
from forcelaw.device_arrays import to_device
from forcelaw.particles.pairs_of_states import (
    NetworkFitSettings,
    StatePairs,
    learn_from_pairs,
)
from forcelaw.particles.pairs_of_states.networks.fitting import NetworkForce
from forcelaw.particles.pairs_of_states.networks.radial_network import RadialNetwork, TableForce
from forcelaw.storage.arrays import read_document, save_arrays

SMALL = NetworkFitSettings(
    values=12, width=8, first=40, first_steps=40, scales=3, rounds=6, hard_rounds=1
)


def springs(count=60, seed=0):
    """Two bodies in the plane on a spring of stiffness one, times both charges, solved."""
    rng = np.random.default_rng(seed)
    start, velocity = 2 * rng.normal(size=(count, 2, 2)), rng.normal(size=(count, 2, 2))
    charge = np.stack([np.ones(count), rng.choice([1.0, 2.0], count)], axis=1)
    rate = np.sqrt(2 * charge.prod(axis=1))[:, None]
    apart, moving = start[:, 1] - start[:, 0], velocity[:, 1] - velocity[:, 0]
    later = apart * np.cos(rate) + moving * np.sin(rate) / rate
    middle = (start + velocity).mean(axis=1)
    end = middle[:, None] + later[:, None] * np.array([-0.5, 0.5])[:, None]
    return StatePairs(start, velocity, end, np.ones(count), {"charge": charge})


@pytest.fixture(scope="module")
def found():
    return learn_from_pairs(springs(), settings=SMALL)


def test_the_force_is_learned_with_the_attribute_that_multiplies_it(found):
    assert found.chosen.coupling == "charge" and "times charge of both bodies" in found.text()
    r = np.array([1.0, 2.0, 4.0])
    np.testing.assert_allclose(found.force(r), r, rtol=0.03)
    assert found.median < 0.01 and found.explained > 0.999
    assert found.to_json()["steps"] == found.followed


def test_a_prediction_does_not_look_at_the_end(found):
    other = springs(seed=1)
    elsewhere = replace(other, end=other.end + 7)
    np.testing.assert_array_equal(found.predict(other), found.predict(elsewhere))
    assert np.sqrt(np.mean((found.predict(other) - other.end) ** 2)) < 0.02 * other.displacement


def test_a_saved_network_predicts_the_same(found, tmp_path):
    path = fl.particles.save_pairs_network(tmp_path / "springs", found)
    again = fl.particles.load_pairs_network(path)
    other = springs(seed=1)
    np.testing.assert_array_equal(again.predict(other), found.predict(other))
    assert again.to_json() == found.to_json()
    with pytest.raises(fl.InputError, match="exists"):
        fl.particles.save_pairs_network(path, found)


def damaged(**changes):
    def change(document):
        return {**document, **changes}

    return change


@pytest.mark.parametrize(
    "change",
    [
        damaged(kind="another"),
        damaged(width=10**9),
        damaged(table=[0.0, 0.1, 10**12, 1.0]),
        damaged(cap=["length", None]),
        damaged(scheme={"kind": "leapfrog", "steps": 10**12, "step": None}),
        damaged(distances=[1.0]),
        damaged(distances=[5.0, 1.0]),
        damaged(middle=float("nan")),
        damaged(table=[0.0, -0.1, 12, 1.0]),
        damaged(table=[0.0, 0.1, 12, -1.0]),
        damaged(cap=["length", -3.0]),
        damaged(coupling=["a"]),
        damaged(coupling=""),
        damaged(middle=1e308),
        damaged(table=[0.0, 0.1, 12.5, 1.0]),
        lambda document: {"kind": document["kind"]},
    ],
)
def test_a_damaged_file_is_told(found, tmp_path, change):
    path = fl.particles.save_pairs_network(tmp_path / "springs", found)
    document = change(read_document(path))
    with jax.enable_x64():
        save_arrays(path, (found.network, found.chosen.misses), document)
    with pytest.raises(fl.UnreadableFile, match="springs"):
        fl.particles.load_pairs_network(path)


def table_of(values, **changes):
    return TableForce(first=-2.0, gap=0.5, count=len(values), unit=0.3, **changes)


def test_slopes_of_a_table_are_those_of_its_values_and_of_the_distance():
    values = np.random.default_rng(0).normal(size=8)
    table = table_of(values)
    with jax.enable_x64():
        square = to_device(np.exp([-7.0, -3.9, -1.1, 0.3, 2.6, 6.0]))
        numbers = to_device(values)
        by_value, by_square = jax.jacfwd(table.over_distance, argnums=(0, 1))(numbers, square)
        slope = np.diag(np.asarray(by_square))
        ends = [
            [
                np.asarray(table.over_distance(numbers, square * (1 + side * 1e-5)))
                for side in (1, -1)
            ],
            *(
                [
                    np.asarray(table.over_distance(numbers.at[k].add(side * 1e-5), square))
                    for side in (1, -1)
                ]
                for k in range(8)
            ),
        ]
    measured = [(high - low) / 2e-5 for high, low in ends]
    np.testing.assert_allclose(slope * np.asarray(square), measured[0], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(np.asarray(by_value).T, measured[1:], rtol=1e-6, atol=1e-9)


def test_a_force_goes_on_as_a_power_and_is_the_same_above():
    table = table_of(np.zeros(14))
    network = RadialNetwork.new(width=8, middle=0.0, seed=0)
    np.testing.assert_array_equal(NetworkForce(network, table).numbers, 0)
    with jax.enable_x64():
        weight = to_device(np.random.default_rng(0).normal(size=(1, 8)))
        network = eqx.tree_at(lambda one: one.layers.layers[-1].weight, network, weight)
    bent = NetworkForce(network, table)
    assert np.abs(np.diff(bent.numbers[:6], 2)).max() > 1e-2
    onward = bent.continued(5)
    np.testing.assert_allclose(np.diff(onward.numbers[:6], 2), 0, atol=1e-3)
    np.testing.assert_allclose(onward.numbers[5:], bent.numbers[5:], atol=1e-3)
