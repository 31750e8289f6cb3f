"""What is connected to what, and the two edge operations."""

from forcelaw.graph.edge_operations import edge_dot as edge_dot
from forcelaw.graph.edge_operations import edge_lengths as edge_lengths
from forcelaw.graph.edge_operations import edge_sum as edge_sum
from forcelaw.graph.halo_subgraphs import Subgraphs as Subgraphs
from forcelaw.graph.halo_subgraphs import rows_of_parts as rows_of_parts
from forcelaw.graph.halo_subgraphs import subgraphs as subgraphs
from forcelaw.graph.messages import at_receivers as at_receivers
from forcelaw.graph.messages import at_senders as at_senders
from forcelaw.graph.messages import sum_messages as sum_messages
from forcelaw.graph.native_kernels import native_available as native_available
from forcelaw.graph.native_kernels import native_notice as native_notice
from forcelaw.graph.neighbour_lists import NeighbourList as NeighbourList
from forcelaw.graph.norms import safe_norm as safe_norm
from forcelaw.graph.padded_graph import Graph as Graph
from forcelaw.graph.partitioning import partition as partition
from forcelaw.graph.spaces import OpenSpace as OpenSpace
from forcelaw.graph.spaces import PeriodicBox as PeriodicBox
from forcelaw.graph.spaces import Space as Space

__all__ = [
    "Graph",
    "NeighbourList",
    "OpenSpace",
    "PeriodicBox",
    "Space",
    "Subgraphs",
    "at_receivers",
    "at_senders",
    "edge_dot",
    "edge_lengths",
    "edge_sum",
    "native_available",
    "native_notice",
    "partition",
    "rows_of_parts",
    "safe_norm",
    "subgraphs",
    "sum_messages",
]
