"""Logistic regressions with a ridge, one for each group of rows left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.decoder.settings import DECODER_SETTINGS, DecoderSettings

Member = tuple[Float[np.ndarray, "member feature"], Float[np.ndarray, " member"]]
"""Weights and biases."""


def fit_logistic(
    values: Float[np.ndarray, "row feature"],
    positive: np.ndarray,
    member: Int[np.ndarray, " row"],
    members: int,
    settings: DecoderSettings = DECODER_SETTINGS,
) -> list[Member]:
    """For each of the `ridges` the weights and biases of every member.

    **Arguments:** `values` standardised; `member` the one that may not see a row. One without rows
    of both signs keeps weights of 0.
    """
    from sklearn.linear_model import LogisticRegression

    paths = [(np.zeros((members, values.shape[1])), np.zeros(members)) for _ in settings.ridges]
    for number in range(members):
        rows = (member != number) | (members == 1)
        if len(np.unique(positive[rows])) < 2:
            continue
        # The stronger fit is where the next one starts.
        model: Any = LogisticRegression(
            solver="newton-cholesky", warm_start=True, max_iter=settings.logistic_iterations
        )
        here, there = values[rows], positive[rows]
        for (weight, bias), ridge in zip(paths, settings.ridges, strict=True):
            model.set_params(C=1 / ridge).fit(here, there)
            weight[number], bias[number] = model.coef_[0], model.intercept_[0]
    return paths
