"""Floor 6, job A: the law between bodies, found from their motion.

Names that need JAX are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forcelaw.particles.data import Samples as Samples
from forcelaw.particles.data import Split as Split
from forcelaw.particles.data import Trajectories as Trajectories
from forcelaw.particles.io import from_frame as from_frame
from forcelaw.particles.io import from_tracks as from_tracks
from forcelaw.particles.io import read as read
from forcelaw.particles.io import write as write
from forcelaw.particles.kinematics import EstimateWarning as EstimateWarning
from forcelaw.particles.systems import LAWS as LAWS
from forcelaw.particles.systems import BuiltInLaw as BuiltInLaw
from forcelaw.particles.systems import law as law

_HOME = {
    "Discovery": "discovery_result",
    "DiscoveryResult": "discovery_result",
    "Distilled": "selection.distilled",
    "Fitted": "learning.fitting",
    "FoundFormula": "prediction.found_formula",
    "Objective": "learning.objectives",
    "Rollout": "prediction.rollouts",
    "discover": "discovery",
    "distill_law": "selection.distillation",
    "fit": "learning.fitting",
    "judge": "discovery",
    "put_back": "learning.formula_insertion",
    "message_r2": "learning.learned_force",
    "roll_out": "prediction.rollouts",
    "Initial": "data.initial_conditions",
    "simulate": "systems.simulation",
    "solar": "systems.solar_system",
    "weighed": "preparation.masses",
}

if TYPE_CHECKING:
    from forcelaw.particles.data.initial_conditions import Initial as Initial
    from forcelaw.particles.discovery import discover as discover
    from forcelaw.particles.discovery import judge as judge
    from forcelaw.particles.discovery_result import Discovery as Discovery
    from forcelaw.particles.discovery_result import DiscoveryResult as DiscoveryResult
    from forcelaw.particles.learning import Fitted as Fitted
    from forcelaw.particles.learning import Objective as Objective
    from forcelaw.particles.learning import fit as fit
    from forcelaw.particles.learning import message_r2 as message_r2
    from forcelaw.particles.learning import objectives as objectives
    from forcelaw.particles.learning import put_back as put_back
    from forcelaw.particles.prediction import FoundFormula as FoundFormula
    from forcelaw.particles.prediction import Rollout as Rollout
    from forcelaw.particles.prediction import roll_out as roll_out
    from forcelaw.particles.preparation import weighed as weighed
    from forcelaw.particles.selection import Distilled as Distilled
    from forcelaw.particles.selection import distill_law as distill_law
    from forcelaw.particles.systems import solar as solar
    from forcelaw.particles.systems.simulation import simulate as simulate


def __getattr__(name: str) -> Any:
    if name == "objectives":
        return import_module("forcelaw.particles.learning.objectives")
    if name in _HOME:
        return getattr(import_module(f"forcelaw.particles.{_HOME[name]}"), name)
    raise AttributeError(f"module 'forcelaw.particles' has no attribute {name!r}")
