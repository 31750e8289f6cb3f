"""`forcelaw particles`: interacting bodies."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from forcelaw.cli._command import SETTINGS, command, new_app
from forcelaw.cli._particles_options import (
    Bodies,
    Dim,
    ModelOption,
    Noise,
    Out,
    OutFile,
    RegulariseOption,
    Run,
    SearchOption,
    Source,
    TargetOption,
    Trajectories,
    Which,
)
from forcelaw.cli._particles_settings import SIMULATION
from forcelaw.cli._session import Session

if TYPE_CHECKING:
    from rich.console import Console

app = new_app("Particles: learn the force between bodies from their motion, read it as a formula.")


@app.command("laws")
@command()
def laws(session: Session) -> None:
    """The built-in laws, each with its formula."""
    from forcelaw.particles import LAWS

    rows = [
        {
            "name": law.name,
            "pair": law.pair,
            "self": ", ".join(law.own) or "0",
            "dt": law.dt,
            "description": law.description,
        }
        for law in LAWS.values()
    ]

    def show(console: Console) -> None:
        from forcelaw.report.tables import new_table

        table = new_table("law", "pair force, attraction positive", "self force", "what it is")
        for row in rows:
            alone = "" if row["self"] == "0" else row["self"]
            # The force of the ball is as long as a line.
            table.add_row(
                row["name"],
                row["pair"],
                alone if len(alone) < 24 else "gravity and the ball",
                row["description"],
            )
        console.print(table)

    session.result({"laws": rows}, show)


@app.command("simulate")
@command("seed", "force")
def simulate(
    session: Session,
    law: Annotated[str, typer.Argument(metavar="LAW", help="Name of a built-in law.")],
    *,
    bodies: Annotated[
        int, typer.Option("--bodies", min=2, metavar="N", help="Bodies of each trajectory.")
    ] = SIMULATION.bodies,
    dim: Annotated[
        int, typer.Option("--dim", min=1, metavar="N", help="Dimensions of space.")
    ] = SIMULATION.dim,
    trajectories: Annotated[
        int, typer.Option("--trajectories", min=1, metavar="N", help="Independent trajectories.")
    ] = SIMULATION.trajectories,
    steps: Annotated[
        int, typer.Option("--steps", min=1, metavar="N", help="Steps; one frame more.")
    ] = SIMULATION.steps,
    dt: Annotated[
        float | None,
        typer.Option("--dt", metavar="X", help="Time between frames.", show_default="the law's"),
    ] = None,
    noise: Annotated[
        float,
        typer.Option("--noise", min=0, metavar="X", help="Noise relative to the root mean square."),
    ] = 0.0,
    softening: Annotated[
        float,
        typer.Option(
            "--softening", min=0, metavar="X", help="Added to distances in singular laws."
        ),
    ] = 0.0,
    out: OutFile,
) -> None:
    """Trajectories of a built-in law, exact to many digits."""
    from forcelaw import particles
    from forcelaw.files import many

    particles.law(law)
    session.refuse_overwrite(out)
    session.check_ending(out, ".npz", ".csv")
    with session.progress(f"simulating {law}"):
        data = particles.simulate(
            law,
            bodies=bodies,
            dim=dim,
            trajectories=trajectories,
            steps=steps,
            dt=dt,
            seed=session.seed or 0,
            noise=noise,
            softening=softening,
        )
    for note in data.notes:
        session.note(f"note: {note}")
    particles.write(data, out, force=session.force)
    document = {
        "out": str(out),
        "law": law,
        "trajectories": data.n_trajectories,
        "frames": data.n_times,
        "bodies": data.n_bodies,
        "dim": data.dim,
        "dt": float(data.time[1] - data.time[0]),
        "notes": list(data.notes),
    }
    words = f"{out}: {many(trajectories, 'trajectory')} of {many(bodies, 'body')}, "
    words += f"{many(data.n_times, 'frame')} each"
    session.result(document, lambda console: _line(console, words))


def _learning(name: str, help: str) -> None:
    """Adds a command that trains: all of them take the same options."""

    @app.command(name, help=help)
    @command(*SETTINGS, "force")
    def learn(
        session: Session,
        source: Source,
        *,
        model: ModelOption = None,
        regularise: RegulariseOption = None,
        target: TargetOption = None,
        dim: Dim = None,
        bodies: Bodies = None,
        trajectories: Trajectories = None,
        noise: Noise = None,
        out: Out = Path("run"),
    ) -> None:
        options = {"model": model, "regularise": regularise, "target": target}
        simulation = {"dim": dim, "bodies": bodies, "trajectories": trajectories, "noise": noise}
        from forcelaw.cli._particles_work import discover_run, fit_run

        work = fit_run if name == "fit" else discover_run
        _in_run(session, f"particles {name}", source, options, simulation, out, work)


_learning("fit", "Train a law on the motion of bodies.")
_learning("discover", "Fit, distill, check and report in one command.")


@app.command("distill")
@command("force")
def distill(session: Session, run: Run, *, search: SearchOption = None) -> None:
    """Read a trained law off as a formula: Pareto table, choice, refit."""
    from forcelaw.cli._particles_work import distill_run
    from forcelaw.report.particles_text import show_particles

    document = distill_run(session, run, [one.value for one in search or ()])
    session.result(_public(document), lambda console: show_particles(console, document, run))


@app.command("rollout")
@command("force")
def rollout(
    session: Session,
    run: Run,
    *,
    steps: Annotated[
        int, typer.Option("--steps", min=1, metavar="N", help="Steps of the data's time step.")
    ] = 1000,
    law: Annotated[
        Which | None,
        typer.Option("--law", help="What is simulated.", show_default="formula if there is one"),
    ] = None,
    out: OutFile,
) -> None:
    """Simulate the learned law; prints energy and momentum drift."""
    from forcelaw.cli._particles_work import rollout_run
    from forcelaw.report.particles_text import show_rollout

    session.refuse_overwrite(out)
    session.check_ending(out, ".npz", ".csv")
    which = None if law is None else law.value
    document = rollout_run(session, run, steps=steps, which=which, out=out)
    session.result(document, lambda console: show_rollout(console, document))


def _in_run(
    session: Session,
    command: str,
    source: str,
    options: dict[str, StrEnum | None],
    simulation: dict[str, Any],
    out: Path,
    work: Callable[..., Any],
) -> None:
    """Opens the run, does what is left to do, shows the results."""
    from forcelaw.cli._particles_settings import particles_settings
    from forcelaw.cli._particles_work import read_data
    from forcelaw.cli._runs import carry_out
    from forcelaw.report.particles_text import show_particles

    given = {name: None if value is None else value.value for name, value in options.items()}
    settings = particles_settings(session, source, given, simulation)
    session.start_jax(settings.precision)
    config = {"command": command, **settings.model_dump()}
    # A file is read before --force deletes an earlier run.
    read = read_data(session, settings) if settings.content_hash else None
    document = carry_out(session, out, config, lambda run: work(session, settings, run, read))
    session.result(_public(document), lambda console: show_particles(console, document, out))


def _public(document: dict[str, Any]) -> dict[str, Any]:
    """The results without the curves that only the report draws."""
    return {key: value for key, value in document.items() if key != "curves"}


def _line(console: Console, words: str) -> None:
    console.print(words, soft_wrap=True)
