"""Tests, benchmarks and examples use what is public: a private name may change at any time."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]


def private(name):
    return name.startswith("_") and not name.endswith("__")


def private_names_used(tree):
    """Private names of the package that a file imports, reads off a module, or replaces in it."""
    ours = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "forcelaw"
        for alias in node.names
    }
    yield from (name for name in ours.values() if private(name.rpartition(".")[2]))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            # What notebooks show has names of their choosing.
            if node.value.id in ours and private(node.attr) and not node.attr.startswith("_repr_"):
                yield f"{node.value.id}.{node.attr}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "monkeypatch.setattr":
            texts = [arg.value for arg in node.args[:2] if isinstance(arg, ast.Constant)]
            texts = [text for text in texts if isinstance(text, str)]
            parts = [part for text in texts for part in text.split(".")]
            yield from (".".join(texts) for part in parts if private(part))


def test_others_use_no_private_names():
    files = [f for top in ("tests", "benchmarks", "examples") for f in (ROOT / top).rglob("*.py")]
    found = {
        str(file.relative_to(ROOT)): [*private_names_used(ast.parse(file.read_text("utf-8")))]
        for file in files
    }
    assert files and not {file: names for file, names in found.items() if names}


def test_private_names_are_found():
    text = """
from forcelaw.signed.features import triads, _hidden
triads._ranges(); triads.public(); triads._repr_html_()
monkeypatch.setattr("forcelaw.storage.run._text", 1)
monkeypatch.setattr(triads, "_ranges", 1)
"""
    assert {*private_names_used(ast.parse(text))} == {
        "forcelaw.signed.features._hidden",
        "triads._ranges",
        "forcelaw.storage.run._text",
        "_ranges",
    }
