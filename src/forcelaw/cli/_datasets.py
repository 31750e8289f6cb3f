"""`forcelaw datasets`: the public signed networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from forcelaw.cli._command import command, new_app
from forcelaw.cli._session import Session
from forcelaw.errors import InputError, suggest

if TYPE_CHECKING:
    from rich.console import Console

app = new_app("The public signed networks: sizes, sources, licences, downloads.")


@app.command("list")
@command()
def list_datasets(session: Session) -> None:
    """What there is, and what of it lies on this machine."""
    from forcelaw import signed

    rows = [
        {
            "name": entry.name,
            "nodes": entry.nodes,
            "edges": entry.edges,
            "positive": entry.positive_share,
            "directed": entry.directed,
            "times": entry.times,
            "source": entry.source,
            "url": entry.url,
            "licence": entry.licence,
            "citation": entry.citation,
            "here": any((folder / entry.file).exists() for folder in signed.data_folders()),
        }
        for entry in signed.DATASETS.values()
    ]
    folders = [str(folder) for folder in signed.data_folders()]

    def show(console: Console) -> None:
        _show(console, rows)
        console.print(f"\nData folder: {folders[0]}", soft_wrap=True)

    session.result({"datasets": rows, "folders": folders}, show)


@app.command("fetch")
@command()
def fetch(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the dataset.")],
) -> None:
    """Download a dataset into the data folder and verify it."""
    from forcelaw import signed
    from forcelaw.files import many
    from forcelaw.report.signed_text import show_line

    if name not in signed.DATASETS:
        raise InputError(f"{name}: expected a dataset; {suggest(name, signed.DATASETS)}")
    path = signed.fetch(name, note=session.note)
    network = signed.dataset(name)
    facts = {
        "name": name,
        "file": str(path),
        "nodes": network.n_nodes,
        "edges": network.n_edges,
        "positive": network.positive_share,
        "content_sha256": network.content_hash,
        "cleanup": {rule: int(count) for rule, count in network.cleanup.items()},
    }

    def show(console: Console) -> None:
        words = f"{many(network.n_nodes, 'node')}, {many(network.n_edges, 'edge')}"
        words = f"{name}: {words}, {network.positive_share:.1%} positive"
        show_line(console, words, network.cleanup)
        console.print(str(path), soft_wrap=True)

    session.result(facts, show)


def _show(console: Console, rows: list[dict[str, Any]]) -> None:
    from forcelaw.report.tables import new_table

    table = new_table(
        "name", "nodes>", "edges>", "positive>", "directed", "times", "here", "source"
    )
    for row in rows:
        table.add_row(
            row["name"],
            f"{row['nodes']:,}",
            f"{row['edges']:,}",
            f"{row['positive']:.1%}",
            *("yes" if row[key] else "no" for key in ("directed", "times", "here")),
            row["source"],
        )
    console.print(table)
    console.print("\nLicences and citations")
    for row in rows:
        words = f"  {row['name']}: {row['licence']}; {row['citation']}"
        console.print(words, soft_wrap=True)
