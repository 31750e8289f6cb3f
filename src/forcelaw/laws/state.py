"""What a law sees: the moving state and the attributes that never change."""

from __future__ import annotations

from collections.abc import Mapping

import equinox as eqx
from jaxtyping import Array, Float

from forcelaw.files import many


class State(eqx.Module):
    """Positions and velocities of all nodes at one time."""

    position: Float[Array, "*batch node dim"]
    velocity: Float[Array, "*batch node dim"]

    def __repr__(self) -> str:
        if not all(map(eqx.is_array_like, (self.position, self.velocity))):
            return eqx.tree_pformat(self)  # inside of transformations it may be no state
        *batch, nodes, dim = self.position.shape
        many_of = f"{' x '.join(map(str, batch))} of " if batch else ""
        return f"State({many_of}{many(nodes, 'node')} in {many(dim, 'dimension')})"


class Attributes(eqx.Module):
    """Named constants of nodes and edges; conserved exactly because nothing integrates them.

    `node["mass"]` and the like have shape `[node]` or `[node, feature]`; `edge["sign"]` and the
    like `[edge]` or `[edge, feature]`, in the order of the graph's edges.
    """

    node: dict[str, Float[Array, "node ..."]]
    edge: dict[str, Float[Array, "edge ..."]]

    def __init__(
        self,
        node: Mapping[str, Float[Array, "node ..."]] | None = None,
        edge: Mapping[str, Float[Array, "edge ..."]] | None = None,
    ) -> None:
        self.node = dict(node or {})
        self.edge = dict(edge or {})

    def __repr__(self) -> str:
        both = (("node", self.node), ("edge", self.edge))
        named = [f"{part}: {', '.join(known)}" for part, known in both if known]
        return f"Attributes({'; '.join(named)})"
