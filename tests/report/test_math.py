"""Formulas are drawn as MathML, and nothing in them is ever run."""

import re

import pytest

from forcelaw.report.html import Html, join, tag
from forcelaw.report.mathml import formula


def words(text):
    """What a reader sees, without markup."""
    return re.sub(r"<[^>]+>", "", formula(text)).replace("\N{MINUS SIGN}", "-")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("2*(r - 1)", "2(r-1)"),
        ("a - (b - c)", "a-(b-c)"),
        ("a - b - c", "a-b-c"),
        ("(-r)**2", "(-r)2"),
        ("-(a + b)*c", "-(a+b)c"),
        ("r**2", "r2"),
        ("m_i", "mi"),
        ("exp(-r/3)", "exp(-r3)"),
        ("1.5e-7", "1.5×10-7"),
        ("(0, -9.8*m)", "(0,-9.8m)"),
        ("sqrt(r)", "r"),
    ],
)
def test_reads_as_written(text, seen):
    assert words(text) == seen


@pytest.mark.parametrize("text", ["q_i*q_j/r**2", "q_i*q_j*r**-2", "r**-2*q_i*q_j"])
def test_division_is_a_fraction(text):
    assert re.search(r"<mfrac>.*q.*</mrow><m(row|sup)>.*r.*2.*</mfrac>", formula(text))


def test_cases():
    for text in ("where(r > 2, r - 1, 0)", "Piecewise((r - 1, r > 2), (0, True))"):
        assert words(text) == "{r-1if r&gt;20otherwise"


@pytest.mark.parametrize(
    "text", ["__import__('os').system('id')", "lambda: 1", "'text'", "f(x=1)", "r +", "[1]", None]
)
def test_what_is_no_formula_is_shown_as_text(text):
    assert formula(text).startswith("<code>")


def test_escaping():
    evil = "<script>alert(1)</script>\"'&"
    built = tag("p", evil, title=evil)
    assert "<script>" not in built
    assert built.count("&lt;script&gt;") == 2
    assert tag("p", Html("<b>x</b>")) == "<p><b>x</b></p>"
    assert tag("td", "x", class_=None) == "<td>x</td>"
    assert join("a", None, 1.23456) == "a1.23"
