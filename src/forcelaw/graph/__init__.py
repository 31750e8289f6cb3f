"""Floor 1: what is connected to what, and the two edge operations."""

from forcelaw.graph._edges import edge_dot as edge_dot
from forcelaw.graph._edges import edge_lengths as edge_lengths
from forcelaw.graph._edges import edge_sum as edge_sum
from forcelaw.graph._graph import Graph as Graph
from forcelaw.graph._messages import at_receivers as at_receivers
from forcelaw.graph._messages import at_senders as at_senders
from forcelaw.graph._messages import sum_messages as sum_messages

__all__ = [
    "Graph",
    "at_receivers",
    "at_senders",
    "edge_dot",
    "edge_lengths",
    "edge_sum",
    "sum_messages",
]
