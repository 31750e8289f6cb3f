"""Boosted trees grown by scikit-learn, as plain numbers: the one place that reads them out of it.

scikit-learn has no public way to the trees of its histogram boosting: neither an attribute nor an
export. (Its `GradientBoostingClassifier` shows its trees, but grows others, and slower.) Saved
models hold numbers and no pickles, so the trees are read from where they lie inside, and only here.
What was read is then held against the public `decision_function`: a version that keeps its trees
otherwise is an error, never another prediction.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InputError

CHECKED = 256
"""Rows on which the trees that were read are held against those of scikit-learn: all leaves of a
tree show on so many, and no time is lost."""


class Tree(NamedTuple):
    """One tree, by node; node 0 is the root, and a leaf is its own child."""

    feature: Int[np.ndarray, " node"]
    threshold: Float[np.ndarray, " node"]
    """A row goes left where its feature is not above it."""
    left: Int[np.ndarray, " node"]
    right: Int[np.ndarray, " node"]
    value: Float[np.ndarray, " node"]

    def __call__(self, values: Float[np.ndarray, "row feature"]) -> Float[np.ndarray, " row"]:
        """What it adds to the log-odds of each row."""
        rows, node = np.arange(len(values)), np.zeros(len(values), np.int64)
        for _ in self.value:
            above = values[rows, self.feature[node]] > self.threshold[node]
            node = np.where(above, self.right[node], self.left[node])
        return self.value[node]


class Boosted(NamedTuple):
    """A base log-odds, and trees that add to it."""

    base: float
    trees: tuple[Tree, ...]

    def __call__(self, values: Float[np.ndarray, "row feature"]) -> Float[np.ndarray, " row"]:
        """Log-odds of each row."""
        return sum((tree(values) for tree in self.trees), np.full(len(values), self.base))


def boost(
    values: Float[np.ndarray, "row feature"], positive: np.ndarray, **options: Any
) -> Boosted:
    """What `HistGradientBoostingClassifier` grows on rows of both signs with these options.

    **Raises** `InputError` for a version of scikit-learn that keeps its trees otherwise.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    model = HistGradientBoostingClassifier(**options)
    # Threads that wait for each other cost more than they save on columns as few as these.
    with threadpool_limits(1, "openmp"):
        model.fit(values, positive)
        try:
            found = _read(model)
            seen = values[:CHECKED]
            if np.allclose(found(seen), model.decision_function(seen), atol=1e-9):
                return found
        except (AttributeError, KeyError, IndexError, TypeError, ValueError):
            pass
    import sklearn

    raise InputError(
        f"scikit-learn: found version {sklearn.__version__}, whose boosted trees are not where "
        "forcelaw reads them, expected one from 1.5 on that it knows; install an earlier one, "
        "or use a preset with features=False"
    )


def _read(model: Any) -> Boosted:
    """The trees of a fitted classifier of two classes, as scikit-learn 1.5 to 1.9 keeps them."""
    trees = []
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf, itself = nodes["is_leaf"].astype(bool), np.arange(len(nodes))
        trees.append(
            Tree(
                feature=np.where(leaf, 0, nodes["feature_idx"]),
                threshold=nodes["num_threshold"],
                left=np.where(leaf, itself, nodes["left"]),
                right=np.where(leaf, itself, nodes["right"]),
                value=np.where(leaf, nodes["value"], 0),
            )
        )
    return Boosted(float(model._baseline_prediction.ravel()[0]), tuple(trees))
