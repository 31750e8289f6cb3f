"""Networks from and to igraph, which is imported only when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from forcelaw.errors import InputError
from forcelaw.signed.network.given_network import check_network
from forcelaw.signed.network.interop import to_columns
from forcelaw.signed.network.network import SignedNetwork
from forcelaw.signed.network.node_names import node_name

if TYPE_CHECKING:
    import igraph


def from_igraph(
    graph: Any,
    *,
    sign: str = "sign",
    time: str | None = None,
    scale: tuple[float | int, float | int] | None = None,
) -> SignedNetwork:
    """A network from an igraph graph whose edges carry a sign or a rating.

    **Arguments:**

    - `graph`: an `igraph.Graph`; nodes are called by their attribute `name`, or else by their
      numbers.
    - `sign`, `time`: names of the edge attributes.
    - `scale`: of the ratings, see `SignedNetwork.from_edges`.

    **Raises** `InputError`: `graph` is none, edges lack the attribute, or two nodes have the same
    name.
    """
    if not hasattr(graph, "get_edgelist"):
        raise InputError(
            f"found an object of type {type(graph).__name__!r}, expected a graph of igraph; "
            "SignedNetwork.from_edges takes columns"
        )
    for label in (sign, time):
        if label is not None and label not in graph.es.attributes():
            raise InputError(
                f"found edge attributes {', '.join(graph.es.attributes()) or '(none)'}, expected "
                f"{label!r} too; set it, or name the attribute that holds it"
            )
    named = "name" in graph.vs.attributes()
    given = graph.vs["name"] if named else range(graph.vcount())
    names = [node_name(name) for name in given]
    if len(set(names)) != len(names):
        raise InputError("found nodes of the same name, expected different names; rename the nodes")
    ends = graph.get_edgelist()
    return SignedNetwork.from_edges(
        [names[source] for source, _ in ends],
        [names[target] for _, target in ends],
        graph.es[sign],
        None if time is None else np.array(graph.es[time], np.float64),
        scale=scale,
        nodes=names,
        directed=graph.is_directed(),
    )


def to_igraph(network: SignedNetwork) -> igraph.Graph:
    """An igraph graph: nodes with `name`, edges with `sign`, and maybe `rating` and `time`."""
    check_network("to_igraph", network)
    import igraph

    columns = to_columns(network)
    return igraph.Graph(
        n=network.n_nodes,
        edges=network.edges.tolist(),
        directed=network.directed,
        vertex_attrs={"name": list(network.names)},
        edge_attrs={label: columns[label] for label in list(columns)[2:]},
    )
