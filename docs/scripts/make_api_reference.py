"""The reference of everything public as HTML, made from docstrings by pdoc.

    python docs/scripts/make_api_reference.py [FOLDER]

Needs the extra `docs`. FOLDER is `build/api` unless given.
"""

import importlib
import inspect
import sys
import warnings
from pathlib import Path
from types import ModuleType

from pdoc import pdoc, render

PAGES = (
    "forcelaw",
    "forcelaw.particles",
    "forcelaw.signed",
    "forcelaw.graph",
    "forcelaw.laws",
    "forcelaw.laws.expression",
    "forcelaw.motion",
    "forcelaw.training",
    "forcelaw.storage",
    "forcelaw.distill",
    "forcelaw.report",
    "forcelaw.errors",
)


def main() -> None:
    """Writes a page for each module, and an index."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/api")
    for name in PAGES:
        list_names(importlib.import_module(name))
    listed = importlib.import_module("forcelaw").__all__
    inner = [name for name in PAGES[1:] if name.removeprefix("forcelaw.") not in listed]
    render.configure(docformat="google", show_source=False)
    with warnings.catch_warnings():
        # Shapes in annotations are text to pdoc, which warns of each.
        warnings.filterwarnings("ignore", "Error parsing type annotation")
        # Packages that `forcelaw` lists have their pages with it.
        pdoc("forcelaw", *inner, output_directory=folder)
    print(folder / "index.html")


def list_names(module: ModuleType) -> None:
    """Names that a package re-exports count as its own: pdoc shows those in `__all__`."""
    if not hasattr(module, "__all__"):
        names = [name for name in dir(module) if not name.startswith("_")]
        ours = [name for name in names if not inspect.ismodule(getattr(module, name))]
        vars(module)["__all__"] = [name for name in ours if of_forcelaw(getattr(module, name))]


def of_forcelaw(value: object) -> bool:
    """False for what a module took from elsewhere."""
    return getattr(value, "__module__", "forcelaw").startswith("forcelaw")


if __name__ == "__main__":
    main()
