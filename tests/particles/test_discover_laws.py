"""Built-in laws are found, with noise and from positions alone."""

import warnings

import numpy as np
import pytest

from forcelaw.particles import discover, read, simulate, write
from forcelaw.particles.systems import law as law_of
from forcelaw.training import Stage

LAWS = {
    "spring": ("2*r - 2", "0"),
    "1/r": ("m_i*m_j/r", "0"),
    "1/r2": ("m_i*m_j/r**2", "0"),
    "charge": ("-q_i*q_j/r**2", "0"),
    "damped": ("2*r - 2", "-v/2"),
    "discontinuous": ("Piecewise((0, r < 2), (2*r - 2, True))", "0"),
    "superposition": ("(m_i*m_j - q_i*q_j)/r**2", "0"),
}


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
def test_built_in_laws_are_found(law):
    import sympy

    data = simulate(law, trajectories=300, steps=200)
    found = discover(data, seed=0).document["formula"]
    for key, expected in zip(("pair", "self"), LAWS[law], strict=True):
        difference = sympy.sympify(found[key]) - sympy.sympify(expected)
        assert sympy.nsimplify(sympy.simplify(difference), rational=True, tolerance=1e-2) == 0


@pytest.mark.slow
def test_the_ball_that_the_string_never_touches_is_found():
    data = simulate("string-ball", trajectories=200, steps=100)
    found = discover(data, seed=0)
    assert found.document["error"]["test"] < 1e-9
    assert found.document["error"]["far"] < 1e-6
    assert "sqrt((x - 5)**2 + (y + 15)**2) - 4" in found.document["formula"]["self"]


@pytest.mark.slow
@pytest.mark.parametrize("law", ["charge", "discontinuous"])
def test_noisy_laws_are_found(law):
    data = simulate(law, trajectories=600, steps=100, noise=0.01)
    found = discover(data, seed=0).formula
    draw = np.random.default_rng(0)
    r = draw.uniform(0.5, 4, 100)
    known = {"r": r[np.abs(r - 2) > 0.02]}
    for name in ("q_i", "q_j", "m_i", "m_j"):
        known[name] = draw.choice([-1.0, 1.0], size=len(known["r"]))
    values, truth = (
        np.broadcast_to(pair.at(known), known["r"].shape)
        for pair in (found.pair, law_of(law).formula().pair)
    )
    np.testing.assert_allclose(values, truth, rtol=0.01, atol=1e-6)


@pytest.mark.slow
def test_noise_moves_constants_by_less_than_a_hundredth():
    found = discover(simulate("spring", trajectories=300, steps=200, noise=0.01), seed=0)
    r = np.linspace(1.5, 4, 10)
    values = found.formula.pair.at({"r": r})
    np.testing.assert_allclose(values, 2 * (r - 1), rtol=0.01)


@pytest.mark.slow
def test_positions_alone_are_enough(tmp_path):
    data = simulate("spring", trajectories=100, steps=200)
    write(data, tmp_path / "full.csv")
    header, *lines = (tmp_path / "full.csv").read_text().splitlines()
    kept = [i for i, name in enumerate(header.split(",")) if name not in ("vx", "vy")]
    rows = [",".join(line.split(",")[i] for i in kept) for line in (header, *lines)]
    (tmp_path / "positions.csv").write_text("\n".join(rows) + "\n")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = discover(read(tmp_path / "positions.csv"), seed=0)
    r = np.linspace(1.5, 4, 10)
    values = found.formula.pair.at({"r": r})
    np.testing.assert_allclose(values, 2 * (r - 1), rtol=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("regularise", ["l1", "bottleneck"])
def test_messages_hold_the_law(regularise):
    data = simulate("charge", trajectories=300, steps=100)
    stages = (Stage(epochs=60, learning_rate=5e-3),)
    arguments = {"regularise": regularise, "stages": stages, "library": False}
    found = discover(data, model="message", seed=0, **arguments)
    assert str(found.formula.sympy()) == "-q_i*q_j/r**2"
    assert found.document["r2"]["force_trimmed"] > 0.99
