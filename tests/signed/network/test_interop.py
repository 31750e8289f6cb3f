"""Networks of networkx, igraph, pandas, polars and SciPy, there and back."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed import SignedNetwork, read


def edges(network):
    names = network.names
    triples = zip(network.source, network.target, network.sign, strict=True)
    return {(names[u], names[v], int(s)) for u, v, s in triples}


@pytest.mark.parametrize("directed", [True, False])
def test_other_libraries_give_back_ratings_times_and_lonely_nodes(tmp_path, directed):
    path = tmp_path / "stars.csv"
    path.write_text("source,target,rating,time\na,b,5,1.5\nb,c,1,7\nc,b,2,9\nd,a,4.5,1e9\n")
    network = read(path, scale=(1, 5), directed=directed)
    assert network.rating is not None and network.time is not None
    with_lonely = SignedNetwork.from_edges(
        [network.names[i] for i in network.source],
        [network.names[i] for i in network.target],
        network.rating,
        network.time,
        nodes=["z"],
        directed=directed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        frame = signed.to_pandas(with_lonely)
    names = with_lonely.names
    matrix = signed.to_scipy(with_lonely, ratings=True)
    frame_of = {"sign": "rating", "time": "time", "nodes": names, "directed": directed}
    for other, timed in (
        (signed.from_networkx(signed.to_networkx(with_lonely), sign="rating", time="time"), True),
        (signed.from_igraph(signed.to_igraph(with_lonely), sign="rating", time="time"), True),
        (signed.from_pandas(frame, **frame_of), True),
        (signed.from_pandas(signed.to_polars(with_lonely), **frame_of), True),
        (signed.from_scipy(matrix, names=names, directed=directed), False),
    ):
        assert other.names == names
        assert other.directed == directed
        assert edges(other) == edges(with_lonely)
        np.testing.assert_array_equal(other.rating, with_lonely.rating)
        if timed:
            np.testing.assert_array_equal(other.time, with_lonely.time)
    signs = signed.to_scipy(network.pairs()).toarray()
    np.testing.assert_array_equal(signs, signs.T)
    assert set(np.unique(signs)) == {-1, 0, 1}


def test_an_edge_without_its_sign_is_named():
    import networkx

    with pytest.raises(InputError, match="edge 0, 1 has no attribute 'sign'"):
        signed.from_networkx(networkx.path_graph(2))


def test_nodes_of_igraph_have_names_or_numbers():
    import igraph

    graph = igraph.Graph([(0, 1), (1, 2)], edge_attrs={"sign": [1, -1]})
    assert edges(signed.from_igraph(graph)) == {("0", "1", 1), ("1", "2", -1)}
    graph.vs["name"] = ["a", "b", "a"]
    with pytest.raises(InputError, match="found nodes of the same name"):
        signed.from_igraph(graph)
    with pytest.raises(InputError, match="found edge attributes sign, expected 'trust' too"):
        signed.from_igraph(graph, sign="trust")


READERS = [signed.from_pandas, signed.from_networkx, signed.from_igraph, signed.from_scipy]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("value", [[1, 2], None, "abc", {"a": 1}])
def test_other_objects_are_wrong_input(read, value):
    with pytest.raises(InputError, match=r"^found .*, expected .*; "):
        read(value)
