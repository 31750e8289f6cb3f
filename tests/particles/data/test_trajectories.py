"""What trajectories hold, how they are checked, cut and sampled."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InputError
from forcelaw.particles import Trajectories


def made(trajectories=4, times=6, count=3, dim=2, seed=0, **changes):
    generator = np.random.default_rng(seed)
    shape = (trajectories, times, count, dim)
    parts = {
        "position": generator.normal(size=shape),
        "velocity": generator.normal(size=shape),
        "acceleration": generator.normal(size=shape),
        "time": np.arange(times) * 0.1,
        "attributes": {"mass": np.exp(generator.normal(size=(trajectories, count)))},
        "name": "orbits",
    }
    return Trajectories(**(parts | changes))


def test_sizes_graph_and_start():
    data = made()
    assert (data.n_trajectories, data.n_times, data.n_bodies, data.dim) == (4, 6, 3, 2)
    assert data.bodies == ("0", "1", "2")
    assert data.graph.complete
    start = data.initial
    assert start.state.position.shape == (4, 3, 2)
    np.testing.assert_allclose(start.state.velocity, data.velocity[:, 0], rtol=1e-6)
    np.testing.assert_allclose(start.attributes.node["mass"], data.attributes["mass"], rtol=1e-6)
    np.testing.assert_allclose(start[2].state.position, data.position[2, 0], rtol=1e-6)
    assert made(edges=[[0, 1], [1, 0]]).graph.edges == 2


def test_arrays_become_double_precision():
    data = made(velocity=jnp.ones((4, 6, 3, 2)))
    assert data.velocity.dtype == np.float64


def test_samples_keep_bodies_together():
    data = made(ends=(1, 2))
    samples = data.samples()
    assert samples.position.shape == (4 * 3, 3, 2)
    np.testing.assert_array_equal(samples.position[3], data.position[1, 1])
    np.testing.assert_array_equal(samples.attributes["mass"][3], data.attributes["mass"][1])


@settings(max_examples=25, deadline=None)
@given(st.integers(3, 40), st.integers(0, 5), st.floats(0.05, 0.3), st.floats(0.05, 0.3))
def test_split_gives_each_trajectory_to_one_part(count, seed, validation, test):
    data = made(trajectories=count, times=2)
    parts = data.split(seed, validation=validation, test=test)
    assert sum(part.n_trajectories for part in parts) == count
    seen = np.concatenate([part.position[:, 0, 0, 0] for part in parts])
    assert sorted(seen) == sorted(data.position[:, 0, 0, 0])
    again = data.split(seed, validation=validation, test=test)
    np.testing.assert_array_equal(parts.train.position, again.train.position)


@pytest.mark.parametrize("count", [1, 2])
def test_split_of_one_trajectory_is_by_time(count):
    data = made(trajectories=count, times=20, ends=(3, 3))
    train, validation, test = data.split(0)
    times = np.concatenate([train.time, validation.time, test.time])
    np.testing.assert_array_equal(times, data.time)
    assert (train.n_times, validation.n_times, test.n_times) == (16, 2, 2)
    assert train.ends == (3, 0)
    assert test.ends[1] == 2 or test.ends == (0, 3)


def test_split_that_cannot_be():
    with pytest.raises(InputError, match="too few to split"):
        made(trajectories=1, times=4).split(0)
    with pytest.raises(InputError, match="shares above 0"):
        made().split(0, test=0.9, validation=0.2)


def test_the_hash_is_of_the_content():
    data = made()
    assert data.content_hash == made(name="other").content_hash
    assert data.content_hash != made(seed=1).content_hash
    assert data.content_hash != made(attributes={}).content_hash


def spoiled(array, place, value):
    array = array.copy()
    array[place] = value
    return array


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"position": np.zeros((4, 6))}, r"\[trajectory, time, body, dim\]"),
        ({"position": "text"}, "not an array of numbers"),
        ({"velocity": np.zeros((4, 5, 3, 2))}, "'velocity' of shape"),
        ({"acceleration": np.zeros((4, 6, 3, 3))}, "'acceleration' of shape"),
        ({"time": np.arange(5.0)}, "'time' of shape"),
        ({"attributes": {"mass": np.ones(4)}}, "'mass' of shape"),
        ({"attributes": {"mass": np.zeros((4, 3))}}, "mass 0 of trajectory 0, body '0'"),
        ({"attributes": {"charge": np.full((4, 3), np.nan)}}, "charge nan of trajectory 0"),
        (
            {"velocity": spoiled(made().velocity, (2, 3, 1, 0), np.nan)},
            "nan in velocity of trajectory 2, time 0.3, body '1'",
        ),
        (
            {"position": spoiled(made().position, (1, 0, 2, 1), np.inf)},
            "inf in position of trajectory 1, time 0, body '2'",
        ),
        ({"position": np.zeros((4, 6, 3, 2))}, "bodies '0' and '1' at the same position"),
        ({"position": np.zeros((4, 6, 3, 2)), "bodies": ("a", "b", "c")}, "bodies 'a' and 'b'"),
        ({"time": np.array([0, 1, 2, 2, 3, 4.0])}, "time 2 at step 3 after 2"),
        ({"time": np.array([0, 1, 3, 2, 4, 5.0])}, "time 2 at step 3 after 3"),
        ({"time": np.array([0, 1, np.nan, 2, 4, 5.0])}, "time nan at step 2"),
        ({"edges": [[0, 3]]}, r"edge \(0, 3\) in row 0"),
        ({"edges": [[1, 1]]}, "two different bodies"),
        ({"edges": [[0.5, 1]]}, "expected integers"),
        ({"bodies": ("a",)}, "1 body name, expected"),
    ],
)
def test_what_is_wrong_is_named(changes, words):
    with pytest.raises(InputError, match=words):
        made(**changes)


def test_a_single_time_step_is_no_motion():
    with pytest.raises(InputError, match="a single time step"):
        made(times=1)


@pytest.mark.parametrize("bodies", [2, 3, 5, 8, 9, 12])
def test_any_two_bodies_at_one_place_are_found(bodies):
    for one in range(bodies):
        for other in range(one):
            data = made(count=bodies)
            position = data.position.copy()
            position[1, 2, one] = position[1, 2, other]
            with pytest.raises(InputError, match=f"'{other}' and '{one}'.*trajectory 1, time 0.2"):
                made(count=bodies, position=position)


def test_one_common_coordinate_is_no_collision():
    position = made().position.copy()
    position[..., 0] = 0
    assert made(position=position).n_bodies == 3


def test_letters_of_formulas_are_masses_and_charges():
    moved = {"position": made().position, "time": np.arange(6) * 0.1}
    named = Trajectories(**moved, mass=2.0, charge=[1.0, -1.0, 2.0])
    short = Trajectories(**moved, m=2.0, q=[1.0, -1.0, 2.0])
    assert short.content_hash == named.content_hash
    assert {"'m' is the mass", "'q' is the charge"} <= set(short.notes)
    with pytest.raises(InputError, match="'mass' and 'm', expected one of them"):
        Trajectories(**moved, m=2.0, mass=1.0)
