import jax
import jax.numpy as jnp
import numpy as np

import forcelaw as fl
from forcelaw.particles import FoundFormula
from forcelaw.particles.prediction.crowd_rollouts import predict_crowd


def test_a_found_formula_rolls_itself_out_and_is_saved_as_a_formula(tmp_path):
    data = fl.particles.simulate("spring", trajectories=3, steps=20, seed=1)
    found = FoundFormula.of(fl.particles.law("spring").formula())
    moved = found.rollout(data.initial, steps=20, dt=0.01)
    np.testing.assert_allclose(moved.state.position, data.position, atol=2e-3)
    assert moved.energy_drift is not None and moved.energy_drift < 1e-3
    fl.save(tmp_path, found)
    loaded = fl.load(tmp_path)
    assert type(loaded) is fl.Formula
    assert jnp.array_equal(loaded.pair.constants, found.pair.constants)
    assert str(found.sympy()) == "2*r - 2"


def test_rollouts_have_the_units_of_their_starts():
    units = fl.laws.Units(1e-11, 1e-3, {"mass": 1e-24})
    data = fl.particles.simulate("spring", trajectories=2, steps=20, seed=1)
    law = FoundFormula.of(fl.particles.law("spring").formula())
    there, far = data.rescaled(units), FoundFormula.of(law.rescaled(units))
    near, moved = (
        one.rollout(some.initial, steps=20, dt=dt)
        for one, some, dt in ((law, data, 0.01), (far, there, 0.01 / units.time))
    )
    for mine, other, unit in (
        (near.state.position, moved.state.position, units.length),
        (near.state.velocity, moved.state.velocity, units.speed),
        (near.acceleration, moved.acceleration, units.acceleration),
    ):
        np.testing.assert_allclose(np.asarray(mine) / unit, other, rtol=1e-4, atol=1e-4 / unit)
    crowd = predict_crowd(far, there, steps=20, dt=0.01 / units.time)
    scale = float(np.abs(moved.acceleration).max())
    np.testing.assert_allclose(crowd.acceleration, moved.acceleration, atol=1e-3 * scale)


def test_it_shows_itself_as_what_makes_it():
    formula = FoundFormula.of(fl.Formula.parse("2*(r - 1)", "(0, -9.8*m)", core=0.1))
    assert repr(formula) == "FoundFormula('2*(r - 1)', '(0, -9.8*m)', core=0.1)"
    assert formula._repr_latex_() == f"${formula.latex()}$"
    # Where constants are no numbers yet.
    assert "FoundFormula" in repr(jax.eval_shape(lambda one: one, formula))
    jax.jit(lambda one: repr(one) and one.core)(formula)
