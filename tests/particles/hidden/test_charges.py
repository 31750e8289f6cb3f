"""Charges with sign are found where they were not recorded."""

import json

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.errors import InputError
from forcelaw.particles import Cell, Recording, Recordings
from forcelaw.particles.hidden import infer_charges
from forcelaw.report import check_results

STEP = 0.05


def moved(charges, *, seed, steps=60, fine=20):
    """Bodies of unit mass in the plane under `q_i q_j / (r**2 + .3)`, equal signs repelling."""
    rng = np.random.default_rng(seed)
    count = len(charges)
    x, v = 1.5 * rng.standard_normal((count, 2)), 0.3 * rng.standard_normal((count, 2))
    product = np.outer(charges, charges) * (1 - np.eye(count))
    seen = []
    for step in range(steps * fine):
        between = x[None] - x[:, None]
        square = (between**2).sum(axis=-1) + np.eye(count)
        pull = -product / (square + 0.3) / np.sqrt(square)
        v = v + STEP / fine * np.einsum("ij,ijd->id", pull, between)
        x = x + STEP / fine * v
        if step % fine == fine - 1:
            seen.append(x)
    return np.stack(seen)


def recordings(charges, **how):
    parts = []
    for seed, own in enumerate(charges):
        x = moved(own, seed=seed, **how)
        parts.append(Recording(x, STEP * np.arange(len(x)), np.ones(x.shape[:2], bool)))
    return Recordings(tuple(parts), "charged")


def turned(found, truth):
    """The found charges with the sign that the truth has."""
    return found.value * np.sign(found.value @ truth)


def test_signs_of_charges_of_one_size_are_found_in_every_recording():
    charges = np.random.default_rng(1).choice([-1.0, 1.0], (8, 6))
    hidden = infer_charges(recordings(charges), 2)
    assert hidden.equal
    for found, truth in zip(hidden.recordings, charges, strict=True):
        np.testing.assert_array_equal(turned(found, truth), truth)
        assert found.probability.min() > 0.9


def test_charges_of_several_sizes_are_found_up_to_their_unit():
    charges = np.random.default_rng(2).uniform(0.4, 2, (8, 6))
    charges *= np.random.default_rng(3).choice([-1.0, 1.0], charges.shape)
    hidden = infer_charges(recordings(charges), 2)
    assert not hidden.equal
    value = np.concatenate([turned(f, q) for f, q in zip(hidden.recordings, charges, strict=True)])
    ratio = value / charges.ravel()
    np.testing.assert_allclose(ratio, np.median(ratio), rtol=0.05)


@pytest.fixture(scope="module")
def colloids():
    """Brownian bodies in a box, with a core beside the force between charges."""
    rng = np.random.default_rng(0)
    bodies, box, diffusion, fine = 14, 6.0, 0.1, 4
    charge = np.where(np.arange(bodies) % 2, -1.0, 1.0)
    x = np.stack(np.meshgrid(np.arange(4.0), np.arange(4.0)), -1).reshape(-1, 2)[:bodies] * 1.5
    seen = []
    for step in range(900 * fine):
        between = x[None] - x[:, None]
        between -= box * np.round(between / box)
        r = np.linalg.norm(between, axis=-1) + 10 * np.eye(bodies)
        size = -0.3 / r**4 - np.outer(charge, charge) * np.exp(-r) * (1 + 1 / r) / r
        drift = np.einsum("ij,ijd->id", size / r, between)
        chance = np.sqrt(2 * diffusion * 0.02 / fine) * rng.standard_normal(x.shape)
        x = x + 0.02 / fine * drift + chance
        if step % fine == fine - 1:
            seen.append(x)
    seen = np.stack(seen)
    part = Recording(
        seen, 0.02 * np.arange(len(seen)), np.ones(seen.shape[:2], bool), cell=Cell.of([box, box])
    )
    return charge, Recordings((part,), "colloids")


def test_charges_under_chance_and_beside_another_force_are_found(colloids):
    charge, data = colloids
    (found,) = infer_charges(data, 1).recordings
    np.testing.assert_array_equal(np.sign(turned(found, charge)), charge)
    assert found.probability.min() > 0.9


def test_the_law_is_read_with_the_charges_in_place():
    charges = np.random.default_rng(1).choice([-1.0, 1.0], (5, 6))
    found = fl.particles.discover(recordings(charges), infer="charge", order="second")
    force = next(force for force in found.law.pairs if force.coupling.text == "q_i*q_j")
    r = np.linspace(0.6, 3, 5)
    np.testing.assert_allclose(force.formula.at({"r": r}), -1 / (r**2 + 0.3), rtol=0.05)
    document = {"kind": "particles", **found.to_json()}
    check_results(document, "results.json", needed=("verdict", "formula"))
    json.dumps(document, allow_nan=False)
    assert document["hidden"]["what"] == "charge" and len(document["hidden"]["charges"]) == 30


def test_charges_that_were_recorded_are_not_looked_for():
    x = np.random.default_rng(0).standard_normal((40, 4, 2))
    there = np.ones((40, 4), bool)
    part = Recording(x, np.arange(40.0), there, attributes={"charge": np.ones(4)})
    with pytest.raises(InputError, match="found charges, expected none"):
        infer_charges(Recordings((part,)), 2)
