"""Known forms are read off curves that are known with little doubt."""

import numpy as np
import pytest

from forcelaw.laws import Expression
from forcelaw.particles.forms import FORMS, Whitened
from forcelaw.particles.forms.form_search import refine, scan

TRUE = [
    "-2.5*r**(-2)",
    "24*r**(-7) - 48*r**(-13)",
    "-3*exp(-0.7*r)/r",
    "-1.4*exp(-1.3*r)*(1/r**2 + 1.3/r)",
    "2*r*exp(-0.4*r**2)",
    "-80*max(0, 1.9 - r)**(3/2)",
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
