"""`forcelaw datasets`: the public signed networks."""

from __future__ import annotations

from typing import Annotated

import typer

from forcelaw.cli.command import command, new_app
from forcelaw.cli.session import Session
from forcelaw.errors import InputError, suggest

app = new_app("The public signed networks: sizes, sources, licences, downloads.")


@app.command("list")
@command()
def list_datasets(session: Session) -> None:
    """What there is, and what of it lies on this machine."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_datasets

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
    session.result(
        {"datasets": rows, "folders": folders},
        lambda console: show_datasets(console, rows, folders[0]),
    )


@app.command("fetch")
@command()
def fetch(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the dataset.")],
) -> None:
    """Download a dataset into the data folder and verify it."""
    from forcelaw import signed
    from forcelaw.report.signed_text import show_fetched

    if name not in signed.DATASETS:
        raise InputError(f"{name}: expected a dataset; {suggest(name, signed.DATASETS)}")
    path = signed.fetch(name, note=session.note)
    network = signed.dataset(name)
    document = {
        "name": name,
        "file": str(path),
        "nodes": network.n_nodes,
        "edges": network.n_edges,
        "positive": network.positive_share,
        "content_sha256": network.content_hash,
        "cleanup": {rule: int(count) for rule, count in network.cleanup.items()},
    }
    session.result(document, lambda console: show_fetched(console, document))
