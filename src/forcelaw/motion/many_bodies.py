"""Motion of many bodies without a table of edges: of all pairs, or of those within a cutoff."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from forcelaw.errors import InputError, InvalidSetting
from forcelaw.graph import Graph, NeighbourList, OpenSpace, Space
from forcelaw.laws import Attributes, Law, State, inertia
from forcelaw.motion.integrators import Integrator, Leapfrog, Scalar
from forcelaw.motion.pair_sums import pulled_by_all, pulled_by_neighbours

SKIN = 0.2
"""Of the cutoff: thicker ones hold more pairs, thinner ones are found more often."""


class Reach(eqx.Module):
    """Which pairs act on each other."""


class AllPairs(Reach):
    """All of them; in a periodic box through their nearest images alone."""


class Cutoff(Reach):
    """Those nearer than `cutoff`; beyond it the force is cut off, not shifted.

    `skin`, a fifth of the cutoff unless given, is how much farther lists of neighbours look: they
    are made anew whenever some body has moved by half of it. Both in the positions' unit.
    """

    cutoff: float = eqx.field(static=True)
    skin: float | None = eqx.field(static=True, default=None)

    @property
    def thickness(self) -> float:
        """Of the skin."""
        return SKIN * self.cutoff if self.skin is None else self.skin


def simulate(
    law: Law,
    state: State,
    attributes: Attributes | None = None,
    *,
    reach: AllPairs | Cutoff | None = None,
    space: Space | None = None,
    steps: int,
    dt: Scalar,
    damping: Scalar = 0.0,
    integrator: Integrator | None = None,
    every: int = 1,
) -> State:
    """The motion of any number of bodies: `[steps // every + 1, body, dim]`, the start first.

    Every body acts on every other (`reach=AllPairs()`), or those within a `Cutoff` do; `space` is
    open or a `PeriodicBox`. Positions are not wrapped. Memory grows with the number of bodies, not
    of pairs; of frames those are held that are kept. With a cutoff the host makes lists of
    neighbours on the way, so this cannot stand inside `jit`; for gradients take `rollout`.

    **Arguments:** `law` acts along the lines between pairs (`Law.pair_weight`; formulas and curves
    do), and may have a one-body force; the others as for `rollout`. Numbers should be about one:
    `law.rescaled(units)` brings any law there.

    **Raises** `InvalidSetting` if `every` does not divide `steps` or the cutoff does not fit into
    the box; `InputError` naming body and step where motion becomes infinite, or is so quick that
    a body crosses half the skin in one step.
    """
    if steps < 0 or every < 1 or steps % every:
        raise InvalidSetting(
            f"every: found {every}, expected a divisor of the number of steps, {steps}"
        )
    reach = AllPairs() if reach is None else reach
    if not isinstance(reach, Reach):
        raise InvalidSetting(
            f"reach: found {reach!r}, expected AllPairs() or a cutoff such as Cutoff(2.5)"
        )
    attributes = Attributes() if attributes is None else attributes
    _check(state, attributes, space)
    motion = _Motion(
        law,
        attributes,
        OpenSpace() if space is None else space,
        Leapfrog() if integrator is None else integrator,
        jnp.asarray(dt, state.position.dtype),
        jnp.asarray(damping, state.position.dtype),
    )
    _require_finite(jax.tree.map(lambda start: start[None], state), 0)
    if isinstance(reach, Cutoff):
        kept = list(_within(motion, reach, state, steps // every, every))
        moved = jax.tree.map(lambda *parts: jnp.stack(parts), *kept) if kept else None
    else:
        motion.space.check(state.position.shape[1], 0.0)
        moved = _all_pairs(motion, state, steps // every, every)
    if moved is None:
        return jax.tree.map(lambda start: start[None], state)
    _require_finite(moved, every)
    return jax.tree.map(lambda start, rest: jnp.concatenate([start[None], rest]), state, moved)


def accelerations(
    law: Law,
    state: State,
    attributes: Attributes | None = None,
    *,
    neighbours: NeighbourList | None = None,
    space: Space | None = None,
) -> Float[Array, "body dim"]:
    """The acceleration of every body, by all pairs tile by tile, or by those of a list.

    Differentiable; compiled once for the same shapes. Arguments as for `simulate`; `neighbours` has
    a space of its own.

    **Raises** `InvalidSetting` for attributes that are not one number a body, or a wrong space.
    """
    attributes = Attributes() if attributes is None else attributes
    _check(state, attributes, space)
    where = OpenSpace() if space is None else space
    if neighbours is None:
        where.check(state.position.shape[1], 0.0)
    return _accelerations(law, state, attributes, neighbours, where)


def _check(state: State, attributes: Attributes, space: object) -> None:
    """**Raises** `InvalidSetting` for what compiled code would not tell: it clips indices."""
    bodies = state.position.shape[0]
    if space is not None and not isinstance(space, Space):
        raise InvalidSetting(
            f"space: found {space!r}, expected OpenSpace() or a box such as PeriodicBox([9.0, 9.0])"
        )
    if bodies == 0:
        raise InvalidSetting("simulate: found no body, expected at least one")
    if attributes.edge:
        raise InvalidSetting(
            f"attributes: found {sorted(attributes.edge)} of edges, expected none where no edges "
            "are kept; give them to nodes, or take `rollout` on a graph"
        )
    for name, value in attributes.node.items():
        if value.shape != (bodies,):
            raise InvalidSetting(
                f"attribute {name!r}: found shape {value.shape}, expected one number for each of "
                f"{bodies} bodies"
            )


@eqx.filter_jit
def _accelerations(
    law: Law,
    state: State,
    attributes: Attributes,
    neighbours: NeighbourList | None,
    space: Space,
) -> Float[Array, "body dim"]:
    pulled = (
        pulled_by_all(law, space, state.position, attributes)
        if neighbours is None
        else pulled_by_neighbours(law, neighbours, state.position, attributes)
    )
    return _total(law, state, attributes, pulled)


def _total(
    law: Law, state: State, attributes: Attributes, pulled: Float[Array, "body dim"]
) -> Float[Array, "body dim"]:
    """The acceleration by the pair forces and by what acts on every body alone.

    The latter is what the law does on a graph without edges.
    """
    bodies = state.position.shape[0]
    edgeless = Graph.from_edges(np.zeros((0, 2), int), nodes=bodies)
    return law(edgeless, state, attributes) + pulled / inertia(attributes, bodies)


class _Motion(eqx.Module):
    """All that stays the same from step to step."""

    law: Law
    attributes: Attributes
    space: Space
    integrator: Integrator
    dt: Float[Array, ""]
    damping: Float[Array, ""]

    def step(self, accelerate: Callable[[State], Float[Array, "body dim"]], state: State) -> State:
        """One step later."""
        return self.integrator.step(accelerate, state, self.dt, self.damping)


@eqx.filter_jit
def _all_pairs(motion: _Motion, state: State, frames: int, every: int) -> State:
    """All frames but the first."""

    def accelerate(at: State) -> Float[Array, "body dim"]:
        pulled = pulled_by_all(motion.law, motion.space, at.position, motion.attributes)
        return _total(motion.law, at, motion.attributes, pulled)

    def step(state: State, _: None) -> tuple[State, None]:
        return motion.step(accelerate, state), None

    def frame(state: State, _: None) -> tuple[State, State]:
        state = jax.lax.scan(step, state, None, length=every)[0]
        return state, state

    return jax.lax.scan(frame, state, None, length=frames)[1]


def _within(
    motion: _Motion, reach: Cutoff, state: State, frames: int, every: int
) -> Iterator[State]:
    width = 0
    taken, made = 0, -1
    neighbours = None
    for _ in range(frames):
        left = every
        while left:
            if neighbours is None:
                _require_finite(jax.tree.map(lambda part: part[None], state), taken)
                neighbours = NeighbourList.of(
                    state.position,
                    motion.space,
                    cutoff=reach.cutoff,
                    skin=reach.thickness,
                    width=width,
                )
                width, made = neighbours.neighbour.shape[1], taken
            state, done = _advance_within(motion, neighbours, state, jnp.asarray(left, jnp.int32))
            taken, left = taken + int(done), left - int(done)
            if left:
                if taken == made:
                    raise _too_quick(motion, neighbours, state, taken)
                neighbours = None
        yield state


@eqx.filter_jit
def _advance_within(
    motion: _Motion, neighbours: NeighbourList, state: State, left: Int[Array, ""]
) -> tuple[State, Int[Array, ""]]:
    """As many steps as the list is right for, at most `left`; how many they were."""

    def forward(state: State) -> tuple[State, Bool[Array, ""]]:
        stale = []

        def accelerate(at: State) -> Float[Array, "body dim"]:
            stale.append(neighbours.is_stale(at.position))
            pulled = pulled_by_neighbours(motion.law, neighbours, at.position, motion.attributes)
            return _total(motion.law, at, motion.attributes, pulled)

        return motion.step(accelerate, state), jnp.any(jnp.stack(stale))

    def go_on(at: tuple[State, Int[Array, ""], Bool[Array, ""]]) -> Bool[Array, ""]:
        return (at[1] < left) & ~at[2]

    def one(
        at: tuple[State, Int[Array, ""], Bool[Array, ""]],
    ) -> tuple[State, Int[Array, ""], Bool[Array, ""]]:
        before, done, _ = at
        after, stale = forward(before)
        state = jax.tree.map(lambda old, new: jnp.where(stale, old, new), before, after)
        return state, done + jnp.where(stale, 0, 1).astype(jnp.int32), stale

    start = state, jnp.asarray(0, jnp.int32), jnp.asarray(False)
    state, done, _ = jax.lax.while_loop(go_on, one, start)
    return state, done


def _require_finite(frames: State, every: int) -> None:
    """**Raises** `InputError` naming the first frame and body that is lost; `every` steps apart."""
    fine = np.isfinite(np.asarray(frames.position)).all(axis=2)
    fine &= np.isfinite(np.asarray(frames.velocity)).all(axis=2)
    if not fine.all():
        frame, body = np.argwhere(~fine)[0].tolist()
        raise InputError(
            f"simulate: body {body} is at no finite place after {(frame + 1) * every} steps, "
            "expected finite positions and velocities; take a smaller dt, or look for bodies that "
            "start at one place"
        )


def _too_quick(motion: _Motion, neighbours: NeighbourList, state: State, step: int) -> InputError:
    """What is said where a list is out of date before its first step is done."""
    path = np.linalg.norm(np.asarray(state.velocity), axis=1) * float(motion.dt)
    body = int(np.argmax(path))
    return InputError(
        f"simulate: body {body} moves by {path[body]:.4g} in step {step + 1}, expected less than "
        f"half the skin, {neighbours.skin / 2:.4g}; take a smaller dt or a larger skin"
    )


__all__ = ["AllPairs", "Cutoff", "Reach", "accelerations", "simulate"]
