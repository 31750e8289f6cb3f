"""Forces of a known form with lengths of their own: walls, and energies of three bodies."""

from forcelaw.particles.shaped_terms.documents import read_term, write_term
from forcelaw.particles.shaped_terms.hard_walls import (
    Flight,
    HardCircle,
    HardPlane,
    HardWall,
    find_struck,
)
from forcelaw.particles.shaped_terms.shaped_term import ShapedTerm, Surroundings, Tangent
from forcelaw.particles.shaped_terms.sums import sum_vectors
from forcelaw.particles.shaped_terms.three_body import (
    Angular,
    AxilrodTeller,
    Harmonic,
    TripleTerm,
)
from forcelaw.particles.shaped_terms.walls import CentreWall, PlaneWall, Profile

__all__ = [
    "Angular",
    "AxilrodTeller",
    "CentreWall",
    "Flight",
    "HardCircle",
    "HardPlane",
    "HardWall",
    "Harmonic",
    "PlaneWall",
    "Profile",
    "ShapedTerm",
    "Surroundings",
    "Tangent",
    "TripleTerm",
    "find_struck",
    "read_term",
    "sum_vectors",
    "write_term",
]
