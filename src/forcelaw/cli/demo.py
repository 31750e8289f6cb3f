"""`forcelaw demo`: both applications on built-in input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forcelaw.cli.command import command
from forcelaw.cli.particles import particles_settings
from forcelaw.cli.session import Session
from forcelaw.cli.sources import signed_settings
from forcelaw.clock import Clock
from forcelaw.documents import ParsedObject

if TYPE_CHECKING:
    from rich.console import Console

    from forcelaw.storage import Run

# Small enough for two cores to be done in a minute or two, large enough to be convincing.
_SIMULATION = {"dim": 2, "bodies": 4, "trajectories": 100, "steps": 50}
_NODES = 150


@command("seed", "force")
def demo(
    session: Session,
    out: Annotated[Path, typer.Option("--out", help="Folder for both runs and the report.")] = Path(
        "forcelaw-demo"
    ),
) -> None:
    """Both applications on built-in input, no download: two force laws, and report.html."""
    from forcelaw.report import report, without_curves
    from forcelaw.report.particles_text import show_formula
    from forcelaw.report.signed_text import show_network, show_scores, show_springs

    clock = Clock()
    session.start_jax(32)
    bodies = _learn_springs(session, out / "particles")
    network = _learn_trust(session, out / "signed")
    path = report(out)
    seconds = clock.total
    document = {
        "particles": without_curves(bodies),
        "signed": without_curves(network),
        "report": str(path),
        "seconds": seconds,
    }

    def show(console: Console) -> None:
        console.print("Particles: the law behind simulated springs", style="bold")
        show_formula(console, bodies)
        console.print("\nSigned network: who will trust whom", style="bold")
        show_network(console, network)
        show_scores(console, network)
        show_springs(console, network)
        console.print(f"\n{path} ({seconds:.0f} s)", soft_wrap=True)

    session.result(document, show)


def _learn_springs(session: Session, folder: Path) -> ParsedObject:
    from forcelaw.particles.runs import discover_run

    settings = particles_settings(session, "spring", {}, _SIMULATION)
    config = {"command": "particles discover", **settings.model_dump()}
    return _run(session, folder, config, lambda run: discover_run(settings, run, reporter=session))


def _learn_trust(session: Session, folder: Path) -> ParsedObject:
    from forcelaw.signed import synthetic
    from forcelaw.signed.evaluation.runs import fit_run, held_back

    network = synthetic(_NODES, seed=session.seed or 0)
    settings = signed_settings(session, network, {"protocol": "pairs", "dim": 16})
    config = {"command": "signed fit", **settings.model_dump()}
    parts = held_back(settings, network)
    return _run(
        session,
        folder,
        config,
        lambda run: fit_run(settings, network, parts, run, reporter=session).to_json(),
    )


def _run(
    session: Session, folder: Path, config: ParsedObject, work: Callable[[Run], ParsedObject]
) -> ParsedObject:
    from forcelaw.report import read_back
    from forcelaw.storage import carry_out

    return carry_out(
        folder, config, work, check=read_back, force=session.force, opened=session.note_status
    )
