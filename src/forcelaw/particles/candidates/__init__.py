"""Which formulas are considered."""

from forcelaw.particles.candidates.baselines import Baseline, linear, power_law
from forcelaw.particles.candidates.external_fields import fields
from forcelaw.particles.candidates.one_body_terms import OwnTerm, own_terms
from forcelaw.particles.candidates.shape_families import shaped_pairs
from forcelaw.particles.candidates.term_library import sparse_pairs
from forcelaw.particles.candidates.threshold_scan import (
    likely_threshold,
    scan_thresholds,
    thresholds,
)

__all__ = [
    "Baseline",
    "OwnTerm",
    "fields",
    "likely_threshold",
    "linear",
    "own_terms",
    "power_law",
    "scan_thresholds",
    "shaped_pairs",
    "sparse_pairs",
    "thresholds",
]
