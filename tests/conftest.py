"""Every test runs with checked shapes, strict promotion and warnings as errors.

One run of pytest compiles each program once: its workers and the programs that tests start share
a compilation cache that is thrown away at the end. Compiling costs more than running here: where
slow tests are left out, tests compile without most optimisations, as JAX offers it, and without
XLA's newer way to write fused loops, which takes most of the time that is left; any other
selection, the slow tests among them, compiles as users do.
"""

import atexit
import gc
import mmap
import os
import pathlib
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

# Workers share the processor's cores: threads of their own would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import jax
import jaxlib
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
    import forcelaw.particles.discovery
    import forcelaw.particles.systems.simulation
    import forcelaw.particles.systems.solar_system
    import forcelaw.signed
    import forcelaw.training  # noqa: F401


QUICK_TO_COMPILE = {
    "xla_cpu_use_fusion_emitters": "false",
    "xla_cpu_parallel_codegen_split_count": "1",
}
"""Flags of XLA's compiler; together they more than halve the time of the compiler."""


def pytest_configure(config):
    """Before any worker or child process starts, and before JAX compiles anything."""
    if "not slow" in config.option.markexpr:
        os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] = "1"
        jax.config.update("jax_disable_most_optimizations", True)
        # One that is not known would end the process.
        known = [f"--{name}={value}" for name, value in QUICK_TO_COMPILE.items() if _known(name)]
        given = os.environ.get("XLA_FLAGS", "")
        os.environ["XLA_FLAGS"] = " ".join([given, *(flag for flag in known if flag not in given)])


def _known(flag):
    """Whether this XLA has such a flag."""
    for library in pathlib.Path(jaxlib.__file__).parent.glob("*jax*.so"):
        with (
            library.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as code,
        ):
            if code.find(flag.encode()) >= 0:
                return True
    return False


def pytest_collection_finish():
    """What is there now stays: the collector need not look at it again and again.

    A tenth of the whole time went into it; most of what tracing makes is no garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


LONG = ("test_discover_laws", "test_docs", "test_kill_and_resume", "test_processes", "test_verdict")
"""Files whose slow tests take minutes each: theirs come last, where time may run out."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.stem in LONG)


MOST_MAPPINGS = 20_000
"""Of memory. Every compiled program takes some; Linux allows a process 65,530 and ends it there."""


@pytest.fixture(autouse=True, scope="module")
def few_programs():
    """Programs compiled by earlier files are given up before a process can hold no more."""
    yield
    mappings = pathlib.Path("/proc/self/maps")
    if mappings.exists() and len(mappings.read_bytes().splitlines()) > MOST_MAPPINGS:
        jax.clear_caches()
        gc.collect()


@pytest.fixture
def optimised():
    """Throughout one test, programs are compiled with all optimisations."""
    before = jax.config.read("jax_disable_most_optimizations")
    jax.config.update("jax_disable_most_optimizations", False)
    yield
    jax.config.update("jax_disable_most_optimizations", before)


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
