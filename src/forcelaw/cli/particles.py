"""`forcelaw particles`: interacting bodies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from forcelaw.cli.command import SETTINGS, command, new_app
from forcelaw.cli.options import (
    Bodies,
    Box,
    ByNetwork,
    Cutoff,
    Dim,
    Infer,
    InferEdges,
    LearnedFrom,
    Model,
    Noise,
    NoiseOrName,
    Order,
    Out,
    OutFile,
    Regularise,
    Run,
    Search,
    Sizes,
    Sources,
    Species,
    Target,
    Task,
    Topology,
    Trajectories,
    Which,
)
from forcelaw.cli.session import Session
from forcelaw.cli.sources import particles_settings
from forcelaw.particles.io.endings import WRITTEN
from forcelaw.particles.settings import SIMULATION, infer_of, noise_of

app = new_app("Particles: learn the force between bodies from their motion, read it as a formula.")


@app.command("laws")
@command()
def laws(session: Session) -> None:
    """The built-in laws, each with its formula."""
    from forcelaw.particles import LAWS
    from forcelaw.report.particles_text import show_laws

    rows = [law.to_json() for law in LAWS.values()]
    session.result({"laws": rows}, lambda console: show_laws(console, rows))


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
        int, typer.Option("--steps", min=1, metavar="N", help="Steps; one snapshot more.")
    ] = SIMULATION.steps,
    dt: Annotated[
        float | None,
        typer.Option("--dt", metavar="X", help="Time between snapshots.", show_default="the law's"),
    ] = SIMULATION.dt,
    noise: Annotated[
        float,
        typer.Option("--noise", min=0, metavar="X", help="Noise relative to the root mean square."),
    ] = SIMULATION.noise,
    softening: Annotated[
        float,
        typer.Option(
            "--softening", min=0, metavar="X", help="Added to distances in singular laws."
        ),
    ] = SIMULATION.softening,
    out: OutFile,
) -> None:
    """Trajectories of a built-in law, exact to many digits."""
    from forcelaw import particles
    from forcelaw.report.particles_text import show_simulated
    from forcelaw.storage import check_file

    particles.law(law)
    check_file(out, *WRITTEN, force=session.force)
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
    session.result(document, lambda console: show_simulated(console, document))


@app.command("fit")
@command(*SETTINGS, "force")
def fit(
    session: Session,
    source: Sources,
    *,
    order: Order = None,
    cutoff: Cutoff = None,
    box: Box = None,
    species: Species = None,
    topology: Topology = None,
    model: Model = None,
    regularise: Regularise = None,
    target: Target = None,
    dim: Dim = None,
    bodies: Bodies = None,
    trajectories: Trajectories = None,
    noise: Noise = None,
    out: Out = Path("run"),
) -> None:
    """Train a law on the motion of bodies."""
    options = {"model": model, "regularise": regularise, "target": target, "order": order}
    options |= {"cutoff": cutoff, "box": box, "species": species, "topology": topology}
    simulation = {"dim": dim, "bodies": bodies, "trajectories": trajectories, "noise": noise}
    _learn(session, "fit", source, options, simulation, out)


@app.command("discover")
@command(*SETTINGS, "force")
def discover(
    session: Session,
    source: Sources,
    *,
    order: Order = None,
    cutoff: Cutoff = None,
    box: Box = None,
    species: Species = None,
    topology: Topology = None,
    infer: Infer = None,
    infer_edges: InferEdges = False,
    model: Model = None,
    regularise: Regularise = None,
    target: Target = None,
    dim: Dim = None,
    bodies: Bodies = None,
    trajectories: Trajectories = None,
    noise: NoiseOrName = None,
    out: Out = Path("run"),
) -> None:
    """Find the law in one command: fit, distill, check and report, or forces against distance."""
    simulated, how = noise_of(noise)
    options = {"model": model, "regularise": regularise, "target": target, "order": order}
    options |= {"cutoff": cutoff, "box": box, "species": species, "topology": topology}
    options |= {"infer": infer_of(infer, infer_edges), "noise": how}
    simulation = {"dim": dim, "bodies": bodies, "trajectories": trajectories, "noise": simulated}
    _learn(session, "discover", source, options, simulation, out)


def _learn(
    session: Session,
    name: str,
    source: list[str],
    options: Mapping[str, object],
    simulation: Mapping[str, object],
    out: Path,
) -> None:
    """Opens the run, does the rest, shows the results."""
    from forcelaw.particles.runs import discover_run, fit_run, read_data
    from forcelaw.report import keep_report, read_back, without_curves
    from forcelaw.report.particles_text import show_particles
    from forcelaw.storage import carry_out

    settings = particles_settings(session, source[0], options, simulation, source[1:])
    session.start_jax(settings.precision)
    # A file is read before --force deletes an earlier run.
    data = read_data(settings, reporter=session) if settings.content_hash else None
    work = fit_run if name == "fit" else discover_run
    document = carry_out(
        out,
        {"command": f"particles {name}", **settings.model_dump()},
        lambda run: work(settings, run, data, reporter=session),
        check=read_back,
        force=session.force,
        opened=session.check_run,
    )
    keep_report(out, session.note)
    session.result(without_curves(document), lambda console: show_particles(console, document, out))


@app.command("distill")
@command("force")
def distill(session: Session, run: Run, *, search: Search = None) -> None:
    """Read a trained law off as a formula: Pareto table, choice, refit."""
    from forcelaw.particles.runs import distill_run
    from forcelaw.particles.settings import settings_of_run
    from forcelaw.report import keep_report, read_back, without_curves
    from forcelaw.report.particles_text import show_particles
    from forcelaw.storage import open_run, read_run

    settings = settings_of_run(run)
    session.start_jax(settings.precision)
    with open_run(run, read_run(run).config) as opened:
        document = read_back(opened) or {}
        if document.get("formula") and not session.force:
            session.note(f"{run}: distilled before, shown again (--force starts anew)")
        else:
            document = distill_run(settings, opened, document, search or (), reporter=session)
            opened.finish(document)
    keep_report(run, session.note)
    session.result(without_curves(document), lambda console: show_particles(console, document, run))


@app.command("benchmark")
@command("seed")
def benchmark(
    session: Session,
    task: Task,
    *,
    bodies: Sizes = None,
    trajectories: LearnedFrom = None,
    network: ByNetwork = False,
) -> None:
    """A published task, made anew, and what is found in it beside the published numbers."""
    from forcelaw.particles.published import run_task
    from forcelaw.report.particles_text import show_task

    seed = session.seed or 0
    how = {"sizes": bodies, "trajectories": trajectories, "network": network, "seed": seed}
    with session.progress(f"benchmark {task}"):
        rows = list(run_task(task, **how, say=session.note))
    document = {"task": task, "seed": seed, "rows": rows}
    session.result(document, lambda console: show_task(console, task, rows))


@app.command("rollout")
@command("seed", "force")
def rollout(
    session: Session,
    run: Run,
    *,
    steps: Annotated[
        int, typer.Option("--steps", min=1, metavar="N", help="Steps of the data's time step.")
    ] = 1000,
    law: Which = None,
    out: OutFile,
) -> None:
    """Simulate the learned law, with the chance of a seed; prints energy and momentum drift."""
    from forcelaw.particles.runs import rollout_run
    from forcelaw.particles.settings import settings_of_run
    from forcelaw.report.particles_text import show_rollout
    from forcelaw.storage import check_file

    check_file(out, *WRITTEN, force=session.force)
    settings = settings_of_run(run)
    session.start_jax(settings.precision)
    how = {"seed": session.seed, "force": session.force, "reporter": session}
    document = rollout_run(settings, run, steps=steps, which=law, out=out, **how)
    session.result(document, lambda console: show_rollout(console, document))
