"""Whether the law says velocities or accelerations, told from the motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    FirstOrder,
    Fit,
    Order,
    SecondOrder,
    Terms,
    fill_motion,
    fit_terms,
)
from forcelaw.particles.matter.candidate_terms import Candidates


@dataclass(frozen=True)
class OrderSettings:
    """What decides the order."""

    explained: float = 0.98
    """R² of velocities, or of most, from places alone: motion with inertia reaches it only where
    velocities hardly change."""
    lasting: float = 0.5
    """Share of the velocities' variance, errors of positions taken out, that lasts for three
    snapshots although places do not explain it: all of it with inertia, none of it with chance."""
    pushed: float = 0.5
    """R² of accelerations from places and velocities above which less that lasts will do."""
    sure: float = 4.0
    """Standard errors by which it must be there."""
    followed: float = 0.15
    """Share of the squares of steps that the mean of recorded velocities at both ends leaves, below
    which bodies have these velocities: differences of positions that chance moves leave 3/8."""
    misses: float = 4.0
    """Times as much of the changes of velocities that places miss as forces do, with inertia."""


ORDER = OrderSettings()


@dataclass(frozen=True)
class OrderEvidence:
    """Why a law is of first or of second order."""

    order: Order
    explained: float
    """R² of velocities from places alone, held out, or of most where quick encounters spoil it;
    -inf where it was not asked for."""
    lasting: float
    """Share of unexplained velocities that lasts."""
    given: bool = False
    """Whether the order was given, not found."""
    followed: bool = False
    """Whether it was told by recorded velocities."""

    @property
    def sentence(self) -> str:
        """In words."""
        number = self.order.number
        if self.given:
            return f"order {number}, as was asked for"
        if number == 1 and self.explained > ORDER.explained:
            return f"first order: places explain {self.explained:.1%} of velocities"
        if number == 1:
            return (
                "first order: the part of velocities that places do not explain changes by chance "
                f"from snapshot to snapshot ({self.lasting:.0%} of it persists)"
            )
        if self.followed:
            return "second order: steps follow the recorded velocities, which places do not explain"
        if self.explained > ORDER.explained:
            return "second order: velocities hardly change, and places do not explain how they do"
        return (
            "second order: places alone do not explain velocities, and "
            f"{self.lasting:.0%} of the rest persists from snapshot to snapshot, as with inertia"
        )


def choose_order(
    data: Recordings,
    candidates: Candidates,
    *,
    rows: int = 20_000,
    seed: int = 0,
    settings: OrderSettings = ORDER,
) -> OrderEvidence:
    """First order unless velocities last that places do not explain.

    A system of first order has accelerations that follow from places and velocities, too; so the
    lower order is asked first.
    """
    order = FirstOrder()
    fit = fit_terms(
        data, candidates.terms(0, order), order, candidates.cutoff, rows=rows, seed=seed
    )
    explained = max(fit.explained, fit.residuals.explained_of_most)
    lasting = lasting_share(fit)
    second = SecondOrder()
    if explained <= settings.explained and lasting <= settings.lasting and _follows(data, settings):
        return OrderEvidence(second, explained, lasting, followed=True)
    if lasting == 0:
        return OrderEvidence(order, explained, lasting)
    if lasting > settings.lasting and explained <= settings.explained:
        return OrderEvidence(second, explained, lasting)
    other = fit_terms(
        data, candidates.terms(0, second), second, candidates.cutoff, rows=rows, seed=seed
    )
    if explained > settings.explained:
        # Velocities that hardly change follow from any places; their changes do not.
        still = fit_terms(data, Terms(0, (), ()), order, candidates.cutoff, rows=rows, seed=seed)
        missed = _share_of_changes(fit, still)
        inertia = settings.misses * (1 - other.explained) < missed
        return OrderEvidence(second if inertia else order, explained, lasting)
    # Bodies that are pushed to and fro within a few snapshots have little that lasts.
    found = second if other.explained > max(settings.pushed, explained) else order
    return OrderEvidence(found, explained, lasting)


def _follows(data: Recordings, settings: OrderSettings) -> bool:
    """Whether steps between snapshots are those of the velocities that were recorded."""
    left, whole = 0.0, 0.0
    for part in data:
        if part.velocity is None:
            return False
        there = part.present[1:] & part.present[:-1]
        step = np.diff(fill_motion(part).position, axis=0) / np.diff(part.time)[:, None, None]
        mean = (part.velocity[1:] + part.velocity[:-1]) / 2
        left += float(np.square(step - mean)[there].sum())
        whole += float(np.square(step)[there].sum())
    return left < settings.followed * whole


def _share_of_changes(fit: Fit, still: Fit) -> float:
    """What remains of the velocities' changes over three snapshots, over these changes."""
    left, whole = (one.residuals.autocovariance for one in (fit, still))
    return float((left[0] - left[3]) / max(whole[0] - whole[3], 1e-300))


def lasting_share(fit: Fit, *, settings: OrderSettings = ORDER) -> float:
    """How much of the residual of changes lasts for three snapshots; 0 where that is not sure.

    Over two snapshots errors of positions cancel, so that what lasts makes all of the long-run
    variance: five products of the same size.
    """
    covariance = fit.residuals.autocovariance
    if fit.residuals.memory < settings.sure * fit.residuals.memory_error:
        return 0.0
    whole = covariance[0] + 2 * covariance[1:3].sum()
    return float(5 * covariance[3] / whole) if whole > 0 else 1.0
