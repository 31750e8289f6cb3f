"""Pairs of states: where bodies were and how they moved, and where they were much later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from forcelaw.errors import InvalidSetting, NotEnoughData, check_type, wrong_input
from forcelaw.files import many
from forcelaw.particles.data import Trajectories
from forcelaw.particles.settings import MOST_DIMENSIONS


@dataclass(frozen=True, eq=False)
class StatePairs:
    """States of the same number of bodies, each with the places where its bodies came to be.

    **Raises** `InputError` naming the array, pair and body where shapes do not fit each other, or
    something is no number.
    """

    position: Float[np.ndarray, "pair body dim"]
    velocity: Float[np.ndarray, "pair body dim"]
    end: Float[np.ndarray, "pair body dim"]
    """Positions a stretch of time later; how bodies move there is not used."""
    stretch: Float[np.ndarray, " pair"]
    """Time from each state to its end."""
    attributes: Mapping[str, Float[np.ndarray, "pair body"]]
    name: str = "pairs"
    step: float | None = None
    """Time of a step of the simulation that made them, if one did."""

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_values(self)

    @classmethod
    def of(cls, data: Trajectories, *, apart: int = 1) -> StatePairs:
        """Every snapshot, with the one that comes so many snapshots later.

        **Raises** `InvalidSetting` where trajectories hold no such snapshot; `NotEnoughData` where
        velocities were not measured.
        """
        Trajectories.check("StatePairs.of", data)
        check_type("StatePairs.of: apart", apart, int, then="give a number of snapshots")
        if not 1 <= apart < data.n_times:
            raise InvalidSetting(
                f"apart: found {apart} for {data.n_times} snapshots, expected 1 to "
                f"{data.n_times - 1}; choose fewer"
            )
        if "velocity" in data.estimated:
            raise NotEnoughData(
                f"{data.name}: found no measured velocities, expected them with positions: over "
                "long stretches they cannot be estimated; give them"
            )
        starts = data.n_times - apart
        body = (-1, data.n_bodies, data.dim)
        stretch = data.time[apart:] - data.time[:-apart]
        return cls(
            data.position[:, :starts].reshape(body),
            data.velocity[:, :starts].reshape(body),
            data.position[:, apart:].reshape(body),
            np.tile(stretch, data.n_trajectories),
            {name: np.repeat(value, starts, axis=0) for name, value in data.attributes.items()},
            data.name,
        )

    def __len__(self) -> int:
        return len(self.stretch)

    @property
    def bodies(self) -> int:
        """Of each state."""
        return self.position.shape[1]

    @property
    def dim(self) -> int:
        """Dimensions of space."""
        return self.position.shape[2]

    def summary(self) -> str:
        """How many there are, of what, how far apart, in one line."""
        shortest, longest = float(self.stretch.min()), float(self.stretch.max())
        apart = f"{shortest:.6g}" + (f" to {longest:.6g}" if longest > shortest else "")
        made = "" if self.step is None else f", made in steps of {self.step:.6g}"
        given = f", {', '.join(sorted(self.attributes))} given" if self.attributes else ""
        return (
            f"{self.name}: {many(len(self), 'pair')} of states of {many(self.bodies, 'body')} in "
            f"{many(self.dim, 'dimension')}, {apart} apart{made}{given}"
        )

    @property
    def displacement(self) -> float:
        """Root mean square, of components, of how far forces have brought bodies."""
        return float(np.sqrt(np.mean(self.forced**2)))

    @property
    def forced(self) -> Float[np.ndarray, "pair body dim"]:
        """From where bodies would be without forces to their ends."""
        return self.end - self.position - self.velocity * self.stretch[:, None, None]

    def is_free(self, rounding: float) -> bool:
        """Whether ends lie where bodies would be without forces, but for rounding."""
        size = np.abs(self.position).max() + np.abs(self.velocity).max() * self.stretch.max()
        return self.displacement <= rounding * float(size)

    def distances(self) -> Float[np.ndarray, " distance"]:
        """Of all pairs of bodies, in all states."""
        first, second = np.triu_indices(self.position.shape[1], 1)
        states = np.concatenate([self.position, self.end])
        return np.linalg.norm(states[:, first] - states[:, second], axis=-1).ravel()

    def only(self, rows: Sequence[int] | Int[np.ndarray, " row"]) -> StatePairs:
        """Some of them."""
        attributes = {name: value[rows] for name, value in self.attributes.items()}
        arrays = (self.position, self.velocity, self.end, self.stretch)
        position, velocity, end, stretch = (array[rows] for array in arrays)
        return replace(
            self,
            position=position,
            velocity=velocity,
            end=end,
            stretch=stretch,
            attributes=attributes,
        )

    def shortest_first(self, seed: int) -> Int[np.ndarray, " pair"]:
        """Their order by the stretch; those of one stretch in an order that is drawn."""
        drawn = np.random.default_rng(seed).permutation(len(self))
        return drawn[np.argsort(self.stretch[drawn], kind="stable")]


MOST_STEPS = 10_000_000
"""Of a simulation over the longest stretch; more would take days."""


def pairs_with_step(
    function: str, data: Trajectories | StatePairs, apart: int, step: float | None
) -> StatePairs:
    """Pairs of states as a function was given them, with the step that it was given, if it was.

    **Raises** `InputError` naming the function for anything else.
    """
    if not isinstance(data, StatePairs):
        then = "read a file with fl.particles.read_pairs(...) or fl.particles.read(...)"
        check_type(function, data, StatePairs, Trajectories, then=then)
        data = StatePairs.of(data, apart=apart)
    if step is None:
        return data
    check_type(f"{function}: step", step, int, float, then="give how long one step took")
    return replace(data, step=float(step))


_STATES = "[pair, body, dim]"


def _check_shapes(pairs: StatePairs) -> None:
    then = "numpy.asarray makes one"
    for name in ("position", "velocity", "end", "stretch"):
        check_type(f"StatePairs: {name}", getattr(pairs, name), np.ndarray, then=then)
    check_type("StatePairs: attributes", pairs.attributes, Mapping, then="give {} for none")
    for name, value in pairs.attributes.items():
        check_type(f"StatePairs: {name}", value, np.ndarray, then=then)
    shape = pairs.position.shape
    if len(shape) != 3 or 0 in shape or shape[1] < 2 or shape[2] > MOST_DIMENSIONS:
        raise wrong_input(
            pairs.name,
            found=f"position of shape {list(shape)}",
            expected=f"{_STATES} with at least one pair of states, two bodies, and at most "
            f"{MOST_DIMENSIONS} dimensions",
            then="put pairs of states first, coordinates last",
        )
    wanted = {"velocity": shape, "end": shape, "stretch": shape[:1]}
    for name, value in _arrays(pairs).items():
        expected = shape[:2] if name in pairs.attributes else wanted.get(name, shape)
        if value.shape != expected:
            raise wrong_input(
                pairs.name,
                found=f"{name!r} of shape {list(value.shape)}",
                expected=f"{list(expected)} to match position {list(shape)}",
                then=f"reshape or remove {name!r}",
            )


def _check_values(pairs: StatePairs) -> None:
    for name, value in _arrays(pairs).items():
        if value.dtype.kind not in "fiub":
            raise wrong_input(
                pairs.name,
                found=f"{name!r} of type {value.dtype}",
                expected="numbers",
                then=f"convert or remove {name!r}",
            )
        wrong = np.argwhere(~np.isfinite(value))
        if len(wrong):
            at = wrong[0]
            body = "" if len(at) < 2 else f", body {at[1]}"
            raise wrong_input(
                pairs.name,
                found=f"{value[tuple(at)]} for {name!r} of pair {at[0]}{body}",
                expected="a finite number",
                then="correct it, or leave that pair out",
            )
    step = np.array([1.0 if pairs.step is None else pairs.step])
    for name, value in {"stretch": pairs.stretch, "step": step}.items():
        wrong = np.flatnonzero(~(np.isfinite(value) & (value > 0)))
        if len(wrong):
            place = f" of pair {wrong[0]}" if name == "stretch" else ""
            raise wrong_input(
                pairs.name,
                found=f"{value[wrong[0]]:.6g} for {name!r}{place}",
                expected="a time above zero",
                then="give how much later the end is, and how long a step was",
            )
    most = float(pairs.stretch.max()) / (pairs.step or float(pairs.stretch.max()))
    if not 1 <= round(most) <= MOST_STEPS:
        raise wrong_input(
            pairs.name,
            found=f"steps of {pairs.step:.6g}, {most:.3g} in the longest stretch",
            expected=f"1 to {MOST_STEPS:,} steps",
            then="correct the step, or leave it out",
        )
    mass = pairs.attributes.get("mass")
    if mass is not None and not (mass > 0).all():
        at = np.argwhere(~(mass > 0))[0]
        raise wrong_input(
            pairs.name,
            found=f"{mass[tuple(at)]:.6g} for 'mass' of pair {at[0]}, body {at[1]}",
            expected="masses above zero",
            then="correct it, or leave that pair out",
        )


def _arrays(pairs: StatePairs) -> dict[str, np.ndarray]:
    names = ("position", "velocity", "end", "stretch")
    return {name: np.asarray(getattr(pairs, name)) for name in names} | dict(pairs.attributes)
