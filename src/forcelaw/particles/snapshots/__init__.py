"""From snapshots, one after the other, to a recording."""

from forcelaw.particles.snapshots.assembly import assemble
from forcelaw.particles.snapshots.snapshot import Snapshot, Source, bonds_both_ways

__all__ = ["Snapshot", "Source", "assemble", "bonds_both_ways"]
