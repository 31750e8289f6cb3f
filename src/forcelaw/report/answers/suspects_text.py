"""What `forcelaw signed suspects` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from forcelaw.report.signed_part import show_cleanup
from forcelaw.report.tables import new_table

if TYPE_CHECKING:
    from rich.console import Console


def show_suspects(console: Console, document: Mapping[str, Any]) -> None:
    """The edges and nodes that are contradicted most."""
    console.print(
        f"{document['dataset']}: {document['contradicted']:,} of {document['edges']:,} edges have "
        "the sign that all others make the less likely one; "
        f"{document['expected']:,.0f} would by chance",
        soft_wrap=True,
    )
    if document["suspect_edges"]:
        _show_edges(console, document)
    else:
        console.print(f"No sign is less probable than {document['below']:g}.", soft_wrap=True)
    console.print()
    nodes = new_table("node", "edges", "number>", "contradicted>", "expected>", "z>", "p>", "q>")
    for node in document["suspect_nodes"]:
        nodes.add_row(
            node["node"],
            node["way"],
            f"{node['edges']:,}",
            f"{node['contradicted']:,}",
            f"{node['expected']:.1f}",
            f"{node['z']:.1f}",
            *(f"{node[key]:.2g}" for key in ("p_value", "q_value")),
        )
    console.print(nodes)
    show_cleanup(console, document)
    if document.get("out"):
        console.print(f"{document['out']} written", soft_wrap=True)


def _show_edges(console: Console, document: Mapping[str, Any]) -> None:
    edges = new_table("source", "target", "sign>", "probability of it>")
    for edge in document["suspect_edges"]:
        edges.add_row(
            edge["source"], edge["target"], f"{edge['sign']:+d}", f"{edge['probability']:.4f}"
        )
    console.print(edges)
