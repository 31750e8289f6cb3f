"""What was observed, checked once."""

from forcelaw.particles.data.conversion import names_of_kinds, with_kinds_by
from forcelaw.particles.data.given_arrays import in_full, numbers
from forcelaw.particles.data.given_recordings import (
    cell_that_shows,
    kind_names,
    recordings_from_arrays,
)
from forcelaw.particles.data.motion import Samples
from forcelaw.particles.data.receivers import sample_receivers
from forcelaw.particles.data.recording import Cell, Recording
from forcelaw.particles.data.recordings import Recordings
from forcelaw.particles.data.trajectories import Split, Trajectories
from forcelaw.particles.data.unwrapping import nearest_steps, unwrap_steps
from forcelaw.particles.data.validation import check_pairs

__all__ = [
    "Cell",
    "Recording",
    "Recordings",
    "Samples",
    "Split",
    "Trajectories",
    "cell_that_shows",
    "check_pairs",
    "in_full",
    "kind_names",
    "names_of_kinds",
    "nearest_steps",
    "numbers",
    "recordings_from_arrays",
    "sample_receivers",
    "unwrap_steps",
    "with_kinds_by",
]
