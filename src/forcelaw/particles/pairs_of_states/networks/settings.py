"""What decides how a network is learned from pairs of states."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NetworkFitSettings:
    """How large a network is, on which pairs it is shot, and how long."""

    width: int = 16
    """Units of each of two layers: some three hundred weights."""
    values: int = 36
    """Of the table that is read from it: ten a decade, between which a cubic misses 1e-4."""
    below: float = 4.0
    """Factor by which the table begins below the smallest distances that were seen."""
    above: float = 1.5
    """Factor by which it ends above the largest one."""
    seen: float = 1e-4
    """Share of distances that the smallest one may be below."""
    least: int = 10
    """Pairs to choose by, and half of those to fit to."""
    held: int = 500
    """Pairs to choose by, at most."""
    first: int = 120
    """Pairs that are followed at once; in the end half of them those that are missed by most, whose
    encounters tell of small distances."""
    first_steps: int = 150
    """Coarse steps over a stretch."""
    rounds: int = 10
    """Steps of Levenberg and Marquardt on one scale of errors, at most."""
    brief: int = 4
    """The same where couplings and kinds of steps are compared."""
    hard_rounds: int = 2
    """Times that the pairs that are missed by most are drawn anew."""
    scales: int = 4
    """Scales of errors in coarse steps."""
    fine_scales: int = 2
    """In fine ones."""
    shrink: float = 0.1
    """Factor from one scale of errors to the next."""
    tries: int = 8
    """Of dampings of a step."""
    settled: float = 1e-3
    """Relative gain that ends a scale."""
    steep: float = 10.0
    """Times the usual sensitivity from which a pair counts less."""
    stiff: float = 0.1
    """Cost of a bent force, where the miss of a pair on the scale of errors costs about one."""
    farthest: float = 3.0
    """Change of a value in one step: a factor of twenty of the force."""
    caps: tuple[float, ...] = tuple(2.0 ** (power / 2) for power in range(6, 25))
    """Caps of the total force that are tried, over the typical force."""
    narrowed: int = 3
    """Times that the interval of a cap is halved before it is fitted with slopes."""
    lessons: int = 300
    """Steps in which a network is taught values, at most; each takes a thousandth of a second."""
    learned: float = 1e-6
    """Miss of these values from which on it has learned them."""
    exact: float = 1e-7
    """Miss below which a pair is met."""


NETWORK = NetworkFitSettings()
