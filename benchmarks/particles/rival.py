"""Stochastic Force Inference 2 on recordings, with the dictionaries that its documents recommend.

Where its release 2.0.4 has a demonstration of a kind of motion (aligning active bodies, flocks) the
dictionary is that of the demonstration; elsewhere exponentials times powers, or the powers that
the true law has beside others. Each is followed by its choice of terms, PASTIS.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from benchmarks.particles.scores import Fit, States, Task
from forcelaw.particles.data import Recordings

RADII = (0.5, 1.0, 2.0, 4.0)
"""Of the exponentials in its demonstration."""
RANGES = (0.5, 1.0, 2.0)
"""Of those times singular powers."""
Box = tuple[float, ...] | None


def fit(
    task: Task,
    dictionary: str,
    *,
    preset: str = "auto",
    double: bool = False,
    filled: bool = False,
) -> dict[str, Fit]:
    """By all terms of the dictionary, and by those that its criterion keeps.

    It is told the order of the motion. In single precision, as it is by default and in its
    demonstration, unless `double`.
    """
    import jax
    import SFI  # type: ignore[import-not-found]

    first = task.world.order == 1
    engine = SFI.OverdampedLangevinInference if first else SFI.UnderdampedLangevinInference
    with _quiet(), jax.enable_x64(double):
        data = collection(task.given, task.world.heading, filled=filled)
        dim = task.given.dim + bool(task.world.heading)
        basis = DICTIONARIES[dictionary](dim, _box(task.given))
        found = engine(data)
        found.compute_diffusion_constant()
        found.infer_force_linear(basis, preset=preset)
        whole = _read(found, task, basis, double)
        found.compute_force_error()
        found.sparsify_force(criterion="PASTIS")
        return {"all": whole, "pastis": _read(found, task, basis, double)}


def order_of(given: Recordings) -> int | None:
    """1 or 2 by its classifier; None where that is undecided."""
    import SFI  # type: ignore[import-not-found]

    with _quiet():
        verdict = SFI.classify_dynamics(collection(given)).verdict
    return {"OD": 1, "UD": 2}.get(verdict)


def collection(
    given: Recordings, headings: Sequence[np.ndarray] = (), *, filled: bool = False
) -> Any:
    """The recordings as its data; positions alone, headings as a further coordinate.

    Filled: gaps are bridged by straight lines, by which bodies act on others and no more.
    """
    from SFI import (  # type: ignore[import-not-found]
        TrajectoryCollection,
        TrajectoryDataset,
    )

    made = []
    for number, part in enumerate(given):
        state = part.position
        if headings:
            state = np.concatenate([state, headings[number][..., None]], axis=-1)
        known = {"charge": part.attributes["charge"]} if "charge" in part.attributes else None
        step = float(part.time[1] - part.time[0])
        at, body = np.nonzero(part.present)
        if part.complete:
            one = TrajectoryCollection.from_arrays(X=state, dt=step, extras_local=known)
        elif filled:
            one = TrajectoryCollection.from_dataset(
                TrajectoryDataset.from_arrays(dt=step, **bridged(state, part.present))
            )
        else:
            one = TrajectoryCollection.from_columns(
                body, at, state[at, body], dt=step, extras_local=known
            )
        made.append(one)
    return made[0] if len(made) == 1 else made[0].concat(made[1:])


def bridged(state: np.ndarray, present: np.ndarray) -> dict[str, np.ndarray]:
    """States without gaps, where there are any, and where three in a row were recorded."""
    number = np.arange(len(state))
    whole, span = np.zeros_like(state), np.zeros_like(present)
    for body in range(present.shape[1]):
        seen = np.flatnonzero(present[:, body])
        span[seen[0] : seen[-1] + 1, body] = True
        for axis in range(state.shape[2]):
            whole[:, body, axis] = np.interp(number, seen, state[seen, body, axis])
    row = present.copy()
    row[1:] &= present[:-1]
    row[:-1] &= present[1:]
    return {"X": whole, "mask": span, "dynamic_mask": row}


def _read(found: Any, task: Task, basis: Any, double: bool) -> Fit:
    """The state of an inference now: it changes when terms are chosen."""
    import jax
    import jax.numpy as jnp

    force = found.force_inferred
    known = [
        {"extras": {"charge": jnp.asarray(part.attributes["charge"])}}
        if "charge" in part.attributes
        else {}
        for part in task.given
    ]

    def drift(states: States) -> np.ndarray:
        state = states.position
        if states.heading is not None:
            state = np.concatenate([state, states.heading[..., None]], axis=-1)
        with jax.enable_x64(double):
            more: dict[str, Any] = dict(known[states.part])
            if not states.present.all():
                more["mask"] = jnp.asarray(states.present)
            if basis.needs_v:
                more["v"] = jnp.asarray(states.velocity)
            return np.asarray(force(jnp.asarray(state), **more), float)

    support = getattr(found, "force_support", None)
    kept = range(basis.n_features) if support is None else np.asarray(support).tolist()
    values = np.asarray(found.force_coefficients, float)
    return Fit(
        drift=drift,
        diffusion=float(np.diag(np.asarray(found.diffusion_average)).mean()),
        text="; ".join(f"{c:+.4g} {basis.labels[k]}" for k, c in zip(kept, values, strict=True)),
    )


def _box(given: Recordings) -> Box:
    cell = given.parts[0].cell
    return None if cell is None else tuple(np.diag(cell.at(0)).tolist())


@contextlib.contextmanager
def _quiet():
    """Without its warnings of ill-conditioned dictionaries, which its demonstrations show too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


