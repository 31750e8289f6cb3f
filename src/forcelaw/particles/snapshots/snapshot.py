"""What a file says of motion, one snapshot after the other, before it becomes a recording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Int, Num, Shaped


@dataclass(frozen=True, eq=False, kw_only=True)
class Snapshot:
    """The bodies at one time, in the order of the file; None where nothing is said."""

    position: Float[np.ndarray, "body dim"]
    ids: Shaped[np.ndarray, " body"] | None = None
    """Which body a row is of: numbers or text. None: the same order in every snapshot."""
    velocity: Float[np.ndarray, "body dim"] | None = None
    force: Float[np.ndarray, "body dim"] | None = None
    acceleration: Float[np.ndarray, "body dim"] | None = None
    heading: Float[np.ndarray, " body"] | None = None
    """Angles in radians."""
    image: Num[np.ndarray, "body dim"] | None = None
    """How many boxes to add along each vector."""
    unwrapped: bool = False
    """Whether positions are known to be unwrapped."""
    kind: Shaped[np.ndarray, " body"] | None = None
    """As text; of two words, the second tells kinds apart that share the first."""
    constants: Mapping[str, Num[np.ndarray, " body"]] = field(default_factory=dict)
    """Numbers of a body that should not change in time."""
    vectors: Float[np.ndarray, "dim dim"] | None = None
    """Of the box, one row a vector."""
    periodic: tuple[bool, ...] = ()
    """Along which vectors; empty: along none."""
    time: float | None = None
    step: float | None = None
    """The number of the step, where it is stated."""
    line: int | None = None
    """Where the first row stands in a text."""


@dataclass(frozen=True, eq=False)
class Source:
    """A file that is being read.

    Sentences among the snapshots say what was left aside.
    """

    snapshots: Iterator[Snapshot | str]
    units: str = ""
    """Units that the file states, in words."""
    force_unit: float = 1.0
    """In units of mass, length and time of the file."""
    edges: Int[np.ndarray, "edge 2"] | None = None
    """Bonds, by ids (by rows where there are none), in both directions."""
    names: tuple[str, ...] = ()
    """Of bodies, where ids count them."""
    name: str = ""
    """Of the recording."""
    notes: tuple[str, ...] = ()


def bonds_both_ways(pairs: Int[np.ndarray, "bond 2"]) -> Int[np.ndarray, "edge 2"] | None:
    """Bonds as edges in both directions; None where there are none."""
    if not len(pairs):
        return None
    pairs = np.asarray(pairs, np.int64)
    return np.concatenate([pairs, pairs[:, ::-1]])
