"""Numbers that decide how forces are trained and judged, beside those of a `Preset`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from forcelaw.signed.features import FEATURE_SETTINGS, FeatureSettings
from forcelaw.signed.splits import FOLD_SETTINGS, FoldSettings
from forcelaw.storage.settings import Count, Positive, Settings


class CommunitySettings(Settings):
    """Numbers that decide how the factions of a network are found."""

    directions: Count = 8
    """Columns of `community_positions`: networks of nine factions or fewer are told apart."""
    dense: Count = 400
    """Nodes of a component up to which all eigenvectors are computed, which is then quicker."""
    tolerance: Positive = 1e-4
    """Relative accuracy of the eigenvalues of larger ones; the forces move the nodes anyway."""
    vectors: Count = 12
    """Lanczos vectors for each eigenvector where many eigenvalues are alike."""
    fewest_nodes: Count = 3
    """Nodes of a component below which it has no factions."""


COMMUNITY_SETTINGS = CommunitySettings()
"""Those of every simulation."""


class ViewSettings(Settings):
    """Of `make_views`, which passes them down."""

    features: FeatureSettings = FEATURE_SETTINGS
    """Of what forces and decoder know of pairs and nodes."""
    folds: FoldSettings = FOLD_SETTINGS
    """Of what is hidden together."""
    communities: CommunitySettings = COMMUNITY_SETTINGS
    """Of the factions that nodes start near."""


VIEW_SETTINGS = ViewSettings()
"""Those of every fit."""


class StartSettings(Settings):
    """Of `random_start`."""

    blur: Positive = 0.02
    """How far nodes start from their factions, against a start anywhere."""
    apart: Positive = 1.0
    """Root mean square of a coordinate of the factions: friends start near each other, most enemies
    where they hardly push any more."""


class ObjectiveSettings(Settings):
    """Of `hidden_loss`."""

    threshold: Positive = 2.5
    """Distance at which friend and enemy are equally likely to the reference implementation."""
    geometry_scale: Positive = 0.2
    """One over the order of distances: brings them to unit size."""


class TrainingSettings(Settings):
    """Of `Attempts` and `plan_training`."""

    largest_gradient: Positive = 1.0
    """Norm to which gradients are clipped: a long simulation may make one of any size."""
    halo: Count = 1
    """Edges around a subgraph batch within which its nodes feel others: one is enough to start."""
    attempts: Count = 3
    """Trainings of one fit, at most, where the forces learn nothing."""
    parts: Annotated[int, Field(ge=2)] = 10
    """Of the signs, one of which is kept out of each training and judges it."""
    significance: Positive = 0.002
    """Chance that positions which tell nothing pass for learned, each time they are judged."""
    small_share: Positive = 0.1
    """Of the free memory: what needs less is not planned, which would cost two compilations."""
    nodes_per_part: Count = 16
    """Nodes of a subgraph batch, at least: of smaller ones the halos are most of the work."""
    numbers_per_edge: Count = 200
    """Numbers that one step holds for an edge, roughly; counts in the first guess of the memory."""


TRAINING_SETTINGS = TrainingSettings()
"""Those of every fit."""


class ForceSettings(Settings):
    """All that decides how forces are trained and nodes are placed, beside a `Preset`."""

    views: ViewSettings = VIEW_SETTINGS
    """Of the network with some of its signs hidden."""
    start: StartSettings = StartSettings()
    """Of where simulations start."""
    objective: ObjectiveSettings = ObjectiveSettings()
    """Of the loss of hidden signs."""
    training: TrainingSettings = TRAINING_SETTINGS
    """Of trainings, and of how they are judged."""


FORCE_SETTINGS = ForceSettings()
"""Those of every fit."""
