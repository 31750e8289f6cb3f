"""Fit a neural law."""

from forcelaw.particles.learning.amounts import CrowdPlan, plan_crowd
from forcelaw.particles.learning.fitting import BATCH, CONFIRMING, STAGES, Fitted, fit
from forcelaw.particles.learning.formula_insertion import insert_formula
from forcelaw.particles.learning.learned_force import (
    edge_messages,
    message_r2,
    scalar_force,
    strongest,
)
from forcelaw.particles.learning.network_settings import network_arguments
from forcelaw.particles.learning.objectives import Objective
from forcelaw.particles.learning.settings import LEARNING, LearningSettings

__all__ = [
    "BATCH",
    "CONFIRMING",
    "LEARNING",
    "STAGES",
    "CrowdPlan",
    "Fitted",
    "LearningSettings",
    "Objective",
    "edge_messages",
    "fit",
    "insert_formula",
    "message_r2",
    "network_arguments",
    "plan_crowd",
    "scalar_force",
    "strongest",
]
