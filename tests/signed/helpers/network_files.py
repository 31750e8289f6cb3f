"""Small networks in the formats of other programs."""

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


def written(tmp_path, text, name="network"):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    return file
