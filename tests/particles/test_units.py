"""The law does not depend on units, nor on where and how fast the observer is."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.distill import LibrarySearch
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, PairNetwork, State, Units, numbers
from forcelaw.particles import (
    Fitted,
    Initial,
    Trajectories,
    discover,
    judge,
    predict_motion,
    simulate,
)
from forcelaw.particles.preparation import Sizes, data_units, initial_units, split_and_denoise
from forcelaw.training import Stage

YEAR = 3.15576e7
DALTON = 1.66053907e-27
UNITS = {
    "nanometres": Units(length=1e-9),
    "kilometres": Units(length=1e3),
    "feet": Units(length=0.3048, time=60.0, attributes={"mass": 0.45359237}),
    "years": Units(time=YEAR),
    "atomic units": Units(5.29177e-11, 2.418884e-17, {"mass": DALTON, "charge": 1.602177e-19}),
    "stars": Units(1.495979e11, YEAR, {"mass": 1.98841e30}),
}
TURN, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(2, 2)))


def untrained(data):
    """A law that has learned nothing: formulas come from the library alone."""
    split = split_and_denoise(data, 0)
    sizes = Sizes.of(split.train)
    known = {"scale": sizes.for_forces(), "logarithmic": sizes.positive, "hidden": (4,)}
    law = PairNetwork(data.dim, sizes.names, key=jax.random.key(0), **known)
    return Fitted(law, "pair", split, sizes, (), 0.0)


def quick(data):
    return judge(data, untrained(data), searchers=())


WORLDS = {
    "newton": ("2*m_i*m_j/(r + 0.3)**2", None),
    "spring": ("3*(r - 1)", None),
    "drag": ("0.5*m_i*m_j*r", "-0.7*v"),
}
QUICK = {("newton", "stars"), ("newton", "boosted")}


def each_world(others):
    """Every world with each of the others; all but the quick ones are slow."""
    pairs = [(world, other) for world in WORLDS for other in others]
    return pytest.mark.parametrize(
        ("world", "other"),
        [
            pytest.param(*pair, id="-".join(pair), marks=() if pair in QUICK else pytest.mark.slow)
            for pair in pairs
        ],
        indirect=["world"],
        scope="module",
    )


@pytest.fixture(scope="module")
def world(request):
    """Data of a law, and what is found in them."""
    law, own = WORLDS[request.param]
    formula = Formula.parse(law, own)
    data = simulate(formula, bodies=3, trajectories=12, steps=30, dt=0.05, seed=1)
    return data, quick(data)


def seen_from(data, **changes):
    known = {"position": data.position, "velocity": data.velocity, "time": data.time}
    known |= {"acceleration": data.acceleration, "attributes": data.attributes}
    return Trajectories(**(known | changes))


def assert_same(found, expected):
    """The same form with the same numbers, and as good."""
    assert found.pair.tree == expected.pair.tree, (found.text(), expected.text())
    np.testing.assert_allclose(numbers(found), numbers(expected), rtol=2e-4)


def assert_same_force(found, expected):
    """The same force at the same places, in whatever form."""
    r, one, other = np.random.default_rng(0).uniform(0.5, 2, size=(3, 50))
    known = {"r": r, "m_i": one, "m_j": other}
    mine, right = (law.pair.at(known) for law in (found, expected))
    np.testing.assert_allclose(mine, right, rtol=1e-3, atol=1e-3 * np.abs(right).max())
    for one, other in zip(found.one_body, expected.one_body, strict=True):
        np.testing.assert_allclose(one.numbers(), other.numbers(), rtol=2e-4)


@each_world(UNITS)
def test_the_law_is_the_same_in_other_units(world, other):
    data, expected = world
    units = UNITS[other]
    found = quick(data.rescaled(units.inverse))
    assert_same_force(found.formula.rescaled(units), expected.formula)
    assert found.verdict == expected.verdict
    assert found.causes == expected.causes
    assert found.document["error"]["test"] < 1e-3
    rows, values = found.document["spread"]["constants"], numbers(found.formula).tolist()
    for row, value in zip(rows, values, strict=True):
        assert row["value"] == pytest.approx(value)
        assert row["deviation"] < 1e-2 * abs(value)
    shown = found.document["curves"]["force"]["x"]
    before = expected.document["curves"]["force"]["x"]
    np.testing.assert_allclose(shown, np.asarray(before) * units.length, rtol=1e-6)


@each_world(["rotated", "translated", "permuted", "boosted"])
def test_the_law_is_the_same_for_other_observers(world, other):
    data, expected = world
    seen = other
    if seen == "boosted" and expected.formula.one_body:
        pytest.skip("drag is at rest in one frame only")
    order = [2, 0, 1]
    shift, speed = np.array([30.0, -70.0]), np.array([5.0, 2.0])
    changes = {
        "rotated": lambda part: part @ TURN.T,
        "translated": lambda part: part,
        "permuted": lambda part: part[:, :, order],
        "boosted": lambda part: part,
    }[seen]
    moved = {n: changes(getattr(data, n)) for n in ("position", "velocity", "acceleration")}
    if seen == "translated":
        moved["position"] = moved["position"] + shift
    if seen == "boosted":
        moved["position"] = moved["position"] + data.time[:, None, None] * speed
        moved["velocity"] = moved["velocity"] + speed
    if seen == "permuted":
        moved["attributes"] = {n: v[:, order] for n, v in data.attributes.items()}
    found = quick(seen_from(data, **moved))
    assert_same(found.formula, expected.formula)
    assert found.document["error"]["test"] < 1e-3


@pytest.mark.parametrize(
    "world",
    ["newton", *(pytest.param(one, marks=pytest.mark.slow) for one in ("spring", "drag"))],
    indirect=True,
)
def test_scales_are_powers_of_ten_and_a_boost_changes_none(world):
    data, _ = world
    units = data_units(data)
    for unit in (units.length, units.time, *units.attributes.values()):
        assert np.log10(unit) == round(np.log10(unit))
    speed = np.array([300.0, -200.0])
    position = data.position + data.time[:, None, None] * speed
    assert data_units(seen_from(data, position=position, velocity=data.velocity + speed)) == units
    there = data_units(data.rescaled(Units(1e-9, 1e-3, {"mass": 1e-20})))
    assert there.length == pytest.approx(1e9 * units.length)
    assert there.time == pytest.approx(1e3 * units.time)
    assert there.attribute("mass") == pytest.approx(1e20 * units.attribute("mass"))
    assert initial_units(data.initial).length == units.length


def stars(bodies=3):
    """Bodies of some solar masses, a hundred million kilometres apart, in SI units."""
    draw = np.random.default_rng(3)
    place = 1e11 * draw.normal(size=(1, bodies, 3))
    velocity = 1e4 * draw.normal(size=(1, bodies, 3))
    return place, velocity, 1e30 * np.exp(draw.normal(size=(1, bodies)))


@pytest.mark.parametrize(
    ("text", "scale"),
    [
        ("6.674e-11*m_i*m_j/r**2", Units()),
        ("6.674e-11*m_i*m_j/r**2", Units(1e3, YEAR, {"mass": 1e24})),
        ("1.2e30*(2*(2e11/r)**13 - (2e11/r)**7)", Units(1e20, 1e10, {"mass": 1e50})),
    ],
)
def test_a_formula_in_si_units_rolls_out_in_single_precision(text, scale):
    place, velocity, mass = stars()
    law = Formula.parse(text).rescaled(scale)
    graph = Graph.complete_graph(3)

    def motion(dtype):
        state = State(
            jnp.asarray(place / scale.length, dtype), jnp.asarray(velocity / scale.speed, dtype)
        )
        attributes = Attributes({"mass": jnp.asarray(mass / scale.attribute("mass"), dtype)})
        start = Initial(state, attributes, graph)
        return predict_motion(law, start, steps=100, dt=2e5 / scale.time)

    single = motion(jnp.float32)
    assert single.state.position.dtype == jnp.float32
    with jax.enable_x64(True):
        double = motion(jnp.float64)
        position = np.asarray(double.state.position)
    size = float(np.std(position))
    np.testing.assert_allclose(single.state.position, position, atol=1e-3 * size)
    assert single.energy is not None and double.energy is not None
    np.testing.assert_allclose(single.energy, double.energy, atol=1e-3)
    assert double.time[-1] == pytest.approx(100 * 2e5 / scale.time)


def argon(every=10, frames=40):
    """Clusters of five atoms of argon in SI units, about as a molecular dynamics code writes it."""
    energy, size, mass, dt = 1.65e-21, 3.4e-10, 6.63e-26, 2e-15
    draw = np.random.default_rng(0)
    corners = [[0, 0, 0], [1, 0, 0], [0.5, 0.87, 0], [0.5, 0.29, 0.82], [0.5, 0.29, -0.82]]
    x = 1.12 * size * np.array(corners) + 0.06 * size * draw.normal(size=(12, 5, 3))
    v = np.sqrt(1.38e-23 * 15 / mass) * draw.normal(size=x.shape)

    def acceleration(x):
        away = x[:, None] - x[:, :, None]
        r = np.linalg.norm(away, axis=-1) + 1e9 * np.eye(5)
        pull = -24 * energy / r * (2 * (size / r) ** 12 - (size / r) ** 6)
        return ((pull / r)[..., None] * away).sum(axis=2) / mass

    frames_x, frames_v = [], []
    for step in range(frames * every):
        if step % every == 0:
            frames_x.append(x)
            frames_v.append(v)
        v = v + dt / 2 * acceleration(x)
        x = x + dt * v
        v = v + dt / 2 * acceleration(x)
    position, velocity = np.stack(frames_x, axis=1), np.stack(frames_v, axis=1)
    return Trajectories(position, velocity, np.arange(frames) * every * dt, {"mass": mass})


def assert_argon(formula):
    r = np.linspace(3.3e-10, 9e-10, 50)
    expected = -24 * 1.65e-21 / r * (2 * (3.4e-10 / r) ** 12 - (3.4e-10 / r) ** 6)
    found = formula.pair.at({"r": r})
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-3 * np.abs(expected).max())
    assert formula.pair.text() == "-1.165e-10*(2*(3.4e-10/r)**13 - (3.4e-10/r)**7)"


@pytest.mark.slow
def test_argon_in_si_units():
    assert_argon(quick(argon()).formula)


def gravity():
    formula = Formula.parse("0.6674*m_i*m_j/r**2")
    data = simulate(formula, bodies=3, dim=3, trajectories=12, steps=60, dt=0.02, seed=2)
    units = Units(1e11, 1e7, {"mass": 1e29})
    given = seen_from(data, acceleration=None).rescaled(units.inverse)
    return Trajectories(given.position, given.velocity, given.time, given.attributes)


@pytest.mark.slow
def test_gravity_in_si_units():
    found = quick(gravity())
    assert found.formula.text() == "6.674e-11*m_i*m_j/r**2"
    low, high = np.quantile(found.document["curves"]["force"]["x"], [0, 1])
    assert 1e9 < low < high < 1e13


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "text"),
    [(gravity, "6.674e-11*m_i*m_j/r**2"), (argon, "-1.165e-10*(2*(3.4e-10/r)**13")],
)
def test_whole_discoveries_in_si_units(make, text, tmp_path):
    quickly = {"stages": (Stage(epochs=8, learning_rate=1e-2),), "hidden": (32, 32)}
    found = discover(make(), searchers=(LibrarySearch(),), folder=tmp_path, **quickly)
    assert found.formula.text().startswith(text)
    test = found.fitted.split.test
    moved = predict_motion(found.law, test.initial, steps=10, dt=float(test.time[1] - test.time[0]))
    assert np.isfinite(moved.state.position).all()
