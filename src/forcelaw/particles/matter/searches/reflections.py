"""Hard walls, told by where velocities flip from one snapshot to the next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.particles.data import Recordings
from forcelaw.particles.matter.searches.shape_candidates import list_bounded
from forcelaw.particles.matter.searches.thinned import thin
from forcelaw.particles.shaped_terms import Flight, HardCircle, HardPlane, HardWall, find_struck


@dataclass(frozen=True)
class ReflectionSettings:
    """What decides whether bodies bounce off a wall."""

    rows: int = 300_000
    """Positions that are looked at."""
    window: int = 50
    """Snapshots of one stretch of these."""
    fewest: int = 5
    """Bounces off a plane, at least."""
    around: int = 12
    """Off a circle or a sphere, whose centre is to be found, too."""
    sudden: float = 4.0
    """By how much a change of velocity must be larger than those of the steps beside it."""
    share: float = 0.8
    """Of those that turn where the wall is, who must turn so suddenly."""
    spread: float = 0.05
    """Of a step, within which half of the bounces must be of one place."""
    upright: float = 0.98
    """The cosine between changes of velocity and the line to the centre, typically."""
    rounds: int = 6
    """In which a circle is fitted, each time without what is far from it."""


REFLECTIONS = ReflectionSettings()


def find_hard_walls(
    data: Recordings, *, settings: ReflectionSettings = REFLECTIONS
) -> tuple[HardWall, ...]:
    """Planes across axes along which space does not repeat, else one circle or sphere."""
    some = thin(data, settings.rows, settings.window)
    flights = [_Flights(Flight.of(part)) for part in some if part.n_times > 3]
    bounded = list_bounded(data)
    if not flights or not bounded:
        return ()
    found: list[HardWall] = []
    for axis in bounded:
        for side in (1, -1):
            found += _find_plane(flights, axis, side, settings)
    if not found and 1 < data.dim == len(bounded):
        found += _find_circle(flights, settings)
    return tuple(found)


def describe_walls(data: Recordings, walls: tuple[HardWall, ...]) -> tuple[str, ...]:
    """What was left out, in words."""
    if not walls:
        return ()
    rows = [(find_struck(part, walls), part.present) for part in data]
    share = sum(int((a & b).sum()) for a, b in rows) / max(sum(int(b.sum()) for _, b in rows), 1)
    where = "; ".join(wall.text() for wall in walls)
    return (
        f"bodies bounce off hard walls ({where}): no force tells what is around a bounce, "
        f"{share:.1%} of the motion, which was left out",
    )


class _Flights:
    """Steps of a recording, and how sudden the change in each is."""

    def __init__(self, flight: Flight) -> None:
        self.flight = flight
        size = np.nan_to_num(np.linalg.norm(flight.jump, axis=-1))
        # Velocities from places see a bounce in the steps beside it, too, and less of it.
        recorded = np.isfinite(flight.before[0]).any()
        self.beside = np.minimum(*_shifted(size, 1 if recorded else 2))
        self.size, self.most = size, np.zeros_like(size)
        if not recorded:
            self.most = np.maximum(*_shifted(size, 1))

    def is_sudden(self, settings: ReflectionSettings) -> Bool[np.ndarray, "step body"]:
        """Whether a change is much larger than one of those beside it."""
        return self.size > settings.sudden * self.beside


def _shifted(
    size: Float[np.ndarray, "step body"], by: int
) -> tuple[Float[np.ndarray, "step body"], Float[np.ndarray, "step body"]]:
    """So many steps before, and after; zero where there are none."""
    before, after = np.zeros_like(size), np.zeros_like(size)
    before[by:], after[:-by] = size[:-by], size[by:]
    return before, after


def _find_plane(
    flights: list[_Flights], axis: int, side: int, settings: ReflectionSettings
) -> list[HardWall]:
    """A plane across an axis, where bodies turn suddenly and at one place."""
    outermost = max(float(np.nanmax(side * one.flight.start[..., axis])) for one in flights)
    rough = HardPlane(axis, side, side * outermost)
    places, lengths, turns = [np.zeros(0)], [np.zeros(0)], 0
    for one in flights:
        turned = rough.struck(one.flight)
        sudden = turned & one.is_sudden(settings)
        turns += int(turned.sum())
        places.append(one.flight.impact[sudden][:, axis])
        lengths.append(np.abs(one.flight.before * one.flight.time)[sudden][:, axis])
    place, length = np.concatenate(places), np.concatenate(lengths)
    if len(place) < max(settings.fewest, settings.share * turns):
        return []
    middle = float(np.median(place))
    if np.median(np.abs(place - middle)) > settings.spread * np.median(length):
        return []
    return [HardPlane(axis, side, middle)]


def _find_circle(flights: list[_Flights], settings: ReflectionSettings) -> list[HardWall]:
    """A circle or a sphere on which bodies turn suddenly, straight inwards."""
    chosen = [
        one.is_sudden(settings)
        & (one.size > settings.sudden * np.median(one.size))
        & (one.size >= one.most)
        for one in flights
    ]
    place, turn, step = (
        np.concatenate([part[rows] for part, rows in zip(parts, chosen, strict=True)])
        for parts in (
            [one.flight.impact for one in flights],
            [one.flight.jump for one in flights],
            [one.flight.before * one.flight.time for one in flights],
        )
    )
    for _ in range(settings.rounds):
        if len(place) < settings.around:
            return []
        wall = _fit_circle(place)
        apart = np.abs(wall.depth(place))
        typical = float(np.median(apart))
        kept = apart <= 5 * max(typical, 1e-9 * wall.radius)
        place, turn, step = place[kept], turn[kept], step[kept]
    wall = _fit_circle(place)
    outermost = max(float(np.nanmax(wall.depth(one.flight.start))) for one in flights)
    typical = float(np.median(np.linalg.norm(step, axis=-1)))
    straight = -np.einsum("kd,kd->k", wall.outward(place), turn) / np.linalg.norm(turn, axis=-1)
    narrow = np.median(np.abs(wall.depth(place))) < settings.spread * typical
    upright = np.median(straight) > settings.upright
    if len(place) < settings.around or not (narrow and upright) or outermost > typical:
        return []
    return [wall]


def _fit_circle(place: Float[np.ndarray, "point dim"]) -> HardCircle:
    """By least squares of the squared distance."""
    middle = place.mean(axis=0)
    around = place - middle
    columns = np.concatenate([2 * around, np.ones((len(place), 1))], axis=1)
    found = np.linalg.lstsq(columns, np.square(around).sum(axis=1), rcond=None)[0]
    centre, rest = found[:-1], float(found[-1])
    radius = float(np.sqrt(max(rest + float(centre @ centre), 0)))
    return HardCircle(tuple((centre + middle).tolist()), radius)
