"""Arguments and options of `forcelaw signed`, described once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
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
Asked = Annotated[
    str | None,
    typer.Argument(
        metavar="SOURCE", help="A dataset's name or a file; asked for if left out in a terminal."
    ),
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished signed fit.")]
Preset = Annotated[
    str | None, typer.Option("--preset", help="default, spr or spr-nn.", show_default="default")
]
Dim = Annotated[int | None, typer.Option("--dim", help="Dimensions.", show_default="64")]
Transductive = Annotated[
    bool | None,
    typer.Option("--transductive", help="Test pairs take part in the simulation, unsigned."),
]
