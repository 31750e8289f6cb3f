"""Networks from and to networkx, SciPy, pandas and polars, each imported when it is used."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from forcelaw.errors import InputError
from forcelaw.signed.network.bipartite import is_bipartite, note_shared
from forcelaw.signed.network.given_network import check_network
from forcelaw.signed.network.network import SignedNetwork
from forcelaw.signed.network.node_names import node_name

if TYPE_CHECKING:
    import networkx
    import pandas
    import polars

Column = list[str] | list[int] | list[float]
"""Of a data frame."""


def from_networkx(
    graph: Any,
    *,
    sign: str = "sign",
    time: str | None = None,
    scale: tuple[float | int, float | int] | None = None,
) -> SignedNetwork:
    """A network from a networkx graph whose edges carry a sign or a rating.

    **Arguments:**

    - `graph`: a `networkx.Graph`, `DiGraph` or multigraph; nodes are named by their text.
    - `sign`, `time`: names of the edge attributes.
    - `scale`: of the ratings, see `SignedNetwork.from_edges`.

    **Raises** `InputError`: `graph` is none, an edge lacks the attribute, or two nodes have the
    same text.
    """
    if not hasattr(graph, "is_directed"):
        raise _no_such(graph, "a graph of networkx", "SignedNetwork.from_edges takes columns")
    names = [node_name(node) for node in graph.nodes]
    if len(set(names)) != len(names):
        raise InputError(
            "found nodes that read the same as text, expected different names; relabel the nodes"
        )
    source, target, rating, times = [], [], [], []
    for u, v, data in graph.edges(data=True):
        for label in (sign, time):
            if label is not None and label not in data:
                raise InputError(
                    f"edge {u!r}, {v!r} has no attribute {label!r}, expected one on every edge; "
                    "set it, or name the attribute that holds it"
                )
        source.append(node_name(u))
        target.append(node_name(v))
        rating.append(data[sign])
        if time is not None:
            times.append(float(data[time]))
    return SignedNetwork.from_edges(
        source,
        target,
        rating,
        None if time is None else times,
        scale=scale,
        nodes=names,
        directed=graph.is_directed(),
        name=graph.name or "network",
    )


def to_networkx(network: SignedNetwork) -> networkx.Graph:
    """A networkx graph with node names and the edge attributes `sign`, `rating` and `time`."""
    check_network("to_networkx", network)
    import networkx

    graph = networkx.DiGraph() if network.directed else networkx.Graph()
    graph.name = network.name
    graph.add_nodes_from(network.names)
    columns = to_columns(network)
    labels = list(columns)[2:]
    for u, v, *values in zip(*columns.values(), strict=True):
        graph.add_edge(u, v, **dict(zip(labels, values, strict=True)))
    return graph


def from_scipy(
    matrix: Any,
    *,
    names: Any = None,
    directed: bool = True,
    scale: tuple[float | int, float | int] | None = None,
) -> SignedNetwork:
    """A network from a square sparse matrix of ratings, row = source, column = target.

    An entry of zero is no edge, whether it is stored or not; `scale` as of
    `SignedNetwork.from_edges`.

    **Raises** `InputError`: `matrix` is none, is not square, or `names` are not one for each row.
    """
    try:
        coordinates: Any = sparse.coo_array(matrix)
    except (TypeError, ValueError):
        then = "SignedNetwork.from_edges takes columns"
        raise _no_such(matrix, "a matrix of numbers", then) from None
    n = int(coordinates.shape[0])
    if coordinates.shape != (n, n):
        raise InputError(
            f"found a matrix of shape {coordinates.shape}, expected a square one; "
            "give every node a row and a column"
        )
    names = [str(i) for i in range(n)] if names is None else [node_name(name) for name in names]
    if len(names) != n or len(set(names)) != n:
        raise InputError(
            f"found {len(set(names))} different names, expected {n}; name every row once"
        )
    coordinates.eliminate_zeros()
    row, column = coordinates.coords
    return SignedNetwork.from_edges(
        [names[i] for i in row.tolist()],
        [names[i] for i in column.tolist()],
        coordinates.data,
        scale=scale,
        nodes=names,
        directed=directed,
    )


def to_scipy(network: SignedNetwork, *, ratings: bool = False) -> sparse.csr_array:
    """Signs as a sparse matrix `[node, node]`, float32; symmetric if undirected.

    With `ratings` the ratings in their place, if there are any. A matrix has no place for times.
    """
    check_network("to_scipy", network)
    shape = (network.n_nodes, network.n_nodes)
    ends = (network.source, network.target)
    value = network.rating if ratings and network.rating is not None else network.sign
    matrix = sparse.coo_array((value.astype(np.float32), ends), shape=shape).tocsr()
    return matrix if network.directed else (matrix + matrix.T).tocsr()


def from_pandas(
    frame: pandas.DataFrame | polars.DataFrame,
    *,
    source: str = "source",
    target: str = "target",
    sign: str = "sign",
    time: str | None = None,
    nodes: Iterable[str] = (),
    directed: bool = True,
    bipartite: bool = False,
    scale: tuple[float | int, float | int] | None = None,
) -> SignedNetwork:
    """A network from the columns of a data frame of pandas or polars.

    **Arguments:**

    - `sign`: the column of signs or ratings.
    - `nodes`: names of further nodes, for those without an edge.
    - `bipartite`, `scale`: see `SignedNetwork.from_edges`.

    **Raises** `InputError`: `frame` is none, or a column is missing.
    """
    if not hasattr(frame, "columns"):
        raise _no_such(frame, "a data frame", "SignedNetwork.from_edges takes columns")
    for label in (source, target, sign, time):
        if label is not None and label not in frame.columns:
            raise InputError(
                f"found columns {', '.join(map(str, frame.columns))}, expected {label!r} too; "
                "name the column that holds it"
            )
    network = SignedNetwork.from_edges(
        frame[source],
        frame[target],
        frame[sign].to_numpy(),
        None if time is None else np.asarray(frame[time], np.float64),
        scale=scale,
        nodes=nodes,
        directed=directed,
        bipartite=bipartite,
    )
    if bipartite or not is_bipartite(source, target):
        return network
    return note_shared(network, frame[source], frame[target])


def to_pandas(network: SignedNetwork) -> pandas.DataFrame:
    """A data frame with the columns `source`, `target`, `sign` and maybe `rating`, `time`."""
    check_network("to_pandas", network)
    import pandas

    return pandas.DataFrame(to_columns(network))


def to_polars(network: SignedNetwork) -> polars.DataFrame:
    """A data frame of polars with the columns of `to_pandas`."""
    check_network("to_polars", network)
    import polars

    return polars.DataFrame(to_columns(network))


def to_columns(network: SignedNetwork) -> dict[str, Column]:
    """The edges by column, nodes by name."""
    columns: dict[str, Column] = {
        "source": [network.names[i] for i in network.source.tolist()],
        "target": [network.names[i] for i in network.target.tolist()],
        "sign": network.sign.tolist(),
    }
    if network.rating is not None:
        columns["rating"] = network.rating.tolist()
    if network.time is not None:
        columns["time"] = network.time.tolist()
    return columns


def _no_such(value: Any, expected: str, then: str) -> InputError:
    kind = type(value).__name__
    return InputError(f"found an object of type {kind!r}, expected {expected}; {then}")
