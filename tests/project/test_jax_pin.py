"""The pin on jax: some releases compile wrong numbers on CPU (jax#39103)."""

import os
import subprocess
import sys

SUMS = """
import jax, jax.numpy as jnp

def squared_norms(rows):
    return jax.vmap(lambda row: jnp.sum((jnp.eye(3) @ row) ** 2))(rows)

rows = jnp.arange(16_385 * 3, dtype=float).reshape(-1, 3) % 129
assert rows.dtype == "float64"
assert jnp.array_equal(jax.jit(squared_norms)(rows), jnp.sum(rows**2, axis=1))
"""


def test_compiled_and_eager_sums_agree():
    # In a process that compiles as users do, whatever tests compile with.
    own = ("XLA_FLAGS", "JAX_DISABLE_MOST_OPTIMIZATIONS", "JAX_COMPILATION_CACHE_DIR")
    users = {name: value for name, value in os.environ.items() if name not in own}
    subprocess.run(
        [sys.executable, "-c", SUMS], env={**users, "JAX_ENABLE_X64": "1"}, check=True, timeout=120
    )
