"""Energy and momentum along 10,000 steps: which laws and integrators keep them.

Trains the message network, the pair network and the Hamiltonian on motion of springs, reads the
formula off the pair network, and simulates each law from the test part with every integrator.

    python benchmarks/particles/energy_drift.py hardening

writes its section of results/particles/energy_drift.md and docs/pictures/particles-drift.svg;
`hardening` springs are smooth at all distances, the built-in `spring` is not.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from forcelaw.distill import searchers
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
from forcelaw.particles.equations import Design, formula_acceleration

ROOT = Path(__file__).parents[2]
LAWS = {"hardening": "r + 0.5*r**3", "spring": "2*(r - 1)"}
BODIES, DIM, TRAJECTORIES, SHOWN = 4, 3, 300, 16
STEPS, DT, EVERY = 10_000, 0.04, 20
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


def moved(law: str, seed: int) -> Trajectories:
    """Motion from random starts, masses lognormal."""
    if law == "spring":
        return simulate(
            law, bodies=BODIES, dim=DIM, trajectories=TRAJECTORIES, steps=100, seed=seed
        )
    draw = np.random.default_rng(seed)
    position, velocity = draw.normal(size=(2, TRAJECTORIES, BODIES, DIM))
    mass = {"mass": np.exp(0.5 * draw.normal(size=position.shape[:2]))}
    known, graph = Formula.parse(LAWS[law]), Graph.complete_graph(BODIES)
    times = 0.05 * np.arange(101)
    motion = adaptive_rollout(known, graph, position, velocity, mass, times=times)
    bare = Trajectories(motion.position, motion.velocity, times, mass)
    flat = bare.samples()
    design = Design.build(
        flat.position, flat.velocity, np.zeros_like(flat.position), flat.attributes, graph
    )
    acceleration = formula_acceleration(known, design).reshape(motion.position.shape)
    return Trajectories(motion.position, motion.velocity, times, mass, acceleration=acceleration)


def learned(law: str, seed: int) -> dict[str, Fitted]:
    """The networks of every kind, trained on the same motion."""
    data = moved(law, seed)
    return {
        "message": fit(data, model="message", regularise="bottleneck", hidden=HIDDEN, seed=seed),
        "pair": fit(data, model="pair", own=False, hidden=HIDDEN, seed=seed),
        "Hamiltonian": fit(data, model="hamiltonian", hidden=HIDDEN, seed=seed),
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


def drift(law: Law, truth: str, start: Initial, integrator: Integrator) -> tuple[np.ndarray, ...]:
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
                steps=STEPS,
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


HEAD = f"""# Energy and momentum over 10,000 steps

{BODIES} bodies in {DIM} dimensions, {SHOWN} trajectories of the test part, steps of {DT}, double
precision. Networks have hidden layers of {HIDDEN[0]} and {HIDDEN[1]}; the formula is read off the
pair network.

Changes are relative to the initial energy (momentum: to the sum of its parts), the largest of a
trajectory, median over trajectories. *Early* is the first tenth of the steps, *late* the last
tenth: where they are alike the change is bounded. *Its own* energy is the one that the law itself
should conserve: the learned energy, or the potential of the learned force; the message network has
none, its row gives the true one. *True* is the energy of the law that made the data.
"""
NOTES = {
    "hardening": "The force is smooth at all distances: bodies pass through each other.",
    "spring": "The force turns about at distance zero: close passages kick the energy, "
    "whatever the integrator.",
}


def table(law: str, rows: list[dict[str, Any]], formula: str, errors: dict[str, float]) -> str:
    """Markdown of one law."""
    trained = ", ".join(f"{name} {error:.2g}" for name, error in errors.items())
    lines = [
        f"## {law}: `{LAWS[law]}`",
        "",
        f"{NOTES[law]} Found: `{formula}`. Validation errors of the trained laws: {trained}. "
        f"`python benchmarks/particles/energy_drift.py {law}`.",
        "",
        "| law | integrator | own, early | own, late | true, late | momentum | ms a step |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        numbers = [f"{row[key]:.1e}" for key in ("early", "late", "true", "momentum")]
        numbers = ["diverged" if number == "inf" else number for number in numbers]
        lines.append(
            f"| {row['law']} | {row['integrator']} | {' | '.join(numbers)} | {row['ms']:.2f} |"
        )
    return "\n".join(lines) + "\n"


def draw(curves: dict[str, dict[str, np.ndarray]], path: Path) -> None:
    """One panel a law, one line an integrator."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 3.1), layout="constrained")
    panels = figure.subplots(1, len(curves), sharey=True)
    colours = ["#0a8a6a", "#2f6fde", "#c98a12", "#cf3d4c"]
    steps = np.arange(STEPS // EVERY + 1) * EVERY
    for axes, (law, lines) in zip(panels, curves.items(), strict=True):
        for colour, (integrator, values) in zip(colours, lines.items(), strict=True):
            shown = np.where(np.isfinite(values) & (values < 1e2), values, np.nan)
            axes.plot(steps[1:], shown[1:], color=colour, linewidth=1, label=integrator)
        axes.set(yscale="log", ylim=(1e-10, 1e2), title=law, xlabel="step")
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("relative change of energy")
    panels[-1].legend(frameon=False, fontsize=8, loc="lower right")
    figure.savefig(path, format="svg", metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("law", choices=[*LAWS])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--out", type=Path, default=ROOT / "benchmarks/results/particles/energy_drift.md"
    )
    parser.add_argument("--plot", type=Path, default=ROOT / "docs/pictures/particles-drift.svg")
    options = parser.parse_args()
    jax.config.update("jax_enable_x64", True)
    fits = learned(options.law, options.seed)
    formula = distill_law(fits["pair"], searchers=searchers(["library"])).formula
    laws: dict[str, Law] = {name: one.law for name, one in fits.items()} | {"formula": formula}
    errors = {
        name: min(e.metrics["validation"] for e in one.history if "validation" in e.metrics)
        for name, one in fits.items()
    }
    start = fits["pair"].split.test.select(np.arange(SHOWN)).initial
    rows: list[dict[str, Any]] = []
    curves: dict[str, dict[str, np.ndarray]] = {}
    tenth = STEPS // EVERY // 10
    for name, law in laws.items():
        curves[name] = {}
        for kind, integrator in INTEGRATORS.items():
            began = time.perf_counter()
            own, true, impulse = drift(law, LAWS[options.law], start, integrator)
            seconds = time.perf_counter() - began
            rows.append(
                {
                    "law": name,
                    "integrator": kind,
                    "early": median_largest(own[:, : tenth + 1]),
                    "late": median_largest(own[:, -tenth:]),
                    "true": median_largest(true[:, -tenth:]),
                    "momentum": median_largest(impulse),
                    "ms": 1e3 * seconds / STEPS,
                }
            )
            print(rows[-1], flush=True)
            curves[name][kind] = np.median(own, axis=0)
    sections = options.out.read_text("utf-8").split("\n## ") if options.out.exists() else [HEAD]
    others = [part for part in sections[1:] if not part.startswith(options.law)]
    mine = table(options.law, rows, formula.text(), errors).removeprefix("## ")
    parts = [HEAD.strip(), mine.strip(), *(part.strip() for part in others)]
    options.out.write_text("\n\n## ".join(parts) + "\n", "utf-8")
    if options.law == "hardening":
        draw(curves, options.plot)


if __name__ == "__main__":
    main()
