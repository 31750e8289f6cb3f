"""Formulas with fitted constants, the Pareto front of many, and the rule that picks one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from forcelaw.laws import Formula, numbers
from forcelaw.numerics import as_good_as_the_best
from forcelaw.particles.equations import Design, snapshot_errors
from forcelaw.particles.selection.settings import SELECTION, SelectionSettings

_SOURCES = ("none", "network", "library")


@dataclasses.dataclass(frozen=True, eq=False)
class Judged:
    """A formula whose constants were fitted, and its error on other data."""

    formula: Formula
    error: float
    """Mean relative error of the validation part's accelerations. Where only noisy positions were
    measured, the residual of held-out positions in units of the noise."""
    source: str = "network"
    """Where the pair force comes from: `network` (search on the network's force), `library`
    (regression of measured accelerations), `network, library` (both) or `none` (no pair force)."""

    @property
    def complexity(self) -> int:
        """Nodes of the pair force and of the one-body force."""
        return sum(part.complexity for part in (self.formula.pair, *self.formula.one_body))

    @property
    def numbers(self) -> int:
        """Constants that are not part of the form."""
        return len(numbers(self.formula))


def merge_sources(
    judged: Sequence[Judged], *, settings: SelectionSettings = SELECTION
) -> list[Judged]:
    """The same, each with the sources of every formula that prints alike."""
    texts = [item.formula.text(settings.pareto.digits) for item in judged]
    sources: dict[str, set[str]] = {}
    for text, item in zip(texts, judged, strict=True):
        sources.setdefault(text, set()).update(item.source.split(", "))
    every = [", ".join(name for name in _SOURCES if name in sources[text]) for text in texts]
    return [
        dataclasses.replace(item, source=source) for item, source in zip(judged, every, strict=True)
    ]


def pareto(
    judged: Sequence[Judged],
    kept: Sequence[Judged] = (),
    *,
    settings: SelectionSettings = SELECTION,
) -> list[Judged]:
    """Those that no shorter or equally short one beats, by increasing complexity, and `kept`."""
    judged = merge_sources(judged, settings=settings)
    front: list[Judged] = []
    least = float("inf")
    for item in sorted(judged, key=lambda j: (j.complexity, j.error)):
        wanted = any(item.formula is other.formula for other in kept)
        if np.isfinite(item.error) and (wanted or item.error < least):
            front.append(item)
            least = min(least, item.error)
    return front


def choose(
    front: Sequence[Judged], design: Design, *, settings: SelectionSettings = SELECTION
) -> Judged:
    """The shortest member of a front that is about as good as any on these snapshots."""
    errors = [snapshot_errors(item.formula, design) for item in front]
    return front[choose_first_good(np.stack(errors), settings=settings)]


def choose_first_good(
    errors: Float[np.ndarray, "formula unit"], *, settings: SelectionSettings = SELECTION
) -> int:
    """The first formula whose mean error is within a few per cent of the smallest.

    Or no clearly larger: a lead that few units make (snapshots of an encounter, say, at which
    accelerations were estimated badly) is chance.
    """
    least = float(errors.mean(axis=1).min())
    slight = (1 + settings.pareto.better) * max(least, settings.pareto.exact) - least
    return int(
        np.argmax(
            as_good_as_the_best(errors, significance=settings.pareto.significance, slight=slight)
        )
    )


def shortlist(judged: Sequence[Judged], *, settings: SelectionSettings = SELECTION) -> list[Judged]:
    """Those worth a closer look: the shortest of all that are nearly the best, then the front."""
    judged = merge_sources(judged, settings=settings)
    least = min(item.error for item in judged)
    close = [item for item in judged if item.error <= settings.pareto.close * least]
    close.sort(key=lambda item: (item.complexity + item.numbers, item.error))
    best = [min(close, key=lambda item: item.error)] if close else []
    front = sorted(pareto(judged, settings=settings), key=lambda item: item.error)
    found: dict[str, Judged] = {}
    for item in [*best, *_distinct(close, settings)[: settings.pareto.likely], *front]:
        found.setdefault(item.formula.text(settings.pareto.digits), item)
    return list(found.values())[: settings.pareto.most]


def _distinct(judged: Sequence[Judged], settings: SelectionSettings) -> list[Judged]:
    return list(
        {item.formula.text(settings.pareto.digits): item for item in reversed(judged)}.values()
    )[::-1]
