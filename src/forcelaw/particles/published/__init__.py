"""Tasks that were published, made anew by a script of one's own."""

from forcelaw.particles.published.five_bodies import FiveBodies, System, simulate_five_bodies
from forcelaw.particles.published.long_stretches import (
    PUBLISHED_ERRORS,
    FiveBodiesScores,
    LongStretch,
    as_pairs,
    run_five_bodies,
)
from forcelaw.particles.published.springs_and_charges import (
    InteractingBodies,
    interacting_bodies,
)
from forcelaw.particles.published.tasks import run_task
from forcelaw.particles.published.who_interacts import (
    PUBLISHED,
    WhoInteracts,
    run_who_interacts,
)

__all__ = [
    "PUBLISHED",
    "PUBLISHED_ERRORS",
    "FiveBodies",
    "FiveBodiesScores",
    "InteractingBodies",
    "LongStretch",
    "System",
    "WhoInteracts",
    "as_pairs",
    "interacting_bodies",
    "run_five_bodies",
    "run_task",
    "run_who_interacts",
    "simulate_five_bodies",
]
