"""The solar system as it moves: Sun, planets, Moon and Pluto from a JPL ephemeris."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float

from forcelaw.errors import InputError, InvalidSetting
from forcelaw.particles.data import Trajectories

_KILOMETRES = 149_597_870.699626200
"""In an astronomical unit, as DE421 counts it."""
_J2000 = 2_451_545.0
"""Julian date of noon on the first of January 2000."""
_BODIES = {
    "sun": (10,),
    "mercury": (1, 199),
    "venus": (2, 299),
    "earth": (3, 399),
    "moon": (3, 301),
    "mars": (4, 499),
    "jupiter": (5,),
    "saturn": (6,),
    "uranus": (7,),
    "neptune": (8,),
    "pluto": (9,),
}
"""Segments from the barycentre of the solar system; planets with their moons where only one."""
_SUN = 2.959122082855911e-4
"""Gravitational parameter of the sun, AU^3 / day^2."""
_EARTH_MOON, _EARTH_TO_MOON = 8.997011408268049e-10, 81.3005690699153
"""The same of earth and moon together, and the ratio of their masses."""
GM = {
    "sun": _SUN,
    "mercury": 4.91254957186794e-11,
    "venus": 7.24345233269844e-10,
    "earth": _EARTH_MOON * _EARTH_TO_MOON / (1 + _EARTH_TO_MOON),
    "moon": _EARTH_MOON / (1 + _EARTH_TO_MOON),
    "mars": 9.54954869562239e-11,
    "jupiter": 2.82534584085505e-7,
    "saturn": 8.45970607330847e-8,
    "uranus": 1.29202482579265e-8,
    "neptune": 1.52435910924974e-8,
    "pluto": 2.17844105199052e-12,
}
"""Published gravitational parameters of DE421, AU^3 / day^2: to check results, never an input.

Folkner, Williams, Boggs, The Planetary and Lunar Ephemeris DE 421, IPN Progress Report 42-178
(2009), table 9.
"""


def solar(
    *,
    years: float = 20.0,
    step: float = 5.0,
    start: float = _J2000,
    bodies: tuple[str, ...] | None = None,
) -> Trajectories:
    """One trajectory of eleven bodies, in astronomical units and days, in double precision.

    Velocities and accelerations are the exact derivatives of the ephemeris's own Chebyshev
    polynomials, not differences. Masses are unknown to it: there are no attributes. Coordinates
    are those of the International Celestial Reference Frame about the barycentre.

    **Arguments:** `years` of 365.25 days; `step` between frames in days; `start` as a Julian day
    (dynamical barycentric time), by default the first of January 2000; `bodies` some of `sun
    mercury venus earth moon mars jupiter saturn uranus neptune pluto` (default: all).

    Source: DE421 (1899 to 2053), from the package `skyfield-data`. Newton's law with the
    published `GM` explains the planets' accelerations to 1e-7 and better (the rest of Mercury's
    is relativity), the Moon's to 6e-7 (the Earth is not a point) and the Sun's own, which are
    tiny, to 4e-6.

    **Raises** `InvalidSetting` for an unknown body and for times outside the ephemeris;
    `InputError` where the extra `[solar]` is not installed.
    """
    names = tuple(_BODIES) if bodies is None else tuple(bodies)
    for name in names:
        if name not in _BODIES:
            raise InvalidSetting(
                f"bodies: found {name!r}, expected some of {', '.join(_BODIES)}; correct the name"
            )
    if not (years > 0 and step > 0 and np.isfinite(years / step)):
        raise InvalidSetting(
            f"solar: found years={years} and step={step}, expected positive numbers; change them"
        )
    time = np.arange(round(years * 365.25 / step) + 1) * step
    paths = [list(itertools.pairwise((0, *_BODIES[name]))) for name in names]
    with _ephemeris() as kernel:
        known = {key: _motion(kernel[key], start, time) for path in paths for key in path}
    orders = [
        [np.sum([known[key][order] for key in path], axis=0) for order in range(3)]
        for path in paths
    ]
    position, velocity, acceleration = (
        np.stack([one[order] for one in orders], axis=1)[None] / _KILOMETRES for order in range(3)
    )
    return Trajectories(
        position=position,
        velocity=velocity,
        acceleration=acceleration,
        time=time,
        bodies=names,
        name="solar",
        notes=(f"DE421, in astronomical units and days since Julian day {start:.1f}",),
    )


def _motion(
    segment: Any, start: float, time: Float[np.ndarray, " time"]
) -> list[Float[np.ndarray, "time 3"]]:
    """Position and its first two derivatives in kilometres and days, from the polynomials."""
    first, length, coefficients = segment.load_array()
    pieces = coefficients.shape[1]
    # Whole and fractional days apart: a Julian day in one number is good to 40 microseconds only.
    since = (start - first) + time
    piece = np.floor(since / length).astype(int)
    # The end of the last piece belongs to it.
    piece = np.where((piece == pieces) & (since == pieces * length), pieces - 1, piece)
    if piece.min() < 0 or piece.max() >= pieces:
        raise InvalidSetting(
            f"solar: found days {start:.1f} to {start + time[-1]:.1f}, expected Julian days from "
            f"{first:.1f} to {first + pieces * length:.1f}; choose another start or fewer years"
        )
    x = 2 * (since - piece * length) / length - 1
    out = []
    for order in range(3):
        series = np.polynomial.chebyshev.chebder(coefficients, order, axis=2)
        chosen = np.moveaxis(series[:, piece], 2, 0)
        value = np.polynomial.chebyshev.chebval(x, chosen, tensor=False)
        out.append(value.T * (2 / length) ** order)
    return out


@contextmanager
def _ephemeris() -> Iterator[Any]:
    """The opened ephemeris.

    **Raises** `InputError` naming the extra where a package is missing.
    """
    try:
        with warnings.catch_warnings():
            # The package warns that other files of it, tables of the Earth's rotation, are old.
            warnings.simplefilter("ignore")
            from jplephem.spk import SPK
            from skyfield_data import get_skyfield_data_path

            path = Path(get_skyfield_data_path()) / "de421.bsp"
    except ImportError as error:
        raise InputError(
            f"solar: found no package {error.name!r}, expected the extra [solar]; "
            "install it with: pip install 'forcelaw[solar]'"
        ) from None
    kernel = SPK.open(path)
    try:
        yield kernel
    finally:
        kernel.close()
