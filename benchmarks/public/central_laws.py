"""Ten central laws from positions alone, without and with noise, and how long each takes.

Four bodies in two dimensions, 300 trajectories of 101 snapshots, 0.01 apart. Noise is Gaussian, in
units of the root mean square of the positions. A law counts as found where the formula is the same
function up to notation: the true form, its constants left free, fits it to one part in a thousand,
these constants are right to 5 % with noise and to 1 % without, and so is the force itself; and it
has at most two numbers more than the true one. pysindy, which has to be installed, gets a
dictionary; see `pair_dictionary`.

    python -m benchmarks run public/central_laws --laws hertz friedel --noise 0 --methods forcelaw
"""

from __future__ import annotations

import argparse
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, table
from benchmarks.particles.custom_laws import WORLDS, given, simulated
from benchmarks.public.pair_dictionary import regress
from forcelaw.laws import Expression
from forcelaw.particles import Trajectories, discover

SMOKE = ["--laws", "hertz", "--noise", "0", "--trajectories", "10"]
DT, FRAMES = 0.01, 101
SAME_FORM = 1e-3
"""Largest difference from the nearest function of the true form, over the force's typical size."""
MORE = 2
"""Numbers by which a formula may have more: one that stands twice counts twice."""
SHOWN = 6
"""Numbers of a formula that is shown."""
ENDS = (("mass", "m"), ("charge", "q"))
TOLERANCE = {False: 0.01, True: 0.05}
"""Of each constant and of the force, with noise and without."""


@dataclass(frozen=True)
class Central:
    """The form of a law with names for its constants, and what these are."""

    form: str
    constants: dict[str, float]

    def force(
        self, variables: dict[str, np.ndarray], values: Sequence[float] | np.ndarray
    ) -> np.ndarray:
        """With these constants."""
        known = variables | {
            name: np.asarray(value) for name, value in zip(self.constants, values, strict=True)
        }
        with np.errstate(all="ignore"):
            return np.broadcast_to(
                Expression.parse(self.form).at(known), variables["r"].shape
            ).astype(float)


LAWS = {
    "r^-1.5": Central("c*m_i*m_j/r**p", {"c": 1.0, "p": 1.5}),
    "yukawa": Central("-c*q_i*q_j*exp(-k*r)*(k/r + 1/r**2)", {"c": 1.0, "k": 1.0}),
    "lennard-jones": Central("a/r**7 - b/r**13", {"a": 24.0, "b": 48.0}),
    "morse": Central("a*exp(-k*r) - b*exp(-2*k*r)", {"a": 17.92676, "b": 80.34215, "k": 1.5}),
    "soft-core": Central("c*r/(r**2 + e)**1.5", {"c": 3.0, "e": 0.3}),
    "buckingham": Central("a/r**7 - b*exp(-k*r)", {"a": 6.0, "b": 250.0, "k": 3.0}),
    "dlvo": Central("a/r**3 - b*exp(-k*r)*(k/r + 1/r**2)", {"a": 0.5, "b": 6.0, "k": 2.0}),
    "friedel": Central("a*cos(k*r)/r**3", {"a": 2.0, "k": 4.0}),
    "hertz": Central("-c*max(d - r, 0)**1.5", {"c": 8.0, "d": 1.5}),
    "woods-saxon": Central(
        "4*c*exp((r - d)/a)/(1 + exp((r - d)/a))**2", {"c": 2.5, "d": 1.5, "a": 0.3}
    ),
}
"""A power, Yukawa (1935), Lennard-Jones (1924), Morse (1929), Plummer (1911), Buckingham (1938),
Derjaguin, Landau, Verwey and Overbeek (1941, 1948), Friedel (1952), Hertz (1882), Woods and Saxon
(1954)."""


@dataclass(frozen=True)
class Compared:
    """How near a found force is to the true one."""

    form: float
    """The largest difference from the nearest function of the true form, over the typical force."""
    constants: float
    """The largest relative error of that function's constants."""
    nmse: float
    """Mean squared error of the force over its mean square, at distances of the data."""

    def found(self, noisy: bool) -> bool:
        """Whether it is the law."""
        most = TOLERANCE[noisy]
        return self.form < SAME_FORM and self.constants < most and self.nmse < most**2


