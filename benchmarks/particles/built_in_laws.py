"""Which laws are found, from clean and from noisy motion, and how exactly.

Runs `discover` over built-in laws, dimensions and noise with the settings of the command line,
and adds a row for each that is missing to a markdown table.

    python benchmarks/particles/built_in_laws.py --laws spring charge --dim 2 --noise 0 0.01
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from forcelaw.laws import Formula
from forcelaw.particles import distill_law, fit, judge, simulate
from forcelaw.particles.answer import describe
from forcelaw.particles.systems import law as built_in

LAWS = ("spring", "1/r", "1/r2", "charge", "damped", "discontinuous")
OUT = Path(__file__).parents[1] / "results" / "particles" / "built_in_laws.md"
HEAD = """# Laws found from motion

`forcelaw particles discover` on simulated motion: 4 bodies, 1000 trajectories of 101 frames. Noise
is Gaussian, in units of the root mean square of positions, velocities and accelerations alike.
*Deviation*: the largest relative difference between the found and the true force over the
distances of the data ("other form" where the formula has other terms than the truth). *Near* and
*far*: mean relative error of accelerations on the test part, and on 32 bodies three times as far
apart. *Network alone*: what is found without the regression on accelerations (`library=False`),
and its deviation. CPU seconds are of `discover` without the simulation and without *network
alone*.

| law | dim | noise | model | truth | found | from | deviation | formula near/far |\
 network near/far | network alone | deviation | CPU seconds |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def main() -> None:
    """Runs what the command line asks for, row by row."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--laws", nargs="+", default=LAWS)
    parser.add_argument("--dim", nargs="+", type=int, default=[2])
    parser.add_argument("--noise", nargs="+", type=float, default=[0.0, 0.01])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trajectories", type=int, default=1000)
    parser.add_argument("--model", default="pair")
    parser.add_argument("--out", type=Path, default=OUT)
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    if not given.out.exists():
        given.out.write_text(HEAD)
    for noise in given.noise:
        for dim in given.dim:
            for law in given.laws:
                if f"| {law} | {dim} | {noise:g} | {given.model} |" in given.out.read_text():
                    continue
                line = row(law, dim, noise, given.seed, given.trajectories, given.model)
                print(line, flush=True)
                with given.out.open("a") as file:
                    file.write(line + "\n")


def row(law: str, dim: int, noise: float, seed: int, trajectories: int, model: str) -> str:
    """One line of the table."""
    arguments = {"dim": dim, "trajectories": trajectories, "steps": 100, "seed": seed}
    data = simulate(law, noise=noise, **arguments)
    began = time.process_time()
    fitted = fit(data, seed=seed, model=model)
    found = judge(data, fitted, seed=seed)
    spent = time.process_time() - began
    alone = distill_law(fitted, library=False, seed=seed).formula
    truth = built_in(law).formula(dim=dim)
    chosen = next(line for line in found.document["pareto"] if line["chosen"])
    edges = data.edges if data.edges is not None else np.array([[0, 1]])
    ends = [data.position[:, :, edges[0, end]] for end in (0, 1)]
    span = np.quantile(np.linalg.norm(ends[0] - ends[1], axis=-1), [0.01, 0.99])
    error, network = found.document["error"], found.document["baselines"]["network"]
    cells = [
        law,
        str(dim),
        f"{noise:g}",
        model,
        _text(describe(truth)),
        _plain(found.formula),
        chosen["source"],
        _deviation(found.formula, truth, span, chain=built_in(law).chain),
        *(f"{_number(part['test'])} / {_number(part['far'])}" for part in (error, network)),
        _plain(alone),
        _deviation(alone, truth, span, chain=built_in(law).chain),
        f"{spent:.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _plain(formula: Formula) -> str:
    return formula.text(5).replace("\n", "; ").replace("pair: ", "")


def _deviation(found: Formula, truth: Formula, span: np.ndarray, *, chain: bool) -> str:
    off = deviation(found, truth, span, unit_masses=chain)
    same = found.pair.complexity <= truth.pair.complexity + 2
    return f"{off:.1e}" if same else f"{off:.1e}, other form"


def deviation(
    found: Formula, truth: Formula, span: np.ndarray, *, unit_masses: bool = False
) -> float:
    """The largest relative difference of pair and self forces, thresholds left out by 1 %."""
    draw = np.random.default_rng(0)
    r = np.linspace(span[0], span[1], 400)
    r = r[np.abs(r - 2) > 0.02] if "where" in truth.pair.text() else r
    known = {"r": r}
    for name in ("m_i", "m_j", "m"):
        known[name] = np.exp((not unit_masses) * draw.normal(size=len(r)))
    for name in ("q_i", "q_j", "q"):
        known[name] = draw.choice([-1.0, 1.0], size=len(r))
    for name in ("v", "speed", "x", "y", "z", "vx", "vy", "vz"):
        known[name] = 0.5 + np.abs(draw.normal(size=len(r)))
    zero = Formula.parse("0").pair
    pairs = [(found.pair, truth.pair)]
    for index in range(max(len(found.own), len(truth.own))):
        ends = [
            one.own[min(index, len(one.own) - 1)] if one.own else zero for one in (found, truth)
        ]
        pairs.append((ends[0], ends[1]))
    worst = 0.0
    for one, other in pairs:
        values = [np.broadcast_to(e.numpy()(np.asarray(e.numbers()), known), r.shape)
                  for e in (one, other)]  # fmt: skip
        size = np.abs(values[1])
        floor = 0.2 * np.median(size)
        if not values[0].any() and not values[1].any():
            continue
        worst = max(
            worst, float(np.max(np.abs(values[0] - values[1]) / np.maximum(size, floor + 1e-12)))
        )
    return worst


def _text(law: dict[str, str]) -> str:
    return law["pair"] + ("" if law["self"] == "0" else f"; self: {law['self']}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}"


if __name__ == "__main__":
    main()
