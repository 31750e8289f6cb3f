"""Which formulas are considered."""

from forcelaw.particles.candidates.baselines import Baseline, fit_linear, fit_power_law
from forcelaw.particles.candidates.external_fields import find_external_fields
from forcelaw.particles.candidates.one_body_library import OneBodyTerm, one_body_terms
from forcelaw.particles.candidates.settings import CANDIDATES, CandidatesSettings
from forcelaw.particles.candidates.shape_families import fit_shape_families
from forcelaw.particles.candidates.term_library import fit_term_library
from forcelaw.particles.candidates.threshold_scan import (
    estimate_threshold,
    list_thresholds,
    scan_thresholds,
)

__all__ = [
    "CANDIDATES",
    "Baseline",
    "CandidatesSettings",
    "OneBodyTerm",
    "estimate_threshold",
    "find_external_fields",
    "fit_linear",
    "fit_power_law",
    "fit_shape_families",
    "fit_term_library",
    "list_thresholds",
    "one_body_terms",
    "scan_thresholds",
]
