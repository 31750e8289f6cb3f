"""How quick a library multiplies the matrices of the message network's step, on one core.

    OMP_NUM_THREADS=1 taskset -c 0 python benchmarks/matrix_products.py jax
    OMP_NUM_THREADS=1 taskset -c 0 /tmp/peers/bin/python benchmarks/matrix_products.py torch

768 and 3,584 rows are the edges of 64 examples of 4 and 8 bodies; `NN` is a layer, `TN` the
gradient of its weights. Prints GFLOP/s, the best and the median of 30. Needs nothing but the
library that is named.
"""

from __future__ import annotations

import importlib
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

ROWS, WIDTH, TURNS = (768, 3584), 300, 30


def products(library: str, a: np.ndarray, b: np.ndarray) -> dict[str, Callable[[], Any]]:
    """The two products, each ready when it returns."""
    if library == "numpy":
        return {"NN": lambda: a @ b, "TN": lambda: a.T @ a}
    if library == "torch":
        torch = importlib.import_module("torch")
        torch.set_num_threads(1)
        x, y = torch.tensor(a), torch.tensor(b)
        return {"NN": lambda: x @ y, "TN": lambda: x.T @ x}
    jax = importlib.import_module("jax")
    x, y = jax.numpy.asarray(a), jax.numpy.asarray(b)
    layer, weights = jax.jit(lambda p, q: p @ q), jax.jit(lambda p: p.T @ p)
    return {
        "NN": lambda: layer(x, y).block_until_ready(),
        "TN": lambda: weights(x).block_until_ready(),
    }


def main(library: str) -> None:
    """Times all products of one library."""
    chance = np.random.default_rng(0)
    for rows in ROWS:
        a = chance.normal(size=(rows, WIDTH)).astype(np.float32)
        b = chance.normal(size=(WIDTH, WIDTH)).astype(np.float32)
        for name, multiply in products(library, a, b).items():
            for _ in range(2):
                multiply()
            seconds = []
            for _ in range(TURNS):
                start = time.perf_counter()
                multiply()
                seconds.append(time.perf_counter() - start)
            rate = 2 * rows * WIDTH**2 / 1e9
            print(
                f"{library} {rows} {name}: {rate / min(seconds):.0f} {rate / median(seconds):.0f}"
            )


if __name__ == "__main__":
    main(sys.argv[1])
