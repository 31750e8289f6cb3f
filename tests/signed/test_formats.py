"""Networks in the formats of other programs: what they hold, and what is refused."""

from __future__ import annotations

import json
import sys

import networkx
import numpy as np
import pytest
import scipy.io
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from forcelaw.errors import InputError
from forcelaw.signed import SignedNetwork, read, to_networkx
from forcelaw.signed._interop import to_columns


def written(tmp_path, text, name="network"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file


def edges(network):
    names = network.names
    triples = zip(network.source, network.target, network.sign, strict=True)
    return {(names[u], names[v], int(s)) for u, v, s in triples}


PAJEK = """% made by hand
*Network signs
*Vertices 5
1 "Ada L." 0.1 0.2 0.5
2 "Bo"
4 ""
3 C
*Arcs
1 2 1
2 3 -2.5 [1-3]
"""
GML = """Creator "someone"
graph [
  directed {0}
  node [ id 7 label "a b" ]
  node [ id 9 label "c" ]
  node [ id 11 label "lonely" ]
  edge [ source 7 target 9 weight -2.5 ]
]
"""
GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="edge" attr.name="sign" attr.type="int"/>
<graph edgedefault="{0}">
<node id="a"/><node id="b"/><node id="c"/>
<edge source="a" target="b"><data key="d0">-1</data></edge>
</graph></graphml>
"""
MATRIX = """%%MatrixMarket matrix coordinate integer {0}
% by hand
4 4 2
2 1 -1
3 2 1
"""


def test_pajek(tmp_path):
    network = read(written(tmp_path, PAJEK, "signs.net"))
    assert network.directed and network.name == "signs"
    assert edges(network) == {("Ada L.", "Bo", 1), ("Bo", "C", -1)}
    assert network.names == ("4", "5", "Ada L.", "Bo", "C")
    assert network.rating.tolist() == [1, -2.5]
    undirected = read(written(tmp_path, PAJEK.replace("*Arcs", "*Edges")))
    assert not undirected.directed
    both = read(written(tmp_path, PAJEK + "*edges\n3 1 -1\n"))
    assert both.directed
    assert edges(both) == edges(network) | {("C", "Ada L.", -1), ("Ada L.", "C", -1)}


@pytest.mark.parametrize("directed", [True, False])
def test_gml_graphml_and_matrix_market(tmp_path, directed):
    network = read(written(tmp_path, GML.format(int(directed))))
    assert network.directed == directed and network.names == ("a b", "c", "lonely")
    assert edges(network) == {("a b", "c", -1)} and network.rating.tolist() == [-2.5]
    network = read(written(tmp_path, GRAPHML.format("directed" if directed else "undirected")))
    assert network.directed == directed and network.names == ("a", "b", "c")
    assert edges(network) == {("a", "b", -1)}
    network = read(written(tmp_path, MATRIX.format("general" if directed else "symmetric")))
    assert network.directed == directed and network.names == ("1", "2", "3", "4")
    ends = {("2", "1", -1), ("3", "2", 1)} if directed else {("1", "2", -1), ("2", "3", 1)}
    assert edges(network) == ends


LIST = '[{"source": "a", "target": 2, "sign": true}, {"source": 2, "target": "a", "sign": false}]'
JSON = {
    "list": LIST,
    "lines": LIST[1:-1].replace("}, {", "}\n{"),
    "lists": '[["a", 2, 1], [2, "a", -1]]',
    "lines of lists": '["a", 2, 1]\n\n[2, "a", -1]\n',
    "columns": '{"sign": [1, -1], "source": ["a", 2], "target": [2, "a"]}',
    "pandas": '{"source":{"0":"a","1":2},"target":{"0":2,"1":"a"},"sign":{"0":1,"1":-1}}',
    "node-link": '{"directed": true, "nodes": [{"id": "a"}, {"id": 2}], "links": ' + LIST + "}",
    "edges": '{"directed": true, "nodes": ["a", 2], "edges": ' + LIST + "}",
    "positions": '{"directed": true, "nodes": [{"name": "a"}, {"name": "2"}], "links": '
    + LIST.replace('"a"', "0").replace(" 2", " 1")
    + "}",
}


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
        networkx.write_pajek(networkx.relabel_nodes(graph, lambda name: f"{name} x"), file)
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


XML = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n'
DEEP = 100_000
REFUSED = {
    "pajek, two kinds": (
        PAJEK.replace("es 5", "es 5 3"),
        r":3: found two kinds of vertices, expec",
    ),
    "pajek, count": (
        PAJEK.replace("es 5", "es 2000000000"),
        r":3: found a header that counts '2000",
    ),
    "pajek, no value": (
        PAJEK.replace("1 2 1", "1 2"),
        r":9: found '1 2', expected two vertices an",
    ),
    "pajek, vertex": (
        PAJEK.replace("1 2 1", "1 8 1"),
        r":9: found node '8', expected a number from",
    ),
    "pajek, label": (PAJEK.replace('"Bo"', "C"), r":7: found the label 'C' again, expected labels"),
    "pajek, lists": (
        PAJEK.replace("*Arcs", "*Arcslist"),
        r":8: found '\*Arcslist', expected \*Ver",
    ),
    "pajek, relations": (
        PAJEK.replace("*Arcs", '*Arcs :1 "like"') + '*Arcs :2 "hate"\n1 2 3\n',
        r":11: found several relations, ':1 \"like\"', ':2 \"hate\"', expected one",
    ),
    "pajek, empty": ("*Vertices 3\n", "found no edges, expected vertices, and arcs or edges below"),
    "gml, damaged": (GML.format("x["), "found damaged GML"),
    "gml, deep": ("graph " + "[ a " * DEEP, "found damaged GML"),
    "gml, digits": (GML.format("1" * 5000), "found damaged GML"),
    "gml, no sign": (
        GML.format(1).replace("weight -2.5", ""),
        r"found the columns 'source', 'targe",
    ),
    "gml, no edges": ("graph [ node [ id 1 ] ]", "found no edges, expected edges with a sign"),
    "graphml, entities": (XML + GRAPHML[39:], "found definitions of entities"),
    "graphml, damaged": (GRAPHML.format("directed")[:-9], "found damaged GRAPHML"),
    "graphml, text": (GRAPHML.format("directed").replace(">-1<", ">x<"), "found damaged GRAPHML"),
    "graphml, deep": ("<graphml>" + "<a>" * DEEP, "found damaged GRAPHML"),
    "graphml, two": (
        GRAPHML.replace("</graphml>", "<graph ></graph></graphml>"),
        "found several graphs",
    ),
    "graphml, other": ("<?xml version='1.0'?><svg/>", "found damaged GRAPHML"),
    "mtx, entries": (MATRIX.format("general")[:-6], r":3: found 1 entries, expected '2' as in the"),
    "mtx, many": (
        MATRIX.replace("4 4 2", "4 4 2000000000"),
        r"found 2 entries, expected '20000000",
    ),
    "mtx, nodes": (
        MATRIX.replace("4 4 2", "2000000000 2000000000 2"),
        r":3: found a header that c",
    ),
    "mtx, outside": (
        MATRIX.replace("3 2 1", "3 9 1"),
        r":5: found node '9', expected a number fro",
    ),
    "mtx, oblong": (
        MATRIX.replace("4 4 2", "4 5 2"),
        r":3: found '4' rows and '5' columns, expect",
    ),
    "mtx, pattern": (MATRIX.replace("integer", "pattern"), r":1: found 'matrix coordinate pattern"),
    "mtx, array": (MATRIX.replace("coordinate", "array"), r":1: found 'matrix array integer gener"),
    "mtx, zero size": (
        MATRIX.replace("4 4 2", "4 4"),
        r":3: found the size '4', '4', expected num",
    ),
    "json, no sign": (
        LIST.replace('"sign"', '"colour of it"').replace("true", "{}"),
        "a text or a",
    ),
    "json, nothing": ("{}", "found no list of edges, expected edges like"),
    "json, missing": (
        '[{"source": null, "target": 2, "sign": 1}]',
        "found an empty source in edge 1",
    ),
    "json, line": (
        '{"source": "a", "target": 2, "sign": 1}\n{"source": 3}',
        r":2: found an empty t",
    ),
    "json, mixed": ('[["a", 2, 1], {"a": 1}]', "found .* in edge 2, expected edges like"),
    "json, nan": ('[["a", 2, "NaN"]]', r"found the rating 'NaN' in edge 1, expected a finite num"),
    "json, damaged line": (JSON["lists"][1:12] + "\n[2, 3,\n", r"network:2: .*JSON"),
    "json, stranger": (
        JSON["edges"].replace('["a", 2]', '["a"]'),
        r"found '2' in edge 1, expected o",
    ),
    "json, lengths": ('{"source": [1], "target": [2, 3]}', "found columns of 1 and 2 values"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused(tmp_path, case):
    text, message = REFUSED[case]
    text = text.replace("{0}", "directed" if "graphml" in case else "general")
    with pytest.raises(InputError, match=message) as caught:
        read(written(tmp_path, text))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500 + len(str(tmp_path))


@pytest.mark.parametrize(
    "text",
    ['{"source": ', "[" * DEEP, '{"a": ' * DEEP, "[[" + "1" * 5000],
    ids=["cut", "lists", "objects", "digits"],
)
def test_damaged_json_is_named(tmp_path, text):
    with pytest.raises(InputError, match="JSON"):
        read(written(tmp_path, text, "network.json"))
    with pytest.raises(InputError, match="JSON"):
        read(written(tmp_path, text))


def test_half_a_character_in_json_is_refused(tmp_path):
    text = '[["\\ud83d\\ude00", "b", 1], ["b", "\\u00dc", -1]]'
    assert set(read(written(tmp_path, text)).names) == {"😀", "b", "Ü"}
    with pytest.raises(InputError, match="JSON"):
        read(written(tmp_path, text.replace("\\ude00", ""), "network.json"))


@pytest.mark.parametrize("text", [GML.format(1), GRAPHML.format("directed")], ids=["gml", "xml"])
def test_the_missing_extra_is_named(tmp_path, text, monkeypatch):
    monkeypatch.setitem(sys.modules, "networkx", None)
    with pytest.raises(InputError, match=r"needs networkx; pip install 'forcelaw\[interop\]'"):
        read(written(tmp_path, text))


@pytest.mark.parametrize("format", ["pajek", "gml", "graphml", "mtx", "json", "konect", "congress"])
def test_a_format_asked_for_by_name_is_expected(tmp_path, format):
    with pytest.raises(InputError):
        read(written(tmp_path, "a,b,1\nb,c,-1\n"), format=format)


COUNTED = {
    "# {}\n0 1 1\n1 2 -1\n": "auto",
    "# {} \n0 1 1\n1 2 -1\n": "congress",
    "% asym signed\n% 2 {0} {0}\n1 2 1\n2 3 -1\n": "auto",
}


@pytest.mark.parametrize("text", COUNTED)
def test_counts_out_of_all_proportion_are_refused(tmp_path, text):
    for count in (200_000, 2_000_000_000, "9" * 5000):
        with pytest.raises(
            InputError, match=r":[12]: found a header that counts .* nodes, where 3"
        ):
            read(written(tmp_path, text.format(count)), format=COUNTED[text])
    assert read(written(tmp_path, text.format(5000)), format=COUNTED[text]).n_nodes == 5000


@pytest.mark.parametrize("year", ["²", pytest.param("1" * 5000, id="long"), "0", "20130", "x", ""])
def test_years_that_are_none_leave_no_times(tmp_path, year):
    text = f"SRC:A\nTGT:B\nVOT:1\nRES:1\nYEA:{year}\nDAT:\nTXT:x\n"
    network = read(written(tmp_path, text))
    assert network.time is None and network.n_edges == 1


def test_a_record_without_a_date_leaves_no_times_and_says_so(tmp_path):
    text = "SRC:A\nTGT:B\nVOT:1\nRES:1\nYEA:{0}\nDAT:\nTXT:x\n"
    file = written(tmp_path, text.format(2013) + text.format("").replace("SRC:A", "SRC:C"))
    with pytest.warns(UserWarning, match="1 of 2 records have neither date nor year; all times"):
        assert read(file).time is None


@pytest.mark.parametrize("vote", ["2", pytest.param("1" * 5000, id="long"), "1e999", "+"])
def test_votes_are_one_of_three(tmp_path, vote):
    text = f"SRC:A\nTGT:B\nVOT:{vote}\nRES:1\nYEA:2013\nDAT:\nTXT:x\n"
    with pytest.raises(InputError, match=r":3: found the vote .*, expected -1, 0 or 1"):
        read(written(tmp_path, text))
