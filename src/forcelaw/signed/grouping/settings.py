"""Numbers that decide how factions are found."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from forcelaw.storage.settings import Count, Positive, Settings

Share = Annotated[float, Field(ge=0, lt=1)]
"""A share, less than all."""


class GroupingSettings(Settings):
    """Of `factions`."""

    most: Count = 16
    """Numbers of factions that are tried, at most, where none is given."""
    patience: Count = 3
    """So many numbers in a row that explain the signs less well than the best end the search."""
    replicas: Count = 8
    """Assignments that are cooled at once, at most."""
    sweeps: Count = 100
    """Visits to every node while an assignment cools."""
    fewest_sweeps: Count = 20
    """The same, at least, in large networks."""
    work: Positive = 1e9
    """Products of a weight and a group that may be spent on all replicas: a few seconds."""
    doubt: Positive = 0.1
    """Belief that a node may be in any group, where beliefs start."""
    rounds: Count = 300
    """In which beliefs are passed on, at most."""
    learn_every: Count = 3
    """Rounds after which the model is learned anew."""
    settled: Positive = 1e-4
    """Beliefs have settled where they change by less, mean over all."""
    entries: Count = 400_000_000
    """Beliefs along edges, at most: what some GB hold."""

    generalised: tuple[int, ...] = (2, 3, 4, 6, 8)
    """Numbers of groups among which fewest contradicted signs are searched for."""
    short_groups: Count = 4
    """The same in networks of shuffled signs, and in what is compared with them."""
    short_work: Positive = 1e8
    """The work in each of these."""
    short_sweeps: Count = 60
    """Visits to every node in each of these."""

    joined_within: tuple[float, ...] = (0.6, 0.7, 0.8)
    """Shares of the edges within factions, where who is joined to whom tells of them."""
    friends_within: tuple[float, ...] = (0.8, 0.9)
    """Shares of friends among these."""
    friends_between: tuple[float, ...] = (0.2, 0.4)
    """Shares of friends among the others."""
    joined_rounds: Count = 60
    """In which such beliefs are passed on, at most."""
    joined_damping: Share = 0.3
    """Share of a belief that stays in a round, so that beliefs do not swing."""
    joined_entries: Count = 2_000_000
    """Ends of edges in all models together, at most: with more there is one model."""


GROUPING_SETTINGS = GroupingSettings()
"""Those of every network."""
