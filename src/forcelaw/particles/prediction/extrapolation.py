"""Worlds outside the training range, where only the true law says what is right."""

from __future__ import annotations

import numpy as np

from forcelaw.graph import Graph
from forcelaw.laws import Formula, Units
from forcelaw.particles.data import Trajectories, sample_receivers
from forcelaw.particles.equations import Design, formula_acceleration, relative_error
from forcelaw.particles.prediction.settings import PREDICTION, PredictionSettings
from forcelaw.particles.systems import LAWS

_PAIRS = 500_000
"""In all worlds together, at most, where receivers are sampled."""


def find_true_law(
    data: Trajectories, units: Units | None = None, *, settings: PredictionSettings = PREDICTION
) -> Formula | None:
    """The built-in law that made the data; None where the accelerations do not bear it out.

    **Arguments:** `units` are those that the law is given in, in place of the data's own.

    (A softened or otherwise changed simulation carries the name, but is not the law as written.)
    """
    known = LAWS.get(data.law or "")
    if known is None:
        return None
    formula = known.formula(dim=data.dim)
    if data.acceleration is not None:
        some = Design.of(sample_receivers(data), settings.compared)
        if relative_error(formula, some) >= settings.agrees:
            return None
    return formula if units is None else formula.rescaled(units)


def extrapolation_samples(
    data: Trajectories,
    truth: Formula,
    units: Units | None = None,
    *,
    seed: int = 0,
    settings: PredictionSettings = PREDICTION,
) -> Design:
    """Random snapshots with 32 bodies, spread three times as wide, three times as heavy.

    Velocities have the spread of the data. Attributes of either sign are drawn from the data.
    The accelerations are those of the true law. **Arguments:** `units` that both are given in.
    """
    draw = np.random.default_rng(seed)
    bodies = max(settings.bodies, 2 * data.n_bodies)
    shape = (settings.worlds, bodies, data.dim)
    position = settings.wider * float(np.std(data.position[:, 0])) * draw.normal(size=shape)
    speed = float(np.sqrt(np.median(data.velocity**2))) or 1.0
    attributes = {}
    for name, values in data.attributes.items():
        factor = settings.wider if (values > 0).all() and np.ptp(values) > 0 else 1.0
        attributes[name] = factor * draw.choice(values.ravel(), size=shape[:2])
    edges = None
    if data.edges is not None:
        known = LAWS.get(data.law or "")
        edges = None if known is None else known.edges(bodies)
    graph = Graph.complete_graph(bodies)
    if edges is not None:
        # A chain is stretched along x, one of the law's lengths from body to body.
        position[..., 0] += np.arange(bodies) / (1.0 if units is None else units.length)
        graph = Graph.from_edges(edges, nodes=bodies)
    still = np.zeros(shape)
    if data.receivers is not None:
        # So many pull at few.
        some = max(1, _PAIRS // (settings.worlds * bodies))
        sender, receiver = np.asarray(graph.sender), np.asarray(graph.receiver)
        kept = receiver < some
        graph = Graph.from_edges(np.stack([sender, receiver], axis=1)[kept], nodes=bodies)
        still = still[:, :some]
    design = Design.build(position, speed * draw.normal(size=shape), still, attributes, graph)
    return design.with_acceleration(formula_acceleration(truth, design))
