"""Trees read out of scikit-learn: its own to the last digit, or one clear error."""

import numpy as np
import pytest
from sklearn import ensemble

from forcelaw.errors import InputError
from forcelaw.signed.decoder.boosting import boost

OPTIONS = {"max_iter": 12, "max_leaf_nodes": 5, "early_stopping": False, "random_state": 0}


@pytest.fixture(scope="module")
def rows():
    values = np.random.default_rng(0).normal(size=(300, 3))
    return values, values[:, 0] * values[:, 1] > 0.2


def test_the_trees_are_those_of_scikit_learn(rows):
    values, positive = rows
    found = boost(values, positive, **OPTIONS)
    model = ensemble.HistGradientBoostingClassifier(**OPTIONS).fit(values, positive)
    assert len(found.trees) == 12
    np.testing.assert_allclose(found(values), model.decision_function(values), rtol=0, atol=1e-12)
    unseen = np.random.default_rng(1).normal(size=(500, 3))
    np.testing.assert_allclose(found(unseen), model.decision_function(unseen), rtol=0, atol=1e-12)


class Moved(ensemble.HistGradientBoostingClassifier):
    """Keeps its trees under another name."""

    def __getattribute__(self, name):
        if name == "_predictors":
            raise AttributeError(name)
        return super().__getattribute__(name)


class Other(ensemble.HistGradientBoostingClassifier):
    """Keeps trees of another meaning: a base that is told otherwise."""

    def decision_function(self, X):
        return super().decision_function(X) + 0.01


@pytest.mark.parametrize("kind", [Moved, Other])
def test_a_version_that_keeps_its_trees_otherwise_is_an_error(rows, kind, monkeypatch):
    monkeypatch.setattr(ensemble, "HistGradientBoostingClassifier", kind)
    with pytest.raises(InputError, match=r"found version .* install an earlier one"):
        boost(*rows, **OPTIONS)
