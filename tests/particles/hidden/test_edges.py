"""Who acts on whom is found where that was not recorded, another in each recording."""

import json

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.errors import InputError, InvalidSetting, NotEnoughData
from forcelaw.particles import Recording, Recordings
from forcelaw.particles.hidden import infer_edges
from forcelaw.report import check_results

STEP = 0.1


def swung(force, couplings, *, seed, steps=50, spread=1.0, walls=None):
    """Positions and velocities of bodies in the plane under `couplings[i, j] * force(r)`."""
    rng = np.random.default_rng(seed)
    count = len(couplings)
    x, v = spread * rng.standard_normal((count, 2)), 0.5 * rng.standard_normal((count, 2))
    seen = []
    for step in range(steps * 20):
        between = x[None] - x[:, None]
        r = np.linalg.norm(between, axis=-1) + np.eye(count)
        pull = np.einsum("ij,ijd->id", couplings * force(r) / r, between)
        v = v + STEP / 20 * pull
        x = x + STEP / 20 * v
        if walls is not None:
            outside = np.abs(x) > walls
            x, v = np.where(outside, np.sign(x) * 2 * walls - x, x), np.where(outside, -v, v)
        if step % 20 == 19:
            seen.append((x, v))
    return np.stack([one[0] for one in seen]), np.stack([one[1] for one in seen])


def graphs(count, bodies, seed, share=0.5):
    rng = np.random.default_rng(seed)
    upper = np.triu(rng.random((count, bodies, bodies)) < share, 1)
    return (upper | upper.transpose(0, 2, 1)).astype(float)


def data_of(force, couplings, *, velocities, **how):
    parts = []
    for seed, coupling in enumerate(couplings):
        x, v = swung(force, coupling, seed=seed, **how)
        there = np.ones(x.shape[:2], bool)
        time = STEP * np.arange(len(x))
        parts.append(Recording(x, time, there, velocity=v if velocities else None))
    return Recordings(tuple(parts), "swung")


def share_of_right(hidden, couplings):
    right = []
    for found, truth in zip(hidden.recordings, couplings, strict=True):
        acts = hidden.interacts(found)
        right.append(acts == (truth[found.receiver, found.sender] != 0))
    return np.concatenate(right).mean()


@pytest.mark.parametrize("velocities", [False, True])
def test_springs_are_told_from_nothing_even_with_walls(velocities):
    couplings = graphs(12, 5, seed=3)
    data = data_of(lambda r: 0.3 * r, couplings, velocities=velocities, walls=1.5)
    hidden = infer_edges(data, 2)
    assert share_of_right(hidden, couplings) == 1
    np.testing.assert_allclose(hidden.levels, [0, 1], atol=1e-3)
    probability = np.concatenate([found.probability for found in hidden.recordings])
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    assert probability.max(axis=1).min() > 0.99


def test_motion_of_first_order_tells_edges_too():
    couplings = graphs(10, 5, seed=4)
    parts = []
    for seed, coupling in enumerate(couplings):
        rng = np.random.default_rng(seed)
        x, seen = 2 * rng.standard_normal((5, 2)), []
        for step in range(400):
            between = x[None] - x[:, None]
            r = np.linalg.norm(between, axis=-1) + np.eye(5)
            x = x + 0.01 * np.einsum("ij,ijd->id", coupling * (1 - 1 / r**2) / r, between)
            if step % 10 == 9:
                seen.append(x)
        parts.append(Recording(np.stack(seen), STEP * np.arange(40), np.ones((40, 5), bool)))
    hidden = infer_edges(Recordings(tuple(parts)), 1)
    assert share_of_right(hidden, couplings) > 0.97


def test_one_sided_edges_are_seen_to_be_so():
    rng = np.random.default_rng(0)
    couplings = (rng.random((12, 4, 4)) < 0.5).astype(float)
    data = data_of(lambda r: 0.3 * r, couplings, velocities=True)
    hidden = infer_edges(data, 2)
    assert not hidden.reciprocal
    assert share_of_right(hidden, couplings) > 0.99


def test_where_all_pairs_are_alike_nothing_is_hidden():
    couplings = graphs(8, 5, seed=1, share=1.0)
    hidden = infer_edges(data_of(lambda r: 0.3 * r, couplings, velocities=True), 2)
    assert len(hidden.levels) == 1 and "no edges are hidden" in hidden.sentence()


@pytest.fixture(scope="module")
def found():
    couplings = graphs(12, 5, seed=3)
    data = data_of(lambda r: 0.3 * r, couplings, velocities=True)
    return couplings, fl.particles.discover(data, infer="edges")


def test_the_law_is_read_with_the_edges_in_place(found):
    couplings, result = found
    assert result.verdict == "law"
    (force,) = result.law.pairs
    assert force.bonded
    r = np.linspace(0.5, 2, 4)
    np.testing.assert_allclose(force.formula.at({"r": r}), 0.3 * r, rtol=1e-2)
    assert share_of_right(result.hidden, couplings) == 1


def test_results_hold_every_pair_with_its_probability(found):
    couplings, result = found
    document = {"kind": "particles", **result.to_json()}
    check_results(document, "results.json", needed=("verdict", "formula"))
    json.dumps(document, allow_nan=False)
    hidden = document["hidden"]
    assert hidden["what"] == "edges" and len(hidden["edges"]) == 12 * 10
    row = hidden["edges"][0]
    assert row.keys() >= {"recording", "receiver", "sender", "interacts", "probability", "coupling"}
    assert row["interacts"] == bool(couplings[0, int(row["receiver"]), int(row["sender"])])
    assert any("act on each other" in note for note in document["notes"])


@pytest.mark.parametrize(
    ("bodies", "times", "error", "words"),
    [
        (1, 20, NotEnoughData, "one body"),
        (101, 5, InputError, "101 bodies.*at most 100"),
        (5, 5, NotEnoughData, "at least four for each pair"),
    ],
)
def test_what_cannot_tell_edges_is_said(bodies, times, error, words):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((times, bodies, 2))
    part = Recording(x, np.arange(float(times)), np.ones((times, bodies), bool))
    with pytest.raises(error, match=words):
        infer_edges(Recordings((part,)), 2)


def test_an_unknown_name_is_met_by_the_nearest():
    x = np.random.default_rng(0).standard_normal((20, 3, 2))
    with pytest.raises(InvalidSetting, match=r"infer: found 'edge'.*did you mean 'edges'"):
        fl.particles.discover(fl.particles.Trajectories(x), infer="edge")
