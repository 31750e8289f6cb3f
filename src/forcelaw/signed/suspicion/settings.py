"""Numbers that decide how contradicted edges and nodes are found."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from forcelaw.signed.grouping.settings import GROUPING_SETTINGS, GroupingSettings
from forcelaw.signed.model.settings import FIT_SETTINGS, FitSettings
from forcelaw.storage.settings import Count, Settings


class SuspicionSettings(Settings):
    """Of `suspects`."""

    folds: Annotated[int, Field(ge=2)] = 10
    """Of the signs, each hidden once: the more, the more of a network each is told from."""
    fewest_folds: Annotated[int, Field(ge=2)] = 3
    """Of the largest networks."""
    edges_of_views: Count = 1_500_000
    """Edges of the network in all its folds together: with more, they take gigabytes."""
    choices: Count = 8
    """Choices of folds whose log-odds are averaged, at most: chance then decides less."""
    edges_of_choices: Count = 100_000
    """Edges of all choices together, roughly."""
    left_out: Annotated[float, Field(gt=0, lt=0.5)] = 0.25
    """Probability of its sign below which an edge is left out in the second round: odds of three to
    one against it."""
    tilts: Count = 48
    """Exponents that the bound of a p-value is the least of; more change it by less than 1 %."""
    furthest_tilt: Annotated[float, Field(gt=1)] = 200.0
    """The largest of them, at which the bound of a node whose edges are all contradicted has
    settled."""


SUSPICION_SETTINGS = SuspicionSettings()
"""Those of every search for suspects."""


class RightSignsSettings(Settings):
    """Of `RightSigns`."""

    fit: FitSettings = FIT_SETTINGS
    """Of features, folds and decoders."""
    factions: GroupingSettings = GROUPING_SETTINGS
    """Of the beliefs about factions."""
    groups: tuple[Annotated[int, Field(ge=2)], ...] = (2, 3)
    """Numbers of factions to choose from by hidden signs, the simplest first."""
    choices: Count = 4
    """Choices of folds of a small network, at most."""
    certain: Annotated[float, Field(gt=0, le=0.5)] = 0.1
    """Share of the signs that are predicted with most certainty, either way: these bound the share
    of wrong ones."""
    fewest_certain: Count = 10
    """Signs, at least, that are taken for these."""
    most_wrong: Annotated[float, Field(gt=0, lt=0.5)] = 0.4
    """Share of wrong signs, at most: beyond, next to nothing can be learned."""


RIGHT_SIGNS_SETTINGS = RightSignsSettings()
"""Those of every such training."""
