"""What all laws have in common: a law gives every node its acceleration."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Literal, NamedTuple

import equinox as eqx
import jax
import numpy as np
from jaxtyping import Array, Float, PRNGKeyArray

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InputError
from forcelaw.files import many
from forcelaw.graph import Graph
from forcelaw.laws.pair_ends import PairEnds
from forcelaw.laws.state import Attributes, State
from forcelaw.laws.units import Units

if TYPE_CHECKING:
    from forcelaw.laws.expression import Expression


class Messages(NamedTuple):
    """What the edges carry in one pass."""

    mean: Float[Array, "edge message"]
    log_variance: Float[Array, "edge message"] | None
    """Of messages that are drawn from a normal distribution."""
    force: Float[Array, ""]
    """The force, in mass times acceleration, that is of the size of a message of one."""


class Law(eqx.Module):
    """Acceleration of every node from the graph, the state and the attributes.

    A law is a pytree: its floating arrays are its parameters. Subclasses are final. They are
    saved as their arrays plus `settings()`, and rebuilt by `type(law).from_settings(settings)`,
    which returns a law of the same structure whose arrays are then filled in.

    The other methods say what a law can do beside; each has a default that is right for a law of
    which nothing more is known, so that a law of your own trains, rolls out and is discovered.
    """

    @abc.abstractmethod
    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """The acceleration of every node, in length per time squared."""

    def __repr__(self) -> str:
        arrays = [leaf for leaf in jax.tree.leaves(self) if eqx.is_array(leaf)]
        if not arrays:
            return eqx.tree_pformat(self)  # of transformations, which leave no law but its shapes
        count = sum(leaf.size for leaf in arrays if eqx.is_inexact_array(leaf))
        return f"{type(self).__name__}({', '.join([*self.described(), many(count, 'number')])})"

    def described(self) -> list[str]:
        """What `repr` says beside the number of all its numbers: sizes, or its formula."""
        return []

    def predict(
        self,
        graph: Graph,
        state: State,
        attributes: Attributes,
        *,
        key: PRNGKeyArray | None = None,
    ) -> tuple[Float[Array, "node dim"], Messages | None]:
        """Accelerations, and the messages that made them, if there are any, in one pass.

        With a `key` a law that is drawn at random is drawn; without one it is its mean.
        """
        del key
        return self(graph, state, attributes), None

    @property
    def penalty(self) -> Literal["none", "l1", "kl"]:
        """By what training keeps the messages of `predict` few, unless it is told otherwise."""
        return "none"

    @property
    def reads_velocity(self) -> bool:
        """Whether accelerations may depend on velocities."""
        return True

    def has_potential(self, graph: Graph) -> bool:
        """Whether `potential_energy` is the energy of all that acts on this graph."""
        del graph
        return False

    def potential_energy(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, ""]:
        """The energy, in mass times length squared per time squared, whose gradient is the force.

        **Raises** `InputError` for laws of which no energy is known.
        """
        raise InputError(
            f"potential_energy: found a {self.family()}, expected a law with a known energy; ask "
            "`has_potential` first"
        )

    def pair_weight(self, length: Float[Array, "*pair"], ends: PairEnds) -> Float[Array, "*pair"]:
        """The force on a receiver over the distance to the sender, attraction positive.

        What acts along the lines between two bodies, of any number of them, for motion that keeps
        no edges (`forcelaw.motion.simulate`): zero at distance zero, computed in plain arithmetic,
        so that lengths, times and attributes should be measured in scales of their own.

        **Raises** `InputError` for laws that do not act along the lines between pairs.
        """
        del length, ends
        raise InputError(
            f"pair_weight: found a {self.family()}, expected a law that acts along the lines "
            "between pairs; read it off as a formula first, or give your law a `pair_weight`"
        )

    def with_pair(
        self,
        pair: Expression,
        *,
        messages: Float[np.ndarray, "row message"],
        force: Float[np.ndarray, "row dim"],
    ) -> Law:
        """The same law with a written pair force in place of what it learned between two nodes.

        **Arguments:** along the same edges, `messages` that the law sends now, and the `force`
        that `pair` exerts.

        **Raises** `InputError` for laws into which none can be inserted.
        """
        raise InputError(
            f"with_pair: found a {self.family()}, expected a law into which a pair force can be "
            "inserted; fit a pair or message network, or give your law a method `with_pair`"
        )

    def bind(self, graph: Graph, attributes: Attributes) -> Law:
        """The same law for one graph, with all that does not move worked out once."""
        del graph, attributes
        return self

    def rescaled(self, units: Units) -> Law:
        """The same law for states and attributes that are measured in `units`.

        It gives accelerations in these, too. Unless a law says otherwise, it is asked in its own.
        """
        return self if units.same else InOtherUnits.of(self, units)

    @classmethod
    def family(cls) -> str:
        """The name under which laws of this class are saved."""
        return cls.__name__

    @abc.abstractmethod
    def settings(self) -> JsonObject:
        """What JSON can hold and `from_settings` needs to build a law of this structure."""

    @classmethod
    @abc.abstractmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        """A law of the structure described by `settings`; its arrays are yet to be filled in."""


class InOtherUnits(Law):
    """What `Law.rescaled` gives for laws that cannot measure their own numbers anew."""

    law: Law
    length: float = eqx.field(static=True)
    time: float = eqx.field(static=True)
    attributes: tuple[tuple[str, float], ...] = eqx.field(static=True)

    @classmethod
    def of(cls, law: Law, units: Units) -> InOtherUnits:
        """The law as it is for states that are measured in `units`."""
        return cls(law, units.length, units.time, tuple(sorted(units.attributes.items())))

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        units = Units(self.length, self.time, dict(self.attributes))
        there = State(state.position * units.length, state.velocity * units.speed)
        own = {name: value * units.attribute(name) for name, value in attributes.node.items()}
        return self.law(graph, there, Attributes(own, attributes.edge)) / units.acceleration

    def rescaled(self, units: Units) -> Law:
        """See `Law.rescaled`."""
        mine = dict(self.attributes)
        names = {*mine, *units.attributes}
        both = Units(
            self.length * units.length,
            self.time * units.time,
            {name: mine.get(name, 1.0) * units.attribute(name) for name in names},
        )
        return self.law if _nearly_one(both) else InOtherUnits.of(self.law, both)

    def settings(self) -> JsonObject:
        """It is not saved: its law is."""
        raise InputError(
            f"found a {type(self.law).__name__} in other units, expected the law itself; save that"
        )

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Law:
        """See `settings`."""
        raise InputError(f"found settings {sorted(settings)}, expected those of the law itself")


def _nearly_one(units: Units) -> bool:
    parts = (units.length, units.time, *units.attributes.values())
    return all(abs(part - 1) < 1e-12 for part in parts)
