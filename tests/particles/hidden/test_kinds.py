"""Kinds of bodies are found where they were not recorded."""

import json

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.errors import InputError
from forcelaw.particles import Cell, Recording, Recordings
from forcelaw.particles.hidden import infer_kinds, with_kinds
from forcelaw.report import check_results

BOX, STEP, FINE = 6.0, 0.05, 4


def moved(strength, kind, *, seed=0, steps=300, diffusion=0.02):
    """Bodies in a box with `strength[kind_i, kind_j]` times a soft force, under chance."""
    rng = np.random.default_rng(seed)
    count = len(kind)
    side = int(np.ceil(np.sqrt(count)))
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), -1).reshape(-1, 2)[:count]
    x, seen = (grid + 0.5) * BOX / side, []
    pull = np.asarray(strength)[kind[:, None], kind]
    for step in range(steps * FINE):
        between = x[None] - x[:, None]
        between -= BOX * np.round(between / BOX)
        r = np.linalg.norm(between, axis=-1) + 10 * np.eye(count)
        size = pull * np.exp(-(r**2)) - 0.3 * np.exp(-((r / 0.4) ** 2)) / r
        drift = np.einsum("ij,ijd->id", size / r, between)
        chance = np.sqrt(2 * diffusion * STEP / FINE) * rng.standard_normal(x.shape)
        x = x + STEP / FINE * drift + chance
        if step % FINE == FINE - 1:
            seen.append(x)
    seen = np.stack(seen)
    part = Recording(
        seen,
        STEP * np.arange(len(seen)),
        np.ones(seen.shape[:2], bool),
        cell=Cell.of([BOX, BOX]),
    )
    return Recordings((part,), "mixture")


KIND = np.random.default_rng(5).permutation(np.arange(20) % 2)


@pytest.mark.parametrize(
    "strength",
    [[[-1.5, 0.5], [-1.5, 0.5]], [[1.0, 1.0], [-1.0, -1.0]]],
    ids=["as senders", "as receivers"],
)
def test_two_kinds_are_told_by_what_they_feel_and_do(strength):
    hidden = infer_kinds(moved(strength, KIND, steps=200), 1)
    (found,) = hidden.recordings
    assert hidden.count == 2
    assert len({*zip(found.kind.tolist(), KIND.tolist(), strict=True)}) == 2
    np.testing.assert_allclose(found.probability.sum(axis=1), 1)
    assert found.probability.max(axis=1).mean() > 0.95


def test_alike_bodies_are_of_one_kind():
    data = moved([[-1.0]], np.zeros(12, int), steps=150)
    hidden = infer_kinds(data, 1)
    assert hidden.count == 1 and "one kind" in hidden.sentence()
    with pytest.raises(InputError, match="one kind, expected several"):
        with_kinds(data, hidden)


def test_kinds_that_were_recorded_are_not_looked_for():
    x = np.random.default_rng(0).standard_normal((20, 4, 2))
    part = Recording(x, np.arange(20.0), np.ones((20, 4), bool), species=("a", "b", "a", "b"))
    with pytest.raises(InputError, match="found kinds"):
        infer_kinds(Recordings((part,)), 2)


@pytest.mark.slow
def test_the_law_is_read_between_the_kinds():
    data = moved([[1.0, -1.0], [-1.0, 0.3]], KIND)
    found = fl.particles.discover(data, infer="kinds", order="first")
    assert found.law.kinds == ("A", "B")
    document = {"kind": "particles", **found.to_json()}
    check_results(document, "results.json", needed=("verdict", "formula"))
    json.dumps(document, allow_nan=False)
    assert document["hidden"]["count"] == 2 and len(document["hidden"]["bodies"]) == 20
