"""Constants of a formula from noisy positions: rollouts with free initial states."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, numbers, with_numbers
from forcelaw.numerics import solve_normal_equations, solve_with_ridge
from forcelaw.particles.equations import Windows
from forcelaw.particles.refinement.linearised_motion import Tangent, linearise
from forcelaw.particles.refinement.settings import (
    REFINEMENT,
    RefinementSettings,
    ShootingSettings,
)


class Shot(NamedTuple):
    """A formula fitted to positions."""

    formula: Formula
    deviation: Float[np.ndarray, " constant"]
    """Standard errors of the constants, between trajectories."""
    error: Float[np.ndarray, " trajectory"]
    """Mean square residual of every trajectory with usable bodies, in units of the noise, under
    constants that were fitted to others."""
    hessian: Float[np.ndarray, "constant constant"]
    """What a change of the constants adds to the sum of squares, initial states at their best."""

    @property
    def residual(self) -> float:
        """Root mean square residual of held-out positions, in units of the noise."""
        return float(np.sqrt(np.mean(self.error)))


def shoot(
    formula: Formula,
    windows: Windows,
    *,
    rounds: int | None = None,
    settings: RefinementSettings = REFINEMENT,
) -> Shot:
    """The constants, and initial states of all windows, that suit the measured positions best.

    Gauss-Newton steps on all of them together, along motions that satisfy the linearised law
    exactly: motions start from the smoothed positions, not from a rollout that may go astray.
    Bodies that are not usable move as they were estimated to, and bodies that no motion suits
    count less. Cross-validation takes one more such step without a fifth of the trajectories.

    A formula that cannot be followed at all has infinite errors.

    **Arguments:** `windows` with nodes at all frames; `rounds` of steps of the constants, those
    of the settings unless given: with 0 they stay, and only the motion is fitted.

    Bock, Recent advances in parameter identification techniques for ODE (1983), for multiple
    shooting; Bellman and Kalaba, Quasilinearization (1965).
    """
    with np.errstate(all="ignore"):
        try:
            most = settings.shooting.rounds if rounds is None else rounds
            shot = _shoot(formula, windows, most, settings)
            if np.isfinite(shot.error).all() and np.isfinite(shot.hessian).all():
                return shot
        except np.linalg.LinAlgError:
            pass
    count = len(numbers(formula))
    lost = np.full(_units(windows, settings.shooting.few), np.inf)
    return Shot(formula, np.full(count, np.inf), lost, np.eye(count))


def _shoot(formula: Formula, windows: Windows, rounds: int, settings: RefinementSettings) -> Shot:
    """See `shoot`."""
    path, how = windows.position, settings.shooting

    def equations_of(formula: Formula, path: np.ndarray) -> _Equations:
        return _Equations.of(linearise(formula, windows, path, settings=settings), windows, how)

    best: tuple[float, Formula, _Equations] | None = None
    for _ in range(how.motion_rounds - bool(rounds)):
        path = equations_of(formula, path).path()
    for _ in range(rounds):
        equations = equations_of(formula, path)
        if best is None or equations.cost < best[0]:
            best = equations.cost, formula, equations
        step = equations.step()
        formula, size = _moved(formula, step, how.bold)
        path = equations.path(size * step)
        if not step.size or np.all(np.abs(step) < how.settled * equations.deviation()):
            break
    equations = equations_of(formula, path)
    if best is not None and best[0] < equations.cost:
        _, formula, equations = best
    return Shot(
        formula, equations.deviation(), equations.held_out(how.folds), equations.hessian.sum(axis=0)
    )


def _moved(
    formula: Formula, step: Float[np.ndarray, " constant"], bold: float
) -> tuple[Formula, float]:
    """The formula with other constants, no farther than is safe, and the share of the step."""
    if not step.size:
        return formula, 0.0
    values = numbers(formula)
    far = float(np.max(np.abs(step) / (np.abs(values) + 1e-3)))
    size = min(1.0, bold / far) if far > 0 else 1.0
    return with_numbers(formula, values + size * step), size


def _units(windows: Windows, few: int) -> int:
    """How many trajectories have usable bodies; windows, where trajectories are few."""
    usable = windows.usable.sum(axis=2)
    if windows.usable.shape[0] >= few:
        usable = usable.sum(axis=1)
    return int(np.count_nonzero(usable))


class _Equations:
    """Normal equations of every trajectory, its initial states eliminated."""

    def __init__(self, moved, states, hessian, gradient, square, counts) -> None:
        self.moved, self.states = moved, states
        self.hessian, self.gradient, self.square, self.counts = hessian, gradient, square, counts

    @classmethod
    def of(cls, moved: Tangent, windows: Windows, how: ShootingSettings) -> _Equations:
        """From the motion as a linear function of initial states and constants."""
        trajectories, count, _, bodies, dim = windows.position.shape
        usable = np.repeat(windows.usable.reshape(-1, bodies), dim, axis=1)
        left, initial, constants = _compared(moved, windows)
        left = left * usable[:, None]
        initial, constants = (part * usable[:, None, :, None] for part in (initial, constants))
        frames = left.shape[1]
        # The best initial states with the constants as they are say which bodies fit.
        flat = left.reshape(len(left), -1)
        columns = initial.reshape(len(left), frames * bodies * dim, -1)
        states = _solved(columns, flat, how.ridge)
        rest = (flat - (columns @ states[..., None])[..., 0]).reshape(left.shape)
        fit = np.sqrt((rest**2).reshape(len(left), frames, bodies, dim).mean(axis=(1, 3)))
        weight = np.sqrt(np.minimum(1, how.usual / np.maximum(fit, 1e-12)))
        weight = np.repeat(weight, dim, axis=1)[:, None]
        flat = (left * weight).reshape(len(left), -1)
        columns = (initial * weight[..., None]).reshape(columns.shape)
        slopes = (constants * weight[..., None]).reshape(len(left), columns.shape[1], -1)
        # What initial states explain is taken out of residuals and slopes.
        both = np.concatenate([flat[..., None], slopes], axis=2)
        solved = _solved(columns, both, how.ridge)
        both = both - columns @ solved
        gram = both.swapaxes(1, 2) @ both
        used = windows.usable.reshape(-1, bodies).sum(axis=1)
        if trajectories >= how.few:
            gram = gram.reshape(trajectories, count, *gram.shape[1:]).sum(axis=1)
            used = used.reshape(trajectories, count).sum(axis=1)
        degrees = used * dim * (frames - 2)
        return cls(
            (moved, windows),
            solved,
            gram[:, 1:, 1:],
            gram[:, 0, 1:],
            gram[:, 0, 0],
            degrees,
        )

    @property
    def cost(self) -> float:
        """The weighted sum of squares."""
        return float(self.square.sum())

    def step(self) -> Float[np.ndarray, " constant"]:
        """How far the best constants are."""
        return solve_normal_equations(self.hessian.sum(axis=0), self.gradient.sum(axis=0))

    def deviation(self) -> Float[np.ndarray, " constant"]:
        """Standard errors of the constants from how trajectories differ (White 1980)."""
        if not self.gradient.shape[1]:
            return np.zeros(0)
        inverse = np.linalg.pinv(self.hessian.sum(axis=0))
        pulls = self.gradient - np.einsum("tpq,q->tp", self.hessian, self.step())
        return np.sqrt(np.maximum(np.diag(inverse @ (pulls.T @ pulls) @ inverse), 0))

    def path(
        self, step: Float[np.ndarray, " constant"] | None = None
    ) -> Float[np.ndarray, "trajectory window frame body dim"]:
        """The motion after a step of the constants, initial states at their best."""
        moved, windows = self.moved
        if step is None:
            step = np.zeros(self.gradient.shape[1])
        states = self.states[..., 0] - self.states[..., 1:] @ step
        base, initial, slope = moved.position
        new = base + (initial @ states[:, None, :, None])[..., 0] + slope @ step
        new = new.reshape(windows.position.shape)
        good = windows.usable[:, :, None, :, None] & np.isfinite(new)
        return np.where(good, new, windows.position)

    def held_out(self, folds: int) -> Float[np.ndarray, " trajectory"]:
        """Mean squares under constants that were fitted to the other folds."""
        total, pull = self.hessian.sum(axis=0), self.gradient.sum(axis=0)
        found = self.square.copy()
        for fold in range(min(folds, len(found))):
            rows = np.arange(fold, len(found), folds)
            others = total - self.hessian[rows].sum(axis=0), pull - self.gradient[rows].sum(axis=0)
            step = solve_normal_equations(*others)
            found[rows] -= 2 * self.gradient[rows] @ step
            found[rows] += np.einsum("p,tpq,q->t", step, self.hessian[rows], step)
        known = self.counts > 0
        return found[known] / self.counts[known]


def _compared(moved: Tangent, windows: Windows) -> list[np.ndarray]:
    """What was measured minus the motion, and its slopes, one kind after the other, in noises."""
    parts = []
    for name, raw in windows.measured.items():
        base, *slopes = getattr(moved, name)
        size = np.repeat(windows.noise[name], windows.position.shape[1])[:, None, None]
        # Velocities are not known at the first and the last frame.
        inner = slice(1, -1) if name == "velocity" else slice(None)
        seen = raw.reshape(len(base), -1, base.shape[2])[:, inner]
        parts.append([(seen - base) / size, *(slope / size[..., None] for slope in slopes)])
    return [np.concatenate(kind, axis=1) for kind in zip(*parts, strict=True)]


def _solved(columns: np.ndarray, goal: np.ndarray, ridge: float) -> np.ndarray:
    """Least squares of every window; columns that say nothing get nothing."""
    turned = columns.swapaxes(1, 2)
    gram = turned @ columns
    size = np.einsum("wcc->wc", gram)
    trace = ridge * size + 1e-12 * size.max(axis=1, keepdims=True) + 1e-300
    if goal.ndim == 2:
        return solve_with_ridge(gram, (turned @ goal[..., None])[..., 0], trace)
    return solve_with_ridge(gram, turned @ goal, trace)
