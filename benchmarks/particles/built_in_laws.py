"""Which laws are found, from clean and from noisy motion, and how exactly.

`discover` over built-in laws, dimensions and noise with the settings of the command line.

    python -m benchmarks run particles/built_in_laws --laws spring charge --dim 2 --noise 0 0.01
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from forcelaw.laws import Formula
from forcelaw.particles import distill_law, fit, judge, simulate
from forcelaw.particles.answer import describe
from forcelaw.particles.systems import law as built_in

LAWS = ("spring", "1/r", "1/r2", "charge", "damped", "discontinuous")
SMOKE = ["--laws", "spring", "--noise", "0", "--trajectories", "10"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--laws", nargs="+", default=LAWS)
    parser.add_argument("--dim", nargs="+", type=int, default=[2])
    parser.add_argument("--noise", nargs="+", type=float, default=[0.0, 0.01])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trajectories", type=int, default=1000)
    parser.add_argument("--model", default="pair")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    sizes = {"model": options.model, "trajectories": options.trajectories}
    for noise in options.noise:
        for dim in options.dim:
            for law in options.laws:
                yield Case({"law": law, "dim": dim, "noise": noise, **sizes}, options.seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """What is found of one law, and what its network alone gives."""
    given, seed = case.arguments, case.seed
    assert seed is not None
    law, dim = given["law"], given["dim"]
    sizes = {"dim": dim, "trajectories": given["trajectories"], "steps": 100, "seed": seed}
    data = simulate(law, noise=given["noise"], **sizes)
    began = time.process_time()
    fitted = fit(data, seed=seed, model=given["model"])
    found = judge(data, fitted, seed=seed)
    spent = time.process_time() - began
    document: Any = found.to_json()
    alone = distill_law(fitted, library=False, seed=seed).formula
    truth = built_in(law).formula(dim=dim)
    chosen = next(line for line in document["pareto"] if line["chosen"])
    edges = data.edges if data.edges is not None else np.array([[0, 1]])
    ends = [data.position[:, :, edges[0, end]] for end in (0, 1)]
    span = np.quantile(np.linalg.norm(ends[0] - ends[1], axis=-1), [0.01, 0.99])
    error, network = document["error"], document["baselines"]["network"]
    chain = built_in(law).chain
    return {
        "truth": _text(describe(truth)),
        "found": _plain(found.formula),
        "source": chosen["source"],
        **_deviation("deviation", found.formula, truth, span, chain=chain),
        "formula": {"test": error["test"], "far": error["far"]},
        "network": {"test": network["test"], "far": network["far"]},
        "alone": _plain(alone),
        **_deviation("alone deviation", alone, truth, span, chain=chain),
        "processor": spent,
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a measurement, and the six laws with noise."""
    rows = []
    for record in records:
        given, found = record.arguments, record.figures
        errors = [
            f"{_number(part['test'])} / {_number(part['far'])}"
            for part in (found["formula"], found["network"])
        ]
        rows.append(
            (
                *(given["law"], given["dim"], f"{given['noise']:g}", given["model"]),
                *(found["truth"], found["found"], found["source"]),
                *(_shown(found, "deviation"), *errors),
                *(found["alone"] or "-", _shown(found, "alone deviation")),
                f"{found['processor']:.0f}",
            )
        )
    head = (
        "law | dim | noise | model | truth | found | from | deviation "
        "| formula, test / extrapolation | network, test / extrapolation "
        "| network alone | deviation | CPU seconds"
    )
    return {"table": table(head, rows), **_noisy(records)}


def _noisy(records: Sequence[Record]) -> dict[str, str]:
    """The built-in laws in both dimensions with 1 % noise, and what they cost."""
    of = {
        (r.arguments["law"], r.arguments["dim"]): r.figures
        for r in records
        if r.arguments["noise"] == 0.01 and r.arguments["model"] == "pair"
    }
    asked = {law: [of.get((law, dim)) for dim in (2, 3)] for law in LAWS}
    rows = []
    for law, both in asked.items():
        cells = []
        for found in both:
            if found is None:
                cells += ["-", "-"]
                continue
            formula = found["found"].replace("; one-body: ", "`, one-body `")
            far = f"{_percent(found['formula']['far'])} / {_percent(found['network']['far'])}"
            cells += [f"`{formula}`", far]
        rows.append((law, *cells))
    error = "extrapolation: formula / network"
    head = f"law | found in 2D | {error} | found in 3D | {error}"
    spent = [found["processor"] for both in asked.values() for found in both if found]
    messages = [
        r.figures["processor"]
        for r in records
        if r.arguments["model"] == "message" and r.arguments["law"] in LAWS
    ]
    limits = {"seconds": _range(spent), "message-seconds": _range(messages)}
    return {"noisy": table(head, rows), **limits}


def _range(seconds: list[float]) -> str:
    return f"{min(seconds):.0f} to {max(seconds):.0f}" if seconds else "-"


def _percent(share: float) -> str:
    return "0" if share == 0 else f"{float(f'{100 * share:.2g}'):f}".rstrip("0").rstrip(".") + " %"


def _plain(formula: Formula) -> str:
    return formula.text(5).replace("\n", "; ").replace("pair: ", "")


def _deviation(
    key: str, found: Formula, truth: Formula, span: np.ndarray, *, chain: bool
) -> dict[str, Any]:
    off = deviation(found, truth, span, unit_masses=chain)
    other = found.pair.complexity > truth.pair.complexity + 2
    return {key: off, f"{key} of another form": other}


def _shown(found: dict[str, Any], key: str) -> str:
    if found[key] is None:
        return "-"
    return f"{found[key]:.1e}{', other form' * found[f'{key} of another form']}"


def deviation(
    found: Formula, truth: Formula, span: np.ndarray, *, unit_masses: bool = False
) -> float:
    """The largest relative difference of pair and one-body forces, thresholds left out by 1 %."""
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
    for index in range(max(len(found.one_body), len(truth.one_body))):
        ends = [
            one.one_body[min(index, len(one.one_body) - 1)] if one.one_body else zero
            for one in (found, truth)
        ]
        pairs.append((ends[0], ends[1]))
    worst = 0.0
    for one, other in pairs:
        values = [np.broadcast_to(e.at(known), r.shape)
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
    return law["pair"] + ("" if law["self"] == "0" else f"; one-body: {law['self']}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2g}"
