"""The forces of a found law on all bodies of one snapshot, and their potential energy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float
from scipy.integrate import cumulative_simpson
from scipy.interpolate import CubicSpline

from forcelaw.particles.data import Recording
from forcelaw.particles.kernels import BodyStates, along_edges, find_pairs
from forcelaw.particles.kernels.neighbour_pairs import Pairs
from forcelaw.particles.kernels.pair_terms import PairGeometry, point
from forcelaw.particles.matter.force_law import ForceLaw, Measured, PairForce
from forcelaw.particles.matter.rollouts.starts import Start
from forcelaw.particles.shaped_terms import Surroundings, TripleTerm

_STILL = 3
"""Snapshots that a recording has at least."""
_POINTS = 4001
"""Of tables of potential energies: Simpson's rule and cubic splines between them."""

_LARGEST = 1e100
"""Force whose energy over any distance double precision still holds."""


class Forces:
    """What acts on the bodies of a start, wherever they are.

    **Attributes:** `noise` the standard deviation that chance adds to each body in a unit of time,
    and `turning_noise` what it adds to headings.
    """

    def __init__(self, law: ForceLaw, start: Start) -> None:
        count = len(start.position)
        self.law, self.start = law, start
        self.cutoff = max(
            [force.reach for force in law.pairs]
            + [one.term.reach for one in law.shaped if isinstance(one.term, TripleTerm)],
            default=0.0,
        )
        self.mass = start.attributes.get("mass", np.ones(count))
        self._box = Recording(
            np.repeat(start.position[None], _STILL, axis=0),
            np.arange(float(_STILL)),
            np.ones((_STILL, count), bool),
            cell=start.cell,
            edges=start.edges,
        )
        self._known = np.ones((1, count), bool)
        self._species = np.array(start.species or ("",) * count)
        self.noise = self._each(law.diffusions)
        self.turning_noise = self._each(law.rotational_diffusions)

    def accelerations(
        self,
        position: Float[np.ndarray, "body dim"],
        velocity: Float[np.ndarray, "body dim"],
        heading: Float[np.ndarray, " body"] | None = None,
        time: float = 0.0,
    ) -> Float[np.ndarray, "body dim"]:
        """Over the masses; in first order the velocities."""
        states = BodyStates(position, velocity, self.start.attributes, heading, time)
        return self._sum(states, turns=False) / self.mass[:, None]

    def turning_rates(
        self,
        position: Float[np.ndarray, "body dim"],
        velocity: Float[np.ndarray, "body dim"],
        heading: Float[np.ndarray, " body"],
    ) -> Float[np.ndarray, " body"]:
        """How fast headings turn."""
        states = BodyStates(position, velocity, self.start.attributes, heading)
        return self._sum(states, turns=True)[:, 0]

    def _sum(self, states: BodyStates, *, turns: bool) -> Float[np.ndarray, "body component"]:
        """Of all terms that act on places, or of all that turn headings."""
        position = states.position
        total = np.zeros((len(position), 1 if turns else position.shape[1]))
        acting = [force for force in self.law.pairs if force.term.turns == turns]
        if acting:
            pairs = self._pairs(position)
            geometry = _geometry(pairs, states.velocity, states.heading)
            for force in acting:
                chosen = self._of(force, pairs)
                size = force.at(pairs.length[chosen]) * self._coupling(force, pairs)[chosen]
                vectors = size[:, None] * force.term.vectors(geometry)[chosen]
                for axis in range(total.shape[1]):
                    total[:, axis] += np.bincount(
                        pairs.receiver[chosen], vectors[:, axis], minlength=len(position)
                    )
        for one in () if turns else self.law.shaped:
            around = Surroundings(position[None], *self._pairs(position))
            own = self._is(one.receiver)[:, None]
            total += one.factor.value * one.term.vectors(around)[0] * own
        for one in self.law.one_body:
            if one.term.turns == turns:
                own = self._is(one.receiver)
                vectors = one.term.vectors(states)
                total += one.factor.value * vectors * own[:, None]
        return total

    def linear_friction(self) -> Float[np.ndarray, " body"]:
        """The rate at which each body's velocity fades, of the term `v` alone."""
        rate = np.zeros(len(self.mass))
        for one in self.law.one_body:
            if one.term.kind == "velocity":
                own = self._is(one.receiver)
                if one.term.attribute:
                    own = own * self.start.attributes[one.term.attribute]
                rate -= one.factor.value * own
        return rate / self.mass

    def potential_energies(
        self, frames: Float[np.ndarray, "frame body dim"]
    ) -> Float[np.ndarray, " frame"] | None:
        """Of every frame; None where the law has none.

        Forces along the line alone, each equal to its reverse; on single bodies fields and springs,
        in open space.
        """
        if not self._has_potential():
            return None
        found = [self._pairs(frame) for frame in frames]
        shortest = min((pairs.length.min(initial=np.inf) for pairs in found), default=np.inf)
        energies = np.zeros(len(frames))
        for force in self.law.pairs:
            table = _potential(force, float(shortest))
            if table is None:
                return None
            for k, pairs in enumerate(found):
                chosen = self._of(force, pairs)
                weight = self._coupling(force, pairs)[chosen]
                energies[k] += 0.5 * (weight * table(pairs.length[chosen])).sum()
        for one in self.law.shaped:
            each = [
                one.term.energies(Surroundings(frame[None], *pairs))[0]
                for frame, pairs in zip(frames, found, strict=True)
            ]
            energies += one.factor.value * np.array(each)
        for one in self.law.one_body:
            own = self._is(one.receiver) * one.factor.value
            if one.term.attribute:
                own = own * self.start.attributes[one.term.attribute]
            x = frames[..., one.term.axis]
            if one.term.kind == "constant":
                energies -= x @ own
            elif one.term.kind == "place":
                energies -= 0.5 * x**2 @ own
        return energies

    def _has_potential(self) -> bool:
        if self.law.order == 1 or self.law.is_stochastic:
            return False
        if self.law.shaped and self.law.kinds:
            return False
        fields = [one.term.kind for one in self.law.one_body]
        if any(kind not in ("constant", "place", "turn") for kind in fields):
            return False
        if fields and self.start.cell is not None and any(self.start.cell.periodic):
            return False
        central = all(force.term.key in ("pair", "apart") for force in self.law.pairs)
        return central and all(map(self._reversed, self.law.pairs))

    def _reversed(self, force: PairForce) -> bool:
        """Whether the same force acts the other way."""
        if force.coupling.receiver != force.coupling.sender:
            return False
        grid = np.linspace(0.3, 1, 9) * force.reach
        mine = force.at(grid)
        others = [
            other.at(grid)
            for other in self.law.of_pairs(force.term.key)
            if (other.receiver, other.sender) == (force.sender, force.receiver)
            and (other.coupling, other.bonded) == (force.coupling, force.bonded)
        ]
        return any(np.allclose(mine, other, rtol=0.01) for other in others)

    def _each(self, diffusions: Sequence[Measured | None]) -> Float[np.ndarray, " body"]:
        """Of every body, what chance adds in a unit of time."""
        sizes = np.zeros(len(self._species))
        for kind, one in zip(self.law.kinds or ("",), diffusions, strict=True):
            if one is not None:
                sizes[self._is(kind)] = np.sqrt(2 * one.value)
        return sizes

    def _pairs(self, position: Float[np.ndarray, "body dim"]) -> Pairs:
        return find_pairs(self._box, position[None], self._known, 0, self.cutoff)

    def _is(self, kind: str) -> Bool[np.ndarray, " body"]:
        return self._species == kind if self.law.kinds else np.ones(len(self._species), bool)

    def _of(self, force: PairForce, pairs: Pairs) -> Bool[np.ndarray, " pair"]:
        near = pairs.length <= force.reach
        if force.bonded or force.term.apart:
            along = along_edges(self._box, pairs.receiver, pairs.sender)
            near = near & (along == force.bonded)
        if not self.law.kinds:
            return near
        receiver, sender = self._is(force.receiver), self._is(force.sender)
        return near & receiver[pairs.receiver] & sender[pairs.sender]

    def _coupling(self, force: PairForce, pairs: Pairs) -> Float[np.ndarray, " pair"]:
        ends: Sequence[dict[str, np.ndarray]] = [
            {name: value[end] for name, value in self.start.attributes.items()}
            for end in (pairs.receiver, pairs.sender)
        ]
        return np.broadcast_to(force.coupling.factors(ends[0], ends[1]), pairs.length.shape)


def _geometry(
    pairs: Pairs,
    velocity: Float[np.ndarray, "body dim"],
    heading: Float[np.ndarray, " body"] | None,
) -> PairGeometry:
    direction = pairs.difference / np.maximum(pairs.length, 1e-300)[:, None]
    found = PairGeometry(direction, velocity[pairs.sender] - velocity[pairs.receiver])
    if heading is None:
        return found
    return point(found, heading[pairs.receiver], heading[pairs.sender])


def _potential(force: PairForce, shortest: float) -> CubicSpline | None:
    """The energy of a pair, zero where the force ends; None where it grows beyond all numbers."""
    low = min(shortest, 0.999 * force.reach)
    r = np.geomspace(max(0.999 * low, 1e-9 * force.reach), force.reach, _POINTS)
    size = force.at(r)
    if not np.isfinite(size).all() or np.abs(size).max() > _LARGEST:
        return None
    energy = cumulative_simpson(size, x=r, initial=0)
    return CubicSpline(r, energy - energy[-1])
