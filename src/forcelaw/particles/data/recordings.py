"""Recordings that share one law, as one data set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Int

from forcelaw.errors import NotEnoughData, wrong_input
from forcelaw.files import many
from forcelaw.particles.data.recording import Recording


@dataclass(frozen=True, eq=False, repr=False)
class Recordings:
    """Recordings that share one law: of other lengths, bodies and boxes each.

    **Raises** `InputError` where they contradict each other, `NotEnoughData` for none.
    """

    parts: tuple[Recording, ...]
    name: str = "recordings"
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.parts:
            raise wrong_input(
                self.name,
                found="no recordings",
                expected="at least one",
                then="give their positions",
                error=NotEnoughData,
            )
        for what in ("dim", "known", "velocities", "headings", "kinds_given"):
            values = {str(_facts(part)[what]): part.name for part in reversed(self.parts)}
            if len(values) > 1:
                listed = ", ".join(f"{value} in {name}" for value, name in sorted(values.items()))
                raise wrong_input(
                    self.name,
                    found=f"recordings of different {_WORDS[what]} ({listed})",
                    expected="one data set",
                    then="give the same of each, or discover them one by one",
                )

    def __iter__(self) -> Iterator[Recording]:
        return iter(self.parts)

    def __len__(self) -> int:
        return len(self.parts)

    def __repr__(self) -> str:
        return f"Recordings({self.summary()})"

    def summary(self) -> str:
        """What was understood, in one line."""
        if len(self.parts) == 1:
            return f"{self.name}: {self.parts[0].summary()}"
        bodies, times = (
            [getattr(part, name) for part in self.parts] for name in ("n_bodies", "n_times")
        )
        return (
            f"{self.name}: {many(len(self.parts), 'recording')} of {_span(bodies)} bodies in "
            f"{many(self.dim, 'dimension')} at {_span(times)} times"
        )

    @property
    def dim(self) -> int:
        """The dimension of space."""
        return self.parts[0].dim

    @property
    def has_velocity(self) -> bool:
        """Whether velocities were recorded."""
        return self.parts[0].velocity is not None

    @property
    def has_heading(self) -> bool:
        """Whether headings were recorded."""
        return self.parts[0].heading is not None

    @property
    def attributes(self) -> tuple[str, ...]:
        """Names of the constants of bodies."""
        return tuple(sorted(self.parts[0].attributes))

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of bodies, sorted; empty where all are alike."""
        return tuple(sorted({kind for part in self.parts for kind in part.species}))

    def kind_of(self, part: Recording) -> Int[np.ndarray, " body"]:
        """The index of each body's kind among `kinds`; 0 where all are alike."""
        if not self.kinds:
            return np.zeros(part.n_bodies, int)
        return np.searchsorted(np.array(self.kinds), np.array(part.species))


_WORDS = {
    "dim": "dimension",
    "known": "attributes",
    "velocities": "velocities, given or not",
    "headings": "headings, given or not",
    "kinds_given": "kinds, given or not",
}


def _facts(part: Recording) -> dict[str, object]:
    """What all recordings of a data set must agree in."""
    return {
        "dim": part.dim,
        "known": tuple(sorted(part.attributes)),
        "velocities": part.velocity is not None,
        "headings": part.heading is not None,
        "kinds_given": bool(part.species),
    }


def _span(values: Sequence[int]) -> str:
    least, most = min(values), max(values)
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"
