"""Many bodies move as the same law moves them along the edges of a graph."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jaxtyping import Array, Float

from forcelaw.errors import InputError, InvalidSetting
from forcelaw.graph import Graph, NeighbourList, PeriodicBox
from forcelaw.laws import Attributes, Formula, Law, MessageNetwork, State, TabulatedForce
from forcelaw.motion import (
    AllPairs,
    Cutoff,
    RungeKutta4,
    accelerations,
    rollout,
    simulate,
)
from forcelaw.motion.pair_sums import (
    ACCELERATOR_TILES,
    CPU_TILES,
    Tiles,
    pulled_by_all,
    pulled_by_neighbours,
    tiles_for,
)

LAWS = {
    "spring": Formula.parse("2*(r - 1)"),
    "gravity": Formula.parse("m_i*m_j/(r**2 + 0.1)"),
    "coulomb in a field": Formula.parse("-q_i*q_j/(r + 0.2)**2", "-0.5*v"),
    "piecewise": Formula.parse("where(r < 1, 0, 2*(r - 1))", ["0", "-9.8*m"]),
    "curve": TabulatedForce([0.1, 0.5, 1.0, 3.0], [3.0, 1.0, -1.0, 0.1], ["mass"]),
}


def world(bodies, dim=2, seed=0, size=2.0):
    rng = np.random.default_rng(seed)
    draw = lambda *shape: jnp.asarray(rng.normal(size=shape), jnp.float32)  # noqa: E731
    state = State(size * draw(bodies, dim), draw(bodies, dim))
    mass = jnp.asarray(rng.uniform(0.5, 2, bodies), jnp.float32)
    return state, Attributes({"mass": mass, "charge": jnp.sign(draw(bodies))})


@pytest.mark.parametrize(
    ("name", "bodies"),
    [*((name, 130) for name in LAWS), *(("gravity", bodies) for bodies in (1, 2, 32, 33, 300))],
)
def test_all_pairs_are_the_complete_graph(name, bodies):
    state, attributes = world(bodies)
    expected = LAWS[name](Graph.complete_graph(bodies), state, attributes)
    found = accelerations(LAWS[name], state, attributes)
    scale = float(jnp.max(jnp.abs(expected))) or 1.0
    np.testing.assert_allclose(found, expected, atol=2e-5 * scale)


@pytest.mark.parametrize("dim", [1, 2, 3])
@pytest.mark.parametrize("reach", ["all", "cutoff"])
def test_momentum_is_kept(dim, reach):
    state, attributes = world(200, dim, size=1.5)
    law = LAWS["gravity"]
    box = PeriodicBox([8.0] * dim)
    neighbours = NeighbourList.of(state.position, box, cutoff=2.0, skin=0.3)
    pulled = accelerations(
        law, state, attributes, neighbours=None if reach == "all" else neighbours, space=box
    )
    force = attributes.node["mass"][:, None] * pulled
    np.testing.assert_allclose(
        jnp.sum(force, axis=0), 0, atol=1e-5 * float(jnp.sum(jnp.abs(force)))
    )


def test_gradients_are_those_of_the_complete_graph():
    state, attributes = world(45)
    law = LAWS["gravity"]
    graph = Graph.complete_graph(45)

    def by(pull):
        def size(law, position):
            return jnp.sum(jnp.sin(pull(law, State(position, state.velocity))))

        return eqx.filter_grad(lambda both: size(*both))((law, state.position))

    tiles = by(lambda law, at: accelerations(law, at, attributes))
    edges = by(lambda law, at: law(graph, at, attributes))
    for one, other in zip(jax.tree.leaves(tiles), jax.tree.leaves(edges), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4 * float(jnp.max(jnp.abs(other))))


@pytest.mark.parametrize("cell", [[7.0, 9.0], [[8.0, 0.0], [2.0, 7.0]]])
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_a_cutoff_sees_all_nearest_images_within_it(cell, seed):
    """And nothing changes where bodies are exchanged for their images, or for each other."""
    state, attributes = world(60, seed=seed)
    box = PeriodicBox(cell)
    cut = Formula.parse("where(r < 2, m_i*m_j/(r**2 + 0.1), 0)")
    expected = accelerations(cut, state, attributes, space=box)
    neighbours = NeighbourList.of(state.position, box, cutoff=2.0, skin=0.3)
    found = accelerations(LAWS["gravity"], state, attributes, neighbours=neighbours)
    scale = float(jnp.max(jnp.abs(expected)))
    np.testing.assert_allclose(found, expected, atol=3e-5 * scale)

    rng = np.random.default_rng(seed)
    shift = rng.integers(-2, 3, (60, 2)) @ box.vectors
    order = rng.permutation(60)
    moved = State((state.position + jnp.asarray(shift, jnp.float32))[order], state.velocity[order])
    own = jax.tree.map(lambda value: value[order], attributes)
    again = accelerations(
        LAWS["gravity"],
        moved,
        own,
        neighbours=NeighbourList.of(moved.position, box, cutoff=2.0, skin=0.3),
    )
    np.testing.assert_allclose(again, found[order], atol=1e-4 * scale)


def test_numbers_do_not_depend_on_the_tiles():
    """Every platform has its own."""
    state, attributes = world(300)
    box, law = PeriodicBox([30.0, 30.0]), LAWS["gravity"]
    neighbours = NeighbourList.of(state.position, box, cutoff=3.0, skin=0.3)

    @eqx.filter_jit
    def pulled(tiles):
        return (
            pulled_by_all(law, box, state.position, attributes, tiles),
            pulled_by_neighbours(law, neighbours, state.position, attributes, tiles),
        )

    expected = pulled(CPU_TILES)
    for tiles in (Tiles(7, 11, 13), Tiles(290, 299, 290), ACCELERATOR_TILES):
        for one, other in zip(pulled(tiles), expected, strict=True):
            scale = float(jnp.max(jnp.abs(other)))
            np.testing.assert_allclose(one, other, atol=2e-5 * scale)


def test_accelerators_have_large_tiles():
    assert tiles_for("cpu") == CPU_TILES
    for backend in ("gpu", "tpu"):
        tiles = tiles_for(backend)
        assert tiles.receivers * tiles.senders > 100 * CPU_TILES.receivers * CPU_TILES.senders
        assert tiles.rows > 100 * CPU_TILES.rows


@pytest.mark.parametrize("name", ["spring", "coulomb in a field"])
def test_motion_is_that_of_a_rollout(name):
    state, attributes = world(40)
    given = {"steps": 20, "dt": 0.01, "every": 5, "damping": 0.1, "integrator": RungeKutta4()}
    expected = rollout(LAWS[name], Graph.complete_graph(40), state, attributes, **given)
    found = simulate(LAWS[name], state, attributes, reach=AllPairs(), **given)
    assert found.position.shape == (5, 40, 2)
    np.testing.assert_allclose(found.position, expected.position, atol=2e-4)
    np.testing.assert_allclose(found.velocity, expected.velocity, atol=2e-3)


def test_lists_are_made_anew_before_pairs_are_missed(monkeypatch):
    """With a thin skin and many lists the motion is that of all pairs of a force that is cut."""
    state, attributes = world(80, size=1.5)
    made = []
    real = NeighbourList.of
    monkeypatch.setattr(
        NeighbourList, "of", lambda *given, **named: made.append(1) or real(*given, **named)
    )
    box = PeriodicBox([9.0, 9.0])
    cut = Formula.parse("where(r < 2, m_i*m_j/(r**2 + 0.1), 0)")
    given = {"steps": 100, "dt": 0.01, "every": 25, "space": box}
    expected = simulate(cut, state, attributes, **given)
    found = simulate(LAWS["gravity"], state, attributes, reach=Cutoff(2.0, skin=0.2), **given)
    assert len(made) > 5
    np.testing.assert_allclose(found.position, expected.position, atol=2e-2)


def test_no_steps_are_the_start():
    state, attributes = world(5)
    for reach in (AllPairs(), Cutoff(1.0)):
        found = simulate(LAWS["spring"], state, attributes, reach=reach, steps=0, dt=0.1)
        np.testing.assert_array_equal(found.position, state.position[None])


def test_memory_and_code_do_not_grow_with_the_number_of_pairs():
    sizes, memory = [], []
    for bodies in (1_001, 8_001):
        state, attributes = world(bodies)
        run = jax.jit(lambda state, own: accelerations(LAWS["gravity"], state, own))
        lowered = run.lower(state, attributes)
        sizes.append(len(lowered.as_text().splitlines()))
        planned = lowered.compile().memory_analysis()
        assert planned is not None
        memory.append(planned.temp_size_in_bytes)
    assert abs(sizes[1] - sizes[0]) <= 20
    # A table of the pairs of 8,000 bodies alone would be 256 MB.
    assert memory[1] < 2_000_000


class Counted(Law):
    """A spring that counts how often it is traced: every trace is compiled."""

    stiffness: Float[Array, ""]

    def __call__(self, graph, state, attributes):
        return jnp.zeros_like(state.position)

    def pair_weight(self, length, ends):
        TRACED.append(1)
        return self.stiffness * (1 - 1 / length)

    def settings(self):
        return {}

    @classmethod
    def from_settings(cls, settings):
        return cls(jnp.asarray(0.0))


TRACED: list[int] = []


def test_the_same_shapes_compile_once():
    state, attributes = world(50)
    given = {"steps": 4, "dt": 0.001, "every": 2, "space": PeriodicBox([12.0, 12.0])}

    def run(stiffness):
        for reach in (AllPairs(), Cutoff(2.0)):
            simulate(Counted(jnp.asarray(stiffness)), state, attributes, reach=reach, **given)
        return len(TRACED)

    assert run(2.5) == run(3.5) > 0


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"steps": 5, "every": 2}, InvalidSetting, "every: found 2, expected a divisor"),
        (
            {"reach": Cutoff(3.0), "space": PeriodicBox([5.0, 5.0])},
            InvalidSetting,
            "found 3.6 with",
        ),
        ({"space": PeriodicBox([5.0] * 3)}, InvalidSetting, "found 3 dimensions, expected 2"),
        ({"dt": 1e3, "reach": Cutoff(1.0)}, InputError, "in step 1, expected less than half the"),
        ({"dt": 1e30, "steps": 3}, InputError, "at no finite place after [123] steps"),
    ],
)
def test_what_cannot_be_simulated_is_said(given, error, message):
    state, attributes = world(10)
    given = {"steps": 2, "dt": 0.01, **given}
    with pytest.raises(error, match=message):
        simulate(LAWS["spring"], state, attributes, **given)


def test_attributes_are_one_number_a_body():
    state, attributes = world(6)
    short = Attributes({"charge": jnp.asarray([1.0, -1.0])})
    with pytest.raises(InvalidSetting, match=r"'charge': found shape \(2,\), expected one number"):
        simulate(Formula.parse("-q_i*q_j/r**2"), state, short, steps=1, dt=0.1)
    of_edges = Attributes(attributes.node, {"sign": jnp.ones(30)})
    with pytest.raises(InvalidSetting, match=r"found \['sign'\] of edges"):
        accelerations(LAWS["spring"], state, of_edges)


def test_a_variable_that_nothing_provides_is_named_inside_compiled_code():
    state, _ = world(3)
    law = Formula.parse("2.5*m_i*m_j/r**2")
    message = r"formula 'c0\*m_i\*m_j/r\*\*2': no value for 'm_i'; given are r"
    with pytest.raises(InputError, match=message):
        rollout(law, Graph.complete_graph(3), state, steps=1, dt=0.1)
    with pytest.raises(InputError, match=message):
        accelerations(law, state)


def test_laws_that_are_not_along_lines_are_refused():
    state, attributes = world(4)
    with pytest.raises(InputError, match="expected a law that acts along the lines between pairs"):
        accelerations(MessageNetwork(2, key=jax.random.key(0)), state, attributes)
