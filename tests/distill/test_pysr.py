"""PySR needs Julia: a stand-in takes its place here."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest

from forcelaw.distill import OperonSearch, PySRSearch, Samples, choose_searchers, distill
from forcelaw.errors import InputError


class Regressor:
    """Answers as PySR does: a table of equations in the names it was given."""

    def __init__(self, **settings):
        assert settings["deterministic"]
        self.seed = settings["random_state"]

    def fit(self, inputs, target, *, weights, variable_names):
        assert inputs.shape == (len(target), len(variable_names))
        assert weights.shape == target.shape
        r, m = (variable_names[k] for k in (0, 1))
        scale = np.std(target)
        np.testing.assert_allclose(scale, 1, rtol=1e-6)
        equations = ["1.3", f"({m} / {r})", f"(({m} * 0.71) / ({r} ^ 2.0))", f"inf * {r}"]
        self.equations_ = {"equation": equations}


@pytest.fixture
def samples():
    draw = np.random.default_rng(0)
    r, m = np.exp(0.5 * draw.normal(size=(2, 500)))
    return {"r": r, "m_i": m}, 2 * m / r**2


def test_its_equations_become_expressions(monkeypatch, samples):
    monkeypatch.setitem(sys.modules, "pysr", SimpleNamespace(PySRRegressor=Regressor))
    found = PySRSearch().search(Samples.of(*samples), seed=3)
    assert [set(expression.variables) for expression in found] == [set(), *[{"m_i", "r"}] * 2]
    chosen = distill(*samples, searchers=[PySRSearch()])
    assert chosen.expression.text() == "2*m_i/r**2"


class Broken:
    """A module whose import fails in the middle, as one does that cannot download Julia."""

    def __init__(self, error):
        self.error = error

    def find_spec(self, name, path=None, target=None):
        if name == "pysr":
            raise self.error


@pytest.mark.parametrize(
    "error",
    [
        ImportError("No module named 'pysr'"),
        RuntimeError("could not download\n Julia"),
        SystemExit(1),
        ValueError(),
    ],
)
def test_whatever_its_import_raises_is_one_message(monkeypatch, samples, error):
    monkeypatch.delitem(sys.modules, "pysr", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(error), *sys.meta_path])
    with pytest.raises(InputError, match=r"cannot start \(.*forcelaw\[pysr\]") as raised:
        PySRSearch().search(Samples.of(*samples), seed=0)
    assert "\n" not in str(raised.value)


def test_searches_have_names():
    assert isinstance(choose_searchers(["operon", "operon"])[0], OperonSearch)
    assert len(choose_searchers()) == 3
    with pytest.raises(InputError, match="did you mean 'operon'"):
        choose_searchers(["operons"])
