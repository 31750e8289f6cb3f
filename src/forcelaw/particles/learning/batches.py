"""Trajectories on the device, and the examples that are cut from them inside compiled code."""

from __future__ import annotations

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, PRNGKeyArray

from forcelaw.device_arrays import to_device
from forcelaw.laws import Attributes, State
from forcelaw.particles.data import Trajectories
from forcelaw.particles.learning.objectives import Example


class Frames(eqx.Module):
    """All frames of some trajectories, in the precision of the process."""

    position: Float[Array, "trajectory time body dim"]
    velocity: Float[Array, "trajectory time body dim"]
    acceleration: Float[Array, "trajectory time observed dim"]
    """Of the bodies that are looked at, the first ones."""
    attributes: dict[str, Float[Array, "trajectory body"]]
    dt: Float[Array, ""]
    ahead: int = eqx.field(static=True)
    """How many later frames go with every example."""
    first: int = eqx.field(static=True)
    last: int = eqx.field(static=True)
    """Examples start at the frames `first <= frame < last`."""
    kept: Int[Array, " row"] | None = None
    """The only ones of these that are reliable enough to be examples; None: all."""

    @classmethod
    def of(cls, data: Trajectories, *, ahead: int = 0) -> Frames:
        """Move trajectories to the device.

        Frames that were estimated from one side only (`data.ends`), or that are not `reliable`,
        start no example.
        """
        last = max(data.n_times - max(data.ends[1], ahead), 1)
        first = min(data.ends[0], last - 1)
        kept = None
        if data.reliable is not None and data.reliable[:, first:last].any():
            rows = np.flatnonzero(data.reliable[:, first:last])
            kept = to_device(rows, np.int32)
        return cls(
            position=to_device(data.position),
            velocity=to_device(data.velocity),
            acceleration=to_device(data.acceleration[:, :, : data.observed]),
            attributes={n: to_device(v) for n, v in data.attributes.items()},
            dt=to_device(np.median(np.diff(data.time))),
            ahead=ahead,
            first=first,
            last=last,
            kept=kept,
        )

    @property
    def rows(self) -> int:
        """How many examples there are (static)."""
        if self.kept is not None:
            return self.kept.shape[0]
        return self.position.shape[0] * (self.last - self.first)

    def take(self, rows: Int[Array, " batch"]) -> Example:
        """The examples of these rows, each with a leading batch axis."""
        rows = rows if self.kept is None else self.kept[rows]
        span = self.last - self.first
        trajectory, time = rows // span, self.first + rows % span
        later = time[:, None] + jnp.arange(1, self.ahead + 1, dtype=time.dtype)[None, :]
        attributes = {name: value[trajectory] for name, value in self.attributes.items()}
        return Example(
            State(self.position[trajectory, time], self.velocity[trajectory, time]),
            self.acceleration[trajectory, time],
            Attributes(attributes),
            State(
                self.position[trajectory[:, None], later],
                self.velocity[trajectory[:, None], later],
            ),
            jnp.broadcast_to(self.dt, rows.shape),
        )

    def spread(self, count: int) -> Example:
        """At most `count` examples at even distances."""
        count = min(count, self.rows)
        return self.take(jnp.asarray(np.linspace(0, self.rows - 1, count).astype(np.int32)))


def draw_rows(rows: int, key: PRNGKeyArray, *, batches: int, size: int) -> Int[Array, "batch row"]:
    """Rows of an epoch: a permutation, repeated, where it is short; else drawn with replacement."""
    if rows > 4 * batches * size:
        return jax.random.randint(key, (batches, size), 0, rows, jnp.int32)
    turns = -(-batches * size // rows)
    # One sort for all turns: code that grows with their number takes seconds to compile.
    shuffle = jax.vmap(lambda k: jax.random.permutation(k, jnp.arange(rows, dtype=jnp.int32)))
    shuffled = shuffle(jax.random.split(key, turns))
    return shuffled.reshape(-1)[: batches * size].reshape(batches, size)


class Classes(eqx.Module):
    """Examples by the largest acceleration in them, in classes of equal width on a log scale.

    Close encounters are one snapshot in thousands where forces diverge, and orders of magnitude
    stronger than the rest: drawn from the classes evenly, all strengths are seen alike.
    """

    order: Int[Array, " row"]
    """Rows of `Frames` by increasing size."""
    first: Int[Array, " class"]
    """Where each class begins in `order`; none is empty."""
    count: Int[Array, " class"]

    @classmethod
    def of(cls, frames: Frames, *, classes: int = 30) -> Classes:
        """The classes of all examples; one class where accelerations are unknown."""
        size = np.linalg.norm(np.asarray(frames.acceleration), axis=-1).max(axis=-1)
        size = size[:, frames.first : frames.last].ravel()
        size = size if frames.kept is None else size[np.asarray(frames.kept)]
        size = np.log(np.maximum(size, 1e-3 * np.median(size) + np.finfo(size.dtype).tiny))
        order = np.argsort(size, kind="stable")
        edges = np.linspace(size[order[0]], size[order[-1]], classes + 1)
        first = np.unique(np.searchsorted(size[order], edges[:-1]))
        count = np.diff(first, append=len(order))
        return cls(*(to_device(part, np.int32) for part in (order, first, count)))

    def draw(self, key: PRNGKeyArray, *, batches: int, size: int) -> Int[Array, "batch row"]:
        """Rows with replacement, from every class equally often."""
        class_key, row_key = jax.random.split(key)
        shape = (batches, size)
        drawn = jax.random.randint(class_key, shape, 0, self.first.shape[0], jnp.int32)
        count = self.count[drawn]
        share = jax.random.uniform(row_key, shape)
        inside = (share * count.astype(share.dtype)).astype(jnp.int32)
        return self.order[self.first[drawn] + jnp.minimum(inside, count - 1)]
