"""Forces and all charges improved together, which converges where turns do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from forcelaw.particles.hidden.charge_equations import (
    ChargedLaw,
    charge_columns,
    left_by,
)
from forcelaw.particles.hidden.spline_steps import SplineSteps

_HALVINGS = (1.0, 0.5, 0.2, 0.05)
"""Shares of a step that are tried in turn, until one explains more."""


def improve_jointly(
    steps: Sequence[SplineSteps],
    law: ChargedLaw,
    charges: Sequence[Float[np.ndarray, " body"]],
) -> tuple[ChargedLaw, list[Float[np.ndarray, " body"]], float]:
    """A step of Gauss and Newton in forces, drag and charges, and the log-likelihood after it.

    Charges are eliminated recording by recording (Schur's complement).
    """
    size = law.shared.basis.size
    count = 2 * size + 1
    normal, right, parts, before = np.zeros((count, count)), np.zeros(count), [], 0.0
    for one, q in zip(steps, charges, strict=True):
        now, bodies = left_by(one, law, q), len(q)
        before += now.told
        inner, cross = np.zeros((bodies, bodies)), np.zeros((bodies, count))
        score = np.zeros(bodies)
        for rows, splines in one.columns([np.outer(q, q), np.ones((bodies, bodies))]):
            x = np.concatenate([splines, -one.steps.velocity[rows][..., None]], axis=-1)
            for body in range(bodies):
                root = np.sqrt(now.weights[rows, body])[:, None, None]
                a = (root * charge_columns(one, now, q, body, rows)).reshape(-1, bodies)
                b = (root * x[:, body]).reshape(-1, count)
                y = (root[..., 0] * now.left[rows, body]).ravel()
                inner += a.T @ a
                cross += a.T @ b
                score += a.T @ y
                normal += b.T @ b
                right += b.T @ y
        scale = np.sqrt(np.maximum(np.diag(inner), 1e-300))
        scaled = inner / scale / scale[:, None] + 1e-8 * np.eye(bodies)
        solved = np.linalg.solve(scaled, np.c_[cross, score] / scale[:, None]) / scale[:, None]
        normal -= cross.T @ solved[:, :-1]
        right -= cross.T @ solved[:, -1]
        parts.append(solved)
    scale = np.sqrt(np.maximum(np.diag(normal), 1e-300))
    scaled = normal / scale / scale[:, None] + 1e-8 * np.eye(count)
    turn = np.linalg.solve(scaled, right / scale) / scale
    for share in _HALVINGS:
        shared = replace(
            law.shared,
            factors=law.shared.factors + share * turn[:size],
            drag=law.shared.drag + share * float(turn[-1]),
        )
        other = ChargedLaw(shared, law.between_all + share * turn[size : 2 * size])
        moved = [
            q + share * (solved[:, -1] - solved[:, :-1] @ turn)
            for q, solved in zip(charges, parts, strict=True)
        ]
        told = sum(left_by(one, other, q).told for one, q in zip(steps, moved, strict=True))
        if told > before:
            return other, moved, told
    return law, list(charges), before
