"""Boxes and neighbour lists against all images, pair by pair."""

import itertools

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.errors import InvalidSetting, NotEnoughData
from forcelaw.graph import NeighbourList, OpenSpace, PeriodicBox

CELLS = {
    "square": [3.0, 5.0],
    "skewed": [[4.0, 0.0], [1.7, 3.0]],
    "brick": [3.0, 4.0, 5.0],
    "triclinic": [[4.0, 0.0, 0.0], [1.5, 3.5, 0.0], [-1.0, 1.2, 3.0]],
}


def all_images(difference, vectors):
    """The shortest of a difference's images, among many."""
    shifts = np.array(list(itertools.product(range(-6, 7), repeat=len(vectors))))
    images = difference + shifts @ vectors
    return images[np.argmin(np.linalg.norm(images, axis=-1))]


@pytest.mark.parametrize("name", CELLS)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_nearest_images_are_the_shortest_within_half_a_width(name, seed, double_precision_context):
    box = PeriodicBox(CELLS[name])
    rng = np.random.default_rng(seed)
    difference = rng.uniform(-10, 10, box.vectors.shape[0])
    with double_precision_context():
        found = [float(part) for part in box.nearest(list(jnp.asarray(difference)))]
    expected = all_images(difference, box.vectors)
    if np.linalg.norm(expected) < box.widths.min() / 2:
        np.testing.assert_allclose(found, expected, atol=1e-9)
    # Whatever is found is an image.
    turns = (np.asarray(found) - difference) @ np.linalg.inv(box.vectors)
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-9)


@pytest.fixture(scope="module")
def double_precision_context():
    import jax

    return lambda: jax.enable_x64(True)


def pairs_of(table):
    return {(n, int(m)) for n, row in enumerate(np.asarray(table)) for m in row if m != n}


@pytest.mark.parametrize("name", [*CELLS, "open"])
@given(seed=st.integers(0, 2**32 - 1), bodies=st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_lists_hold_exactly_the_pairs_within_reach(name, seed, bodies):
    rng = np.random.default_rng(seed)
    space = OpenSpace() if name == "open" else PeriodicBox(CELLS[name])
    dim = 3 if name == "open" else len(CELLS[name])
    # Also far outside of the cell.
    position = jnp.asarray(rng.uniform(-8, 8, (bodies, dim)), jnp.float32)
    found = NeighbourList.of(position, space, cutoff=1.0, skin=0.2)
    points = np.asarray(position, float)
    expected = set()
    for i, j in itertools.permutations(range(bodies), 2):
        apart = points[j] - points[i]
        apart = all_images(apart, space.vectors) if isinstance(space, PeriodicBox) else apart
        if np.linalg.norm(apart) <= 1.2:
            expected.add((i, j))
    assert pairs_of(found.neighbour) == expected


def test_a_list_is_stale_once_a_body_has_crossed_half_the_skin():
    position = jnp.asarray([[0.0, 0.0], [1.0, 0.0]])
    found = NeighbourList.of(position, OpenSpace(), cutoff=1.0, skin=0.5)
    assert not found.is_stale(position)
    assert not found.is_stale(position.at[0, 1].add(0.24))
    assert found.is_stale(position.at[0, 1].add(0.26))
    assert found.is_stale(position.at[0, 1].set(jnp.nan))


def test_sizes_of_a_triclinic_cell():
    box = PeriodicBox([[2.0, 0.0], [1.0, 3.0]])
    assert box.volume == pytest.approx(6)
    np.testing.assert_allclose(box.widths, [6 / np.sqrt(10), 3])
    outside = np.array([[7.5, -4.0], [0.0, 0.0]])
    inside = box.wrap(outside)
    share = inside @ np.linalg.inv(box.vectors)
    assert ((share >= 0) & (share < 1)).all()
    turns = (inside - outside) @ np.linalg.inv(box.vectors)
    np.testing.assert_allclose(turns, np.round(turns), atol=1e-12)


@pytest.mark.parametrize("cell", [[1e-9, 2e-9, 3e-9], [1e12, 1e12]])
def test_boxes_may_be_of_any_size(cell):
    box = PeriodicBox(cell)
    np.testing.assert_allclose(box.widths, cell)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ([1.0, 0.0], "expected finite, positive lengths"),
        ([1.0, -2.0], "expected finite, positive lengths"),
        ([1.0, float("nan")], "expected finite, positive lengths"),
        ([[1.0, 2.0], [2.0, 4.0]], "span no volume"),
        ([[1.0, 2.0, 3.0], [2.0, 4.0, 3.0]], r"expected the lengths of the edges \[dim\]"),
        (3.0, "expected the lengths of the edges"),
    ],
)
def test_what_is_no_box_is_refused(cell, message):
    with pytest.raises(InvalidSetting, match=message):
        PeriodicBox(cell)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cutoff": 2.0, "skin": 0.1}, "found 2.1 with the skin, expected at most 2, half"),
        ({"cutoff": 0.0, "skin": 0.1}, "cutoff: found 0.0, expected a positive length"),
        ({"cutoff": 1.0, "skin": float("inf")}, "skin: found inf, expected a positive length"),
    ],
)
def test_cutoffs_that_do_not_fit_are_refused(arguments, message):
    with pytest.raises(InvalidSetting, match=message):
        NeighbourList.of(jnp.zeros((3, 2)), PeriodicBox([4.0, 4.0]), **arguments)


def test_other_dimensions_and_lost_bodies_are_refused():
    with pytest.raises(InvalidSetting, match="found 3 dimensions, expected 2"):
        NeighbourList.of(jnp.zeros((3, 2)), PeriodicBox([4.0] * 3), cutoff=1.0, skin=0.1)
    position = jnp.zeros((3, 2)).at[1, 0].set(jnp.inf)
    with pytest.raises(NotEnoughData, match=r"body 1 is at \[inf, 0.0\]"):
        NeighbourList.of(position, OpenSpace(), cutoff=1.0, skin=0.1)


def test_a_body_that_flew_off_has_no_neighbours():
    position = jnp.asarray([[0.0, 0.0], [0.5, 0.0], [1e30, 0.0]])
    found = NeighbourList.of(position, OpenSpace(), cutoff=1.0, skin=0.1)
    assert pairs_of(found.neighbour) == {(0, 1), (1, 0)}
