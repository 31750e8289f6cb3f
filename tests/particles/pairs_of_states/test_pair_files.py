"""Pairs of states in files: what is read, and what is said of files that do not fit."""

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.errors import InputError, UnreadableFile
from forcelaw.particles import read_pairs
from forcelaw.particles.pairs_of_states import StatePairs, discover_from_pairs, holds_pairs


def arrays(**changes):
    """Four pairs of states of three bodies in the plane; None leaves an array out."""
    rng = np.random.default_rng(0)
    position, velocity, end = rng.normal(size=(3, 4, 3, 2))
    whole = {"position": position, "velocity": velocity, "end": end, "stretch": 0.5, **changes}
    return {name: value for name, value in whole.items() if value is not None}


def saved(folder, **changes):
    np.savez(folder / "pairs.npz", **arrays(**changes))
    return folder / "pairs.npz"


def test_a_file_of_pairs_is_read(tmp_path):
    charge, mass = np.array([1.0, -1.0, 2.0]), np.arange(1.0, 13).reshape(4, 3)
    path = saved(tmp_path, charge=charge, mass=mass)
    assert holds_pairs(path)
    pairs = read_pairs(path)
    np.testing.assert_array_equal(pairs.end, arrays()["end"])
    np.testing.assert_array_equal(pairs.stretch, np.full(4, 0.5))
    np.testing.assert_array_equal(pairs.attributes["charge"], np.tile(charge, (4, 1)))
    np.testing.assert_array_equal(pairs.attributes["mass"], mass)
    assert pairs.step is None
    for words in ("pairs.npz: 4 pairs of states of 3 bodies in 2 dimensions", "0.5 apart", "mass"):
        assert words in pairs.summary()


def test_steps_of_a_simulation_say_how_far_apart_states_are(tmp_path):
    steps = np.array([100, 200, 100, 300])
    pairs = read_pairs(saved(tmp_path, stretch=None, steps=steps, step=0.01))
    np.testing.assert_allclose(pairs.stretch, steps * 0.01)
    assert pairs.step == 0.01
    assert "1 to 3 apart, made in steps of 0.01" in pairs.summary()


def test_an_end_beside_times_is_an_attribute(tmp_path):
    assert not holds_pairs(saved(tmp_path, time=np.arange(4.0), stretch=None))
    assert holds_pairs(saved(tmp_path, time=np.arange(4.0)))
    assert not holds_pairs(saved(tmp_path, end=None))
    (tmp_path / "torn.npz").write_bytes(b"PK and no more")
    assert not holds_pairs(tmp_path / "torn.npz")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"velocity": None}, "'velocity' among them"),
        ({"stretch": None}, "found no times, expected 'stretch', or 'steps'"),
        ({"steps": 5}, "found 'steps', 'stretch', expected 'stretch', or 'steps'"),
        ({"stretch": None, "steps": 5}, "found 'steps' alone, expected 'step' beside it"),
        ({"stretch": None, "steps": 5.5, "step": 0.1}, "expected whole numbers"),
        ({"step": [0.1, 0.2]}, "found 'step' of shape [2], expected one number"),
        ({"step": 0.0}, "found 0 for 'step', expected a time above zero"),
        ({"step": -0.1}, "found -0.1 for 'step', expected a time above zero"),
        ({"stretch": [0.5, 0.0, 1.0, 1.0]}, "found 0 for 'stretch' of pair 1"),
        ({"stretch": [0.5, 1.0]}, "found 'stretch' of shape [2], expected [4]"),
        ({"end": np.zeros((4, 3, 3))}, "found 'end' of shape [4, 3, 3], expected [4, 3, 2]"),
        ({"position": np.zeros((4, 3))}, "found position of shape [4, 3]"),
        ({"position": np.zeros((4, 3, 4))}, "at most 3 dimensions"),
        ({"charge": np.ones((4, 2))}, "found 'charge' of shape [4, 2], expected [4, 3]"),
        ({"charge": np.array([1, np.nan, 1])}, "found nan for 'charge' of pair 0, body 1"),
        ({"charge": np.array(["a", "b", "c"])}, "expected numbers"),
    ],
)
def test_an_error_says_which_array_is_wrong(tmp_path, changes, words):
    with pytest.raises(InputError, match=r"pairs\.npz: ") as raised:
        read_pairs(saved(tmp_path, **changes))
    assert words in str(raised.value) and "; " in str(raised.value)


def test_what_is_given_must_be_arrays_and_numbers():
    x, v, end = (arrays()[name] for name in ("position", "velocity", "end"))
    pairs = StatePairs(x, v, end, np.full(4, 0.5), {})
    with pytest.raises(InputError, match="StatePairs: stretch: found a list, expected ndarray"):
        StatePairs(x, v, end, [0.5] * 4, {})  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="StatePairs: attributes: found None"):
        StatePairs(x, v, end, np.full(4, 0.5), None)  # pyright: ignore[reportArgumentType]
    with pytest.raises(InputError, match="discover_from_pairs: step: found a str"):
        discover_from_pairs(pairs, step="a")  # pyright: ignore[reportArgumentType]


def test_reading_trajectories_says_how_to_read_pairs(tmp_path):
    with pytest.raises(UnreadableFile, match="read_pairs"):
        fl.particles.read(saved(tmp_path))


def test_a_file_that_is_no_archive_is_named(tmp_path):
    (tmp_path / "pairs.csv").write_text("x,y\n")
    with pytest.raises(UnreadableFile, match=r"pairs.csv: found the ending '.csv'"):
        read_pairs(tmp_path / "pairs.csv")
    with pytest.raises(UnreadableFile, match="no such file"):
        read_pairs(tmp_path / "none.npz")
