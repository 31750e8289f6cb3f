"""A network that was trained on recordings, and what it says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InvalidSetting, suggest
from forcelaw.laws import Expression, Law, Units
from forcelaw.laws.attribute_names import short_name
from forcelaw.laws.networks.kind_embedding import KIND
from forcelaw.particles.data import Recording, Recordings
from forcelaw.particles.kernels import Order
from forcelaw.particles.learning.learned_force import explained, strongest
from forcelaw.particles.networks.arrays import Entries, Windows, on_device
from forcelaw.particles.networks.evaluation import is_mutual
from forcelaw.particles.networks.objective import predict_changes
from forcelaw.particles.networks.pairs import PairSample, pair_forces, pair_messages
from forcelaw.particles.networks.snapshot_forces import values_at
from forcelaw.particles.networks.windows import Moving
from forcelaw.training import Epoch

_BLOCK = 500_000
"""Pairs that are evaluated at a time: some hundred bytes each, without slopes."""
_POINTS = 200
"""Of a curve, evenly."""
_PAIRS = 50_000
"""Pairs whose messages are compared with the true force: they tell R² to ten thousandths."""

Truth = str | Expression | Mapping[tuple[str, str], str | Expression]


@dataclass(frozen=True)
class NetworkCurve:
    """A learned force against distance, attraction positive."""

    r: Float[np.ndarray, " point"]
    force: Float[np.ndarray, " point"]
    """In mass times acceleration; in first order in mass times velocity."""


@dataclass(frozen=True, eq=False, repr=False)
class FittedRecordings:
    """A network trained on recordings; it knows their order, cutoff and kinds."""

    law: Law
    """In the units of the data; in first order its accelerations are velocities."""
    model: str
    order: Order
    cutoff: float
    """The distance up to which bodies act on each other, in the positions' unit."""
    kinds: tuple[str, ...]
    attributes: tuple[str, ...]
    """Names of the constants of bodies that the recordings have."""
    dim: int
    history: tuple[Epoch, ...]
    seconds: float
    units: Units = field(default_factory=Units)
    """Decades of the data, in which the network is evaluated."""
    explained: float = float("nan")
    """R² of changes of velocity, or of position, in parts of the time that were held out for it."""

    def __repr__(self) -> str:
        return (
            f"FittedRecordings({self.model!r}, order {self.order.number}, "
            f"cutoff {self.cutoff:.4g}, explained {self.explained:.4f})"
        )

    def judged_on(self, test: Windows, entries: Entries) -> FittedRecordings:
        """The same with what it explains of some stretches, in its units."""
        step = max(1, _BLOCK // int(np.prod(test.near.shape[1:])))
        law, there = self._scaled, on_device(entries)
        target = np.asarray(test.target)
        residual, middle = 0.0, target[test.valid].mean(axis=0)
        for start in range(0, len(test.valid), step):
            rows = np.minimum(np.arange(start, start + step), len(test.valid) - 1)
            some = test.take(rows)
            windows = on_device(some)
            found = predict_changes(law, windows, there, is_mutual(law))
            kept = (
                np.asarray(some.valid) & (np.arange(start, start + step) < len(test.valid))[:, None]
            )
            left = np.asarray(found, np.float64) - np.asarray(some.target)
            residual += float((left[kept] ** 2).sum())
        total = float(((target[test.valid] - middle) ** 2).sum())
        return dataclasses.replace(self, explained=1 - residual / total if total > 0 else 0.0)

    def values(self, part: Recording, snapshot: int) -> Float[np.ndarray, "body dim"]:
        """Accelerations at one snapshot of a recording, or velocities in first order.

        NaN of bodies that are absent.

        **Raises** `InvalidSetting` for other kinds.
        """
        moving = self.moving(part)
        value = self.values_of(moving, snapshot, moving.velocity[snapshot])
        return np.where(part.present[snapshot][:, None], value, np.nan)

    def moving(self, part: Recording) -> Moving:
        """A recording as the network sees it, with its kinds numbered as in training."""
        moving = Moving.of(Recordings((part,)), part, self.order)
        if not self.kinds:
            return moving
        place = np.array([self._kind(kind) for kind in part.species or ("",)], float)
        return dataclasses.replace(moving, attributes={**moving.attributes, KIND: place})

    def values_of(
        self, moving: Moving, snapshot: int, velocity: Float[np.ndarray, "body dim"]
    ) -> Float[np.ndarray, "body dim"]:
        """The same of bodies with these velocities."""
        units = self.units
        pairs = moving.pairs(snapshot, snapshot + 1, self.cutoff)
        scaled = pairs._replace(
            difference=pairs.difference / units.length, length=pairs.length / units.length
        )
        own = {name: value / units.attribute(name) for name, value in moving.attributes.items()}
        size = units.acceleration if self.order.number == 2 else units.speed
        return size * values_at(self._scaled, scaled, velocity / units.speed, own)

    def curve(self, receiver: str = "", sender: str = "", **attributes: float) -> NetworkCurve:
        """The force of one body on another at rest against their distance, up to the cutoff.

        **Arguments:** the kinds of both where there are several; `attributes` of both (`mass=2.0`),
        1 where not given.

        **Raises** `InvalidSetting` for an unknown kind or attribute.
        """
        unknown = sorted(set(attributes) - set(self.attributes))
        if unknown:
            raise InvalidSetting(
                f"attributes: found {unknown[0]!r}; {suggest(unknown[0], self.attributes)}"
            )
        r = np.linspace(0, self.cutoff, _POINTS + 1)[1:]
        difference = r[:, None] * np.eye(self.dim)[0]
        both = np.ones((2, len(r)))
        known = {name: attributes.get(name, 1.0) * both for name in self.attributes}
        if self.kinds:
            ends = np.array([[self._kind(receiver)], [self._kind(sender)]], float)
            known[KIND] = ends * both
        pairs = PairSample(difference, np.zeros((2, *difference.shape)), known)
        return NetworkCurve(
            r, self.units.force * pair_forces(self._scaled, self._in_units(pairs))[:, 0]
        )

    def message_r2(self, data: Recordings, truth: Truth, *, seed: int = 0) -> float:
        """R² of the affine map from the true force of pairs to what travels between them.

        That are the messages of largest variance, as many as dimensions, or forces where a network
        has no messages (Cranmer et al. 2020, section 4.1). Pairs are drawn among those within the
        cutoff.

        **Arguments:** `truth` a formula in `r`, `m_i`, `m_j`, ..., attraction positive, or one for
        each pair of kinds (receiver, sender).
        """
        pairs, r = self._sample(data, seed)
        messages = pair_messages(self._scaled, self._in_units(pairs))
        if messages is None:
            messages = pair_forces(self._scaled, self._in_units(pairs))
        force = self._true(pairs, r, truth)
        sent = strongest(messages[:, None], self.dim)[:, 0]
        return explained(sent, force[:, None] * pairs.difference / r[:, None])

    @property
    def _scaled(self) -> Law:
        return self.law.rescaled(self.units)

    def _in_units(self, pairs: PairSample) -> PairSample:
        own = {n: value / self.units.attribute(n) for n, value in pairs.attributes.items()}
        return PairSample(
            pairs.difference / self.units.length, pairs.velocity / self.units.speed, own
        )

    def _kind(self, name: str) -> int:
        if name not in self.kinds:
            raise InvalidSetting(f"kind: found {name!r}; {suggest(name, self.kinds)}")
        return self.kinds.index(name)

    def _sample(self, data: Recordings, seed: int) -> tuple[PairSample, Float[np.ndarray, " pair"]]:
        """Pairs of snapshots that are spread over the recordings, and their distances."""
        chance = np.random.default_rng(seed)
        differences, velocities, own, lengths = [], [], [], []
        for part in data:
            moving = self.moving(part)
            for at in np.unique(np.linspace(1, part.n_times - 2, 50).astype(int)).tolist():
                pairs = moving.pairs(at, at + 1, self.cutoff)
                some = min(len(pairs.length), max(1, _PAIRS // (50 * len(data))))
                kept = chance.choice(len(pairs.length), some, replace=False)
                ends = np.stack([pairs.receiver[kept], pairs.sender[kept]])
                differences.append(pairs.difference[kept])
                lengths.append(pairs.length[kept])
                velocities.append(moving.velocity[at][ends])
                own.append({name: value[ends] for name, value in moving.attributes.items()})
        known = {name: np.concatenate([one[name] for one in own], axis=1) for name in own[0]}
        sample = PairSample(np.concatenate(differences), np.concatenate(velocities, axis=1), known)
        return sample, np.concatenate(lengths)

    def _true(
        self, pairs: PairSample, r: Float[np.ndarray, " pair"], truth: Truth
    ) -> Float[np.ndarray, " pair"]:
        known = {"r": r}
        for name in self.attributes:
            for end, value in zip("ij", pairs.attributes[name], strict=True):
                known[f"{short_name(name)}_{end}"] = value
        if not isinstance(truth, Mapping):
            return _written(truth).at(known) * np.ones_like(r)
        force = np.zeros_like(r)
        for (receiver, sender), formula in truth.items():
            ends = np.array([[self._kind(receiver)], [self._kind(sender)]])
            chosen = (pairs.attributes[KIND] == ends).all(axis=0)
            force = np.where(chosen, _written(formula).at(known), force)
        return force


def _written(formula: str | Expression) -> Expression:
    return Expression.parse(formula) if isinstance(formula, str) else formula
