"""Accelerations as a linear function of pair forces: what least squares needs."""

from __future__ import annotations

import dataclasses

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int

from forcelaw.graph import Graph
from forcelaw.laws import Attributes, Expression, Formula, Law, State, short_name
from forcelaw.numerics import least_squares
from forcelaw.particles.data import Trajectories
from forcelaw.particles.equations.weak_form import WeakForm
from forcelaw.particles.preparation import median_size

MOST_PAIRS = 4_000_000
"""Ordered pairs in a design, at most: with their directions they take 200 MB. So many tell a law
well, and snapshots of many bodies hold many."""
_LEAST_SNAPSHOTS = 20
"""Of a design, whatever the number of pairs in each: those of one moment say little of noise."""


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
    time: Float[np.ndarray, " dated"] = dataclasses.field(default_factory=lambda: np.zeros(0))
    """When each sample was taken; empty where samples were not taken from trajectories."""
    trajectory: Int[np.ndarray, " dated"] = dataclasses.field(
        default_factory=lambda: np.zeros(0, int)
    )
    """The trajectory that each sample was taken from; likewise."""

    @classmethod
    def of(cls, data: Trajectories, count: int, *, seed: int = 0) -> Design:
        """At most `count` snapshots, drawn at random without replacement.

        Fewer of so many bodies that they would hold more than `MOST_PAIRS`.
        """
        count = min(count, max(_LEAST_SNAPSHOTS, MOST_PAIRS // max(data.graph.edges, 1)))
        flat = data.samples()
        total = len(flat.position)
        rows = np.random.default_rng(seed).permutation(total)[:count]
        acceleration = flat.acceleration
        position = flat.position[rows]
        built = cls.build(
            position,
            flat.velocity[rows],
            np.zeros_like(position) if acceleration is None else acceleration[rows],
            {name: value[rows] for name, value in flat.attributes.items()},
            data.graph,
        )
        return dataclasses.replace(built, time=flat.time[rows], trajectory=flat.trajectory[rows])

    @classmethod
    def build(
        cls,
        position: Float[np.ndarray, "sample body dim"],
        velocity: Float[np.ndarray, "sample body dim"],
        acceleration: Float[np.ndarray, "row body dim"],
        attributes: dict[str, Float[np.ndarray, "sample body"]],
        graph: Graph,
    ) -> Design:
        """From arrays; distances and directions are computed once."""
        sender, receiver = np.asarray(graph.sender), np.asarray(graph.receiver)
        difference = position[:, sender] - position[:, receiver]
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
        )

    def first(self, count: int, *, trajectories: int = 0) -> Design:
        """The first snapshots only; of the weak form, at least so many trajectories."""
        rows, weak = count, None
        if self.weak is not None:
            trajectories = max(trajectories, count // self.weak.nodes)
            count, rows = trajectories * self.weak.nodes, trajectories * self.weak.equations
            weak = self.weak.first(trajectories)
        design = Design.build(
            self.position[:count],
            self.velocity[:count],
            self.acceleration[:rows],
            {name: value[:count] for name, value in self.attributes.items()},
            self.graph,
        )
        return dataclasses.replace(
            design, weak=weak, time=self.time[:count], trajectory=self.trajectory[:count]
        )

    def with_acceleration(self, acceleration: Float[np.ndarray, "row body dim"]) -> Design:
        """The same snapshots with other accelerations."""
        return dataclasses.replace(self, acceleration=acceleration)

    def states(self) -> tuple[State, Attributes]:
        """All snapshots on the device, with a leading axis."""
        attributes = {name: jnp.asarray(v, float) for name, v in self.attributes.items()}
        position, velocity = jnp.asarray(self.position, float), jnp.asarray(self.velocity, float)
        return State(position, velocity), Attributes(attributes)

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
        for name, value in self.attributes.items():
            known[f"{short_name(name)}_i"] = value[:, self.receiver]
            known[f"{short_name(name)}_j"] = value[:, self.sender]
        return known

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
        if self.graph.complete:
            # Edges are sorted by receiver.
            shape = (samples, bodies, bodies - 1)
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


def relative_error(law: Law, design: Design) -> float:
    """The mean error of the accelerations' components over its length plus a typical one.

    In the weak form likewise, of the equations that are used.
    """
    error = np.abs(acceleration_errors(law, design)) * design.relative_weight[..., None]
    return float(np.mean(error[design.weight > 0]))


def snapshot_errors(law: Law, design: Design) -> Float[np.ndarray, " row"]:
    """The mean relative error of the accelerations at every snapshot."""
    return np.mean(
        np.abs(acceleration_errors(law, design)) * design.relative_weight[..., None], axis=(1, 2)
    )


def weighted_error(law: Law, design: Design) -> float:
    """The mean error by which laws are compared: relative, or in units of the noise."""
    if design.weak is None:
        return relative_error(law, design)
    weight = design.weight
    return float(
        np.mean((np.abs(acceleration_errors(law, design)) * weight[..., None])[weight > 0])
    )


def acceleration_errors(law: Law, design: Design) -> Float[np.ndarray, "row body dim"]:
    """What a law predicts minus what was measured."""
    known = isinstance(law, Formula)
    predicted = formula_acceleration(law, design) if known else law_acceleration(law, design)
    return design.observe(predicted) - design.acceleration


def formula_acceleration(formula: Formula, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """Accelerations of a formula in double precision, whatever the precision of the process."""
    total = design.net_force(pair_value(formula.pair, design)) / design.mass[..., None]
    return total + one_body_acceleration(formula, design) if formula.one_body else total


def one_body_acceleration(formula: Formula, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """What the one-body force of a formula does; 0 where it is not a number."""
    force = np.zeros_like(design.position)
    for axis in range(force.shape[2] if formula.one_body else 0):
        part = formula.one_body[axis if len(formula.one_body) > 1 else 0]
        force[..., axis] = part.at(design.one_body_variables(axis))
    return np.nan_to_num(force) / design.mass[..., None]


def pair_value(pair: Expression, design: Design) -> Float[np.ndarray, "sample edge"]:
    """The scalar force of every edge; 0 where it is not a number."""
    return np.nan_to_num(pair.at(design.variables()))


def law_acceleration(law: Law, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """Accelerations of any law, in the precision of the process."""
    return np.asarray(_accelerations(law, design.graph, *design.states()), np.float64)


@eqx.filter_jit
def _accelerations(
    law: Law, graph: Graph, states: State, attributes: Attributes
) -> Float[Array, "sample body dim"]:
    return jax.vmap(lambda state, own: law(graph, state, own))(states, attributes)
