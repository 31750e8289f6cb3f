"""The pin on jax: some releases compile wrong numbers on CPU (jax#39103)."""

import jax
import jax.numpy as jnp


def test_compiled_and_eager_sums_agree(double_precision, optimised):
    def squared_norms(rows):
        return jax.vmap(lambda row: jnp.sum((jnp.eye(3) @ row) ** 2))(rows)

    rows = jnp.arange(16_385 * 3, dtype=float).reshape(-1, 3) % 129
    assert jnp.array_equal(jax.jit(squared_norms)(rows), jnp.sum(rows**2, axis=1))
