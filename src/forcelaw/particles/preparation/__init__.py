"""Trajectories made ready to be fitted: less noise, masses, scales."""

from forcelaw.particles.preparation.denoising import denoise, estimate_white_noise
from forcelaw.particles.preparation.masses import infer_masses, masses_explain
from forcelaw.particles.preparation.prepared import Prepared, split_and_denoise
from forcelaw.particles.preparation.scales import (
    data_units,
    initial_in_units,
    initial_units,
    state_in_units,
)
from forcelaw.particles.preparation.settings import PREPARATION, PreparationSettings
from forcelaw.particles.preparation.typical_sizes import Sizes, median_acting_size, median_size

__all__ = [
    "PREPARATION",
    "PreparationSettings",
    "Prepared",
    "Sizes",
    "data_units",
    "denoise",
    "estimate_white_noise",
    "infer_masses",
    "initial_in_units",
    "initial_units",
    "masses_explain",
    "median_acting_size",
    "median_size",
    "split_and_denoise",
    "state_in_units",
]
