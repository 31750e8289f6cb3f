"""Names that read like markup: what a parser sees of a page does not change with them."""

import base64
import hashlib
import json
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest

from forcelaw.report import network_picture, report, turning_page
from forcelaw.signed.evaluation.curves import embedding_curve

HOSTILE = [
    "<!--<script>",
    "</script><script>alert(1)</script>",
    "]]>",
    "<!--",
    "\" onload=alert(1) x='",
    "&lt;b&amp;",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\u2028\u2029",
    "NETWORK TITLE STYLE POLICY",
    "\x00\x1b[31m\x0b",
    "javascript:alert(1)",
]


class Structure(HTMLParser):
    """Tags and names of attributes in order, and the text of the element with the data."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.data, self.policy, self._inside = [], "", "", False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(sorted(key for key, _ in attrs))))
        given = dict(attrs)
        self._inside = given.get("id") == "network"
        if given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""

    def handle_endtag(self, tag):
        self.tags.append((tag, None))
        self._inside = False

    def handle_data(self, data):
        self.data += data if self._inside else ""

    def handle_comment(self, data):
        self.tags.append(("comment", data))


def curve(name, dim):
    position = np.random.default_rng(0).normal(size=(3, dim))
    edges, sign = np.array([[0, 1], [1, 2]]), np.array([1, -1])
    return embedding_curve([name, "b", f"{name}c"], edges, sign, position, 0.1).to_json()


@pytest.mark.parametrize("name", HOSTILE)
def test_the_turning_page_is_the_same_page_whatever_names_it_shows(name):
    plain = Structure(turning_page(curve("a", 3), "network"))
    found = Structure(turning_page(curve(name, 3), name))
    assert found.tags == plain.tags
    assert json.loads(found.data)["names"] == [name, "b", f"{name}c"]
    assert "<" not in found.data
    assert ">" not in found.data


@pytest.mark.parametrize("name", HOSTILE)
def test_a_report_is_the_same_page_whatever_names_it_shows(name, tmp_path):
    found = []
    for text, folder in (("a", tmp_path / "plain"), (name, tmp_path / "hostile")):
        folder.mkdir()
        document = {
            "kind": "signed",
            "dataset": text,
            "nodes": 3,
            "protocol": text,
            "formulas": {f"{text}!": f"{text}!"},
            "curves": {"embedding": {**curve(text, 2), "caption": text}},
        }
        (folder / "results.json").write_text(json.dumps(document))
        found.append(Structure(report(folder).read_text("utf-8")))
    assert found[0].tags == found[1].tags


@pytest.mark.parametrize("name", HOSTILE)
def test_a_picture_is_well_formed_whatever_names_it_shows(name):
    root = ElementTree.fromstring(network_picture(curve(name, 2)))
    kinds = {part.tag.rpartition("}")[2] for part in root.iter()}
    assert kinds <= {"svg", "style", "rect", "text", "g", "path", "circle", "title"}


def test_a_browser_may_run_the_page_s_own_script_only_and_load_nothing():
    text = turning_page(curve("a", 3), "network")
    policy = dict(part.strip().split(" ", 1) for part in Structure(text).policy.split(";"))
    assert policy["default-src"] == "'none'"
    own = text.rpartition("<script>")[2].partition("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert policy["script-src"] == f"'sha256-{digest}'"
    assert "http" not in " ".join(policy.values())
