"""Untrained networks of the size of the data's forces."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from jaxtyping import PRNGKeyArray

from forcelaw.laws import HamiltonianNetwork, Law, MessageNetwork, PairNetwork
from forcelaw.particles.candidates import fit_power_law
from forcelaw.particles.data import Trajectories
from forcelaw.particles.equations import Design
from forcelaw.particles.learning.settings import LEARNING, LearningSettings
from forcelaw.particles.preparation import Sizes


def new_law(
    model: str,
    regularise: str,
    data: Trajectories,
    sizes: Sizes,
    key: PRNGKeyArray,
    network: Mapping[str, Any],
    *,
    settings: LearningSettings = LEARNING,
) -> Law:
    """An untrained law; where a scalar is learned, its power starts at the likely one."""
    arguments = {"scale": sizes.for_forces(), "logarithmic": sizes.positive, **network}
    if model == "message":
        # Its power starts at 0: steep ones make the first updates wild.
        return MessageNetwork(data.dim, sizes.names, key=key, regularise=regularise, **arguments)
    power = 0.0
    if data.acceleration is not None:
        # Rising powers are easily bent by a perceptron, and hard to bend back near zero.
        power = min(likely_power(Design.of(data, settings.baseline), settings), 1.0)
    if model == "hamiltonian":
        # A logarithmic energy, of power 0, is left to the perceptron.
        return HamiltonianNetwork(data.dim, sizes.names, key=key, power=power + 1, **arguments)
    return PairNetwork(data.dim, sizes.names, key=key, power=power, **arguments)


def likely_power(design: Design, settings: LearningSettings) -> float:
    """The power of the best power law; 1 where none explains anything, as with slack springs."""
    best = fit_power_law(design, settings=settings.candidates)
    nothing = np.mean(np.abs(design.weight[..., None] * design.acceleration))
    return best.power if best.error < settings.explains * nothing else 1.0
