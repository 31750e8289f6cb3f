"""Where rollouts of many trajectories start."""

from __future__ import annotations

import equinox as eqx
import numpy as np
from jaxtyping import Float

from forcelaw.device_arrays import to_device
from forcelaw.graph import Graph
from forcelaw.laws import Attributes, State
from forcelaw.particles.data.motion import Motion


class Initial(eqx.Module):
    """One snapshot of many trajectories: a state, the constants and who acts on whom."""

    state: State
    """`position` and `velocity`, `[trajectory, node, dim]`."""
    attributes: Attributes
    """Of the nodes, `[trajectory, node]` each."""
    graph: Graph

    def __repr__(self) -> str:
        known = [f"node: {', '.join(self.attributes.node)}"] if self.attributes.node else []
        return f"Initial({', '.join([repr(self.state), *known, repr(self.graph)])})"

    @classmethod
    def of(
        cls,
        position: Float[np.ndarray, "trajectory node dim"],
        velocity: Float[np.ndarray, "trajectory node dim"],
        data: Motion,
    ) -> Initial:
        """These positions and velocities, with the attributes and the graph of `data`."""
        state = State(to_device(position), to_device(velocity))
        attributes = {name: to_device(value) for name, value in data.attributes.items()}
        return cls(state, Attributes(attributes), data.whole_graph)

    def __getitem__(self, trajectory: int) -> Initial:
        """One trajectory alone, without the leading axis."""
        state = State(self.state.position[trajectory], self.state.velocity[trajectory])
        own = {name: value[trajectory] for name, value in self.attributes.node.items()}
        return Initial(state, Attributes(own), self.graph)
