"""Trajectories from and to files."""

from forcelaw.particles.io.data_frames import from_frame, from_tracks
from forcelaw.particles.io.files import read, write

__all__ = ["from_frame", "from_tracks", "read", "write"]