# Dictionaries.

Kernels = list[tuple[Callable, str]]
Builder = Callable[[int, Box], Any]
PAIRS = {
    "symmetric": True,
    "exclude_self": True,
    "owners": "focal",
    "reducer": "sum",
    "return_as": "basis",
}


def _active(dim: int, box: Box) -> Any:
    """Of its demonstration: heading, radial and torque kernels, 17 terms."""
    import jax.numpy as jnp
    from SFI.bases import pairs  # type: ignore[import-not-found]
    from SFI.statefunc import Basis  # type: ignore[import-not-found]

    kernels = pairs.exp_poly_kernels([0, 1], RADII)
    where = {"box": box, "spatial_dims": slice(0, 2)}
    radial = pairs.radial_pair_basis(kernels, dim=dim, embed_dim=dim, embed_axes=[0, 1], **where)
    torque = pairs.angular_pair_basis(
        kernels, jnp.sin, dim=dim, angle_index=2, output_index=2, **where
    )
    return Basis.stack(
        [
            pairs.heading_vector(dim=dim, angle_index=2),
            *(part.dispatch_pairs(**PAIRS) for part in (radial, torque)),
        ]
    )


def _radial(kernels: Kernels, dim: int, box: Box) -> Any:
    """Forces along the line."""
    from SFI.bases import pairs  # type: ignore[import-not-found]

    return pairs.radial_pair_basis(kernels, dim=dim, box=box).dispatch_pairs(**PAIRS)


def _charged(dim: int, box: Box) -> Any:
    """Kernels of all pairs, and others times the product of the charges that are told.

    The latter are no part of the package; a pair function written by hand can read what a body has.
    """
    import jax.numpy as jnp
    from SFI.bases import pairs  # type: ignore[import-not-found]
    from SFI.statefunc import make_interactor  # type: ignore[import-not-found]

    kernels = pairs.exp_poly_kernels([-2, -1, 0], RANGES)

    def local(states: Any, *, extras: Any) -> Any:
        vector = states[1] - states[0]
        vector = vector - jnp.asarray(box) * jnp.round(vector / jnp.asarray(box))
        r = jnp.sqrt((vector**2).sum() + 1e-12)
        values = jnp.stack([kernel(r) for kernel, _ in kernels])
        return (extras["charge"][0] * extras["charge"][1] / r) * vector[:, None] * values

    product = make_interactor(
        local,
        dim=dim,
        rank=1,
        K=2,
        n_features=len(kernels),
        extras_keys=("charge",),
        particle_extras=("charge",),
        labels=[f"q_i*q_j*{label}" for _, label in kernels],
    )
    plain = [*pairs.power_kernels([-7, -4]), *pairs.exp_poly_kernels([0], RANGES)]
    return _radial(plain, dim, box) & product.dispatch_pairs(**PAIRS)


def _singular(dim: int, box: Box) -> Any:
    """Exponentials times powers from -2: the true law is in it."""
    from SFI.bases import pairs  # type: ignore[import-not-found]

    return _radial(pairs.exp_poly_kernels([-2, -1, 0], RANGES), dim, box)


def _damped(inner: Builder) -> Builder:
    """With the velocity as a further term."""

    def build(dim: int, box: Box) -> Any:
        from SFI.bases import V  # type: ignore[import-not-found]

        return inner(dim, box) & V(dim=dim)

    return build


def _powers(dim: int, box: Box) -> Any:
    """Inverse powers up to a cutoff of 2.5: the true law is in it."""
    import jax.numpy as jnp
    from SFI.bases import pairs  # type: ignore[import-not-found]

    kernels = [
        ((lambda r, of=of: jnp.where(r < 2.5, of(r), 0.0)), label)
        for of, label in pairs.power_kernels([-4, -7, -10, -13])
    ]
    return _radial(kernels, dim, box)


def _flock(dim: int, box: Box) -> Any:
    """Of its demonstration of flocks: thrust, and Gaussian kernels of force and of alignment."""
    from SFI.bases import V, pairs  # type: ignore[import-not-found]

    kernels = pairs.gaussian_kernels([0.5, 1.0, 2.0, 4.0])
    velocity = V(dim=dim)
    align = pairs.scalar_pair_basis(kernels, dim=dim) * pairs.pair_velocity_difference(dim=dim)
    return (
        (velocity & (velocity.dot(velocity) * velocity))
        & pairs.radial_pair_basis(kernels, dim=dim).dispatch_pairs(**PAIRS)
        & align.dispatch_pairs(**PAIRS)
    )


DICTIONARIES: dict[str, Builder] = {
    "active": _active,
    "charged": _charged,
    "singular": _singular,
    "singular, damped": _damped(_singular),
    "powers": _powers,
    "flock": _flock,
}
