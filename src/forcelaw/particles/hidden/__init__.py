"""What is hidden: who acts on whom, and properties of bodies that were not recorded.

From the bottom up: `steps` (what is seen between snapshots), `pair_equations` (a number for each
pair under a force), `shared_law` (the force itself), and what the numbers say: `edges`, `charges`.
"""

from forcelaw.particles.hidden.edges import infer_edges, read_edges, with_edges
from forcelaw.particles.hidden.findings import (
    FoundPairs,
    Hidden,
    HiddenEdges,
)
from forcelaw.particles.hidden.inferred_couplings import InferredCouplings, infer_couplings

__all__ = [
    "FoundPairs",
    "Hidden",
    "HiddenEdges",
    "InferredCouplings",
    "infer_couplings",
    "infer_edges",
    "read_edges",
    "with_edges",
]
