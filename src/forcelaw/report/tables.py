"""Tables that read well in a terminal and in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def new_table(*columns: str, title: str | None = None) -> Table:
    """An empty table; a column whose name ends in `>` is aligned to the right."""
    from rich.box import Box
    from rich.table import Table

    # A rule under the head and nothing else: lines of text stay lines of text.
    box = Box("    \n    \n ── \n    \n    \n    \n    \n    \n")
    table = Table(box=box, title=title, title_justify="left", pad_edge=False, show_edge=False)
    for name in columns:
        right = name.endswith(">")
        table.add_column(name.removesuffix(">"), justify="right" if right else "left")
    return table
