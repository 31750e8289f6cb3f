"""Known forms are read off curves that are known with little doubt."""

from dataclasses import replace

import numpy as np
import pytest

from forcelaw.laws import Expression
from forcelaw.particles.forms import FORMS, Whitened
from forcelaw.particles.forms.form_search import ReadForm, refine, scan

TRUE = [
    "-2.5*r**(-2)",
    "24*r**(-7) - 48*r**(-13)",
    "-3*exp(-0.7*r)/r",
    "-1.4*exp(-1.3*r)*(1/r**2 + 1.3/r)",
    "2*r*exp(-0.4*r**2)",
    "-80*max(0, 1.9 - r)**(3/2)",
    "-24*max(0, 2/r**13 - 1/r**7)",
    "where(2.6 > r, 3*r - 4.2, 0)",
    "0.6/(r**2 + 1.7)",
    "1.2*sin(2.1*r)",
    "0.3*exp(-0.5*r) - 2*exp(-2.2*r)",
    "0.8/(1 + exp(6*(r - 2.2)))",
]


def problem(text, *, error=1e-5):
    """Values at many distances, each with this error relative to the largest."""
    r = np.linspace(0.8, 5, 200)
    force = Expression.parse(text).at({"r": r})
    scale = error * np.abs(force).max()
    return Whitened(np.eye(200) / scale, force / scale, r, 2.0)


@pytest.mark.parametrize("text", TRUE)
def test_some_form_is_the_true_one(text):
    given = problem(text)
    refined = [
        refine(form, *scanned[1:], given)
        for form in FORMS
        if (scanned := scan(form, given)) is not None and scanned[0] < 1e6
    ]
    assert min(form.squares for form in refined) < 1


def test_a_form_may_end_at_its_own_zero_or_where_it_is_cut_off():
    given = problem("24*r**(-7) - 48*r**(-13)")
    forms = [form for form in FORMS if not form.grids and len(form.terms(())) == 2]
    found = [refine(form, *scanned[1:], given) for form in forms if (scanned := scan(form, given))]
    whole: ReadForm = min(found, key=lambda form: form.squares)
    r = np.array([1.0, 1.1, 1.13, 2.0])
    closed = replace(whole, last=2.5, closes=(1.05, 1.2))
    assert closed.end(closed.values) == pytest.approx(2 ** (1 / 6), rel=1e-4)
    np.testing.assert_array_equal(closed.at(r, closed.values)[2:], 0)
    np.testing.assert_array_equal(closed.slopes(r, closed.values)[:, 2:], 0)
    np.testing.assert_array_equal(closed.at(r, closed.values)[:2], whole.at(r, whole.values)[:2])
    # With more attraction it ends sooner; without a zero there, where it is cut off.
    assert closed.end(closed.values * [1.1, 1]) < closed.end(closed.values)
    assert replace(whole, last=2.5, closes=(1.3, 1.5)).end(whole.values) == 2.5
