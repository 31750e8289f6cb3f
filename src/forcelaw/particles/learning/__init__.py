"""Fit a neural law."""

from forcelaw.particles.learning.fitting import BATCH, STAGES, Fitted, fit, parts
from forcelaw.particles.learning.formula_insertion import put_back
from forcelaw.particles.learning.learned_force import message_r2, scalar_force
from forcelaw.particles.learning.network_settings import network_arguments
from forcelaw.particles.learning.objectives import Objective

__all__ = [
    "BATCH",
    "STAGES",
    "Fitted",
    "Objective",
    "fit",
    "message_r2",
    "network_arguments",
    "parts",
    "put_back",
    "scalar_force",
]
