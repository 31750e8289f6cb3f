"""What decides whether terms with shapes act."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScanSettings:
    """What decides whether a term with shapes acts."""

    rows: int = 4_000
    """Equations that are looked at."""
    under_chance: int = 20_000
    """Likewise where chance moves bodies, for walls alone."""
    window: int = 12
    """Snapshots of one stretch, of which four have no equations."""
    least: float = 1e-4
    """Share of the changes that must last, beside forces of pairs, for others to be looked for."""
    chance: float = 1e-4
    """That one of all is found where there is none."""
    forms: int = 8
    """Whose shapes are fitted before one is chosen."""
    starts: int = 2
    """Of each form, from which shapes are fitted."""
    outlying: float = 6.0
    """Median residuals above which an equation counts less."""
    rounds: int = 8
    """Of such a fit."""
    near: float = 1e-4
    """Of what shapes may change in one step, below which a step is the last."""
    passes: int = 4
    """Over all terms that were found, at most, each beside all others."""
    settled: float = 0.9
    """Share of the squares before that a pass leaves which ends them."""
    share: float = 0.15
    """Of the residual's squares that a term must tell."""
    most: int = 8
    """Terms that are found, at most."""
    named: float = 0.25
    """Share of the residual's squares, held out, that triples must tell to be named as cause."""


SCAN = ScanSettings()
