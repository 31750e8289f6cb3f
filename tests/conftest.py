"""Every test runs with checked shapes, strict promotion and warnings as errors.

One run of pytest compiles each program once: its workers and the programs that tests start share
a compilation cache that is thrown away at the end.
"""

import atexit
import os
import shutil
import socket
import subprocess
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


@pytest.fixture
def start_process():
    """`start_process(command, **environment)`: a child process; none outlives the test."""
    children = []

    def start(command, **environment):
        child = subprocess.Popen(
            [str(word) for word in command],
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate()


@pytest.fixture
def finish():
    """`finish(child, timeout)`: its exit status, output and errors, once it has ended."""

    def finish(child, timeout=240):
        out, err = child.communicate(timeout=timeout)
        return child.returncode, out, err

    return finish


@pytest.fixture
def free_address():
    """An address on this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"
