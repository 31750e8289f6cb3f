"""The site of the documentation: what `mkdocs build` adds to the pages of this folder.

README is the first page, the notebooks of `examples` are run, the pages of `benchmarks/results` are
those of the benchmarks, and the reference is made from docstrings. Links that lead elsewhere in the
repository lead to its host.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files
from notebook_pages import notebook_pages

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
RESULTS = ROOT / "benchmarks" / "results"
LINK = re.compile(r"(\]\()([^)\s]+)(\))")
ABROAD = ("http://", "https://", "#", "mailto:")


def on_config(config: Any) -> Any:
    """Lists the pages of the benchmarks below the last entry."""
    rooms: dict[str, list[str]] = {}
    for uri in others():
        match Path(uri).parts:
            case ("benchmarks", room, *_, _):
                rooms.setdefault(room.capitalize(), []).append(uri)
            case ("benchmarks", _):
                rooms.setdefault("What failed", []).append(uri)
            case _:
                pass
    (pages,) = config.nav[-1].values()
    pages += [{room: found} for room, found in rooms.items()]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Adds README, the notebooks and the pages of the benchmarks."""
    for uri, source in others().items():
        files.append(File.generated(config, uri, abs_src_path=str(source)))
    for file in notebook_pages(EXAMPLES, config):
        files.append(file)
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Links between files of the repository become links between pages of the site."""
    # What a notebook made lies nowhere: its links are those of the notebook.
    here = Path(page.file.src_uri).parent
    source = Path(page.file.abs_src_path or EXAMPLES / "notebook")
    pages = {path: uri for uri, path in others().items()}

    def target(found: re.Match[str]) -> str:
        before, link, after = found.groups()
        if link.startswith(ABROAD):
            return found[0]
        name, _, anchor = link.partition("#")
        path = (source.parent / name).resolve()
        if files.get_file_from_path((here / name).as_posix()):
            return found[0]
        if path in pages or (path.is_relative_to(ROOT / "docs") and path.suffix != ".py"):
            uri = pages.get(path) or str(path.relative_to(ROOT / "docs"))
            link = os.path.relpath(uri, here) + (f"#{anchor}" if anchor else "")
        else:
            kind = "tree" if path.is_dir() else "blob"
            link = f"{config.extra['repository']}/{kind}/main/{path.relative_to(ROOT)}"
        return before + link + after

    return LINK.sub(target, markdown)


def on_post_build(config: Any) -> None:
    """Makes the reference beside the pages."""
    script = ROOT / "docs" / "scripts" / "make_api_reference.py"
    folder = Path(config.site_dir) / "api"
    subprocess.run([sys.executable, str(script), str(folder)], check=True)


def others() -> dict[str, Path]:
    """Pages that lie elsewhere, by their place on the site."""
    results = {
        f"benchmarks/{path.relative_to(RESULTS).as_posix()}": path
        for path in sorted(RESULTS.rglob("*.md"))
    }
    return {"index.md": ROOT / "README.md", **results}
