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
from forcelaw.particles._normalise import typical
from forcelaw.particles._trajectories import Trajectories


@dataclasses.dataclass(frozen=True, eq=False)
class Design:
    """Some instants in double precision, with the geometry of every edge."""

    position: Float[np.ndarray, "sample body dim"]
    velocity: Float[np.ndarray, "sample body dim"]
    acceleration: Float[np.ndarray, "sample body dim"]
    attributes: dict[str, Float[np.ndarray, "sample body"]]
    graph: Graph
    sender: Int[np.ndarray, " edge"]
    """In the order of the graph's edges."""
    receiver: Int[np.ndarray, " edge"]
    length: Float[np.ndarray, "sample edge"]
    direction: Float[np.ndarray, "sample edge dim"]
    """Unit vectors from receiver to sender."""

    @classmethod
    def of(cls, data: Trajectories, count: int, *, seed: int = 0) -> Design:
        """At most `count` instants, drawn at random without replacement."""
        flat = data.samples()
        total = len(flat.position)
        rows = np.random.default_rng(seed).permutation(total)[:count]
        acceleration = flat.acceleration
        position = flat.position[rows]
        return cls.build(
            position,
            flat.velocity[rows],
            np.zeros_like(position) if acceleration is None else acceleration[rows],
            {name: value[rows] for name, value in flat.attributes.items()},
            data.graph,
        )

    @classmethod
    def build(
        cls,
        position: Float[np.ndarray, "sample body dim"],
        velocity: Float[np.ndarray, "sample body dim"],
        acceleration: Float[np.ndarray, "sample body dim"],
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

    def first(self, count: int) -> Design:
        """The first instants only."""
        return Design.build(
            self.position[:count],
            self.velocity[:count],
            self.acceleration[:count],
            {name: value[:count] for name, value in self.attributes.items()},
            self.graph,
        )

    def with_acceleration(self, acceleration: Float[np.ndarray, "sample body dim"]) -> Design:
        """The same instants with other accelerations."""
        return dataclasses.replace(self, acceleration=acceleration)

    def states(self) -> tuple[State, Attributes]:
        """All instants on the device, with a leading axis."""
        attributes = {name: jnp.asarray(v, float) for name, v in self.attributes.items()}
        position, velocity = jnp.asarray(self.position, float), jnp.asarray(self.velocity, float)
        return State(position, velocity), Attributes(attributes)

    @property
    def mass(self) -> Float[np.ndarray, "sample body"]:
        """The masses; ones where there are none."""
        ones = np.ones(self.position.shape[:2])
        return self.attributes.get("mass", ones)

    @property
    def weight(self) -> Float[np.ndarray, "sample body"]:
        """What makes errors relative: one over the acceleration's length plus a typical one."""
        size = np.linalg.norm(self.acceleration, axis=-1)
        return 1 / (size + typical(size))

    def variables(self) -> dict[str, Float[np.ndarray, "sample edge"]]:
        """`r` and every attribute of both ends under the names that formulas use."""
        known = {"r": self.length}
        for name, value in self.attributes.items():
            known[f"{short_name(name)}_i"] = value[:, self.receiver]
            known[f"{short_name(name)}_j"] = value[:, self.sender]
        return known

    def own_variables(self, axis: int) -> dict[str, Float[np.ndarray, "sample body"]]:
        """What a self force may read for one component, under the names that formulas use."""
        known = {short_name(name): value for name, value in self.attributes.items()}
        known["speed"] = np.linalg.norm(self.velocity, axis=-1)
        for k, letter in zip(range(self.position.shape[2]), "xyz", strict=False):
            known[letter] = self.position[..., k]
            known[f"v{letter}"] = self.velocity[..., k]
        return known | {"v": self.velocity[..., axis]}

    def summed(
        self, scalar: Float[np.ndarray, "sample edge"]
    ) -> Float[np.ndarray, "sample body dim"]:
        """The acceleration caused by a scalar force along every edge, attraction positive."""
        messages = scalar[..., None] * self.direction
        total = np.zeros_like(self.position)
        for body in range(total.shape[1]):
            total[:, body] = messages[:, self.receiver == body].sum(axis=1)
        return total / self.mass[..., None]

    def solve(
        self, columns: list[Float[np.ndarray, "sample body dim"]]
    ) -> tuple[Float[np.ndarray, " column"], float]:
        """Factors of the columns that explain the accelerations best, and the mean error left.

        Errors are relative (see `weight`) and squared; the error left is the mean of their
        absolute values.
        """
        weight = self.weight[..., None]
        design = np.stack([(weight * column).ravel() for column in columns], axis=1)
        goal = (weight * self.acceleration).ravel()
        size = np.sqrt(np.mean(design**2, axis=0))
        size = np.where(size > 0, size, 1)
        factors, *_ = np.linalg.lstsq(design / size, goal, rcond=None)
        return factors / size, float(np.mean(np.abs(design / size @ factors - goal)))


def relative_error(law: Law, design: Design) -> float:
    """The mean error of the accelerations' components over its length plus a typical one."""
    if isinstance(law, Formula):
        predicted = formula_acceleration(law, design)
    else:
        predicted = law_acceleration(law, design)
    error = predicted - design.acceleration
    return float(np.mean(np.abs(error) * design.weight[..., None]))


def formula_acceleration(formula: Formula, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """Accelerations of a formula in double precision, whatever the precision of the process."""
    total = design.summed(pair_value(formula.pair, design))
    if not formula.own:
        return total
    force = np.zeros_like(total)
    for axis in range(total.shape[2]):
        part = formula.own[axis if len(formula.own) > 1 else 0]
        value = part.numpy()(np.asarray(part.numbers()), design.own_variables(axis))
        force[..., axis] = value
    return total + force / design.mass[..., None]


def pair_value(pair: Expression, design: Design) -> Float[np.ndarray, "sample edge"]:
    """The scalar force of every edge; 0 where it is not a number."""
    with np.errstate(all="ignore"):
        value = pair.numpy()(np.asarray(pair.numbers()), design.variables())
    return np.nan_to_num(np.broadcast_to(value, design.length.shape).astype(float))


def law_acceleration(law: Law, design: Design) -> Float[np.ndarray, "sample body dim"]:
    """Accelerations of any law, in the precision of the process."""

    @eqx.filter_jit
    def run(law: Law, states: State, attributes: Attributes) -> Array:
        return jax.vmap(lambda state, own: law(design.graph, state, own))(states, attributes)

    return np.asarray(run(law, *design.states()), np.float64)
