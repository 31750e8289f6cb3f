"""Weights of a network from pairs of states: robust shooting through a table of its values.

Ends are linearised by the few values that the network takes at even logarithms of distances, and
these by its weights: a step costs as many sensitivities as there are values, not weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import equinox as eqx
import jax
import numpy as np
from jax.flatten_util import ravel_pytree
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.particles.pairs_of_states.networks.radial_network import (
    RadialNetwork,
    TableForce,
    weights_of,
)
from forcelaw.particles.pairs_of_states.networks.settings import NETWORK, NetworkFitSettings
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.stretches import Scheme


@dataclass(frozen=True, eq=False)
class NetworkForce:
    """A network, the table that is read from it, and the cap of the total force, if any."""

    network: RadialNetwork
    table: TableForce
    limit: float | None = None
    """The cap."""

    @property
    def numbers(self) -> Float[np.ndarray, " number"]:
        """Of the table."""
        with jax.enable_x64():
            values = np.asarray(self.network.values(to_device(self.table.places, np.float64)))
        return values if self.limit is None else np.append(values, self.limit)

    @property
    def bends(self) -> Float[np.ndarray, " place"]:
        """Second differences of the values: zero where the force is a power of the distance."""
        return np.diff(self.numbers[: self.table.count], 2)

    def misses(self, scheme: Scheme, problem: Problem) -> Float[np.ndarray, " pair"]:
        """Of every pair, over the typical displacement."""
        return problem.misses(self.table, scheme, self.numbers)

    def continued(self, start: int, settings: NetworkFitSettings = NETWORK) -> NetworkForce:
        """The same, but a power of the distance below one of the places of the table.

        The power is that between this place and the third one above it.
        """
        values = self.numbers[: self.table.count].copy()
        slope = (values[start + 3] - values[start]) / 3
        values[:start] = values[start] + slope * np.arange(-start, 0)
        return replace(self, network=_taught(self.network, self.table, values, settings))


def shoot_network(
    start: NetworkForce,
    scheme: Scheme,
    problem: Problem,
    *,
    scales: int,
    settings: NetworkFitSettings = NETWORK,
    say: Callable[[str], None] = lambda line: None,
) -> NetworkForce:
    """The weights that meet most ends, from where they are; with the cap, if there is one.

    **Arguments:** `scales` of errors, each a part of the one before, at most.

    Levenberg, Quart. Appl. Math. 2, 164 (1944); Marquardt, SIAM J. 11, 431 (1963).
    """
    found, scale = start, np.inf
    for _ in range(scales):
        usual = float(np.median(found.misses(scheme, problem)))
        if np.isfinite(scale) and usual > 0.7 * scale:
            break
        scale = usual if np.isinf(scale) else max(usual, settings.shrink * scale)
        found = _on_one_scale(found, scheme, problem, scale, settings, say)
    return found


def _on_one_scale(
    found: NetworkForce,
    scheme: Scheme,
    problem: Problem,
    scale: float,
    settings: NetworkFitSettings,
    say: Callable[[str], None],
) -> NetworkForce:
    def cost(one: NetworkForce) -> float:
        missed = np.log1p((one.misses(scheme, problem) / scale) ** 2)
        return float(missed.sum() + settings.stiff * np.sum(one.bends**2))

    now, damping = cost(found), 1e-3
    for _ in range(settings.rounds):
        hessian, pull = _equations(found, scheme, problem, scale, settings)
        size = np.diag(hessian) + 1e-9 * np.max(np.diag(hessian), initial=1e-300)
        better = None
        for _ in range(settings.tries):
            step = -np.linalg.solve(hessian + damping * np.diag(size), pull)
            trial = _moved(found, step, settings)
            after = np.inf if trial is None else cost(trial)
            if trial is not None and after < now:
                better = trial, now - after
                break
            damping *= 10
        if better is None:
            break
        found, gain = better
        now, damping = now - gain, max(damping / 10, 1e-9)
        say(f"scale {scale:.2g}: cost {now:.5g}")
        if gain < settings.settled * now:
            break
    return found


def _equations(
    found: NetworkForce,
    scheme: Scheme,
    problem: Problem,
    scale: float,
    settings: NetworkFitSettings,
) -> tuple[Float[np.ndarray, "weight weight"], Float[np.ndarray, " weight"]]:
    """The normal equations of all weights, and of the logarithm of the cap."""
    missed, slopes = problem.linearised(found.table, scheme, found.numbers)
    weight = 1 / (1 + np.mean(missed**2, axis=1) / scale**2)
    # A slope that an encounter has enlarged would outweigh all others.
    steep = np.sqrt(np.mean(slopes**2, axis=(1, 2)))
    usual = settings.steep * np.median(steep) + 1e-30
    weight = weight / (1 + (steep / usual) ** 2) / missed.shape[1]
    inner = np.einsum("p,pra,prb->ab", weight, slopes, slopes, optimize=True)
    pull = np.einsum("p,pra,pr->a", weight, slopes, missed)
    # Where nothing is seen, the force goes on as a power.
    count = found.table.count
    differences = np.diff(np.eye(count), 2, axis=0) * scale
    inner[:count, :count] += settings.stiff * differences.T @ differences
    pull[:count] += settings.stiff * scale * differences.T @ found.bends
    _, by_weight = _by_weight(found.network, found.table)
    if found.limit is not None:
        by_weight = np.block(
            [
                [by_weight, np.zeros((len(by_weight), 1))],
                [np.zeros((1, by_weight.shape[1])), np.full((1, 1), found.limit)],
            ]
        )
    return by_weight.T @ inner @ by_weight, by_weight.T @ pull


def _moved(
    found: NetworkForce, step: Float[np.ndarray, " weight"], settings: NetworkFitSettings
) -> NetworkForce | None:
    """After a step of all weights; None where it leads too far."""
    row, back = weights_of(found.network)
    limit = None
    if found.limit is not None:
        limit = found.limit * float(np.exp(np.clip(step[-1], -0.5, 0.5)))
    with jax.enable_x64():
        network = back(to_device(row + step[: len(row)], np.float64))
    moved = replace(found, network=network, limit=limit)
    count = found.table.count
    change = np.abs(moved.numbers[:count] - found.numbers[:count]).max()
    return moved if change < settings.farthest else None


@eqx.filter_jit
def _slopes(network: RadialNetwork, places: Array) -> tuple[Array, Array]:
    arrays, rest = eqx.partition(network, eqx.is_array)
    row, back = ravel_pytree(arrays)

    def values(row: Array) -> tuple[Array, Array]:
        found = eqx.combine(back(row), rest).values(places)
        return found, found

    slopes, found = jax.jacrev(values, has_aux=True)(row)
    return found, slopes


def _by_weight(
    network: RadialNetwork, table: TableForce
) -> tuple[Float[np.ndarray, " place"], Float[np.ndarray, "place weight"]]:
    """The values of a table, and how they change with the weights."""
    with jax.enable_x64():
        values, slopes = _slopes(network, to_device(table.places, np.float64))
    return np.asarray(values), np.asarray(slopes)


def _taught(
    network: RadialNetwork,
    table: TableForce,
    values: Float[np.ndarray, " place"],
    settings: NetworkFitSettings,
) -> RadialNetwork:
    """With weights that give these values: Levenberg and Marquardt's steps."""
    now, slopes = _by_weight(network, table)
    damping, row = 1e-2, weights_of(network)[0]
    for _ in range(settings.lessons):
        missed = values - now
        if np.abs(missed).max() < settings.learned:
            break
        # As many equations as values, which are fewer than weights.
        damped = slopes @ slopes.T + damping * np.eye(len(values))
        step = slopes.T @ np.linalg.solve(damped, missed)
        with jax.enable_x64():
            trial = weights_of(network)[1](to_device(row + step, np.float64))
        then, steeper = _by_weight(trial, table)
        if np.sum((values - then) ** 2) < np.sum(missed**2):
            network, now, slopes, row = trial, then, steeper, row + step
            damping = max(damping / 5, 1e-12)
        else:
            damping *= 5
    return network
