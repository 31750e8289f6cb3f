"""Arguments and options of `forcelaw particles`, described once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli._particles_settings import SIMULATION


class Model(StrEnum):
    """What is learned."""

    message = "message"
    pair = "pair"
    hamiltonian = "hamiltonian"


class Regularise(StrEnum):
    """How a message network keeps its messages few."""

    l1 = "l1"
    kl = "kl"
    bottleneck = "bottleneck"
    none = "none"


class Target(StrEnum):
    """What a law is trained to predict."""

    acceleration = "acceleration"
    next_state = "next_state"
    trajectory = "trajectory"


class Search(StrEnum):
    """What proposes formulas."""

    operon = "operon"
    library = "library"
    pysr = "pysr"


class Which(StrEnum):
    """Which law of a run is simulated."""

    formula = "formula"
    network = "network"
    curve = "curve"


Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="A built-in law (see particles laws), solar, or a .npz or .csv file."
    ),
]
Run = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished fit or discovery.")]
Out = Annotated[Path, typer.Option("--out", help="Folder of the run.")]
OutFile = Annotated[Path, typer.Option("--out", help="A .npz or .csv file.")]
ModelOption = Annotated[
    Model | None,
    typer.Option(
        "--model", metavar="MODEL", help="message, pair or hamiltonian.", show_default="pair"
    ),
]
RegulariseOption = Annotated[
    Regularise | None,
    typer.Option(
        "--regularise",
        metavar="HOW",
        help="Of message networks: l1, kl, bottleneck or none.",
        show_default="l1",
    ),
]
TargetOption = Annotated[
    Target | None,
    typer.Option(
        "--target",
        metavar="WHAT",
        help="What is predicted: acceleration, next_state or trajectory (by a rollout).",
        show_default="acceleration where known, else trajectory",
    ),
]
SearchOption = Annotated[
    list[Search] | None,
    typer.Option(
        "--search",
        metavar="HOW",
        help="What proposes formulas: operon, library or pysr; can be repeated.",
        show_default="library and operon",
    ),
]
_SIMULATED = "Of a built-in law: "
Dim = Annotated[
    int | None,
    typer.Option(
        "--dim", metavar="N", help=f"{_SIMULATED}dimensions.", show_default=str(SIMULATION.dim)
    ),
]
Bodies = Annotated[
    int | None,
    typer.Option(
        "--bodies", metavar="N", help=f"{_SIMULATED}bodies.", show_default=str(SIMULATION.bodies)
    ),
]
Trajectories = Annotated[
    int | None,
    typer.Option(
        "--trajectories",
        metavar="N",
        help=f"{_SIMULATED}trajectories.",
        show_default=str(SIMULATION.trajectories),
    ),
]
Noise = Annotated[
    float | None,
    typer.Option("--noise", metavar="X", help=f"{_SIMULATED}relative noise.", show_default="0"),
]
