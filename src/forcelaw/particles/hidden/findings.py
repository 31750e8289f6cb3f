"""What was hidden and is found: typed, with a probability or an error each."""

from __future__ import annotations

import abc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.files import many

_LETTERS = 26
"""Of the alphabet, for names of kinds."""


@dataclass(frozen=True, eq=False)
class Hidden(abc.ABC):
    """A property of bodies or pairs that was not given."""

    what: ClassVar[str]
    """`edges`, `charge` or `kinds`."""

    @abc.abstractmethod
    def sentence(self) -> str:
        """What was found, in words."""

    @abc.abstractmethod
    def to_json(self) -> Mapping[str, Any]:
        """As results hold it, under `hidden`."""


@dataclass(frozen=True, eq=False)
class FoundPairs:
    """The pairs of one recording."""

    name: str
    bodies: tuple[str, ...]
    receiver: Int[np.ndarray, " pair"]
    sender: Int[np.ndarray, " pair"]
    """Where both directions are one, the larger of both."""
    coupling: Float[np.ndarray, " pair"]
    """The number that multiplies the force, in units of the largest level."""
    error: Float[np.ndarray, " pair"]
    level: Int[np.ndarray, " pair"]
    probability: Float[np.ndarray, "pair level"]


@dataclass(frozen=True, eq=False)
class HiddenEdges(Hidden):
    """Who acts on whom, recording by recording."""

    what = "edges"

    levels: Float[np.ndarray, " level"]
    """Values that the numbers of pairs take; the largest has size one."""
    shares: Float[np.ndarray, " level"]
    zero: int | None
    """The level of pairs that do not act on each other; None where all do."""
    reciprocal: bool
    """Whether both directions of a pair are one."""
    recordings: tuple[FoundPairs, ...]

    def interacts(self, found: FoundPairs) -> Bool[np.ndarray, " pair"]:
        """Which pairs of a recording act on each other."""
        if self.zero is None:
            return np.ones(len(found.level), bool)
        return found.level != self.zero

    def edges(self, found: FoundPairs) -> Int[np.ndarray, "edge 2"]:
        """Rows (sender, receiver), as `Recording.edges`.

        Of those that interact; where all do, of the pairs of the largest level.
        """
        chosen = self.interacts(found)
        if self.zero is None:
            chosen = found.level == len(self.levels) - 1
        rows = np.stack([found.sender[chosen], found.receiver[chosen]], axis=1)
        return np.concatenate([rows, rows[:, ::-1]]) if self.reciprocal else rows

    def sentence(self) -> str:
        """See `Hidden`."""
        count = sum(len(found.level) for found in self.recordings)
        name = "pair" if self.reciprocal else "ordered pair"
        sure = np.concatenate([found.probability.max(axis=1) for found in self.recordings])
        if len(self.levels) == 1:
            return f"all {many(count, name)} act on each other alike: no edges are hidden"
        acting = sum(int(self.interacts(found).sum()) for found in self.recordings)
        values = ", ".join(f"{value:.3g}" for value in self.levels)
        return (
            f"{acting:,} of {many(count, name)} act on each other, with couplings of {values}; "
            f"mean probability {sure.mean():.4f}, {int((sure < 0.95).sum()):,} below .95"
        )

    def to_json(self) -> Mapping[str, Any]:
        """See `Hidden`."""
        return {
            "what": self.what,
            "words": self.sentence(),
            "levels": [
                {"value": float(value), "share": float(share)}
                for value, share in zip(self.levels, self.shares, strict=True)
            ],
            "reciprocal": self.reciprocal,
            "edges": [row for found in self.recordings for row in self._rows(found)],
        }

    def _rows(self, found: FoundPairs) -> list[dict[str, Any]]:
        acts = self.interacts(found)
        likely = found.probability[np.arange(len(acts)), found.level]
        return [
            {
                "recording": found.name,
                "receiver": found.bodies[found.receiver[k]],
                "sender": found.bodies[found.sender[k]],
                "interacts": bool(acts[k]),
                "coupling": float(found.coupling[k]),
                "error": float(found.error[k]),
                "level": float(self.levels[found.level[k]]),
                "probability": float(likely[k]),
            }
            for k in range(len(acts))
        ]


@dataclass(frozen=True, eq=False)
class FoundCharges:
    """The charges of one recording."""

    name: str
    bodies: tuple[str, ...]
    value: Float[np.ndarray, " body"]
    error: Float[np.ndarray, " body"]
    probability: Float[np.ndarray, " body"]
    """That the sign is this one, beside that of the others of its recording."""


@dataclass(frozen=True, eq=False)
class HiddenCharges(Hidden):
    """A number for each body; pairs act as the product of both. All signs may be turned at once."""

    what = "charge"

    recordings: tuple[FoundCharges, ...]
    equal: bool
    """Whether all are of one size, which is then one."""

    def sentence(self) -> str:
        """See `Hidden`."""
        values = np.concatenate([found.value for found in self.recordings])
        sure = np.concatenate([found.probability for found in self.recordings])
        size = "charges of one size" if self.equal else "charges of several sizes"
        return (
            f"{size} for {many(len(values), 'body')}, {int((values > 0).sum()):,} of them "
            f"positive; mean probability of signs {sure.mean():.4f}; all signs may be turned at "
            "once, and the unit is free"
        )

    def to_json(self) -> Mapping[str, Any]:
        """See `Hidden`."""
        return {
            "what": self.what,
            "words": self.sentence(),
            "charges": [
                {
                    "recording": found.name,
                    "body": found.bodies[k],
                    "value": float(found.value[k]),
                    "error": float(found.error[k]),
                    "probability": float(found.probability[k]),
                }
                for found in self.recordings
                for k in range(len(found.value))
            ],
        }


@dataclass(frozen=True, eq=False)
class FoundKinds:
    """The kinds of the bodies of one recording."""

    name: str
    bodies: tuple[str, ...]
    kind: Int[np.ndarray, " body"]
    probability: Float[np.ndarray, "body kind"]


@dataclass(frozen=True, eq=False)
class HiddenKinds(Hidden):
    """Kinds of bodies, the most frequent first."""

    what = "kinds"

    recordings: tuple[FoundKinds, ...]
    count: int
    """How many kinds."""

    def name_of(self, kind: int) -> str:
        """`A`, `B`, ...; numbers where letters do not do."""
        return chr(ord("A") + kind) if self.count <= _LETTERS else str(kind + 1)

    def sentence(self) -> str:
        """See `Hidden`."""
        kinds = np.concatenate([found.kind for found in self.recordings])
        if self.count < 2:
            return f"all of {many(len(kinds), 'body')} are of one kind"
        sure = np.concatenate([found.probability.max(axis=1) for found in self.recordings])
        sizes = np.bincount(kinds, minlength=self.count)
        listed = ", ".join(f"{size} {self.name_of(kind)}" for kind, size in enumerate(sizes))
        return (
            f"{many(self.count, 'kind')} of bodies were found, not given: {listed}; mean "
            f"probability {sure.mean():.4f}, {int((sure < 0.95).sum()):,} below .95"
        )

    def to_json(self) -> Mapping[str, Any]:
        """See `Hidden`."""
        return {
            "what": self.what,
            "words": self.sentence(),
            "count": self.count,
            "bodies": [
                {
                    "recording": found.name,
                    "body": found.bodies[k],
                    "kind": self.name_of(int(found.kind[k])),
                    "probability": float(found.probability[k, found.kind[k]]),
                }
                for found in self.recordings
                for k in range(len(found.kind))
            ],
        }
