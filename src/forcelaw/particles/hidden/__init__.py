"""What is hidden: who acts on whom, and properties of bodies that were not recorded.

From the bottom up: `steps` (what is seen between snapshots), `pair_equations` (a number for each
pair under a force), `shared_law` (the force itself), and what the numbers say: `edges`, and
`charges` with the forces between them (`charged_law`); and kinds of bodies (`clustering`).
"""

from forcelaw.particles.hidden.charges import infer_charges, with_charges
from forcelaw.particles.hidden.clustering import infer_kinds, with_kinds
from forcelaw.particles.hidden.edges import infer_edges, read_edges, with_edges
from forcelaw.particles.hidden.findings import (
    FoundCharges,
    FoundKinds,
    FoundPairs,
    Hidden,
    HiddenCharges,
    HiddenEdges,
    HiddenKinds,
)
from forcelaw.particles.hidden.inferred_couplings import InferredCouplings, infer_couplings

__all__ = [
    "FoundCharges",
    "FoundKinds",
    "FoundPairs",
    "Hidden",
    "HiddenCharges",
    "HiddenEdges",
    "HiddenKinds",
    "InferredCouplings",
    "infer_charges",
    "infer_couplings",
    "infer_edges",
    "infer_kinds",
    "read_edges",
    "with_charges",
    "with_edges",
    "with_kinds",
]
