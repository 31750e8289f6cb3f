"""Arguments and options of the commands, described once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import typer

from forcelaw.errors import suggest
from forcelaw.particles import settings as particles
from forcelaw.particles.io.endings import A_FILE, SOURCE_FILES
from forcelaw.signed import settings as signed


def one_of(*known: str) -> Callable[[str], str]:
    """Reads one of some words; others are met by the nearest."""

    def parse(text: str) -> str:
        if text not in known:
            near = suggest(text, known)
            then = near if near.startswith("did you mean") else "choose one"
            raise typer.BadParameter(f"found {text!r}, expected {', '.join(known)}; {then}")
        return text

    return parse


def _choice(name: str, kind: Any, help: str, metavar: str = "", default: str | None = None) -> Any:
    """An option that takes one of the texts of a `Literal`."""
    known = get_args(kind)
    shown = metavar or f"<{'|'.join(known)}>"
    return typer.Option(
        name, parser=one_of(*known), metavar=shown, help=help, show_default=default or True
    )


def _simulated(name: str, what: str, metavar: str = "N") -> Any:
    """An option about the simulation of a built-in law."""
    default = getattr(particles.SIMULATION, name)
    text = f"Of a built-in law: {what}."
    return typer.Option(f"--{name}", metavar=metavar, help=text, show_default=f"{default:g}")


_FIGURES = "Also draw every figure for a paper, into RUN/plots."
Plots = Annotated[str | None, _choice("--plots", Literal["png", "svg", "pdf"], _FIGURES)]

# Particles

_LAW = f"A built-in law (see particles laws), solar, or {SOURCE_FILES}."
Sources = Annotated[list[str], typer.Argument(metavar="SOURCE", help=_LAW)]
Run = Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished fit or discovery.")]
Out = Annotated[Path, typer.Option("--out", help="Folder of the run.")]
OutFile = Annotated[Path, typer.Option("--out", help=f"{A_FILE.capitalize()}.")]
_MODEL = "message, pair or hamiltonian."
Model = Annotated[str | None, _choice("--model", particles.Model, _MODEL, "MODEL", "pair")]
_HOW = "Of message networks: l1, kl, bottleneck or none."
Regularise = Annotated[str | None, _choice("--regularise", particles.Regularise, _HOW, "HOW", "l1")]
_TARGET = "What is predicted: acceleration, next_state or trajectory (by a rollout)."
_WHERE = "acceleration where known, else trajectory"
Target = Annotated[str | None, _choice("--target", particles.Target, _TARGET, "WHAT", _WHERE)]
_SEARCH = "What proposes formulas: operon, library or pysr; can be repeated."
Search = Annotated[
    list[str] | None,
    _choice("--search", particles.Search, _SEARCH, "HOW", "library and operon"),
]
Order = Annotated[
    str | None,
    _choice("--order", particles.OrderName, "first (velocities), second or auto.", default="auto"),
]
_REACH = typer.Option(metavar="R|auto", help="Distance beyond which nothing acts.")
Cutoff = Annotated[str | None, _REACH]
_LENGTHS = typer.Option(metavar="LX,LY[,LZ]", help="Of a periodic box, where the file has none.")
Box = Annotated[str | None, _LENGTHS]
_KINDS = typer.Option(metavar="COLUMN", help="What tells the kinds of bodies.")
Species = Annotated[str | None, _KINDS]
_NAMES_BODIES = typer.Option(metavar="FILE", help="Names bodies of what MDAnalysis reads.")
Topology = Annotated[str | None, _NAMES_BODIES]
_HIDDEN = "mass, charge or kinds: of bodies, where not recorded."
Infer = Annotated[str | None, _choice("--infer", Literal["mass", "charge", "kinds"], _HIDDEN)]
InferEdges = Annotated[bool, typer.Option("--infer-edges", help="Find who acts on whom.")]
Task = Annotated[
    str,
    typer.Argument(
        metavar="TASK",
        parser=one_of("nri", "charged", "gravity"),
        help="nri: who interacts (Kipf et al. 2018); charged, gravity: five bodies over long "
        "stretches (SEGNO 2023).",
    ),
]
_LEARNED = "Learned from."
_PUBLISHED = "1000 of each system; 3000 of five bodies"
LearnedFrom = Annotated[
    int | None,
    typer.Option("--trajectories", min=2, metavar="N", help=_LEARNED, show_default=_PUBLISHED),
]
_BODIES = "Of nri, of each trajectory; can be repeated."
Sizes = Annotated[
    list[int] | None,
    typer.Option("--bodies", min=3, max=20, metavar="N", help=_BODIES, show_default="5 and 10"),
]
ByNetwork = Annotated[bool, typer.Option("--network", help="Of five bodies: no formula.")]
_IF = "formula if there is one"
Which = Annotated[str | None, _choice("--law", particles.Which, "What is simulated.", default=_IF)]
Dim = Annotated[int | None, _simulated("dim", "dimensions")]
Bodies = Annotated[int | None, _simulated("bodies", "bodies")]
Trajectories = Annotated[int | None, _simulated("trajectories", "trajectories")]
_OF_MOTION = "none, measurement, langevin or auto; a number: relative noise of a built-in law."
NoiseOrName = Annotated[str | None, typer.Option("--noise", metavar="HOW|X", help=_OF_MOTION)]
Noise = Annotated[float | None, _simulated("noise", "relative noise", "X")]

# Signed networks

_NETWORK = "A dataset's name or a file with a signed edge list."
_PARTS = "A dataset's name, a file, or a folder with train.csv and test.csv"
Network = Annotated[str, typer.Argument(metavar="SOURCE", help=_NETWORK)]
Parts = Annotated[str, typer.Argument(metavar="SOURCE", help=f"{_PARTS}.")]
Asked = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE", help=f"{_PARTS}; asked for if left out in a terminal."),
]
Learned = Annotated[
    str,
    typer.Argument(metavar="RUN", help="Folder of a finished signed fit, or default: as shipped."),
]
OtherNetwork = Annotated[
    str | None,
    typer.Argument(metavar="SOURCE", help="Another network to work on, a dataset or a file."),
]
Pairs = Annotated[
    Path, typer.Argument(metavar="PAIRS", help="CSV file with columns source and target.")
]
_NAMES = f"{', '.join(signed.PRESET_NAMES[:-1])} or {signed.PRESET_NAMES[-1]}."
Preset = Annotated[str | None, typer.Option("--preset", help=_NAMES, show_default="default")]
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
READING: dict[str, tuple[Any, Any]] = {
    "scale": (Scale, None),
    "undirected": (Undirected, False),
    "bipartite": (Bipartite, False),
}
"""Options of every command that reads a network, and their defaults."""
StartFrom = Annotated[
    str | None,
    typer.Option(
        "--start-from",
        metavar="RUN",
        help="Begin with this run's law, or with the shipped one: default.",
    ),
]
Space = Annotated[
    int | None, typer.Option("--dim", help="Dimensions.", show_default=str(signed.DIM))
]
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


def protocol_option(help: str) -> Any:
    """The option that says how edges are held back."""
    return _choice("--protocol", signed.Protocol, help)
