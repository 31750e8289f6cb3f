"""Whether velocities and positions tell of the same motion."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError, wrong_input
from forcelaw.particles.kinematics.settings import KINEMATICS, KinematicsSettings


class _Follows(NamedTuple):
    """How changes of position go with integrated velocities."""

    likeness: Float[np.ndarray, "axis axis"]
    """Uncentred correlation of the change along one axis with the velocity along another."""
    centred: Float[np.ndarray, "axis axis"]
    ratio: Float[np.ndarray, " axis"]
    """Size of the change over size of the integrated velocity."""
    independent: float
    """Number of changes that share no frame with each other."""


def check_agreement(
    position: Float[np.ndarray, "trajectory time body dim"],
    velocity: Float[np.ndarray, "trajectory time body dim"],
    time: Float[np.ndarray, " time"],
    bodies: Sequence[str],
    place: str,
    *,
    snapshots: bool,
    settings: KinematicsSettings = KINEMATICS,
) -> list[str]:
    """Compares changes of position with the integral of velocity, over short and long spans.

    `snapshots`: accelerations are known, so that states need not follow each other in time.

    The span of frames over which both agree best is looked at: noise in positions hides short
    ones. What agrees poorly over all of them gets a note: frames may be too coarse.

    **Raises** `InputError` where both are clearly proportional, but not equal (another unit, or
    momenta), or velocities clearly follow another axis.
    """
    several = max(1, settings.agreement.numbers // position[0].size)
    x, v = position[:several], velocity[:several]
    integral = _integral(v, time)
    moves = bool(np.any(x != x[:, :1]))
    if moves != np.any(v):
        words = (
            "velocities that are 0 throughout, while positions change"
            if moves
            else "velocities that are not 0, while positions never change"
        )
        if snapshots:
            return [f"{words}: forces that depend on them cannot be told"]
        raise _contradiction(
            place, words, "check the columns, or leave velocities out: they are then estimated"
        )
    if not moves or x[:, 1:, :, 0].size < settings.agreement.least_steps:
        return []
    spans = _spans(len(time))
    found = [_follows(x, integral, span, settings) for span in spans]
    best = max(range(len(spans)), key=lambda k: np.abs(np.diag(found[k].likeness)).min())
    clear = np.abs(np.diag(found[best].likeness)) >= settings.agreement.clear
    if clear.all():
        _check_factor(found[best], place, settings)
        return []
    _check_swapped(found, place, settings)
    _check_momenta(x, integral, spans, bodies, place, settings)
    worst = float(np.abs(np.diag(found[best].likeness)).min())
    if worst >= settings.agreement.poor:
        return []
    return [
        "velocities and changes of position have little to do with each other (correlation "
        f"{worst:.2f}): snapshots may be too far apart, or the columns are of different motions"
    ]


def _contradiction(place: str, found: str, then: str) -> InputError:
    return wrong_input(
        place, found=found, expected="velocities that are the change of position", then=then
    )


def _check_factor(found: _Follows, place: str, settings: KinematicsSettings) -> None:
    likeness = np.diag(found.likeness)
    # Noise in either array makes one of these too small and the other too large.
    low, high = found.ratio * np.abs(likeness), found.ratio / np.abs(likeness)
    chance = settings.significance * np.sqrt(np.maximum(1 / likeness**2 - 1, 0) / found.independent)
    off = (
        (low > 1 + settings.agreement.off + chance)
        | (high < 1 - settings.agreement.off - chance)
        | (likeness < 0)
    )
    if not off.any():
        return
    factors = np.sign(likeness) / found.ratio
    same = np.ptp(factors) <= settings.agreement.off * np.abs(factors).max()
    axis = int(np.flatnonzero(off)[0])
    which = "velocities" if same else f"velocities along {'xyz'[axis]}"
    factor = float(np.median(factors) if same else factors[axis])
    if factor < 0 and abs(factor + 1) < settings.agreement.off:
        raise _contradiction(
            place,
            f"{which} of the opposite sign of the change of position",
            "change their sign, or leave velocities out: they are then estimated",
        )
    raise _contradiction(
        place,
        f"{which} {_round(factor)} times the change of position",
        "bring position, velocity and time to the same units, or leave velocities out: they are "
        "then estimated",
    )


def _round(factor: float) -> str:
    """Three digits, or fewer where these are enough."""
    short = next(
        (f"{factor:.{d}g}" for d in (1, 2) if abs(float(f"{factor:.{d}g}") / factor - 1) < 0.005),
        f"{factor:.3g}",
    )
    return f"{float(short):g}"


def _check_swapped(found: list[_Follows], place: str, settings: KinematicsSettings) -> None:
    dim = len(found[0].ratio)
    for one in found:
        for order in itertools.permutations(range(dim)):
            moved = [axis for axis in range(dim) if order[axis] != axis]
            follows = np.abs(one.centred[range(dim), order])
            own = np.abs(one.centred[moved, moved])
            if (
                moved
                and (follows >= settings.agreement.clear).all()
                and (own < follows[moved] - (1 - settings.agreement.clear)).all()
            ):
                words = " and ".join(
                    f"the velocity along {'xyz'[order[axis]]} follows the position along "
                    f"{'xyz'[axis]}"
                    for axis in moved
                )
                raise _contradiction(place, f"swapped columns ({words})", "swap them")


def _check_momenta(
    x: Float[np.ndarray, "trajectory time body dim"],
    integral: Float[np.ndarray, "trajectory time body dim"],
    spans: list[int],
    bodies: Sequence[str],
    place: str,
    settings: KinematicsSettings,
) -> None:
    """Velocities of every body in a unit of its own, such as momenta."""
    for span in (span for span in spans if x.shape[1] - span >= settings.agreement.least_steps):
        change, moved = (part[:, span:] - part[:, :-span] for part in (x, integral))
        product = np.sum(change * moved, axis=(1, 3)).ravel()
        sizes = [np.sum(part**2, axis=(1, 3)).ravel() for part in (change, moved)]
        if min(size.min() for size in sizes) <= 0:
            continue
        likeness = product / np.sqrt(sizes[0] * sizes[1])
        if likeness.min() < settings.agreement.clear:
            continue
        factors = np.sqrt(sizes[1] / sizes[0])
        off = np.abs(np.log(factors))
        odd = int(np.argmax(off))
        if off[odd] < settings.agreement.off or np.ptp(np.log(factors)) < settings.agreement.off:
            continue
        raise _contradiction(
            place,
            f"velocities of body {bodies[odd % len(bodies)]!r} in trajectory "
            f"{odd // len(bodies)} {_round(float(factors[odd]))} times the change of its position, "
            f"of others {_round(float(np.median(factors)))} times",
            "divide by the masses if these are momenta, or leave velocities out: they are then "
            "estimated",
        )


def _spans(frames: int) -> list[int]:
    """1, 2, 4, ... frames, and from the first to the last."""
    return sorted({*(2**k for k in range(20) if 2**k < frames), frames - 1})


def _integral(
    velocity: Float[np.ndarray, "trajectory time body dim"], time: Float[np.ndarray, " time"]
) -> Float[np.ndarray, "trajectory time body dim"]:
    """Of splines through the velocities, since the start: exact to fourth order."""
    from scipy.interpolate import CubicSpline

    since = time - time[0]
    return np.asarray(CubicSpline(since, velocity, axis=1).antiderivative()(since))


def _follows(
    x: Float[np.ndarray, "trajectory time body dim"],
    integral: Float[np.ndarray, "trajectory time body dim"],
    span: int,
    settings: KinematicsSettings,
) -> _Follows:
    dim = x.shape[3]
    change, moved = ((p[:, span:] - p[:, :-span]).reshape(-1, dim) for p in (x, integral))
    sizes = [np.sqrt(np.mean(part**2, axis=0)) for part in (change, moved)]
    with np.errstate(divide="ignore", invalid="ignore"):
        likeness = change.T @ moved / len(change) / np.outer(*sizes)
        ratio = sizes[0] / sizes[1]
        spread = [part - part.mean(axis=0) for part in (change, moved)]
        widths = [np.sqrt(np.mean(part**2, axis=0)) for part in spread]
        centred = spread[0].T @ spread[1] / len(change) / np.outer(*widths)
    # An axis along which nothing moves tells nothing, and contradicts nothing.
    small = [size <= settings.agreement.still * size.max() for size in sizes]
    still = small[0] & small[1]
    likeness[still, still] = 1.0
    ratio[still] = 1.0
    independent = max(len(change) / min(span, x.shape[1] - span), 1)
    return _Follows(np.nan_to_num(likeness), np.nan_to_num(centred), ratio, independent)
