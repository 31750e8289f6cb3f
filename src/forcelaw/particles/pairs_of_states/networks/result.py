"""What a network has learned from pairs of states, and how it is used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import jax
import numpy as np
from jaxtyping import Float

from forcelaw.clock import Clock
from forcelaw.device_arrays import to_device
from forcelaw.particles.data import Trajectories
from forcelaw.particles.pairs_of_states.forces.central_forces import cap_words
from forcelaw.particles.pairs_of_states.networks.radial_network import RadialNetwork, weights_of
from forcelaw.particles.pairs_of_states.networks.search import NetworkCandidate, search_network
from forcelaw.particles.pairs_of_states.networks.settings import NETWORK, NetworkFitSettings
from forcelaw.particles.pairs_of_states.shooting import Problem
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs, pairs_with_step
from forcelaw.storage import ParsedObject, plain


@dataclass(frozen=True, eq=False, repr=False)
class NetworkFromPairs:
    """A network of the distance that leads from states to those much later; in units of the data.

    No form of the force is known to it: a force between all bodies alike, or times the product of
    an attribute, along the line between two.
    """

    chosen: NetworkCandidate
    distances: tuple[float, float]
    """Between bodies when states were taken: all but a hundredth are in between."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """By phase."""

    @property
    def network(self) -> RadialNetwork:
        """Of the logarithm of the distance."""
        return self.chosen.force.network

    @property
    def cap(self) -> float | None:
        """The most that acts on a body in all; `chosen.force.table.cap` says in what sense."""
        return self.chosen.force.limit

    @property
    def followed(self) -> str:
        """How motion is followed, in words."""
        return self.chosen.scheme.words

    @property
    def median(self) -> float:
        """The usual miss of held-out ends, over the typical displacement by forces."""
        return self.chosen.median

    @property
    def explained(self) -> float:
        """R² of displacements by forces, held out, encounters included; 0 for no force."""
        return max(0.0, 1 - float(np.mean(self.chosen.misses**2)))

    def force(self, r: Float[np.ndarray, " point"]) -> Float[np.ndarray, " point"]:
        """Between two bodies so far apart, attraction positive, where the product is one."""
        distance = np.asarray(r, float)
        with jax.enable_x64():
            square = to_device(distance**2, np.float64)
            numbers = to_device(self.chosen.force.numbers, np.float64)
            over = self.chosen.force.table.over_distance(numbers, square)
        return np.asarray(over) * distance

    def predict(self, pairs: StatePairs) -> Float[np.ndarray, "pair body dim"]:
        """Where bodies are at the end of each stretch; `end` is not looked at."""
        scheme = self.chosen.scheme.over(float(pairs.stretch.max()))
        force = self.chosen.force
        return Problem.of(pairs, self.chosen.coupling).ends(force.table, scheme, force.numbers)

    def text(self, precision: int = 6) -> str:
        """What it is, in one line."""
        name = self.chosen.coupling
        product = f" times {name} of both bodies" if name else ""
        words = f"network of {len(weights_of(self.network)[0])} weights{product}"
        capped = cap_words(self.chosen.force.table.cap, self.cap, precision)
        return "; ".join([words, *([capped] if capped else [])])

    def to_json(self) -> ParsedObject:
        """Everything that is reported, as JSON can hold it."""
        r = np.geomspace(*self.distances, 100)
        return plain(
            {
                "text": self.text(),
                "explained": self.explained,
                "median": self.median,
                "worst": float(self.chosen.misses.max()),
                "cap": {"of": self.chosen.force.table.cap, "value": self.cap},
                "steps": self.followed,
                "curve": {"r": r.tolist(), "force": self.force(r).tolist()},
                "seconds": dict(self.seconds),
            }
        )

    def __repr__(self) -> str:
        return f"NetworkFromPairs({self.text()!r})"


def learn_from_pairs(
    data: Trajectories | StatePairs,
    *,
    apart: int = 1,
    step: float | None = None,
    seed: int = 0,
    settings: NetworkFitSettings = NETWORK,
    say: Callable[[str], None] = lambda line: None,
) -> NetworkFromPairs:
    """A network that leads from states to those much later, from these pairs alone.

    The same as `discover_from_pairs` without any form of a force: what depends on the distance is
    a small network. Arguments and errors are those of it.

    **Raises** `NotEnoughData` for too few pairs, or velocities that were not measured;
    `InvalidSetting` where trajectories are shorter.
    """
    clock = Clock()
    pairs = pairs_with_step("learn_from_pairs", data, apart, step)
    found = search_network(pairs, step=pairs.step, seed=seed, settings=settings, say=say)
    clock.lap("search")
    low, high = np.quantile(pairs.distances(), [0.005, 0.995])
    return NetworkFromPairs(found, (float(low), float(high)), clock.seconds)
