"""Forces against distance, for each pair of kinds, from any recordings.

From the bottom up: what acts (`pair_terms`, `one_body_terms`), what is seen of it
(`observed_changes`), and one pass that sums all products (`moments`), from which all else follows.
"""

from forcelaw.particles.kernels.columns import Block, Terms, along_edges
from forcelaw.particles.kernels.factors import Estimator, Moments
from forcelaw.particles.kernels.filled_motion import FilledMotion, fill_motion
from forcelaw.particles.kernels.fits import Fit, fit_terms, whitened
from forcelaw.particles.kernels.following import Followed, KnownLaw, follow
from forcelaw.particles.kernels.heading_terms import NematicTorque, Polar, Steering, Torque
from forcelaw.particles.kernels.moments import (
    MomentSettings,
    Reference,
    iterate_equations,
    shared_names,
    sum_moments,
)
from forcelaw.particles.kernels.neighbour_pairs import find_pairs, largest_cutoff, nearest_image
from forcelaw.particles.kernels.observed_changes import (
    Changes,
    FirstOrder,
    Order,
    SecondOrder,
    Turning,
)
from forcelaw.particles.kernels.one_body_terms import (
    BodyStates,
    OneBody,
    list_one_body_terms,
    list_turning_terms,
    list_waves,
)
from forcelaw.particles.kernels.pair_terms import (
    ONE,
    Alignment,
    Apart,
    Central,
    Coupling,
    LineFriction,
    PairTerm,
    Transverse,
    couplings,
)
from forcelaw.particles.kernels.radial_basis import (
    LARGEST,
    KnownFunctions,
    RadialBasis,
    StepFunctions,
    place_breaks,
)
from forcelaw.particles.kernels.residuals import Residuals, find_residuals
from forcelaw.particles.kernels.term_selection import drop_terms, drop_unsteady, select_terms

__all__ = [
    "LARGEST",
    "ONE",
    "Alignment",
    "Apart",
    "Block",
    "BodyStates",
    "Central",
    "Changes",
    "Coupling",
    "Estimator",
    "FilledMotion",
    "FirstOrder",
    "Fit",
    "Followed",
    "KnownFunctions",
    "KnownLaw",
    "LineFriction",
    "MomentSettings",
    "Moments",
    "NematicTorque",
    "OneBody",
    "Order",
    "PairTerm",
    "Polar",
    "RadialBasis",
    "Reference",
    "Residuals",
    "SecondOrder",
    "Steering",
    "StepFunctions",
    "Terms",
    "Torque",
    "Transverse",
    "Turning",
    "along_edges",
    "couplings",
    "drop_terms",
    "drop_unsteady",
    "fill_motion",
    "find_pairs",
    "find_residuals",
    "fit_terms",
    "follow",
    "iterate_equations",
    "largest_cutoff",
    "list_one_body_terms",
    "list_turning_terms",
    "list_waves",
    "nearest_image",
    "place_breaks",
    "select_terms",
    "shared_names",
    "sum_moments",
    "whitened",
]
