"""Forces against measured positions without differentiating them: the weak form."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class WeakForm:
    """Test functions, which turn accelerations at nodes into what positions tell of them.

    Twice integrated and freed of what initial states explain, an acceleration is a displacement
    from a straight line. In the basis of that map's singular vectors (test functions that vanish
    at both ends with their slopes, as those of beams clamped there) white noise of positions stays
    white: one equation for each, in units of the noise.

    Messenger and Bortz, Multiscale Model. Simul. 19, 1474 (2021), for the weak form.
    """

    functions: Float[np.ndarray, "window row node"]
    weight: Float[np.ndarray, "equation body"]
    """One over the error of every equation, in units of the noise; 0 where it is not used."""

    def apply(
        self, acceleration: Float[np.ndarray, "sample body dim"]
    ) -> Float[np.ndarray, "equation body dim"]:
        """The displacements, in units of the noise; samples run over trajectory, window, node."""
        windows, _, nodes = self.functions.shape
        bodies, dim = acceleration.shape[1:]
        series = acceleration.reshape(-1, windows, nodes, bodies * dim)
        return np.matmul(self.functions, series).reshape(-1, bodies, dim)

    def first(self, trajectories: int) -> WeakForm:
        """Of the first trajectories only."""
        return replace(self, weight=self.weight[: trajectories * self.equations])

    @property
    def equations(self) -> int:
        """Equations of one trajectory."""
        return self.functions.shape[0] * self.functions.shape[1]

    @property
    def nodes(self) -> int:
        """Snapshots of one trajectory."""
        return self.functions.shape[0] * self.functions.shape[2]


@dataclass(frozen=True, eq=False)
class Operators:
    """What integrates along one window: from accelerations at nodes to motion."""

    slope: Float[np.ndarray, "node node"]
    """Integral once, at the nodes."""
    shift: Float[np.ndarray, "frame node"]
    """Integral twice, at the frames."""
    line: Float[np.ndarray, "frame 2"]
    """Motion without force at the frames: a constant and the time."""
    nodes: np.ndarray
    """The frames that are nodes."""

    @classmethod
    def of(cls, time: Float[np.ndarray, " frame"], stride: int) -> Operators:
        """For a window's times; every so many frames one is a node, and the last.

        Between nodes accelerations are cubic splines.
        """
        from scipy.interpolate import CubicSpline

        nodes = np.unique([*range(0, len(time), stride), len(time) - 1])
        splines = CubicSpline(time[nodes], np.eye(len(nodes)))
        line = np.stack([np.ones_like(time), time - time.mean()], axis=1)
        return cls(
            splines.antiderivative(1)(time[nodes]), splines.antiderivative(2)(time), line, nodes
        )

    def modes(
        self, count: int
    ) -> tuple[Float[np.ndarray, "row frame"], Float[np.ndarray, "row node"]]:
        """The strongest so many singular vectors: of positions, and of accelerations with sizes."""
        basis, _ = np.linalg.qr(self.line)
        bent = self.shift - basis @ (basis.T @ self.shift)
        left, size, right = np.linalg.svd(bent, full_matrices=False)
        return left[:, :count].T, size[:count, None] * right[:count]

    def motion(
        self,
        measured: Float[np.ndarray, "some frame series"],
        acceleration: Float[np.ndarray, "some node series"],
    ) -> tuple[Float[np.ndarray, "some node series"], Float[np.ndarray, "some node series"]]:
        """Position and velocity at the nodes: the least squares initial state, and the force."""
        shift = self.shift @ acceleration
        start = np.linalg.pinv(self.line) @ (measured - shift)
        position = (shift + self.line @ start)[..., self.nodes, :]
        return position, self.slope @ acceleration + start[..., 1:, :]


def clearance(
    position: Float[np.ndarray, "trajectory window node body dim"],
    velocity: Float[np.ndarray, "trajectory window node body dim"],
    edges: np.ndarray,
    interval: float,
) -> Float[np.ndarray, "trajectory window body"]:
    """The least distance of every body to one that acts on it, in each window.

    Less what they approach each other in an interval: distances that change quickly are as hard to
    follow as small ones.
    """
    sender, receiver = edges.T
    apart, speed = (
        np.linalg.norm(part[..., sender, :] - part[..., receiver, :], axis=-1)
        for part in (position, velocity)
    )
    least = (apart - interval * speed).min(axis=2)
    found = np.full((*position.shape[:2], position.shape[3]), np.inf)
    for body in range(position.shape[3]):
        mine = receiver == body
        if mine.any():
            found[..., body] = least[..., mine].min(axis=-1)
    return found


def used(
    least: Float[np.ndarray, "trajectory window body"],
    limit: float,
    reliable: Bool[np.ndarray, "trajectory window"],
    share: float,
) -> Bool[np.ndarray, "trajectory window body"]:
    """Bodies with more clearance than the limit, or at least this share of all of them."""
    limit = min(limit, float(np.quantile(least, 1 - share)))
    return (least >= limit) & reliable[..., None]
