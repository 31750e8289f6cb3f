"""The signed network: its nodes, signed edges and labels, and how to make one."""

from forcelaw.signed.network.bipartite import is_bipartite, note_shared
from forcelaw.signed.network.given_network import check_edges, check_network, training_network
from forcelaw.signed.network.igraph_interop import from_igraph, to_igraph
from forcelaw.signed.network.interop import (
    from_networkx,
    from_pandas,
    from_scipy,
    to_networkx,
    to_pandas,
    to_polars,
    to_scipy,
)
from forcelaw.signed.network.labels import SIGNS, Labels, first_off_scale, read_labels
from forcelaw.signed.network.merge_rows import LARGEST, SMALLEST, pair_keys
from forcelaw.signed.network.network import SignedNetwork
from forcelaw.signed.network.node_indices import NodeIndices
from forcelaw.signed.network.node_names import are_apart, keep_apart
from forcelaw.signed.network.pairs import (
    indices_of,
    known_indices,
    known_signs,
    names_of,
    pair_names,
)
from forcelaw.signed.network.synthetic_networks import synthetic
from forcelaw.signed.network.top_degree import top_degree_subgraph

__all__ = [
    "LARGEST",
    "SIGNS",
    "SMALLEST",
    "Labels",
    "NodeIndices",
    "SignedNetwork",
    "are_apart",
    "check_edges",
    "check_network",
    "first_off_scale",
    "from_igraph",
    "from_networkx",
    "from_pandas",
    "from_scipy",
    "indices_of",
    "is_bipartite",
    "keep_apart",
    "known_indices",
    "known_signs",
    "names_of",
    "note_shared",
    "pair_keys",
    "pair_names",
    "read_labels",
    "synthetic",
    "to_igraph",
    "to_networkx",
    "to_pandas",
    "to_polars",
    "to_scipy",
    "top_degree_subgraph",
    "training_network",
]
