"""Every test runs with checked shapes, strict promotion and warnings as errors.

One run of pytest compiles each program once: its workers and the programs that tests start share
a compilation cache that is thrown away at the end.
"""

import atexit
import os
import shutil
import tempfile

if "JAX_COMPILATION_CACHE_DIR" not in os.environ:
    # Before JAX is imported; workers and child processes inherit it.
    _cache = tempfile.mkdtemp(prefix="forcelaw-tests-")
    os.environ["JAX_COMPILATION_CACHE_DIR"] = _cache
    os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.3")
    atexit.register(shutil.rmtree, _cache, ignore_errors=True)

import jax
import pytest
from jax.test_util import check_grads
from jaxtyping import install_import_hook

jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")

with install_import_hook("forcelaw", "beartype.beartype"):
    import forcelaw.distill
    import forcelaw.graph
    import forcelaw.laws
    import forcelaw.motion
    import forcelaw.particles
    import forcelaw.particles._discover
    import forcelaw.particles._simulate
    import forcelaw.particles._solar
    import forcelaw.signed
    import forcelaw.training  # noqa: F401


@pytest.fixture
def double_precision():
    """float64 throughout one test."""
    with jax.enable_x64(True):
        yield


@pytest.fixture
def check_gradients():
    """`check(function, arguments, order)`: reverse-mode derivatives against finite differences."""

    def check(function, arguments, order=1):
        # Compiled, since check_grads hands over NumPy arrays, which checked shapes do not allow.
        check_grads(jax.jit(function), arguments, order=order, modes=["rev"])

    return check
