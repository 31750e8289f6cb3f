"""Trajectories made ready to be learned from: in parts, with less noise, in their own scales."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.laws import Units
from forcelaw.particles.data import Split, Trajectories, check_pairs, sample_receivers
from forcelaw.particles.preparation.denoising import denoise
from forcelaw.particles.preparation.scales import data_units
from forcelaw.particles.preparation.settings import PREPARATION, PreparationSettings
from forcelaw.particles.preparation.typical_sizes import Sizes


def split_and_denoise(
    data: Trajectories, seed: int, *, settings: PreparationSettings = PREPARATION
) -> Split:
    """The parts that a law is learned from and judged on, and noise smoothed in each.

    Of many bodies some are sampled as receivers first, the same in all parts.
    """
    some = sample_receivers(data, seed=seed)
    return Split(*(denoise(part, settings=settings) for part in some.split(seed)))


@dataclass(frozen=True, eq=False)
class Prepared:
    """What is made of trajectories once, before anything is learned from them."""

    given: Split
    """In the units that the data were given in."""
    units: Units
    """The data's own scales of length, time and attributes: powers of ten."""
    split: Split
    """The same in `units`."""
    sizes: Sizes
    """Of the training part, in `units`."""

    @classmethod
    def of(
        cls, data: Trajectories, seed: int, *, settings: PreparationSettings = PREPARATION
    ) -> Prepared:
        """Splits by trajectory before anything else; sizes and scales are the training part's.

        **Raises** `NotEnoughData` for data in which no body acts on another.
        """
        check_pairs(data)
        given = split_and_denoise(data, seed, settings=settings)
        units = data_units(given.train)
        split = given if units.same else Split(*(part.rescaled(units) for part in given))
        return cls(given, units, split, Sizes.of(split.train, settings=settings))
