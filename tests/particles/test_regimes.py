"""Whatever motion is given, it goes the way to a law that is its own."""

import json
from typing import Any

import numpy as np
import pytest
from matter_laws import alone, law, pair, recorded

import forcelaw as fl
from forcelaw.errors import InputError
from forcelaw.particles import Finding, MatterResult, Recordings, Trajectories
from forcelaw.particles.early_evidence import asks_for_more
from forcelaw.particles.regimes import as_motion, discover_early
from forcelaw.report import check_results

FLOW = law(pair("-1/r**2"), order=1)
TRAP = (alone("place", -1.0), alone("place", -1.0, axis=1))


@pytest.fixture(scope="module")
def flowing():
    """Plain arrays of motion without inertia."""
    data = recorded(FLOW, bodies=4, size=3.0, recordings=4, steps=50, dt=0.04)
    return Trajectories(np.stack([part.position for part in data]), time=data.parts[0].time)


@pytest.fixture(scope="module")
def found(flowing):
    return fl.particles.discover(flowing)


def test_motion_of_first_order_is_told_by_its_data(found):
    assert isinstance(found, MatterResult) and isinstance(found, Finding)
    assert found.verdict == "law" and found.explained > 0.99
    assert found.law.order == 1
    r = np.linspace(0.8, 2, 5)
    force = found.law.of_pairs("pair")[0].formula.at({"r": r})
    np.testing.assert_allclose(force, -1 / r**2, rtol=0.03)


def test_the_result_keeps_the_contract(found):
    document = {"kind": "particles", **found.to_json()}
    check_results(document, "results.json", needed=("verdict", "formula", "order"))
    json.dumps(document, allow_nan=False)
    assert document["order"] == 1 and document["formula"]["pair"] in str(found)
    assert document["formula"]["alignment"] is None and document["diffusion"] is None
    assert document["curve"].keys() == {"r", "force", "low", "high"}
    assert found.document == found.to_json()
    assert "law" in repr(found) and found._repr_latex_() in found._repr_html_().replace(
        "&#x27;", "'"
    )
    assert found.plot().axes


def test_the_found_law_moves_bodies_on(found, flowing):
    moved = found.formula.rollout(flowing.initial, steps=40, dt=0.01, every=4)
    assert moved.recordings.parts[0].n_times == 11
    np.testing.assert_allclose(
        moved.recordings.parts[0].position[-1], flowing.position[0, 10], atol=0.02
    )


def test_inertia_is_told_from_its_absence():
    springs = fl.particles.simulate("spring", trajectories=10, seed=0)
    assert discover_early(springs, order="auto", cutoff=None, seed=0, say=print) is None


def test_velocities_of_others_ask_for_recordings_at_once():
    flock = law(pair("1/(1 + r**2)", key="alignment"))
    data = recorded(flock, bodies=5, size=3.0, speed=1.0, recordings=6, steps=40, dt=0.05)
    position = np.stack([part.position for part in data])
    velocity = np.stack([part.velocity for part in data if part.velocity is not None])
    early = discover_early(
        Trajectories(position, velocity, time=data.parts[0].time),
        order="auto",
        cutoff=None,
        seed=0,
        say=print,
    )
    assert early is not None and early.verdict == "law"
    assert [force.name for force in early.law.pairs] == ["alignment"]


def test_too_few_data_are_plain(flowing):
    few = flowing.between(0, 5).select(np.arange(1))
    assert discover_early(few, order="auto", cutoff=None, seed=0, say=print) is None


def test_lists_are_one_data_set(flowing):
    one, other = flowing.select(np.arange(2)), flowing.between(0, 20).recordings.parts[0]
    motion = as_motion([one, other])
    assert isinstance(motion, Recordings)
    assert [part.n_times for part in motion] == [51, 51, 20]
    alone = as_motion(other)
    assert isinstance(alone, Recordings) and len(alone) == 1
    assert as_motion(flowing) is flowing


@pytest.mark.slow
def test_kinds_are_found_in_an_attribute():
    """Hunters run after prey, which flee: the attribute is no factor of one force."""
    hunt = law(
        pair("1.5", receiver="1", sender="0"),
        pair("-2/r**2", receiver="0", sender="1"),
        pair("-1/r**2", receiver="0", sender="0"),
        order=1,
        diffusion=1e-3,
        kinds=("0", "1"),
    )
    data = recorded(hunt, bodies=5, size=3.0, species="00011", recordings=4, steps=40, dt=0.03)
    position = np.stack([part.position for part in data])
    plain = Trajectories(position, time=data.parts[0].time, hunter=[0, 0, 0, 1, 1])
    result: Any = fl.particles.discover(plain, order="first")
    assert result.law.kinds == ("0", "1")
    formula = result.to_json()["formula"]
    assert formula["pair"] is None
    assert {(row["receiver"], row["sender"]) for row in formula["pairs"]} == {
        (a, b) for a in "01" for b in "01"
    }
    assert any("'hunter' was taken for the kind" in note for note in result.notes)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"order": "third"}, "order: found 'third', expected one of first, second, auto"),
        ({"cutoff": -1}, "cutoff: found -1, expected a positive distance"),
        ({"cutoff": True}, "cutoff: found True"),
        ({"infer": "mass", "order": "first"}, "infer: found 'mass' with order 'first'.*no part"),
    ],
)
def test_wrong_options_are_named(flowing, options, words):
    with pytest.raises(InputError, match=words):
        fl.particles.discover(flowing, **options)


def test_a_box_smaller_than_two_cutoffs_is_refused(flowing):
    boxed = Trajectories(flowing.position, time=flowing.time, box=[9, 9])
    with pytest.raises(
        InputError, match=r"a cutoff of 5 in a box that is 9 wide, .* cutoff of 4\.5"
    ):
        fl.particles.discover(boxed, cutoff=5.0)


def test_one_distance_tells_no_force_against_it():
    time = np.linspace(0, 1, 101)
    angle = time[:, None] + np.array([0.0, np.pi])
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    data = Trajectories(circle, time=time)
    assert discover_early(data, order="auto", cutoff=None, seed=0, say=print) is None
    with pytest.raises(InputError, match="distances between 2 and 2 alone"):
        fl.particles.discover(data, order="first")
    boxed = Trajectories(circle, time=time, box=[9, 9])
    with pytest.raises(InputError, match="no two bodies within the cutoff"):
        fl.particles.discover(boxed, cutoff=1.0)


def seen(known):
    """One trajectory of positions alone."""
    (part,) = recorded(known, recordings=1, steps=300, dt=0.05, bodies=5).parts
    return Trajectories(part.position[None], time=part.time)


@pytest.mark.parametrize(("swirl", "more"), [(0.1, True), (0.0, False)])
def test_traces_of_forces_across_the_line_are_asked_for(swirl, more):
    """Forces across the line that make a hundredth of accelerations are no misfit of others."""
    across = (pair(f"{swirl}*exp(-r)", key="transverse"),) if swirl else (pair("0.1*exp(-r)"),)
    assert asks_for_more(seen(law(*across, one_body=TRAP)), seed=0) == more
