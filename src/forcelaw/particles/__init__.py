"""Floor 6, job A: the law between bodies, found from their motion.

Names that need JAX are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forcelaw.particles._estimate import EstimateWarning as EstimateWarning
from forcelaw.particles._files import read as read
from forcelaw.particles._files import write as write
from forcelaw.particles._frame import from_frame as from_frame
from forcelaw.particles._frame import from_tracks as from_tracks
from forcelaw.particles._laws import LAWS as LAWS
from forcelaw.particles._laws import BuiltInLaw as BuiltInLaw
from forcelaw.particles._laws import law as law
from forcelaw.particles._trajectories import Samples as Samples
from forcelaw.particles._trajectories import Split as Split
from forcelaw.particles._trajectories import Trajectories as Trajectories

_HOME = {
    "Discovery": "_discover",
    "Distilled": "_distilled",
    "Fitted": "_fit",
    "FoundFormula": "_found",
    "Objective": "objectives",
    "Rollout": "_rollout",
    "discover": "_discover",
    "distill_law": "_distill",
    "fit": "_fit",
    "judge": "_discover",
    "put_back": "_put_back",
    "message_r2": "_messages",
    "roll_out": "_rollout",
    "Initial": "_initial",
    "simulate": "_simulate",
    "solar": "_solar",
    "weighed": "_weigh",
}

if TYPE_CHECKING:
    from forcelaw.particles import objectives as objectives
    from forcelaw.particles._discover import Discovery as Discovery
    from forcelaw.particles._discover import discover as discover
    from forcelaw.particles._discover import judge as judge
    from forcelaw.particles._distill import distill_law as distill_law
    from forcelaw.particles._distilled import Distilled as Distilled
    from forcelaw.particles._fit import Fitted as Fitted
    from forcelaw.particles._fit import fit as fit
    from forcelaw.particles._found import FoundFormula as FoundFormula
    from forcelaw.particles._initial import Initial as Initial
    from forcelaw.particles._messages import message_r2 as message_r2
    from forcelaw.particles._put_back import put_back as put_back
    from forcelaw.particles._rollout import Rollout as Rollout
    from forcelaw.particles._rollout import roll_out as roll_out
    from forcelaw.particles._simulate import simulate as simulate
    from forcelaw.particles._solar import solar as solar
    from forcelaw.particles._weigh import weighed as weighed
    from forcelaw.particles.objectives import Objective as Objective


def __getattr__(name: str) -> Any:
    if name == "objectives":
        return import_module("forcelaw.particles.objectives")
    if name in _HOME:
        return getattr(import_module(f"forcelaw.particles.{_HOME[name]}"), name)
    raise AttributeError(f"module 'forcelaw.particles' has no attribute {name!r}")
