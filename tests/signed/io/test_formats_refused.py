"""What is refused in the formats of other programs, and how it is named."""

from __future__ import annotations

import sys

import pytest
from network_files import GML, GRAPHML, JSON, LIST, MATRIX, PAJEK, written

from forcelaw.errors import InputError
from forcelaw.signed import read

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
    "gml, deep": ("graph " + "[ a " * DEEP, "found lists in lists, more than 64 levels deep"),
    "gml, closed": (
        "graph " + "[ a " * 30_000 + "]" * 30_000,
        "found lists in lists, more than 64 levels deep",
    ),
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


def test_nodes_of_a_listed_file_are_of_one_kind(tmp_path):
    networkx = pytest.importorskip("networkx")
    graph = networkx.Graph()
    # An undirected file begins with either end.
    for user, item in (("u1", "i1"), ("i1", "u2"), ("i2", "u1")):
        graph.add_edge(user, item, sign=-1)
    networkx.write_graphml(graph, tmp_path / "both.graphml")
    with pytest.raises(InputError, match="found 'i1' as a source and as a target, expected nodes"):
        read(tmp_path / "both.graphml", bipartite=True)
    ordered = networkx.DiGraph(sign=1)
    ordered.add_edges_from([("u1", "i1", {"sign": 1}), ("u2", "i1", {"sign": -1})])
    networkx.write_graphml(ordered, tmp_path / "apart.graphml")
    assert read(tmp_path / "apart.graphml", bipartite=True).n_nodes == 3
