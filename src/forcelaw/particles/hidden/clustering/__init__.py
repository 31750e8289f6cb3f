"""Bodies put into kinds by the forces between them."""

from forcelaw.particles.hidden.clustering.kinds import infer_kinds, with_kinds

__all__ = ["infer_kinds", "with_kinds"]
