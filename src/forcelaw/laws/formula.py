"""A law that was read off: written down, yet it simulates and differentiates like any other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import equinox as eqx
import jax.numpy as jnp
from jaxtyping import Array, Float

from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InputError
from forcelaw.graph import (
    Graph,
    at_receivers,
    at_senders,
    edge_lengths,
    edge_sum,
    safe_norm,
    sum_messages,
)
from forcelaw.laws.attribute_names import AXES, attribute_name, one_body_units, pair_units
from forcelaw.laws.expression import Expression, Node, Readable, in_units, quotient, split_tuple
from forcelaw.laws.law import Law
from forcelaw.laws.pair_ends import PairEnds, pair_variables
from forcelaw.laws.quadrature import breaks, potential
from forcelaw.laws.scale import scalar
from forcelaw.laws.shared_numbers import (
    Shared,
    alike_by_size,
    read_shared,
    shared_numbers,
    with_shared_numbers,
)
from forcelaw.laws.state import Attributes, State
from forcelaw.laws.units import Units


class Formula(Readable, Law):
    """`a_i = (sum_j pair(r_ij, ...) (x_j - x_i) / r_ij + one_body(v_i, ...)) / m_i`.

    `pair` is the force on the receiver i from the sender j along the line between them,
    attraction positive, in `r`, `m_i`, `m_j`, `q_i`, `q_j`, any other node attribute as `name_i`
    and `name_j`, and any edge attribute by its plain name. `one_body` is what acts on a body alone:
    nothing, one expression used for every component (`-0.5*v`), or one for each component (`0`
    and `-9.8*m`), in the component `v` of the velocity, `speed`, `x y z`, `vx vy vz` and the
    body's attributes (`m`, `q`, `name`). Without the attribute `mass` every mass is one.

    Bodies at one place do not act on each other: there is no line between them. Within the
    distance `core`, if one is given, the force falls linearly from its value there to zero.
    """

    pair: Expression
    one_body: tuple[Expression, ...]
    core: float = eqx.field(static=True, default=0.0)
    shared: Shared | None = eqx.field(static=True, default=None)
    """Which constants are one number; None: each is one of its own."""

    @classmethod
    def of_trees(cls, pair: Node, one_body: Sequence[Node] = (), core: float = 0.0) -> Formula:
        """A formula from trees with their numbers in them; a parameter at several places is one."""
        parts = tuple(map(Expression.build, one_body))
        return cls(Expression.build(pair), parts, core, shared_numbers(pair, one_body))

    @classmethod
    def parse(
        cls, pair: str, one_body: str | Sequence[str] | None = None, *, core: float = 0.0
    ) -> Formula:
        """A formula from text; `one_body` a text, a tuple `"(0, -9.8*m)"`, or one per component.

        Numbers of one size in `one_body` are one number.

        **Raises** `InputError` naming the column, what was found and what is allowed.
        """
        texts = split_tuple(one_body) if isinstance(one_body, str) else one_body or ()
        trees = alike_by_size([Expression.parse(text).term for text in texts])
        return cls.of_trees(Expression.parse(pair).term, trees, core)

    @classmethod
    def from_sympy(cls, pair: Any, one_body: Any | Sequence[Any] | None = None) -> Formula:
        """A formula from SymPy expressions.

        **Raises** `InputError` naming the first part that has no counterpart here.
        """
        given = one_body if isinstance(one_body, Sequence) else [one_body]
        trees = [Expression.from_sympy(part).term for part in given if part is not None]
        return cls.of_trees(Expression.from_sympy(pair).term, alike_by_size(trees))

    def force(self, graph: Graph, state: State, attributes: Attributes) -> Float[Array, "node dim"]:
        """The total force on every node, in mass times length per time squared.

        **Raises** `InputError` naming a variable that no attribute provides.
        """
        total = self._pulled(graph, state, attributes)
        return total + self.one_body_force(state, attributes) if self.one_body else total

    def __call__(
        self, graph: Graph, state: State, attributes: Attributes
    ) -> Float[Array, "node dim"]:
        """See `Law`."""
        if "mass" not in attributes.node:
            return self.force(graph, state, attributes)
        mass = scalar(attributes.node, "mass").astype(state.position.dtype)
        total = self._pulled(graph, state, attributes, mass)
        # Zero over a mass of 1e-26 would have no slope in single precision.
        alone = self.one_body_force(state, attributes) / mass[:, None] if self.one_body else None
        return total if alone is None else total + alone

    def one_body_force(self, state: State, attributes: Attributes) -> Float[Array, "node dim"]:
        """What acts on every body alone.

        **Raises** `InputError` if there is one expression a component and their number is wrong.
        """
        (nodes, dim), dtype = state.position.shape, state.position.dtype
        if len(self.one_body) not in (0, 1, dim):
            raise InputError(
                f"one-body force: found {len(self.one_body)} components, expected 1 or {dim} in "
                f"{dim} dimensions; write one expression for all or one for each"
            )
        known = {"speed": safe_norm(state.velocity)}
        for axis in range(min(dim, len(AXES))):
            known[AXES[axis]] = state.position[:, axis]
            known[f"v{AXES[axis]}"] = state.velocity[:, axis]
        for name in {name for part in self.one_body for name in part.variables}:
            attribute = attribute_name(name, attributes.node)
            if name not in known and attribute is not None:
                known[name] = scalar(attributes.node, attribute).astype(dtype)
        if not self.one_body:
            return jnp.zeros((nodes, dim), dtype)
        parts = self.one_body if len(self.one_body) > 1 else self.one_body * dim
        return jnp.stack(
            [part(known | {"v": state.velocity[:, axis]}) for axis, part in enumerate(parts)],
            axis=1,
        )

    def pair_weight(self, length: Float[Array, "*pair"], ends: PairEnds) -> Float[Array, "*pair"]:
        """See `Law.pair_weight`."""
        variables = pair_variables(self.pair, length, ends, core=self.core)
        weight = self.pair.plain(variables) / variables["r"]
        return jnp.where(length > 0, weight, 0)

    def pair_potential(
        self, variables: Mapping[str, Float[Array, "..."]], *, reference: float = 1.0
    ) -> Float[Array, "..."]:
        """The potential energy of a pair relative to the distance `reference`.

        By quadrature of the force (`potential`), split where a `where` compares `r` with a number.
        **Arguments:** `variables` those of `pair`, of one shape; distances below `core` count as
        `core`, and at distance zero the energy is zero.
        """
        distance = jnp.where(variables["r"] > 0, variables["r"], reference)
        stretched = {name: value[..., None] for name, value in variables.items()}
        return potential(
            lambda at: self.pair(stretched | {"r": at}),
            distance,
            reference=reference,
            core=self.core,
            breaks=breaks(self.pair, distance.dtype, least=self.core),
        )

    @property
    def reads_velocity(self) -> bool:
        """See `Law.reads_velocity`."""
        names = {name for part in self.one_body for name in part.variables}
        return bool(names & {"v", "speed", "vx", "vy", "vz"})

    def has_potential(self, graph: Graph) -> bool:
        """See `Law.has_potential`."""
        return not self.one_body and graph.symmetric

    def potential_energy(
        self, graph: Graph, state: State, attributes: Attributes, *, reference: float = 1.0
    ) -> Float[Array, ""]:
        """The potential energy of all pairs; `one_body` is not counted.

        Half the sum over directed edges: the graph must be symmetric. `reference` is the distance
        at which the energy of a pair is zero.
        """
        length = edge_lengths(graph, state.position)
        variables = self._pair_variables(graph, length, attributes) | {"r": length}
        energy = self.pair_potential(variables, reference=reference)
        return jnp.sum(jnp.where(graph.edge_mask, energy, 0)) / 2

    def text(self, precision: int | None = 4) -> str:
        """The pair force; with a one-body force two lines, `pair: ...` and `one-body: ...`."""
        pair = self.pair.text(precision)
        return f"pair: {pair}\none-body: {self.one_body_text(precision)}" if self.one_body else pair

    def one_body_text(self, precision: int | None = 4) -> str:
        """The one-body force as `parse` reads it: an expression, a tuple, or nothing."""
        texts = [part.text(precision) for part in self.one_body]
        return f"({', '.join(texts)})" if len(texts) > 1 else "".join(texts)

    def written(self, precision: int | None) -> list[str]:
        """See `Readable`."""
        texts = [self.pair.text(precision), *filter(None, [self.one_body_text(precision)])]
        return [*map(repr, texts), *([f"core={self.core:g}"] if self.core else [])]

    def latex(self, precision: int | None = 4) -> str:
        """LaTeX: `F_{ij} = ...`, and the one-body force as `F_i = ...`."""
        pair = f"F_{{ij}} = {self.pair.latex(precision)}"
        one_body = [part.latex(precision) for part in self.one_body]
        if not one_body:
            return pair
        vector = one_body[0] if len(one_body) == 1 else rf"\left({', '.join(one_body)}\right)"
        return rf"{pair}, \quad F_i = {vector}"

    def sympy(self, precision: int | None = 4) -> Any:
        """The pair force as a SymPy expression over plain symbols."""
        return self.pair.sympy(precision)

    def python(self, precision: int | None = None) -> str:
        """Source of NumPy functions `pair` and `one_body`, or `one_body_x`, `one_body_y`..."""
        names = ["one_body"] if len(self.one_body) == 1 else [f"one_body_{a}" for a in AXES]
        sources = [self.pair.python(precision, name="pair")]
        for name, part in zip(names, self.one_body, strict=False):
            sources.append(part.python(precision, name=name))
        header, *_ = sources[0].split("\n\n\n")
        return "\n\n\n".join([header, *(s.split("\n\n\n", 1)[1].rstrip() for s in sources)]) + "\n"

    def rescaled(self, units: Units) -> Formula:
        """See `Law.rescaled`; the constants are measured anew."""
        if units.same:
            return self
        known = [
            pair_units(self.pair, units),
            *(one_body_units(part, units) for part in self.one_body),
        ]
        trees = with_shared_numbers((self.pair, *self.one_body), self.shared)
        pair, *one_body = in_units(trees, known, units.force)
        return Formula.of_trees(pair, one_body, self.core / units.length)

    def settings(self) -> JsonObject:
        """See `Law.settings`; the constants stand in the text, exactly."""
        return {
            "pair": self.pair.text(None),
            "own": [part.text(None) for part in self.one_body],
            "core": self.core,
            "shared": self.shared and [index for index, _ in self.shared],
        }

    @classmethod
    def from_settings(cls, settings: ParsedObject) -> Formula:
        """See `Law.from_settings`."""
        found = cls.parse(settings["pair"], settings["own"], core=settings["core"])
        if "shared" in settings:  # not in those of the first release
            shared = read_shared((found.pair, *found.one_body), settings["shared"])
            found = cls(found.pair, found.one_body, found.core, shared)
        return found

    def _pulled(
        self,
        graph: Graph,
        state: State,
        attributes: Attributes,
        mass: Float[Array, " node"] | None = None,
    ) -> Float[Array, "node dim"]:
        """The sum of all pair forces on every node, over the masses if they are given.

        Each force is divided before all are summed: slopes with respect to the force on a star, in
        SI units, would be no numbers in single precision.
        """
        position = state.position
        if graph.complete:
            # Plain dense arithmetic: differentiable in forward mode and to any order.
            difference = at_senders(graph, position) - at_receivers(graph, position)
            weight = self._over_length(graph, safe_norm(difference), attributes, mass)
            return sum_messages(graph, weight[:, None] * difference)
        weight = self._over_length(graph, edge_lengths(graph, position), attributes, mass)
        return edge_sum(graph, weight, position)

    def _over_length(
        self,
        graph: Graph,
        length: Float[Array, " edge"],
        attributes: Attributes,
        mass: Float[Array, " node"] | None,
    ) -> Float[Array, " edge"]:
        variables = self._pair_variables(graph, length, attributes)
        masses = () if mass is None else (at_receivers(graph, mass),)
        weight = quotient(self.pair(variables), variables["r"], *masses)
        return jnp.where(length > 0, weight, 0)

    def _pair_variables(
        self, graph: Graph, length: Float[Array, " edge"], attributes: Attributes
    ) -> dict[str, Float[Array, " edge"]]:
        """What the pair force reads, for every edge."""
        return pair_variables(
            self.pair,
            length,
            PairEnds(
                attributes.node,
                partial(at_receivers, graph),
                partial(at_senders, graph),
                attributes.edge,
            ),
            core=self.core,
        )
