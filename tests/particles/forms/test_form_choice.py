"""Which form is chosen: misfit, numbers and how many forms are alike decide together."""

import numpy as np
import pytest

from forcelaw.laws import Expression
from forcelaw.particles.forms import FORMS, Whitened
from forcelaw.particles.forms.form_choice import Evidence, rank_forms


def noisy(text, *, signal, seed=0):
    """Values at some distances with errors, of which chi squared of the force is this."""
    r = np.linspace(0.7, 5, 15)
    force = Expression.parse(text).at({"r": r})
    scale = np.linalg.norm(force) / np.sqrt(signal)
    goal = force / scale + np.random.default_rng(seed).normal(size=15)
    return Whitened(np.eye(15) / scale, goal, r, 2.0)


def test_priors_are_probabilities():
    assert sum(form.prior for form in FORMS) == pytest.approx(1)


def test_a_number_costs_more_where_the_signal_is_strong():
    weak, strong = Evidence(1.0, 20.0), Evidence(1.0, 1e6)
    assert strong.score(5, 3, 0.01) - strong.score(5, 2, 0.01) == pytest.approx(np.log(1e6))
    assert weak.score(5, 3, 0.01) - weak.score(5, 2, 0.01) == pytest.approx(np.log(20))


def test_a_shape_at_several_places_stays_one_number():
    problem = noisy("-1.4*exp(-1.3*r)*(1/r**2 + 1.3/r)", signal=1e8)
    best = rank_forms(problem)[0]
    assert best.numbers == 2
    amplitude, rate, again = best.expression.numbers()
    assert amplitude == pytest.approx(-1.4, rel=1e-3)
    assert abs(rate) == abs(again) == pytest.approx(1.3, rel=1e-3)


@pytest.mark.parametrize(
    "text", ["-1.2*r**(-4)", "-2*max(0, 2.2 - r)", "-24*max(0, 2/r**13 - 1/r**7)"]
)
def test_the_true_form_is_chosen_in_spite_of_errors(text):
    best = rank_forms(noisy(text, signal=5000))[0]
    r = np.linspace(0.7, 3, 50)
    truth = Expression.parse(text).at({"r": r})
    assert np.linalg.norm(best.expression.at({"r": r}) - truth) < 0.05 * np.linalg.norm(truth)
