"""What decides how a law is found from pairs of states."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PairsSettings:
    """How many pairs are used, how they are followed, and when a law is as good as another."""

    least: int = 10
    """Pairs to choose by, and half of those to fit to: fewer tell no number."""
    first: int = 120
    """Pairs on which all forms of a force are tried: each takes a second or two then."""
    more: int = 500
    """Pairs to which the best forms are fitted in fine steps."""
    first_steps: int = 150
    """Steps over a stretch where forms are tried: encounters are not resolved, and forgiven."""
    refined: int = 4
    """Forms, the best in coarse steps, that are followed in fine ones."""
    rounds: int = 25
    """Steps of Levenberg and Marquardt on one scale of errors, at most."""
    shrink: float = 0.1
    """Factor from one scale of errors to the next: pairs that are far off are forgiven more and
    more, until half of them are met."""
    scales: int = 8
    """How many such scales, at most."""
    settled: float = 1e-10
    """Relative change of all numbers that ends a fit."""
    nothing: float = 1e-12
    """What forces do, over the size of the motion, below which it is rounding."""
    exact: float = 1e-7
    """Miss, over the typical displacement, below which a pair is met: smaller ones are rounding
    that encounters enlarge."""
    significance: float = 3.0
    """Standard errors, over held-out pairs, by which a law of more numbers must miss less."""
    slight: float = 0.02
    """Difference of the mean decimal logarithm of misses that is none: five percent."""
    close: float = 0.3
    """Mean decimal logarithm of misses by which a form may be worse that is drawn as a band."""
    caps: tuple[float, ...] = tuple(4.0**power for power in range(1, 11))
    """Caps of a force that are tried, over what acts at the typical distance: encounters are much
    nearer than that."""
    reached: int = 5
    """Pairs that a cap must change, or it is not told from none."""
    narrowed: int = 24
    """Times that the interval of a cap is halved before it is fitted with slopes."""
    near: float = 0.005
    """Share of a number within which a round one stands for it."""
    digits: int = 3
    """Significant digits of round numbers."""
    met: float = 1e-6
    """Usual miss from which on nothing is looked for beside a force."""
    beside: int = 4
    """Times that it is looked for: forces beside one between pairs, at most, and one more."""
    beside_shot: int = 3
    """Of what may be missing, that which slopes promise most of, is fitted."""
    beside_scales: int = 2
    """Scales of errors on which what may be missing is fitted."""
    beside_rounds: int = 6
    """Steps on each of them."""
    clear: float = 0.1
    """Mean decimal logarithm of misses by which what is missing makes them smaller: a quarter."""
    factors: int = 8
    """Bodies, at most, among which a factor of each is looked for."""
    bends: int = 8
    """Distances at which a force may have other values than its form."""
    bends_between: tuple[float, float] = (0.005, 0.995)
    """Shares of distances below the first and the last of these."""
    law: float = 1e-4
    """Usual miss, over what forces do, of what is called the law."""
    far: float = 1e-3
    """Miss of a pair that is missed."""
    astray: float = 0.005
    """Share of held-out pairs that a law may miss although no encounter made them sensitive."""
    calm: float = 100.0
    """Times the usual sensitivity to a law's numbers, below which no encounter explains a miss."""
    mixed_up: float = 0.5
    """Share of pairs below which those that are missed may be of exchanged bodies."""
    grows: float = 0.5
    """Rank correlation of misses with what forces do from which on they are no noise."""
    approximation: float = 0.5
    """Share of the displacements that an approximation explains."""
    worse: float = 0.02
    """Mean decimal logarithm of misses by which a round number may be worse."""


PAIRS = PairsSettings()
