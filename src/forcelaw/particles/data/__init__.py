"""What was observed, checked once."""

from forcelaw.particles.data.given_arrays import in_full, numbers
from forcelaw.particles.data.receivers import sample_receivers
from forcelaw.particles.data.recording import Cell, Recording
from forcelaw.particles.data.recordings import Recordings
from forcelaw.particles.data.trajectories import Samples, Split, Trajectories
from forcelaw.particles.data.validation import check_pairs

__all__ = [
    "Cell",
    "Recording",
    "Recordings",
    "Samples",
    "Split",
    "Trajectories",
    "check_pairs",
    "in_full",
    "numbers",
    "sample_receivers",
]
