"""Networks that are trained on recordings: boxes, neighbours, kinds, gaps, of either order."""

from forcelaw.particles.networks.any_motion import fit
from forcelaw.particles.networks.fitted import FittedRecordings, NetworkCurve
from forcelaw.particles.networks.fitting import fit_recordings
from forcelaw.particles.networks.rollouts import roll_out
from forcelaw.particles.networks.settings import NETWORKS, NetworkSettings

__all__ = [
    "NETWORKS",
    "FittedRecordings",
    "NetworkCurve",
    "NetworkSettings",
    "fit",
    "fit_recordings",
    "roll_out",
]
