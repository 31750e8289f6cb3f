"""Arguments and options of `forcelaw signed`, described once."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Protocol(StrEnum):
    """How edges are held back for testing."""

    pairs = "pairs"
    directed = "directed"
    temporal = "temporal"


Source = Annotated[
    str,
    typer.Argument(metavar="SOURCE", help="A dataset's name or a file with a signed edge list."),
]
Parts = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="A dataset's name, a file, or a folder with train.csv and test.csv."
    ),
]
Asked = Annotated[
    str | None,
    typer.Argument(
        metavar="SOURCE",
        help="A dataset's name, a file, or a folder with train.csv and test.csv; asked for if "
        "left out in a terminal.",
    ),
]
Learned = Annotated[
    str,
    typer.Argument(metavar="RUN", help="Folder of a finished signed fit, or default: as shipped."),
]
OtherSource = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE", help="Another network to work on, a dataset or a file."),
]
Preset = Annotated[
    str | None, typer.Option("--preset", help="default, spr or spr-nn.", show_default="default")
]
SpreadsheetSafe = Annotated[
    bool,
    typer.Option(
        "--spreadsheet-safe",
        help="In .csv, put an apostrophe before names that a spreadsheet takes for formulas.",
    ),
]
Scale = Annotated[
    tuple[float, float] | None,
    typer.Option("--scale", metavar="MIN MAX", help="Of the ratings; others are an error."),
]
Undirected = Annotated[
    bool, typer.Option("--undirected", help="Edges have no direction: a,b is b,a.")
]
Bipartite = Annotated[
    bool,
    typer.Option(
        "--bipartite",
        help="Sources and targets are of two kinds, as users and items: source:NAME, target:NAME.",
    ),
]
StartFrom = Annotated[
    str | None,
    typer.Option(
        "--start-from",
        metavar="RUN",
        help="Begin with this run's law, or with the shipped one: default.",
    ),
]
Dim = Annotated[int | None, typer.Option("--dim", help="Dimensions.", show_default="64")]
Devices = Annotated[
    int | None,
    typer.Option("--devices", metavar="N", help="Devices that share the graph.", show_default="1"),
]
Coordinator = Annotated[
    str | None,
    typer.Option(
        "--coordinator",
        metavar="HOST:PORT",
        help="Of process 0, where several processes share the graph.",
    ),
]
Processes = Annotated[
    int | None, typer.Option("--processes", metavar="N", help="How many there are.")
]
Process = Annotated[
    int | None, typer.Option("--process", metavar="I", help="Which of them this is, from 0.")
]
Transductive = Annotated[
    bool | None,
    typer.Option("--transductive", help="Test pairs take part in the simulation, unsigned."),
]
