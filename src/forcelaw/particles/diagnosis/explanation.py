"""Which causes explain together what a formula leaves: the fewest that do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.particles.diagnosis.examination import COMMON, Examination
from forcelaw.particles.diagnosis.hidden_attributes import Told, hidden_groups
from forcelaw.particles.diagnosis.lack_of_fit import Family, mean_square
from forcelaw.particles.diagnosis.scans import scan_box, scan_delay
from forcelaw.particles.diagnosis.suspects import Cause
from forcelaw.particles.equations import Gain

FORM = "another force along the line between two bodies"


class Explained(NamedTuple):
    """A cause, and the share of the formula's squares that would be left without it."""

    causes: tuple[Cause, ...]
    words: str
    share: float


def explain(
    examined: Examination, chances: Mapping[str, float], *, floor: float, unit: float
) -> tuple[Explained, ...]:
    """The fewest causes that together explain what the formula leaves, the weightiest first.

    Forward selection on samples set aside, then without those that the others make superfluous.
    A force of any form along the line is allowed throughout, and a cause if it is needed. Of those
    that leave about as little as any, the one of fewest numbers. **Arguments:** `chances` the gain
    that each brings, by its words, where the formula is the law; `floor` squares that are
    rounding; `unit` of the lengths that are named.
    """
    how, form = examined.settings.explanation, Family("form", FORM, examined.kernel)
    total = max(mean_square(_Model(examined, ()).left), 1e-300)
    pool = [family for family in [*_hidden(examined), *examined.families] if len(family.columns)]
    model = _Model(examined, (form,))
    family, most = model.next(pool, chances, how.first, floor)
    if most < how.most and mean_square(model.left) > how.further * total:
        # Trying many numbers takes long, and is for what nothing else explains.
        pool += _scanned(examined, unit)
        family, _ = model.next(pool, chances, how.first, floor)
    while family is not None:
        model = model.beside(family)
        if len(model.chosen) > how.causes:
            break
        family, _ = model.next(pool, chances, how.further, max(floor, how.further * total))
    return _weighed(model, form, total)


def explain_alone(examined: Examination, explained: float) -> tuple[Explained, ...]:
    """Bodies or pairs that differ in every trajectory anew, where that explains much more."""
    how = examined.settings.explanation
    found = [
        one
        for one in examined.alone
        if max(one.gain.significance, one.gain.steadiness) >= how.significance
        and one.gain.share >= max(how.most, explained + how.further)
    ]
    # Properties of bodies, which come first, are fewer than forces of pairs.
    limit = how.close * (1 - max((one.gain.share for one in found), default=0.0)) + how.alike
    good = [one for one in found if 1 - one.gain.share <= limit]
    return tuple(Explained((one.cause,), one.words, one.gain.share) for one in good[:1])


class _Model:
    """Accelerations on the formula, its constants refitted, and on some causes."""

    def __init__(self, examined: Examination, chosen: tuple[Family, ...]) -> None:
        self.examined, self.chosen = examined, chosen
        self.columns = [column for family in chosen for column in family.columns]
        self.projected = any(family.words == COMMON for family in chosen)

    @cached_property
    def left(self) -> Float[np.ndarray, " number"]:
        """Residuals on samples that nothing was fitted to."""
        examined, columns = self.examined, self.columns
        stated, goal = examined.refitted, examined.design.acceleration
        if self.projected:
            stated, columns = map(examined.without_common, (stated, columns))
            (goal,) = examined.without_common([goal])
        return examined.regression.on(goal, stated).residuals(columns)

    def beside(self, family: Family) -> _Model:
        """With one more cause."""
        return _Model(self.examined, (*self.chosen, family))

    def without(self, family: Family) -> _Model:
        """With one less."""
        return _Model(self.examined, tuple(one for one in self.chosen if one is not family))

    def next(
        self, pool: list[Family], chances: Mapping[str, float], least: float, floor: float
    ) -> tuple[Family | None, float]:
        """The smallest of those that explain about as much as any, and the most that one does."""
        how = self.examined.settings.explanation
        common = Family("non-inertial", COMMON, (), choices=how.free)
        left, clear = mean_square(self.left), []
        known = {family.words for family in self.chosen}
        for family in [*pool, common]:
            if family.words in known:
                continue
            gain = self._gain(family)
            chance = how.beyond_chance * chances.get(family.words, 0.0) + how.least
            sure = max(gain.significance, gain.steadiness) >= how.significance
            if sure and gain.share >= max(least, chance) and gain.share * left >= floor:
                clear.append((family, gain))
        if not clear:
            return None, 0.0
        most = max(gain.share for _, gain in clear)
        limit = how.close * (1 - most) + how.alike
        close = (family for family, gain in clear if 1 - gain.share <= limit)
        return min(close, key=lambda family: family.size), most

    def _gain(self, family: Family) -> Gain:
        return self.examined.regression.compared(self.left, self.beside(family).left)


def _weighed(model: _Model, form: Family, total: float) -> tuple[Explained, ...]:
    """Each cause with the residual without it; those without which little is lost are dropped."""
    how = model.examined.settings.explanation
    while model.chosen:
        left = mean_square(model.left)
        lost = {one.words: mean_square(model.without(one).left) for one in model.chosen}
        weakest = min(model.chosen, key=lambda one: lost[one.words])
        share = how.first if len(model.chosen) == 1 else how.further
        if lost[weakest.words] - left >= share * max(lost[weakest.words], total):
            break
        model = model.without(weakest)
    else:
        return ()
    found = sorted(model.chosen, key=lambda one: -lost[one.words])
    if len(found) > 1 and form in found:
        found.remove(form)
        alone = mean_square(_Model(model.examined, (form,)).left)
        kinds = any("species" in (one.cause, *one.also) for one in found)
        if alone < how.first * total:
            found.insert(0, form)
        elif not kinds:
            # A form that does not explain it alone may be a wrong one for the others' sake.
            found.append(form)
    return tuple(
        Explained(
            (one.cause, *one.also),
            one.words,
            float(np.clip((lost[one.words] - left) / total, 0, 1)),
        )
        for one in found
    )


def _hidden(examined: Examination) -> list[Family]:
    """Kinds of bodies, and pairs, that only motion tells apart."""
    kinds, pairs = hidden_groups(
        examined.design, examined.force(), _own(examined), settings=examined.settings
    )
    return _families({"species": kinds, "hidden-edges": pairs})


def _scanned(examined: Examination, unit: float) -> list[Family]:
    """A box, and a delay, of the size that explains most."""
    own, settings = _own(examined), examined.settings
    box = scan_box(examined.design, own, unit, settings=settings)
    late = scan_delay(examined.design, own, settings=settings)
    return _families({"periodic-box": box, "velocity-dependent": late})


def _families(told: Mapping[Cause, Told | None]) -> list[Family]:
    return [
        Family(cause, one.words, one.columns, choices=one.choices)
        for cause, one in told.items()
        if one is not None
    ]


def _own(examined: Examination) -> list[Float[np.ndarray, "row body dim"]]:
    return [examined.design.observe(examined.one_body)] if np.any(examined.one_body) else []
