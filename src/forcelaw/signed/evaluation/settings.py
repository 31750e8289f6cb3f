"""Numbers that decide how methods are compared, and what is drawn of them."""

from __future__ import annotations

from forcelaw.signed.model import FIT_SETTINGS, FitSettings
from forcelaw.storage.settings import Count, Positive, Settings


class SpectralSettings(Settings):
    """Of `SpectralBaseline`."""

    ranks: tuple[int, ...] = (1, 2, 3, 4, 6, 8, 12, 16)
    """Numbers of eigenvectors to choose from."""
    dense: Count = 200
    """Nodes up to which all eigenvectors are computed, which is then quicker."""
    tolerance: Positive = 1e-4
    """Relative accuracy of the eigenvalues of more nodes."""


class CurveSettings(Settings):
    """Of what a report draws."""

    most_nodes: Count = 1200
    """Nodes in the picture of a report, at most: of more, none can be told from its neighbours."""
    most_edges: Count = 20_000
    """Edges in a picture, at most: browsers move no more of them smoothly."""
    bins: Count = 10
    """Equal ranges of probability, as reliability diagrams have (Niculescu-Mizil & Caruana,
    2005)."""
    fewest_pairs: Count = 5
    """Pairs of a range below which its share of friends is chance."""


CURVE_SETTINGS = CurveSettings()
"""Those of every report."""


class EvaluationSettings(Settings):
    """All that decides in `evaluate`, in its fits and in those of the baselines."""

    fit: FitSettings = FIT_SETTINGS
    """Of `SpringEmbedding`, and of what baselines share with it: features and regressions."""
    folds: Count = 5
    """Of the training edges, held out in turn while both baselines choose, as usual in
    cross-validation (Kohavi 1995)."""
    spectral: SpectralSettings = SpectralSettings()
    """Of the spectral baseline."""
    bins: Count = 10
    """Equal ranges of probability of which the reliability is told."""


EVALUATION_SETTINGS = EvaluationSettings()
"""Those of every evaluation."""
