"""How much of the evidence is listed."""

from __future__ import annotations

from forcelaw.storage.settings import Count, Settings


class EvidenceSettings(Settings):
    """Of `evidence_of`; what is not listed is counted."""

    most_triangles: Count = 100
    """Common neighbours that are listed: hubs have thousands."""
    most_ratings: Count = 100
    """Ratings that are listed of each end, given and received each."""
    drawn_common: Count = 12
    """Common neighbours in a picture, at most: of more the names cover each other."""
    drawn_others: Count = 8
    """Other neighbours of each end in a picture."""


EVIDENCE_SETTINGS = EvidenceSettings()
"""Those of every explanation."""
