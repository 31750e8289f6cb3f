"""Tasks that were published, made anew by a script of one's own."""

from forcelaw.particles.published.springs_and_charges import (
    InteractingBodies,
    interacting_bodies,
)
from forcelaw.particles.published.who_interacts import (
    PUBLISHED,
    WhoInteracts,
    run_who_interacts,
)

__all__ = [
    "PUBLISHED",
    "InteractingBodies",
    "WhoInteracts",
    "interacting_bodies",
    "run_who_interacts",
]
