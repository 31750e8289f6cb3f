"""Motion between snapshots as a law has it, and means of what acts along it."""

from forcelaw.particles.kernels.following.means_between import mean_columns
from forcelaw.particles.kernels.following.paths import Followed, KnownLaw, follow

__all__ = ["Followed", "KnownLaw", "follow", "mean_columns"]
