"""Notebooks of `examples/` as pages of the site: run, with what they print and draw.

A cell that fails is an error of `mkdocs build`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
from latex2mathml.converter import convert
from mkdocs.structure.files import File
from nbconvert import MarkdownExporter
from nbconvert.preprocessors import ExecutePreprocessor

FORMULA = re.compile(r"\$(.+?)\$")
SECONDS = 600
"""After which a cell is stopped."""


def notebook_pages(notebooks: Path, config: Any) -> list[File]:
    """The page of every notebook and its pictures, below `notebooks/`."""
    files = []
    for path in sorted(notebooks.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        runner = ExecutePreprocessor(timeout=SECONDS, kernel_name="python3")
        runner.preprocess(notebook, {"metadata": {"path": str(notebooks)}})
        pictures = {"output_files_dir": path.stem}
        typeset(notebook)
        text, resources = MarkdownExporter().from_notebook_node(notebook, resources=pictures)
        files.append(File.generated(config, f"notebooks/{path.stem}.md", content=text))
        files += [
            File.generated(config, f"notebooks/{name}", content=content)
            for name, content in resources["outputs"].items()
        ]
    return files


def typeset(notebook: nbformat.NotebookNode) -> None:
    """Formulas of what cells print become MathML, which browsers draw without a script."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            text = data.get("text/html", data.get("text/latex"))
            if text is not None:
                data["text/html"] = FORMULA.sub(lambda found: convert(found[1]), text)
