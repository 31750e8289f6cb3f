"""Constants of a formula from the motion between frames, where accelerations were not measured.

Differences of coarse frames are poor accelerations, and what is fitted to them is off by as much.
Where positions and velocities were measured, and exactly, each frame leads to the next by the law
itself: shooting over one interval, its start known. Where positions alone were, two frames tell the
velocity, and lead to the third.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from forcelaw.distill import simplify_formula
from forcelaw.laws import Formula, numbers, short_name, with_numbers, writer
from forcelaw.numerics import nearby_round_numbers
from forcelaw.particles.data import Trajectories
from forcelaw.particles.preparation import median_size
from forcelaw.particles.refinement.constants import round_each
from forcelaw.particles.refinement.settings import REFINEMENT, RefinementSettings


def fit_between_frames(
    formula: Formula,
    train: Trajectories,
    check: Trajectories,
    *,
    seed: int = 0,
    settings: RefinementSettings = REFINEMENT,
) -> Formula:
    """The formula with constants that lead best from frame to frame, round where these allow it.

    It stays what it is where accelerations were measured, or with noise, and where the motion of
    the other part, `check`, is met no better.
    """
    start = numbers(formula)
    if train.receivers is not None:
        # All bodies move together, and receivers alone are looked at.
        return formula
    if not len(start) or not _given(train, "position") or _given(train, "acceleration"):
        return formula
    learned, held_out = (
        _Intervals.of(part, formula, start, seed, settings) for part in (train, check)
    )
    if learned is None or held_out is None:
        return formula
    alone = not _given(train, "velocity")
    if alone and held_out.error(start) > settings.flow.quiet:
        # Noise is in the way, or the formula is another one.
        return formula
    fitted = _fitted(learned, start)
    share = settings.flow.clearly if alone and train.measured else 1.0
    limit = min(share * held_out.error(start), settings.flow.quiet)
    if not held_out.error(fitted) <= limit:
        return formula
    return simplify_formula(with_numbers(formula, _rounded(held_out, fitted)))


def _given(data: Trajectories, name: str) -> bool:
    return name not in data.estimated or name in data.measured


@dataclass(frozen=True, eq=False)
class _Intervals:
    """Frames and those that follow, and what takes one to the other."""

    flow: Callable[[np.ndarray, int, int], tuple[np.ndarray, np.ndarray]]
    """From constants and numbers of steps and of corrections to positions and velocities."""
    position: Float[np.ndarray, "interval body dim"]
    """Where the intervals end."""
    velocity: Float[np.ndarray, "interval body dim"]
    scale: Float[np.ndarray, "interval body 1"]
    """What forces do to velocities, plus what they typically do."""
    span: Float[np.ndarray, "interval 1 1"]
    only_positions: bool
    steps: int
    """Of integration over each."""
    corrections: int
    """Of velocities that positions tell."""
    settings: RefinementSettings

    @classmethod
    def of(
        cls,
        data: Trajectories,
        formula: Formula,
        start: np.ndarray,
        seed: int,
        settings: RefinementSettings,
    ) -> _Intervals | None:
        """Some intervals of the data that can be followed; None where hardly any can."""
        known, how = _given(data, "velocity"), settings.flow
        starts, most = data.n_times - (1 if known else 2), how.intervals // (1 if known else 2)
        most = min(most, max(how.least, how.motions // data.n_bodies))
        total = data.n_trajectories * max(starts, 0)
        if not total:
            return None
        drawn = np.random.default_rng(seed).permutation(total)[:most]
        found = cls._at(data, formula, *np.divmod(np.sort(drawn), starts), settings)
        with np.errstate(all="ignore"):
            fine, rough = found.left(start), found._halved.left(start)
            good = np.abs(fine - rough).reshape(len(drawn), -1).max(axis=1) < how.followed
        if good.sum() < how.used * len(drawn) or good.sum() <= len(start):
            return None
        used = cls._at(data, formula, *np.divmod(np.sort(drawn)[good], starts), settings)
        return used._quicker(start)

    def _quicker(self, start: np.ndarray) -> _Intervals:
        """With half as many steps or corrections, and again, while that leads to the same ends."""
        for name in ("steps", "corrections"):
            if getattr(self, name) >= 2:
                fewer = replace(self, **{name: getattr(self, name) // 2})
                if self._is_as_good(fewer, start):
                    return fewer._quicker(start)
        return self

    def _is_as_good(self, fewer: _Intervals, start: np.ndarray) -> bool:
        how = self.settings.flow
        with np.errstate(all="ignore"):
            apart = np.sort(np.abs(fewer.left(start) - self.left(start)))
        return bool(apart[int(how.counted * (len(apart) - 1))] < how.same)

    @classmethod
    def _at(
        cls,
        data: Trajectories,
        formula: Formula,
        row: np.ndarray,
        frame: np.ndarray,
        settings: RefinementSettings,
    ) -> _Intervals:
        span = (data.time[frame + 1] - data.time[frame])[:, None, None]
        x = data.measured.get("position", data.position)
        v = data.measured.get("velocity", data.velocity)
        before, after = (x[row, frame], v[row, frame]), (x[row, frame + 1], v[row, frame + 1])
        attributes = {name: value[row] for name, value in data.attributes.items()}
        kick = np.linalg.norm(after[1] - before[1], axis=-1, keepdims=True)
        accelerate = _acceleration(formula, attributes, data)
        how_fine = settings.flow.steps, settings.flow.corrections
        size = kick + median_size(kick)
        if _given(data, "velocity"):
            through = _runge_kutta(accelerate, *before, span)
            flow = lambda known, steps, _: through(known, steps)  # noqa: E731
            return cls(flow, *after, size, span, False, *how_fine, settings)
        # Forces act twice as long.
        later = data.time[frame + 2][:, None, None] - data.time[frame + 1][:, None, None]
        flow = _through_two(accelerate, *before, after[0], (span, later))
        end = x[row, frame + 2], v[row, frame + 2]
        return cls(flow, *end, size, span + later, True, *how_fine, settings)

    @property
    def _halved(self) -> _Intervals:
        return replace(self, steps=self.steps // 2, corrections=self.corrections // 2)

    def left(self, constants: np.ndarray) -> Float[np.ndarray, " number"]:
        """What is missed at the ends, over what forces do there."""
        position, velocity = self.flow(constants, self.steps, self.corrections)
        missed = (velocity - self.velocity) / self.scale
        shift = (position - self.position) / (self.scale * self.span / 2)
        both = shift.ravel() if self.only_positions else np.stack([missed, shift], axis=1).ravel()
        return np.nan_to_num(both, nan=1e6, posinf=1e6, neginf=-1e6)

    def error(self, constants: np.ndarray) -> float:
        """The mean absolute error, but for the largest few."""
        with np.errstate(all="ignore"):
            sizes = np.sort(np.abs(self.left(constants)))
        return float(np.mean(sizes[: int(self.settings.flow.counted * len(sizes)) + 1]))


def _acceleration(
    formula: Formula, attributes: dict[str, np.ndarray], data: Trajectories
) -> Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """Accelerations from constants, in double precision, positions and velocities.

    It is called thousands of times: all that stays the same is made once.
    """
    written, graph, dim = writer(formula), data.graph, data.dim
    sender, receiver = np.asarray(graph.sender), np.asarray(graph.receiver)
    pair_at, *one_body_at = (part.at for part in (formula.pair, *formula.one_body))
    ends = {
        f"{short_name(name)}_{end}": value[:, bodies]
        for name, value in attributes.items()
        for end, bodies in (("i", receiver), ("j", sender))
    }
    own = {short_name(name): value for name, value in attributes.items()}
    mass = attributes.get("mass", np.ones(1))[..., None]
    # Edges of a complete graph are sorted by receiver.
    sums = None if graph.complete else (receiver == np.arange(data.n_bodies)[:, None]).astype(float)

    def accelerate(constants: np.ndarray, x: np.ndarray, v: np.ndarray) -> np.ndarray:
        apart = x[:, sender] - x[:, receiver]
        length = np.sqrt(np.einsum("sed,sed->se", apart, apart))
        pair, *one_body = written(constants)
        pull = pair_at({"r": length, **ends}, pair) / np.where(length > 0, length, 1)
        if sums is None:
            each = (*x.shape[:2], -1)
            force = np.einsum("sbk,sbkd->sbd", pull.reshape(each), apart.reshape(*each, dim))
        else:
            force = sums @ (pull[..., None] * apart)
        if one_body:
            state = {"speed": np.linalg.norm(v, axis=-1), **own}
            for k, letter in zip(range(dim), "xyz", strict=False):
                state |= {letter: x[..., k], f"v{letter}": v[..., k]}
            for axis in range(dim):
                part = axis if len(one_body) > 1 else 0
                force[..., axis] += one_body_at[part](state | {"v": v[..., axis]}, one_body[part])
        return force / mass

    return accelerate


def _runge_kutta(
    accelerate: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    position: np.ndarray,
    velocity: np.ndarray,
    span: np.ndarray,
) -> Callable[[np.ndarray, int], tuple[np.ndarray, np.ndarray]]:
    """The motion over a span of time by the classical method of fourth order."""

    def flow(constants: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
        x, v, h = position, velocity, span / steps
        for _ in range(steps):
            a = accelerate(constants, x, v)
            v2 = v + h / 2 * a
            a2 = accelerate(constants, x + h / 2 * v, v2)
            v3 = v + h / 2 * a2
            a3 = accelerate(constants, x + h / 2 * v2, v3)
            v4 = v + h * a3
            a4 = accelerate(constants, x + h * v3, v4)
            x = x + h / 6 * (v + 2 * v2 + 2 * v3 + v4)
            v = v + h / 6 * (a + 2 * a2 + 2 * a3 + a4)
        return x, v

    return flow


def _through_two(
    accelerate: Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray],
    position: np.ndarray,
    velocity: np.ndarray,
    middle: np.ndarray,
    spans: tuple[np.ndarray, np.ndarray],
) -> Callable[[np.ndarray, int, int], tuple[np.ndarray, np.ndarray]]:
    """The motion through two known positions, and on over a second span of time.

    The velocity at the first is corrected, from an estimate, until the motion meets the second: by
    what it misses over the time, which is Newton's step but for what forces change within a frame.
    """

    def flow(constants: np.ndarray, steps: int, corrections: int) -> tuple[np.ndarray, np.ndarray]:
        start = velocity
        for _ in range(max(1, corrections)):
            met, _ = _runge_kutta(accelerate, position, start, spans[0])(constants, steps)
            start = start + (middle - met) / spans[0]
        _, there = _runge_kutta(accelerate, position, start, spans[0])(constants, steps)
        return _runge_kutta(accelerate, middle, there, spans[1])(constants, steps)

    return flow


def _fitted(intervals: _Intervals, start: np.ndarray) -> np.ndarray:
    """The constants that miss least; what is missed by far counts less."""
    from scipy.optimize import least_squares

    found, settings = start, intervals.settings
    for _ in range(2):
        with np.errstate(all="ignore"):
            usual = float(np.median(np.abs(intervals.left(found))))
            fit = least_squares(
                intervals.left,
                found,
                loss="soft_l1",
                f_scale=max(settings.flow.outlier * usual, settings.rounding.exact),
                x_scale="jac",
                max_nfev=settings.flow.evaluations,
            )
        if not np.isfinite(fit.x).all():
            return found
        found = fit.x
    return found


def _rounded(intervals: _Intervals, values: np.ndarray) -> np.ndarray:
    """Halves and short decimals in place of constants near them, where the motion allows it."""
    how = intervals.settings.rounding

    def options(value: float) -> list[float]:
        return nearby_round_numbers(
            value, reach=how.near * abs(value), denominators=how.denominators, digits=how.digits
        )

    return round_each(values, options, intervals.error, passes=2, settings=intervals.settings)
