"""Networks in the formats of other programs: what they hold."""

from __future__ import annotations

import json

import networkx
import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st
from network_files import GML, GRAPHML, JSON, MATRIX, PAJEK, written
from scipy import sparse

from forcelaw.signed import SignedNetwork, read, to_networkx
from forcelaw.signed.network.interop import to_columns


def edges(network):
    names = network.names
    triples = zip(network.source, network.target, network.sign, strict=True)
    return {(names[u], names[v], int(s)) for u, v, s in triples}


def test_pajek(tmp_path):
    network = read(written(tmp_path, PAJEK, "signs.net"))
    assert network.directed and network.name == "signs"
    assert edges(network) == {("Ada L.", "Bo", 1), ("Bo", "C", -1)}
    assert network.names == ("4", "5", "Ada L.", "Bo", "C")
    assert network.rating is not None and network.rating.tolist() == [1, -2.5]
    undirected = read(written(tmp_path, PAJEK.replace("*Arcs", "*Edges")))
    assert not undirected.directed
    both = read(written(tmp_path, PAJEK + "*edges\n3 1 -1\n"))
    assert both.directed
    assert edges(both) == edges(network) | {("C", "Ada L.", -1), ("Ada L.", "C", -1)}


@pytest.mark.parametrize("directed", [True, False])
def test_gml_graphml_and_matrix_market(tmp_path, directed):
    network = read(written(tmp_path, GML.format(int(directed))))
    assert network.directed == directed and network.names == ("a b", "c", "lonely")
    assert edges(network) == {("a b", "c", -1)}
    assert network.rating is not None and network.rating.tolist() == [-2.5]
    network = read(written(tmp_path, GRAPHML.format("directed" if directed else "undirected")))
    assert network.directed == directed and network.names == ("a", "b", "c")
    assert edges(network) == {("a", "b", -1)}
    network = read(written(tmp_path, MATRIX.format("general" if directed else "symmetric")))
    assert network.directed == directed and network.names == ("1", "2", "3", "4")
    ends = {("2", "1", -1), ("3", "2", 1)} if directed else {("1", "2", -1), ("2", "3", 1)}
    assert edges(network) == ends


@pytest.mark.parametrize("key", ["name", "label"])
def test_nodes_are_called_as_igraph_and_gephi_call_them(tmp_path, key):
    graph = networkx.Graph([("n0", "n1", {"sign": -1}), ("n1", "n2", {"sign": 1})])

    def names_with(*called):
        networkx.set_node_attributes(graph, dict(zip(graph, called, strict=True)), key)
        networkx.write_graphml(graph, tmp_path / "network.graphml")
        return read(tmp_path / "network.graphml").names

    assert names_with("Ada", "Bo", "Cy") == ("Ada", "Bo", "Cy")
    assert names_with("Ada", "Ada ", "Cy") == ("n0", "n1", "n2")
    assert names_with("Ada", "", "Cy") == ("n0", "n1", "n2")
    gml = GML.format(1).replace("label", key)
    assert read(written(tmp_path, gml)).names == ("a b", "c", "lonely")


@pytest.mark.filterwarnings("ignore:.*found the signs False and True")
@pytest.mark.parametrize("kind", JSON)
def test_json(tmp_path, kind):
    network = read(written(tmp_path, JSON[kind]))
    assert network.directed and network.names == ("2", "a")
    assert edges(network) == {("a", "2", 1), ("2", "a", -1)}


@pytest.mark.filterwarnings("ignore:.*found the signs False and True")
def test_a_graph_in_json_is_undirected_unless_it_says_otherwise(tmp_path):
    assert not read(written(tmp_path, JSON["edges"].replace('"directed": true, ', ""))).directed


def test_an_edge_list_may_begin_with_a_bracket(tmp_path):
    network = read(written(tmp_path, "[deleted],b,1\n{c},b,-1\n"))
    assert edges(network) == {("[deleted]", "b", 1), ("{c}", "b", -1)}


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_what_other_programs_write_is_the_same_network(tmp_path_factory, data):
    node = st.sampled_from(["a", "b", "7", "e1", "é"])
    rating = st.sampled_from([-2.5, -1.0, 1.0, 3.0])
    rows = data.draw(st.lists(st.tuples(node, node, rating), min_size=1, max_size=12))
    directed = data.draw(st.booleans())
    # An enemy in front, since ratings without one ask for their scale; no node without an edge,
    # since JSON lines have no place for them.
    rows = [("a", "b", -2.5), *(row for row in rows if row[0] != row[1])]
    network = SignedNetwork.from_edges(*zip(*rows, strict=True), directed=directed)
    folder = tmp_path_factory.mktemp("f")
    graph = to_networkx(network)
    columns = to_columns(network)
    kind = data.draw(st.sampled_from(["net", "gml", "graphml", "mtx", "json", "jsonl"]))
    file = folder / f"network.{kind}"
    names = network.names
    if kind == "net":
        for _, _, values in graph.edges(data=True):
            values["weight"] = values.pop("rating", values["sign"])
            del values["sign"]
        spaced = {name: f"{name} x" for name in graph}
        networkx.write_pajek(networkx.relabel_nodes(graph, spaced), file)
        names = tuple(f"{name} x" for name in names)
    elif kind == "gml":
        networkx.write_gml(graph, file)
    elif kind == "graphml":
        networkx.write_graphml(graph, file)
    elif kind == "mtx":
        matrix = sparse.coo_array(
            (network.sign, (network.target, network.source)), shape=(network.n_nodes,) * 2
        )
        matrix = matrix.T if network.directed else matrix + matrix.T
        scipy.io.mmwrite(file, matrix)
        names = tuple(str(i + 1) for i in range(network.n_nodes))
    elif kind == "json":
        file.write_text(json.dumps(networkx.node_link_data(graph, edges="links")))
    else:
        rows = zip(*columns.values(), strict=True)
        file.write_text("\n".join(json.dumps(dict(zip(columns, row, strict=True))) for row in rows))
    again = read(file, directed=network.directed)
    assert again.names == names and again.directed == network.directed
    for label in ("source", "target", "sign"):
        np.testing.assert_array_equal(getattr(again, label), getattr(network, label))
    if network.rating is not None and kind != "mtx":
        np.testing.assert_array_equal(again.rating, network.rating)
    assert again.directed == read(file).directed or kind == "jsonl"
