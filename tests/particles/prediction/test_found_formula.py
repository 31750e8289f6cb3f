import jax
import jax.numpy as jnp
import numpy as np

import forcelaw as fl
from forcelaw.particles import FoundFormula


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


def test_it_shows_itself_as_what_makes_it():
    formula = FoundFormula.of(fl.Formula.parse("2*(r - 1)", "(0, -9.8*m)", core=0.1))
    assert repr(formula) == "FoundFormula('2*(r - 1)', '(0, -9.8*m)', core=0.1)"
    assert formula._repr_latex_() == f"${formula.latex()}$"
    # Where constants are no numbers yet.
    assert "FoundFormula" in repr(jax.eval_shape(lambda one: one, formula))
    jax.jit(lambda one: repr(one) and one.core)(formula)
