"""Factions: groups of nodes, friends within and enemies between, and how many there are."""

from forcelaw.signed.grouping.generalised import (
    GeneralisedFrustration,
    generalised_frustration,
    quick_generalised_frustration,
)
from forcelaw.signed.grouping.joined_factions import JoinedFactions
from forcelaw.signed.grouping.result import Factions
from forcelaw.signed.grouping.search import factions

__all__ = [
    "Factions",
    "GeneralisedFrustration",
    "JoinedFactions",
    "factions",
    "generalised_frustration",
    "quick_generalised_frustration",
]
