"""Constants, their spread, round numbers, and the rule that chooses."""

import jax.numpy as jnp
import numpy as np
import pytest

from forcelaw.distill import (
    Candidate,
    Samples,
    drops,
    measure,
    pareto_front,
    polish,
    refit,
    refit_formula,
    select,
    simplify,
    standard_errors,
)
from forcelaw.laws import Expression, Formula


def line(noise=0.05, count=1000):
    draw = np.random.default_rng(0)
    r = draw.uniform(0.2, 3, count)
    return Samples.of({"r": r}, 2.13 * (r - 0.87) + noise * draw.normal(size=count))


def test_refit_is_least_squares():
    data = line()
    slope, offset = np.polyfit(data.variables["r"], data.target, 1)
    found = refit(Expression.parse("1.0*(r - 1)"), data)
    np.testing.assert_allclose(found.expression.numbers(), [slope, -offset / slope], rtol=1e-5)
    assert found.error == pytest.approx(
        1 - np.corrcoef(data.variables["r"], data.target)[0, 1] ** 2
    )


def test_fixed_constants_stay():
    found = refit(Expression.parse("1.0*(r - 1)"), line(), fixed=[1])
    assert found.expression.numbers()[1] == 1.0
    assert found.expression.numbers()[0] != 1.0


def test_robust_loss_resists_outliers():
    data = line()
    data.target[:20] += 50
    found = refit(Expression.parse("1.0*(r - 1)"), data, loss="cauchy")
    np.testing.assert_allclose(found.expression.numbers(), [2.13, 0.87], rtol=0.05)


def test_spread_over_resamples_and_standard_error_agree():
    data, draw = line(), np.random.default_rng(0)
    fitted = refit(Expression.parse("2.0*(r - 1)"), data).expression
    errors = standard_errors(fitted, data)
    resamples = [data.take(draw.integers(len(data), size=len(data))) for _ in range(60)]
    numbers = [refit(fitted, resample).expression.numbers() for resample in resamples]
    np.testing.assert_allclose(np.std(numbers, axis=0, ddof=1), errors, rtol=0.4)
    # Ordinary least squares knows the slope's error.
    r = data.variables["r"]
    np.testing.assert_allclose(errors[0], 0.05 / np.sqrt(len(r)) / r.std(), rtol=0.1)


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("2*r - 2", "2*(r - 1)"),
        ("0.569 + (-2.0)*((-1.5)*m)", "3*(m + 0.1897)"),
        ("(2*m)/(4*r)/(r/(2*n))", "m*n/r**2"),
        ("where(r < 2, 0, 2*r - 2)", "where(r < 2, 0, 2*(r - 1))"),
    ],
)
def test_simplify(text, short):
    found = simplify(Expression.parse(text))
    assert found.text() == short
    values = {name: jnp.asarray([1.7, 3.1]) for name in found.variables}
    np.testing.assert_allclose(found(values), Expression.parse(text)(values), rtol=1e-5)


def test_signs_multiply_rather_than_divide():
    found = simplify(Expression.parse("-q_j/(q_i*r**2)"), signs=["q_i", "q_j"])
    assert found.text() == "-q_i*q_j/r**2"


def test_polish_rounds_only_where_the_samples_allow():
    exact = Samples.of(
        {"r": line().variables["r"]},
        2 * (line().variables["r"] - 1) + 0.01 * np.sin(np.arange(1000)),
    )
    assert polish(Expression.parse("1.9*r - 2.2 + 0.01/r"), exact).expression.text() == "2*(r - 1)"
    assert polish(Expression.parse("1.9*r - 2.2"), line()).expression.text() != "2*(r - 1)"


def test_front_and_choice():
    texts = {"1.5": 1.0, "1.3*r": 0.1, "2*(r - 1)": 1e-4, "2*(r - 1)*(r + 0.1)": 2e-4}
    texts |= {"2*r - 2 + 0.1*r**2": 9e-5}
    found = [Candidate(Expression.parse(text), error) for text, error in texts.items()]
    front = pareto_front(found)
    assert [c.error for c in front] == [1.0, 0.1, 1e-4, 9e-5]
    assert select(front).expression.text() == "2*(r - 1)"
    assert drops(front)[1] == pytest.approx(np.log(10) / 2)


def test_choice_waits_for_the_law_under_noise():
    errors = [1.0, 0.1, 0.02]
    texts = ["1.5", "1.3*r", "2*(r - 1)"]
    front = [Candidate(Expression.parse(t), e) for t, e in zip(texts, errors, strict=True)]
    assert select(front).complexity == 5
    assert select(front, within=None).complexity == 3


def trajectories(law, *, noise):
    draw = np.random.default_rng(5)
    position, velocity = draw.normal(size=(2, 300, 4, 2))
    attributes = {"mass": np.exp(0.5 * draw.normal(size=(300, 4)))}
    pair, own = law
    difference = position[:, None] - position[:, :, None]
    r = np.linalg.norm(difference, axis=-1) + np.eye(4)
    force = (pair(r) / r * (1 - np.eye(4)))[..., None] * difference
    force = force.sum(axis=2) + own(velocity)
    acceleration = force / attributes["mass"][..., None]
    acceleration *= 1 + noise * draw.normal(size=acceleration.shape)
    return position, velocity, acceleration, attributes


def test_pair_and_self_force_are_refitted_together():
    data = trajectories((lambda r: 2.2 * (r - 0.9), lambda v: -0.4 * v), noise=0.01)
    start = Formula.parse("1.0*(r - 0.5)", "-0.1*v")
    found = refit_formula(start, *data)
    np.testing.assert_allclose(found.pair.numbers(), [2.2, 0.9], rtol=0.01)
    np.testing.assert_allclose(found.one_body[0].numbers(), [-0.4], rtol=0.01)


def test_measure_of_a_pole_is_infinite():
    data = Samples.of({"r": np.asarray([0.0, 1.0])}, np.ones(2))
    assert measure(Expression.parse("1/r"), data).error == float("inf")
