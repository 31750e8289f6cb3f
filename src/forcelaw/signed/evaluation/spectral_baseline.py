"""The spectral baseline: signs from few eigenvectors of the signed adjacency or Laplacian."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from jaxtyping import Float, Int
from scipy import sparse

from forcelaw.signed.decoder import best_threshold
from forcelaw.signed.evaluation.settings import (
    EVALUATION_SETTINGS,
    EvaluationSettings,
    SpectralSettings,
)
from forcelaw.signed.model import SignClassifier
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.splits import make_folds

Matrix = Literal["adjacency", "laplacian"]
Measure = Literal["product", "cosine"]


class Choice(NamedTuple):
    """What is decomposed, and how two nodes are compared.

    `adjacency`: the eigenvectors of the largest eigenvalues by size; `laplacian`: those of the
    smallest eigenvalues of the normalised signed Laplacian, degrees raised by their mean. A node
    lies at its entries; two are compared by what the eigenvectors restore of the matrix, or by the
    cosine of their places.
    """

    matrix: Matrix
    measure: Measure
    rank: int


@dataclass(frozen=True, eq=False)
class FittedEigenvectors:
    """What was chosen, and how its score becomes a probability."""

    network: SignedNetwork
    threshold: float
    choice: Choice
    calibration: _Calibration
    settings: SpectralSettings


class SpectralBaseline(SignClassifier[FittedEigenvectors]):
    """Low-rank signs, the strongest simple method where a network falls into factions.

    Matrix, measure and rank are chosen by the log-likelihood of training signs that were hidden
    from the eigenvectors, fold by fold, as are the two numbers that turn a score into a
    probability, and the threshold. Directions do not count. Kunegis et al., Spectral analysis of
    signed graphs for clustering, prediction and visualization, SDM 2010.

    **Arguments:**

    - `seed`: of the folds.
    - `settings`: what decides beside the seed.

    **Attributes:** `fitted_`: what was learned.
    """

    PARAMETERS = ("seed", "settings")

    def __init__(
        self, *, seed: int = 0, settings: EvaluationSettings = EVALUATION_SETTINGS
    ) -> None:
        self.seed = seed
        self.settings = settings

    def fit(self, train_network: Any, y: Any = None) -> SpectralBaseline:
        """Learns from the training edges, each scored while it is hidden.

        **Raises** `InputError`: the training part has no edges of both signs.
        """
        train_network = self._training_network(train_network, y)
        settings, scores, signs = self.settings, [], []
        folds = make_folds(
            train_network, settings.folds, self.seed, settings.fit.forces.views.folds
        )
        for fold in folds:
            if not fold.hidden.any():
                continue
            visible, hidden = train_network.subset(fold.visible), train_network.edges[fold.hidden]
            scores.append(all_scores(visible, hidden, settings.spectral))
            signs.append(train_network.sign[fold.hidden])
        score = {choice: np.concatenate([part[choice] for part in scores]) for choice in scores[0]}
        sign = np.concatenate(signs)
        ridge = settings.fit.decoder.ridges[-1]
        fitted = {choice: _calibrate(values, sign, ridge) for choice, values in score.items()}
        choice = min(fitted, key=lambda choice: fitted[choice].loss)
        calibration = fitted[choice]
        threshold = best_threshold(sign, calibration(score[choice]))
        self.fitted_ = FittedEigenvectors(
            train_network, threshold, choice, calibration, settings.spectral
        )
        return self

    @property
    def choice_(self) -> Choice:
        """What was chosen."""
        return self._state().choice

    def predict_proba(self, pairs: Any) -> Float[np.ndarray, "pair 2"]:
        """Probabilities of a negative and of a positive sign; `pairs` as of `SpringEmbedding`.

        **Raises** `InputError`: a pair that is none.
        """
        fitted = self._state()

        def positive(ends: Int[np.ndarray, "known 2"]) -> Float[np.ndarray, " known"]:
            score = all_scores(fitted.network, ends, fitted.settings)[fitted.choice]
            return fitted.calibration(score)

        return self._with_prior(pairs, positive)


def all_scores(
    network: SignedNetwork,
    pairs: Int[np.ndarray, "pair 2"],
    settings: SpectralSettings = EVALUATION_SETTINGS.spectral,
) -> dict[Choice, Float[np.ndarray, " pair"]]:
    """Every choice's score of every pair: the larger, the likelier a friend."""
    found = {}
    pairs = np.asarray(pairs)
    for matrix in get_args(Matrix):
        value, vector = eigenvectors(network.pairs(), matrix, max(settings.ranks), settings)
        first, second = vector[pairs[:, 0]], vector[pairs[:, 1]]
        weight = np.abs(value)
        product = np.cumsum(value * first * second, axis=1)
        norm = np.cumsum(weight * first**2, axis=1) * np.cumsum(weight * second**2, axis=1)
        cosine = product / np.sqrt(np.maximum(norm, np.finfo(float).tiny))
        for rank in settings.ranks:
            last = min(rank, len(value)) - 1
            found[Choice(matrix, "product", rank)] = product[:, last]
            found[Choice(matrix, "cosine", rank)] = cosine[:, last]
    return found


def eigenvectors(
    pairs: SignedNetwork,
    matrix: Matrix,
    count: int,
    settings: SpectralSettings = EVALUATION_SETTINGS.spectral,
) -> tuple[Float[np.ndarray, " rank"], Float[np.ndarray, "node rank"]]:
    """Eigenvalues, those that matter most first, and their vectors `[node, rank]`.

    Of the Laplacian they are one minus its smallest ones: those of the normalised adjacency.
    """
    nodes, ends = pairs.n_nodes, np.asarray(pairs.edges)
    scale = np.ones(nodes)
    if matrix == "laplacian":
        degree = pairs.degree.astype(np.float64)
        scale = 1 / np.sqrt(degree + degree.mean())
    entry = pairs.sign * scale[ends].prod(axis=1)
    half = sparse.csr_array((entry, (ends[:, 0], ends[:, 1])), (nodes, nodes))
    whole = sparse.csr_array(half + half.T)
    if nodes <= max(settings.dense, 2 * count):
        value, vector = np.linalg.eigh(whole.toarray())
    else:
        kind = "LA" if matrix == "laplacian" else "LM"
        start = np.random.default_rng(0).normal(size=nodes)
        value, vector = sparse.linalg.eigsh(
            whole, count, which=kind, v0=start, tol=settings.tolerance
        )
    order = np.argsort(-value if matrix == "laplacian" else -np.abs(value), kind="stable")[:count]
    return value[order], vector[:, order]


class _Calibration(NamedTuple):
    """From a score to a probability."""

    model: Any
    size: float
    loss: float

    def __call__(self, score: Float[np.ndarray, " pair"]) -> Float[np.ndarray, " pair"]:
        if not len(score):
            return np.empty(0)
        return self.model.predict_proba(np.arcsinh(score / self.size)[:, None])[:, 1]


def _calibrate(
    score: Float[np.ndarray, " pair"], sign: Int[np.ndarray, " pair"], ridge: float
) -> _Calibration:
    """A logistic regression on the score, whose long tails are compressed."""
    from sklearn.linear_model import LogisticRegression

    size = float(np.median(np.abs(score[score != 0]))) if score.any() else 1.0
    model: Any = LogisticRegression(C=1 / ridge).fit(np.arcsinh(score / size)[:, None], sign)
    found = _Calibration(model, size, 0.0)
    positive = np.where(sign > 0, found(score), 1 - found(score))
    return found._replace(loss=float(-np.log(np.maximum(positive, 1e-12)).mean()))
