"""Energy and momentum along 10,000 steps: which laws and integrators keep them.

Trains the message network, the pair network and the Hamiltonian on motion of springs, reads the
formula off the pair network, and simulates each law from the test part with every integrator.

    python -m benchmarks run particles/energy_drift [--laws hardening] [--draw]

`--draw` makes docs/pictures/particles-drift.svg of a measurement of `hardening`. These springs are
smooth at all distances, the built-in `spring` is not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from benchmarks.harness import Case, Record, call, table
from benchmarks.particles.true_accelerations import true_accelerations
from forcelaw.distill import choose_searchers
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Formula, HamiltonianNetwork, Law, PairNetwork, State
from forcelaw.motion import (
    Integrator,
    Leapfrog,
    RungeKutta4,
    Yoshida4,
    adaptive_rollout,
    kinetic_energy,
    momentum,
    rollout,
)
from forcelaw.particles import Fitted, Initial, Trajectories, distill_law, fit, simulate
from forcelaw.training import Stage

PICTURE = Path(__file__).parents[2] / "docs" / "pictures" / "particles-drift.svg"
SMOKE = ["--laws", "hardening", "--trajectories", "20", "--steps", "40", "--epochs", "1"]
LAWS = {"hardening": "r + 0.5*r**3", "spring": "2*(r - 1)"}
BODIES, DIM, SHOWN = 4, 3, 16
DT, EVERY = 0.04, 20
HIDDEN = (64, 64)


class ExplicitEuler(Integrator):
    """Both changes from the old state: first order, and it pumps energy into every oscillation."""

    def step(self, accelerate, state, dt, damping):
        """See `Integrator.step`."""
        kick = accelerate(state) - damping * state.velocity
        return State(state.position + dt * state.velocity, state.velocity + dt * kick)


INTEGRATORS = {
    "leapfrog": Leapfrog(),
    "Yoshida 4": Yoshida4(),
    "Runge-Kutta 4": RungeKutta4(),
    "Euler": ExplicitEuler(),
}


def moved(law: str, trajectories: int, seed: int) -> Trajectories:
    """Motion from random starts, masses lognormal."""
    if law == "spring":
        return simulate(
            law, bodies=BODIES, dim=DIM, trajectories=trajectories, steps=100, seed=seed
        )
    draw = np.random.default_rng(seed)
    position, velocity = draw.normal(size=(2, trajectories, BODIES, DIM))
    mass = {"mass": np.exp(0.5 * draw.normal(size=position.shape[:2]))}
    known, graph = Formula.parse(LAWS[law]), Graph.complete_graph(BODIES)
    times = 0.05 * np.arange(101)
    motion = adaptive_rollout(known, graph, position, velocity, mass, times=times)
    acceleration = true_accelerations(known, graph, motion.position, motion.velocity, mass)
    return Trajectories(motion.position, motion.velocity, times, mass, acceleration=acceleration)


def learned(given: dict[str, Any], seed: int) -> dict[str, Fitted]:
    """The networks of every kind, trained on the same motion."""
    data = moved(given["law"], given["trajectories"], seed)

    def trained(model: str, **choices: Any) -> Fitted:
        if given["epochs"] is not None:
            choices["stages"] = [Stage(epochs=given["epochs"])]
        return fit(data, model=model, hidden=HIDDEN, seed=seed, **choices)

    return {
        "message": trained("message", regularise="bottleneck"),
        "pair": trained("pair", one_body=False),
        "Hamiltonian": trained("hamiltonian"),
    }


def energy_of(law: Law) -> Callable[[Graph, State, Attributes], Any] | None:
    """The energy that a law itself conserves; a message network has none."""
    if isinstance(law, HamiltonianNetwork):
        return law.energy
    if isinstance(law, PairNetwork | Formula):
        return lambda graph, state, attributes: (
            kinetic_energy(state, attributes) + law.potential_energy(graph, state, attributes)
        )
    return None


def drift(
    law: Law, truth: str, start: Initial, integrator: Integrator, steps: int
) -> tuple[np.ndarray, ...]:
    """Changes of its own energy, of the true energy and of momentum, `[trajectory, frame]`."""
    graph, own, true = start.graph, energy_of(law), energy_of(Formula.parse(truth))
    assert true is not None

    @jax.jit
    def run(states: State, attributes: Attributes):
        def one(state: State, attributes: Attributes):
            frames = rollout(
                law,
                graph,
                state,
                attributes,
                steps=steps,
                dt=DT,
                every=EVERY,
                integrator=integrator,
            )

            def change(energy):
                total = jax.vmap(lambda at: energy(graph, at, attributes))(frames)
                kinetic = kinetic_energy(state, attributes)
                scale = kinetic + jnp.abs(true(graph, state, attributes) - kinetic)
                return jnp.abs(total - total[0]) / scale

            impulse = jax.vmap(lambda at: momentum(at, attributes))(frames)
            sizes = jnp.linalg.norm(state.velocity, axis=-1) @ attributes.node["mass"]
            moved = jnp.linalg.norm(impulse - impulse[:1], axis=-1) / sizes
            return change(own or true), change(true), moved

        return jax.vmap(one)(states, attributes)

    return tuple(np.asarray(part) for part in run(start.state, start.attributes))


def median_largest(change: np.ndarray) -> float:
    """The largest change of each trajectory, and the median of these."""
    worst = np.max(np.where(np.isfinite(change), np.abs(change), np.inf), axis=1)
    return float(np.median(worst))


def draw(curves: dict[str, dict[str, np.ndarray]], path: Path) -> None:
    """One panel a law, one line an integrator."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.1), layout="constrained")
    panels = figure.subplots(1, len(curves), sharey=True)
    colours = ["#0a8a6a", "#2f6fde", "#c98a12", "#cf3d4c"]
    for axes, (law, lines) in zip(panels, curves.items(), strict=True):
        for colour, (integrator, values) in zip(colours, lines.items(), strict=True):
            shown = np.where(np.isfinite(values) & (values < 1e2), values, np.nan)
            axes.plot(
                np.arange(1, len(shown)) * EVERY,
                shown[1:],
                color=colour,
                linewidth=1,
                label=integrator,
            )
        axes.set(yscale="log", ylim=(1e-10, 1e2), title=law, xlabel="step")
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("relative change of energy")
    panels[-1].legend(frameon=False, fontsize=8, loc="lower right")
    figure.savefig(path, format="svg", metadata={"Date": None})


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--laws", nargs="+", choices=[*LAWS], default=["hardening"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trajectories", type=int, default=300)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--epochs", type=int, help="of every training; default: the usual")
    parser.add_argument("--draw", action="store_true", help="draw what is measured")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    sizes = {name: getattr(options, name) for name in ("trajectories", "steps", "epochs")}
    for law in options.laws:
        yield Case({"law": law, **sizes}, options.seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Changes along the motion of one law, in a process of its own: double precision is for all."""
    return call("particles/energy_drift", "changes", case.arguments, case.seed, options.draw)


def changes(given: dict[str, Any], seed: int, picture: bool) -> dict[str, Any]:
    """Of every trained law under every integrator."""
    jax.config.update("jax_enable_x64", True)
    fits = learned(given, seed)
    formula = distill_law(fits["pair"], searchers=choose_searchers(["library"])).formula
    laws: dict[str, Law] = {name: one.law for name, one in fits.items()} | {"formula": formula}
    errors = {
        name: min(e.metrics["validation"] for e in one.history if "validation" in e.metrics)
        for name, one in fits.items()
    }
    test = fits["pair"].split.test
    start = test.select(np.arange(min(SHOWN, test.n_trajectories))).initial
    rows: list[dict[str, Any]] = []
    curves: dict[str, dict[str, np.ndarray]] = {}
    tenth = max(given["steps"] // EVERY // 10, 1)
    for name, law in laws.items():
        curves[name] = {}
        for kind, integrator in INTEGRATORS.items():
            began = time.perf_counter()
            own, true, impulse = drift(law, LAWS[given["law"]], start, integrator, given["steps"])
            seconds = time.perf_counter() - began
            rows.append(
                {
                    "law": name,
                    "integrator": kind,
                    "early": median_largest(own[:, : tenth + 1]),
                    "late": median_largest(own[:, -tenth:]),
                    "true": median_largest(true[:, -tenth:]),
                    "momentum": median_largest(impulse),
                    "ms": 1e3 * seconds / given["steps"],
                }
            )
            curves[name][kind] = np.median(own, axis=0)
    if picture and given["law"] == "hardening":
        draw(curves, PICTURE)
    return {"rows": rows, "formula": formula.text(), "validation": errors}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """For every law a table, the formula and the errors of the trained laws."""
    found = {}
    for record in records:
        law, rows = record.arguments["law"], []
        for row in record.figures["rows"]:
            changes = [row[key] for key in ("early", "late", "true", "momentum")]
            shown = [f"{c:.1e}" if np.isfinite(c) else "diverged" for c in changes]
            rows.append((row["law"], row["integrator"], *shown, f"{row['ms']:.2f}"))
        head = "law | integrator | own, early | own, late | true, late | momentum | ms a step"
        errors = record.figures["validation"].items()
        found[law] = table(head, rows)
        found[f"{law}.formula"] = f"`{record.figures['formula']}`"
        found[f"{law}.validation"] = ", ".join(f"{name} {error:.2g}" for name, error in errors)
    return found
