"""Public text has the field's words: none of those that only this project's authors would know."""

import ast
import re
from pathlib import Path

import pytest

import forcelaw

SOURCE = Path(forcelaw.__file__).parent
ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "examples", "benchmarks", ".github")
NEVER = {
    r"crooked": "unrounded",
    r"(self|own)[ -]forces?": "one-body force, external force",
    r"outside fields?": "external field",
    r"self:": "one-body:",
    r"fixed cent(re|er)s?": "central external field",
    r"(what is|those|how much is) left": "residual",
    r"felt forces?|forces? felt": "net force",
    r"instants?": "snapshots",
    r"far (worlds?|away)|near and far": "extrapolation, in distribution",
    r"weighed": "infer masses",
    r"put(s|ting)? back": "insert the formula",
    r"price of (a |the )?messages?": "penalty, penalty weight",
    r"the origin's|origin's code": "the reference implementation",
    r"(says|said) and (hears|heard)|hears about": "outgoing, incoming ratings",
    r"camps?": "factions, communities",
    r"surprises?": "standardised residual",
    r"were about": "were active",
    r"busiest": "top-degree",
    r"made-up": "synthetic",
    r"foretells?|foretold|foretelling": "predict",
    r"harsher": "descending severity",
    r"typical inputs?": "reference inputs",
    r"jobs?|houses?": "application, project",
    r"doubt(s|ed|ful)?|unsure|less sure": "uncertainty, margin, standard error, not significant",
    r"how(ever)? sure( it is)?": "uncertainty, significance",
    r"parts of the graph": "subgraph batches",
    r"to be looked at|be believed|few enemies among many friends": "a heading in standard terms",
}
WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(NEVER)})(?![\w-])", re.IGNORECASE)
QUOTED = re.compile(r"```.*?```|`[^`\n]*`|<!--.*?-->|https?://\S+", re.DOTALL)


def pages():
    inside = [page for folder in FOLDERS for page in sorted((ROOT / folder).rglob("*.md"))]
    return [*sorted(ROOT.glob("*.md")), *inside]


def sources():
    inside = [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]
    return [*sorted(SOURCE.rglob("*.py")), *inside]


def blanked(text):
    """The text without code, line by line as it was."""
    return QUOTED.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def prose(file):
    """(line, text) of all that is shown or read: docstrings, messages, help."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, blanked(node.value)


def named(path):
    base = ROOT if path.is_relative_to(ROOT) else SOURCE
    return pytest.param(path, id=str(path.relative_to(base)))


@pytest.mark.parametrize("page", [named(page) for page in pages()])
def test_pages_have_the_words_of_the_field(page):
    text = blanked(page.read_text("utf-8"))
    found = [f"{text[: at.start()].count(chr(10)) + 1}: {at[0]}" for at in WORD.finditer(text)]
    assert not found, f"{page}: {', '.join(found)}"


@pytest.mark.parametrize("file", [named(file) for file in sources()])
def test_docstrings_and_messages_have_the_words_of_the_field(file):
    found = [f"{line}: {at[0]}" for line, text in prose(file) for at in WORD.finditer(text)]
    assert not found, f"{file}: {', '.join(found)}"


@pytest.mark.parametrize("page", ["README.md", "docs/particles.md"])
def test_motion_is_given_in_snapshots(page):
    text = blanked((ROOT / page).read_text("utf-8"))
    assert not re.search(r"(?<!data )\b(frames?|instants?|moments of time)\b", text)


def test_words_are_found_where_they_stand_and_nowhere_else():
    for text in (
        "two camps",
        "The busiest nodes.",
        "It is doubtful.",
        "a made-up network",
        "pair: 0; self: v",
    ):
        assert WORD.search(text), text
    for text in ("campsite", "in moments of rest", "jobs-free", "an instantaneous force"):
        assert not WORD.search(text), text
    assert not WORD.search(blanked("`put_back` and `busiest` became other names"))
