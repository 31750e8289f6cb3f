"""Accelerations as a linear function of pair forces: what least squares needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from forcelaw.device_arrays import to_device
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, State, short_name
from forcelaw.numerics import least_squares
from forcelaw.particles.data import Trajectories
from forcelaw.particles.equations.weak_form import WeakForm
from forcelaw.particles.preparation import median_size

MOST_PAIRS = 4_000_000
"""Ordered pairs in a design, at most: with their directions they take 200 MB. So many tell a law
well, and snapshots of many bodies hold many."""
SAMPLED_SNAPSHOTS = 25
"""Of a design where receivers are sampled: there are many of these in each, of many pairs."""
SCANNED_PAIRS = 250_000
"""Of the part of such a design on which hundreds of forms and numbers are tried."""
_LEAST_SNAPSHOTS = 20
"""Of a design, whatever the number of pairs in each: those of one moment say little of noise."""


class Bodies(NamedTuple):
    """Where bodies are, how they move and what is constant in them."""

    position: Float[np.ndarray, "sample body dim"]
    velocity: Float[np.ndarray, "sample body dim"]
    attributes: dict[str, Float[np.ndarray, "sample body"]]


@dataclasses.dataclass(frozen=True, eq=False)
class Design:
    """Some snapshots in double precision, with the geometry of every edge.

    Where positions alone were measured, and noisily, `acceleration` holds what they tell of
    accelerations (see `WeakForm`): equations then take the place of samples.
    """

    position: Float[np.ndarray, "sample body dim"]
    velocity: Float[np.ndarray, "sample body dim"]
    acceleration: Float[np.ndarray, "row body dim"]
    attributes: dict[str, Float[np.ndarray, "sample body"]]
    graph: Graph
    sender: Int[np.ndarray, " edge"]
    """In the order of the graph's edges."""
    receiver: Int[np.ndarray, " edge"]
    length: Float[np.ndarray, "sample edge"]
    direction: Float[np.ndarray, "sample edge dim"]
    """Unit vectors from receiver to sender."""
    weak: WeakForm | None = None
    crowd: Bodies | None = None
    """All bodies in the order of the graph, where those of `position` are the first of them, whose
    accelerations are looked at."""
    time: Float[np.ndarray, " dated"] = dataclasses.field(default_factory=lambda: np.zeros(0))
    """When each sample was taken; empty where samples were not taken from trajectories."""
    trajectory: Int[np.ndarray, " dated"] = dataclasses.field(
        default_factory=lambda: np.zeros(0, int)
    )
    """The trajectory that each sample was taken from; likewise."""

    @classmethod
    def of(cls, data: Trajectories, count: int, *, seed: int = 0) -> Design:
        """At most `count` snapshots, drawn at random without replacement.

        Fewer of so many bodies that they would hold more than `MOST_PAIRS`, or where receivers are
        sampled.
        """
        count = min(count, max(_LEAST_SNAPSHOTS, MOST_PAIRS // max(data.n_pairs, 1)))
        count = count if data.receivers is None else min(count, SAMPLED_SNAPSHOTS)
        flat = data.samples()
        total = len(flat.position)
        rows = np.random.default_rng(seed).permutation(total)[:count]
        acceleration = flat.acceleration
        position = flat.position[rows]
        built = cls.build(
            position,
            flat.velocity[rows],
            (np.zeros_like(position) if acceleration is None else acceleration[rows])[
                :, : data.observed
            ],
            {name: value[rows] for name, value in flat.attributes.items()},
            data.graph,
        )
        return dataclasses.replace(built, time=flat.time[rows], trajectory=flat.trajectory[rows])

    @classmethod
    def build(
        cls,
        position: Float[np.ndarray, "sample body dim"],
        velocity: Float[np.ndarray, "sample body dim"],
        acceleration: Float[np.ndarray, "row observed dim"],
        attributes: dict[str, Float[np.ndarray, "sample body"]],
        graph: Graph,
    ) -> Design:
        """From arrays; distances and directions are computed once.

        Accelerations may be those of the first bodies only; edges then lead to these alone.
        """
        sender, receiver = np.asarray(graph.sender), np.asarray(graph.receiver)
        crowd, observed = None, acceleration.shape[1]
        difference = position[:, sender] - position[:, receiver]
        if observed < position.shape[1]:
            crowd = Bodies(position, velocity, attributes)
            position, velocity = position[:, :observed], velocity[:, :observed]
            attributes = {name: value[:, :observed] for name, value in attributes.items()}
        length = np.linalg.norm(difference, axis=-1)
        direction = difference / np.where(length > 0, length, 1)[..., None]
        return cls(
            position,
            velocity,
            acceleration,
            attributes,
            graph,
            sender,
            receiver,
            length,
            direction,
            crowd=crowd,
        )

    def first(self, count: int, *, trajectories: int = 0) -> Design:
        """The first snapshots only; of the weak form, at least so many trajectories.

        Fewer where receivers are sampled, so that they hold at most `SCANNED_PAIRS`.
        """
        if self.crowd is not None:
            count = min(count, max(1, SCANNED_PAIRS // max(self.graph.edges, 1)))
        rows, weak = count, None
        if self.weak is not None:
            trajectories = max(trajectories, count // self.weak.nodes)
            count, rows = trajectories * self.weak.nodes, trajectories * self.weak.equations
            weak = self.weak.first(trajectories)
        bodies = self.bodies
        design = Design.build(
            bodies.position[:count],
            bodies.velocity[:count],
            self.acceleration[:rows],
            {name: value[:count] for name, value in bodies.attributes.items()},
            self.graph,
        )
        return dataclasses.replace(
            design, weak=weak, time=self.time[:count], trajectory=self.trajectory[:count]
        )

    @property
    def scanned(self) -> Design:
        """The part on which much is tried: all of it, but for sampled receivers."""
        return self if self.crowd is None else self.first(len(self.position))

    def with_attribute(self, name: str, value: Float[np.ndarray, "sample body"]) -> Design:
        """The same snapshots with other values of an attribute, of all bodies."""
        observed, crowd = self.position.shape[1], self.crowd
        if crowd is not None:
            crowd = crowd._replace(attributes={**crowd.attributes, name: value})
        attributes = {**self.attributes, name: value[:, :observed]}
        return dataclasses.replace(self, attributes=attributes, crowd=crowd)

    def with_acceleration(self, acceleration: Float[np.ndarray, "row body dim"]) -> Design:
        """The same snapshots with other accelerations."""
        return dataclasses.replace(self, acceleration=acceleration)

    def states(
        self, rows: Int[np.ndarray, " some"] | slice = slice(None)
    ) -> tuple[State, Attributes]:
        """These snapshots of all bodies on the device, with a leading axis."""
        bodies = self.bodies
        attributes = {name: to_device(value[rows]) for name, value in bodies.attributes.items()}
        position, velocity = (to_device(part[rows]) for part in bodies[:2])
        return State(position, velocity), Attributes(attributes)

    def blocks_of_states(self, pairs: int) -> Iterator[tuple[State, Attributes]]:
        """All of them in blocks of about so many pairs, one shape for any number of snapshots.

        The last block is filled up with the last snapshot.
        """
        count, size = len(self.position), max(1, pairs // max(self.graph.edges, 1))
        for first in range(0, count, size):
            yield self.states(np.minimum(np.arange(first, first + size), count - 1))

    @property
    def bodies(self) -> Bodies:
        """All bodies that edges start from."""
        return self.crowd or Bodies(self.position, self.velocity, self.attributes)

    @property
    def dense(self) -> bool:
        """Whether every body looked at receives from every other, as many edges as any."""
        if self.crowd is None:
            return self.graph.complete
        observed, bodies = self.position.shape[1], self.crowd.position.shape[1]
        return self.graph.edges == observed * (bodies - 1)

    @property
    def mass(self) -> Float[np.ndarray, "sample body"]:
        """The masses; ones where there are none."""
        ones = np.ones(self.position.shape[:2])
        return self.attributes.get("mass", ones)

    @property
    def weight(self) -> Float[np.ndarray, "row body"]:
        """What makes errors relative: one over the acceleration's length plus a typical one.

        In the weak form: one over the error of every equation.
        """
        if self.weak is not None:
            return self.weak.weight
        return self.relative_weight

    @property
    def relative_weight(self) -> Float[np.ndarray, "row body"]:
        """One over the acceleration's length plus a typical one."""
        size = np.linalg.norm(self.acceleration, axis=-1)
        return 1 / (size + median_size(size))

    def variables(self) -> dict[str, Float[np.ndarray, "sample edge"]]:
        """`r` and every attribute of both ends under the names that formulas use."""
        known = {"r": self.length}
        for name, value in self.bodies.attributes.items():
            known[f"{short_name(name)}_i"] = value[:, self.receiver]
            known[f"{short_name(name)}_j"] = value[:, self.sender]
        return known

    def product_of(self, names: Sequence[str]) -> Float[np.ndarray, "sample edge"]:
        """The product of these attributes of both bodies of every edge; one without any."""
        product = np.ones_like(self.length)
        for name in names:
            value = self.bodies.attributes[name]
            product = product * value[:, self.receiver] * value[:, self.sender]
        return product

    def one_body_variables(self, axis: int) -> dict[str, Float[np.ndarray, "sample body"]]:
        """What a one-body force may read for one component, under the names that formulas use."""
        known = {short_name(name): value for name, value in self.attributes.items()}
        known["speed"] = np.linalg.norm(self.velocity, axis=-1)
        for k, letter in zip(range(self.position.shape[2]), "xyz", strict=False):
            known[letter] = self.position[..., k]
            known[f"v{letter}"] = self.velocity[..., k]
        return known | {"v": self.velocity[..., axis]}

    def pair_acceleration(
        self, scalar: Float[np.ndarray, "sample edge"]
    ) -> Float[np.ndarray, "row body dim"]:
        """The acceleration caused by a scalar force along every edge, attraction positive."""
        return self.observe(self.net_force(scalar) / self.mass[..., None])

    def net_force(
        self, scalar: Float[np.ndarray, "sample edge"]
    ) -> Float[np.ndarray, "sample body dim"]:
        """The force on every body."""
        samples, bodies, dim = self.position.shape
        if self.dense:
            # Edges are sorted by receiver.
            shape = (samples, bodies, self.graph.edges // bodies)
            return np.einsum(
                "sbk,sbkd->sbd", scalar.reshape(shape), self.direction.reshape(*shape, dim)
            )
        messages = scalar[..., None] * self.direction
        total = np.zeros_like(self.position)
        for body in range(bodies):
            total[:, body] = messages[:, self.receiver == body].sum(axis=1)
        return total

    def observe(
        self, acceleration: Float[np.ndarray, "sample body dim"]
    ) -> Float[np.ndarray, "row body dim"]:
        """What would be measured of these accelerations: they themselves, or their weak form."""
        return acceleration if self.weak is None else self.weak.apply(acceleration)

    def solve(
        self, columns: list[Float[np.ndarray, "row body dim"]]
    ) -> tuple[Float[np.ndarray, " column"], float]:
        """Factors of the columns that explain the accelerations best, and the mean error left.

        Errors are relative (see `weight`) and squared; the error left is the mean of their
        absolute values.
        """
        weight = self.weight[..., None]
        design = np.stack([(weight * column).ravel() for column in columns], axis=1)
        goal = (weight * self.acceleration).ravel()
        factors, left = least_squares(design, goal)
        return factors, float(np.mean(np.abs(left)))