def compare(
    law: Central, force: Callable[[dict[str, np.ndarray]], np.ndarray], data: Trajectories
) -> Compared:
    """A force compared with a law at distances of the data, 1 % of them left out at either end.

    `force` is a function of the variables `r`, `m_i`, `m_j`, `q_i`, `q_j`.
    """
    from scipy.optimize import least_squares

    r = sample_distances(data)
    variables = {"r": r, **{name: np.ones_like(r) for name in ("m_i", "m_j", "q_i", "q_j")}}
    start = np.array(list(law.constants.values()))
    truth, mine = law.force(variables, start), force(variables)
    typical = np.sqrt(np.mean(truth**2))
    size = np.abs(truth) + typical
    mine = np.nan_to_num(mine, nan=1e6, posinf=1e6, neginf=-1e6)

    def left(values: np.ndarray) -> np.ndarray:
        return np.nan_to_num((law.force(variables, values * start) - mine) / size, nan=1e6)

    nearest = least_squares(left, np.ones_like(start), x_scale=0.1)
    # Attributes enter by their product, as in the law.
    draw = np.random.default_rng(1)
    other = {name: draw.uniform(0.5, 2, len(r)) for name in variables if name != "r"} | {"r": r}
    apart = np.abs(law.force(other, start * nearest.x) - force(other))
    scale = np.abs(law.force(other, start)) + typical
    form = max(np.abs(nearest.fun).max(), float(np.max(np.nan_to_num(apart / scale, nan=1e6))))
    return Compared(
        float(form),
        float(np.abs(nearest.x - 1).max()),
        float(np.mean((mine - truth) ** 2) / np.mean(truth**2)),
    )


def sample_distances(data: Trajectories) -> np.ndarray:
    """Distances between bodies, as often as they occur."""
    first, second = np.triu_indices(data.position.shape[2], 1)
    gap = data.position[:, :, first] - data.position[:, :, second]
    r = np.sort(np.linalg.norm(gap, axis=-1).ravel())
    return r[len(r) // 100 : -len(r) // 100 : max(1, len(r) // 2000)]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--laws", nargs="+", default=list(LAWS), choices=list(LAWS))
    parser.add_argument("--noise", nargs="+", type=float, default=[0.0, 0.005])
    parser.add_argument(
        "--methods", nargs="+", default=["forcelaw"], choices=["forcelaw", "pysindy"]
    )
    parser.add_argument("--trajectories", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)


def cases(options: argparse.Namespace) -> Iterator[Case]:
    sizes = {"trajectories": options.trajectories}
    for method in options.methods:
        for noise in options.noise:
            for law in options.laws:
                yield Case({"law": law, "noise": noise, "method": method, **sizes}, options.seed)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """What is found of one law."""
    asked, seed = case.arguments, case.seed
    assert seed is not None
    law, noise = LAWS[asked["law"]], asked["noise"]
    data, known = recorded(asked["law"], noise, asked["trajectories"], seed)
    began, spent = time.perf_counter(), time.process_time()
    verdict, most = "-", len(law.constants)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if asked["method"] == "pysindy":
            ends = next((a for a, sign in ENDS if f"{sign}_i" in law.form), None)
            text, count = regress(known, ends)
        else:
            found = discover(known, seed=seed)
            text, verdict = found.formula.text(None).removeprefix("pair: "), found.verdict
            count = len(Expression.parse(text.split("\n")[0]).numbers())
            most += MORE
    seconds, processor = time.perf_counter() - began, time.process_time() - spent
    pair = Expression.parse(text.split("\n")[0])
    near = compare(law, lambda at: np.broadcast_to(pair.at(at), at["r"].shape), data)
    shown = "; ".join([pair.text(5), *text.split("\n")[1:]])
    return {
        "truth": WORLDS[asked["law"]].pair,
        "found": shown if count <= SHOWN else f"{count} terms",
        "verdict": verdict,
        "form": near.form,
        "constants": near.constants,
        "nmse": near.nmse,
        "right": near.found(noise > 0) and count <= most and "\n" not in text,
        "wall": seconds,
        "processor": processor,
    }


def recorded(
    name: str, noise: float, trajectories: int, seed: int
) -> tuple[Trajectories, Trajectories]:
    """The motion, and what is known of it: positions from a file."""
    sizes = {"trajectories": trajectories, "frames": FRAMES, "dt": DT}
    data, law = simulated(WORLDS[name], **sizes, seed=seed)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that derivatives were estimated
        return data, given(data, law, "positions", noise, Path(folder))


def figures(records: Sequence[Record]) -> dict[str, str]:
    """One row a measurement, and how many laws were found by method and noise."""
    order = sorted(records, key=lambda one: (one.arguments["method"], one.arguments["noise"]))
    rows, numbers = [], {}
    for record in order:
        asked, found = record.arguments, record.figures
        rows.append(
            (
                *(asked["method"], asked["law"], f"{asked['noise']:g}", found["found"]),
                *("yes" if found["right"] else "no", found["verdict"]),
                *(f"{found['nmse']:.1e}", f"{found['wall']:.0f}"),
                "-" if found["processor"] is None else f"{found['processor']:.0f}",
            )
        )
    for method in ("forcelaw", "pysindy"):
        for noise in (0.0, 0.005):
            of = [
                record.figures["right"]
                for record in records
                if (record.arguments["method"], record.arguments["noise"]) == (method, noise)
            ]
            key = f"{method}-{noise:g}"
            numbers |= {f"tried-{key}": str(len(of)), f"right-{key}": str(sum(of))}
    head = "method | law | noise | found | right | verdict | force NMSE | seconds | CPU seconds"
    return {"table": table(head, rows), **numbers}
