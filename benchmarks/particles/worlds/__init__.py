"""Simulated matter and the laws that move it: recordings with the truth about them."""

from benchmarks.particles.worlds.active import active
from benchmarks.particles.worlds.colloids import brownian_yukawa, langevin_yukawa
from benchmarks.particles.worlds.first_order import kuramoto, predator_prey, vortices
from benchmarks.particles.worlds.flocks import cucker_smale, milling, vicsek
from benchmarks.particles.worlds.headings import aligning, swarmalators
from benchmarks.particles.worlds.materials import chain, grains, swing
from benchmarks.particles.worlds.molecules import argon, kob_andersen
from benchmarks.particles.worlds.world import ALIKE, Term, World
from benchmarks.particles.worlds.wrappers import (
    positions_only,
    with_comers,
    with_gaps,
    with_headings,
    with_noise,
)

__all__ = [
    "ALIKE",
    "Term",
    "World",
    "active",
    "aligning",
    "argon",
    "brownian_yukawa",
    "chain",
    "cucker_smale",
    "grains",
    "kob_andersen",
    "kuramoto",
    "langevin_yukawa",
    "milling",
    "positions_only",
    "predator_prey",
    "swarmalators",
    "swing",
    "vicsek",
    "vortices",
    "with_comers",
    "with_gaps",
    "with_headings",
    "with_noise",
]
