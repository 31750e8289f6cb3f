"""`forcelaw demo`: both jobs on built-in input."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forcelaw.cli._command import command
from forcelaw.cli._session import Session

if TYPE_CHECKING:
    from rich.console import Console

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
    """Both jobs on built-in input, no download: finds two force laws and writes report.html."""
    from forcelaw.report import report
    from forcelaw.report.particles_text import show_formula
    from forcelaw.report.signed_text import show_network, show_scores, show_springs

    started = time.perf_counter()
    session.start_jax(32)
    particles = _particles(session, out / "particles")
    signed = _signed(session, out / "signed")
    path = report(out)
    seconds = time.perf_counter() - started
    document = {
        "particles": _public(particles),
        "signed": _public(signed),
        "report": str(path),
        "seconds": seconds,
    }

    def show(console: Console) -> None:
        console.print("Particles: the law behind simulated springs", style="bold")
        show_formula(console, particles)
        console.print("\nSigned network: who will trust whom", style="bold")
        show_network(console, signed)
        show_scores(console, signed)
        show_springs(console, signed)
        console.print(f"\n{path} ({seconds:.0f} s)", soft_wrap=True)

    session.result(document, show)


def _particles(session: Session, folder: Path) -> dict[str, Any]:
    from forcelaw.cli._particles_settings import particles_settings
    from forcelaw.cli._particles_work import discover_run

    settings = particles_settings(session, "spring", {}, _SIMULATION)
    config = {"command": "particles discover", **settings.model_dump()}
    return _run(session, folder, config, lambda run: discover_run(session, settings, run))


def _signed(session: Session, folder: Path) -> dict[str, Any]:
    from forcelaw import signed
    from forcelaw.cli._signed_settings import signed_settings
    from forcelaw.cli._signed_work import fit_run, held_back

    network = signed.synthetic(_NODES, seed=session.seed or 0)
    settings = signed_settings(session, network, {"protocol": "pairs", "dim": 16})
    config = {"command": "signed fit", **settings.model_dump()}
    parts = held_back(settings, network)
    work = partial(fit_run, session, settings, network, parts)
    return _run(session, folder, config, work)


def _run(
    session: Session, folder: Path, config: dict[str, Any], work: Callable[[Any], dict[str, Any]]
) -> dict[str, Any]:
    from forcelaw.cli._runs import carry_out

    return carry_out(session, folder, config, work, with_report=False)


def _public(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "curves"}
