"""Candidates whose numbers fail: dropped, counted, and no end of the search."""

import numpy as np
import pytest

from forcelaw.distill import (
    Attempts,
    NumericalError,
    Samples,
    Searcher,
    distill,
    numerically,
    refit,
)
from forcelaw.errors import InputError
from forcelaw.laws import Expression


class Proposes(Searcher):
    def __init__(self, *texts):
        self._texts = texts

    def search(self, samples, *, seed):
        return [Expression.parse(text) for text in self._texts]


@pytest.fixture
def line():
    r = np.linspace(0.5, 3.0, 40)
    return {"r": r}, 2 * r - 2


def test_only_failures_of_numbers_are_dropped():
    attempts = Attempts()

    def fail(error):
        raise error

    for error in (np.linalg.LinAlgError("singular"), OverflowError(), NumericalError("nan")):
        assert attempts.make(fail, error) is None
    for error in (TypeError(), ValueError(), InputError("x"), KeyboardInterrupt()):
        with pytest.raises(type(error)):
            attempts.make(fail, error)
    assert attempts.make(lambda x, *, y: x + y, 1, y=2) == 3
    assert attempts.counted() == {"tried": 8, "dropped": 3}


@pytest.mark.parametrize("start", [[np.nan], [1.0], [2.0]])
def test_a_solver_that_meets_no_number_says_so(start):
    from scipy.optimize import least_squares

    def residual(x):
        # Not finite at 1; finite at 2, but with slopes that are not.
        step = np.where(x == 2, 0.0, np.inf)
        return np.concatenate([np.where(x == 1, np.nan, x) + step, x])

    with np.errstate(all="ignore"), pytest.raises(NumericalError):
        numerically(least_squares, residual, np.asarray(start))


def test_one_bad_candidate_ends_no_search(line):
    variables, target = line
    attempts = Attempts()
    texts = ("1/(r - r)", "log(0 - r)", "exp(900*r)", "3.0*r - 1.0", "where(r < 1.5, 0, 1.0*r)")
    found = distill(variables, target, searchers=[Proposes(*texts)], attempts=attempts)
    assert found.chosen.error < 1e-10
    assert attempts.tried == len(texts)
    assert attempts.dropped == 3


def test_a_candidate_whose_fit_raises_is_dropped(line, monkeypatch):
    from forcelaw.distill import distillation as _distill

    polish = _distill.polish

    def failing(expression, *given, **named):
        if "exp" in expression.text():
            raise np.linalg.LinAlgError("SVD did not converge")
        return polish(expression, *given, **named)

    monkeypatch.setattr(_distill, "polish", failing)
    attempts = Attempts()
    variables, target = line
    found = distill(
        variables, target, searchers=[Proposes("exp(r)", "2.0*r - 1.9")], attempts=attempts
    )
    assert found.chosen.error < 1e-10
    assert attempts.counted() == {"tried": 2, "dropped": 1}


def test_a_refit_from_a_pole_comes_back_as_it_was(line):
    variables, target = line
    samples = Samples.of(variables, target)
    assert refit(Expression.parse("1.0/(r - r)"), samples).error == np.inf
