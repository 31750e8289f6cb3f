"""Balance of closed walks of all lengths: how far negative ones cancel positive ones.

`tr exp(A) / tr exp(|A|)` for the signed adjacency matrix A (Estrada & Benzi, Walk-based measure of
balance in signed networks, Physical Review E 90, 2014): a closed walk of length l counts 1 / l!,
and negative if it passes an odd number of negative edges. 1 where all are positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float
from scipy import sparse

from forcelaw.signed.structural_balance.settings import BALANCE_SETTINGS, BalanceSettings
from forcelaw.storage import Record


@dataclass(frozen=True)
class Walks(Record):
    """Balance of closed walks, and how well it is known."""

    balance: float
    """From 0 to 1."""
    error: float
    """One standard deviation of `balance`; 0 where all eigenvalues are known."""

    def __repr__(self) -> str:
        return f"<Walks {self.balance:.4g} ± {self.error:.1g}>"


def balance_of_walks(
    matrix: sparse.csr_array, settings: BalanceSettings = BALANCE_SETTINGS
) -> Walks:
    """The walk balance of a symmetric matrix of signs.

    All eigenvalues are computed on small networks. On large ones the largest are, and what the
    others add is estimated from random vectors at right angles to their eigenvectors (stochastic
    Lanczos quadrature: Ubaru, Chen & Saad, SIAM J. Matrix Analysis 38(4), 2017); `error` tells the
    chance that this leaves. All is relative to the largest eigenvalue of |A|: nothing overflows.
    """
    nodes = len(matrix.indptr) - 1
    if not matrix.nnz or matrix.data.min() > 0:
        return Walks(1.0, 0.0)
    if nodes <= settings.dense:
        signed = np.linalg.eigvalsh(matrix.toarray())
        plain = np.linalg.eigvalsh(abs(matrix).toarray())
        top = plain[-1]
        return Walks(float(np.exp(signed - top).sum() / np.exp(plain - top).sum()), 0.0)
    plain, plain_error, top = _trace(abs(matrix), None, settings)
    signed, signed_error, _ = _trace(matrix, top, settings)
    share = signed / plain
    parts = (plain_error / plain, signed_error / max(signed, 1e-300), top * settings.tolerance)
    return Walks(float(min(max(share, 0.0), 1.0)), share * float(np.linalg.norm(parts)))


def _trace(
    matrix: sparse.csr_array, top: float | None, settings: BalanceSettings
) -> tuple[float, float, float]:
    """The trace of `exp(matrix - top)`, its standard error, and top: by default the largest."""
    nodes = len(matrix.indptr) - 1
    random = np.random.default_rng(0)
    count = min(settings.eigenvalues, nodes - 2)
    solve = partial(sparse.linalg.eigsh, matrix.astype(np.float64), count, which="LA")
    try:
        value, vector = solve(v0=random.normal(size=nodes), tol=settings.tolerance)
    except sparse.linalg.ArpackNoConvergence as found:
        value, vector = found.eigenvalues, found.eigenvectors
    top = float(value.max()) if top is None else top
    known = float(np.exp(value - top).sum())
    most = nodes * float(np.exp(value.min() - top))
    if most < settings.negligible * known:
        return known, most, top
    rest = [_rest(matrix, vector, top, random, settings) for _ in range(settings.probes)]
    spread = float(np.std(rest, ddof=1)) / np.sqrt(settings.probes)
    return known + float(np.mean(rest)), spread, top


def _rest(
    matrix: sparse.csr_array,
    known: Float[np.ndarray, "node known"],
    top: float,
    random: np.random.Generator,
    settings: BalanceSettings,
) -> float:
    """What one random vector tells of the trace in the space at right angles to `known`."""
    nodes = len(known)
    vector = random.choice(np.array([-1.0, 1.0]), nodes)
    vector -= known @ (known.T @ vector)
    size = float(np.linalg.norm(vector))
    basis = [vector / size]
    diagonal, beside = [], []
    for _ in range(settings.steps):
        new = matrix @ basis[-1]
        diagonal.append(float(new @ basis[-1]))
        new -= known @ (known.T @ new)
        space = np.stack(basis, axis=1)
        for _ in range(2):
            new -= space @ (space.T @ new)
        length = float(np.linalg.norm(new))
        if length < 1e-10:
            break
        beside.append(length)
        basis.append(new / length)
    inner = beside[: len(diagonal) - 1]
    value, turn = np.linalg.eigh(np.diag(diagonal) + np.diag(inner, 1) + np.diag(inner, -1))
    return size**2 * float((turn[0] ** 2 * np.exp(value - top)).sum())
