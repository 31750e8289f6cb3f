"""Trajectories made ready to be fitted: less noise, masses, scales."""

from forcelaw.particles.preparation.denoising import denoised, white_noise
from forcelaw.particles.preparation.masses import weighed
from forcelaw.particles.preparation.scales import (
    initial_in_units,
    initial_units,
    own_units,
    state_in_units,
)
from forcelaw.particles.preparation.typical_sizes import Sizes, acting, typical

__all__ = [
    "Sizes",
    "acting",
    "denoised",
    "initial_in_units",
    "initial_units",
    "own_units",
    "state_in_units",
    "typical",
    "weighed",
    "white_noise",
]
