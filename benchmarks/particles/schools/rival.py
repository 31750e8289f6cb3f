"""Stochastic Force Inference 2 on schools of fish, with its dictionary of flocks."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.particles.schools.recorded import Model, Steps, least_squares

WIDTHS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Of the Gaussian kernels, in units of the distance of neighbours."""
PRESETS = ("clean", "robust")


def methods(scale: float) -> dict[str, Callable[[Steps], Model]]:
    """Its estimators with all terms and with those it keeps, and least squares on its terms."""
    made: dict[str, Callable[[Steps], Model]] = {
        "rival's terms, least squares": lambda early: least_squares(_features(scale), early)
    }
    for preset in PRESETS:
        for keep in (False, True):
            name = f"rival, {preset}{', pastis' * keep}"
            made[name] = lambda early, preset=preset, keep=keep: _fit(early, scale, preset, keep)
    return made


def dictionary(scale: float) -> Any:
    """A pull to the middle, thrust, and kernels of force and of alignment; lengths over `scale`."""
    import jax.numpy as jnp
    from SFI.bases import V, X, pairs, unit_vector_basis  # type: ignore[import-not-found]

    kernels = pairs.gaussian_kernels([width * scale for width in WIDTHS])
    v = V(dim=2)
    speed = v.dot(v)
    align = pairs.scalar_pair_basis(kernels, dim=2) * pairs.pair_velocity_difference(dim=2)
    return (
        unit_vector_basis(2)
        & X(dim=2)
        & (v & speed.elementwisemap(jnp.sqrt) * v & speed * v)
        & pairs.radial_pair_basis(kernels, dim=2).dispatch_pairs()
        & align.dispatch_pairs()
    )


def _features(scale: float) -> Callable[[Steps], np.ndarray]:
    import jax
    import jax.numpy as jnp

    def made(steps: Steps) -> np.ndarray:
        with jax.enable_x64(True):
            basis = dictionary(scale)
            return np.asarray(basis(jnp.asarray(steps.position), v=jnp.asarray(steps.velocity)))

    return made


def _fit(early: Steps, scale: float, preset: str, keep: bool) -> Model:
    import jax
    import jax.numpy as jnp
    import SFI  # type: ignore[import-not-found]

    with warnings.catch_warnings(), jax.enable_x64(True):
        warnings.simplefilter("ignore")
        before = early.position[:1] - early.velocity[:1]
        track = np.concatenate([before, early.position])
        found = SFI.UnderdampedLangevinInference(
            SFI.TrajectoryCollection.from_arrays(X=track, dt=1.0)
        )
        found.compute_diffusion_constant()
        found.infer_force_linear(dictionary(scale), preset=preset)
        if keep:
            found.compute_force_error()
            found.sparsify_force(criterion="PASTIS")
        force = found.force_inferred

    def model(steps: Steps) -> np.ndarray:
        with jax.enable_x64(True):
            made = force(jnp.asarray(steps.position), v=jnp.asarray(steps.velocity))
            return np.asarray(made, float)

    return model
