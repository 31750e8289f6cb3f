"""Runs on bodies: what is read, learned, found and simulated, put together into documents."""

from forcelaw.particles.runs.discovery_runs import discover_run, distill_run, fit_run
from forcelaw.particles.runs.rollout_runs import rollout_run
from forcelaw.particles.runs.run_data import plain_motion, read_data

__all__ = [
    "discover_run",
    "distill_run",
    "fit_run",
    "plain_motion",
    "read_data",
    "rollout_run",
]
