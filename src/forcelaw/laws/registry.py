"""Which law a saved name stands for: a closed list, so that loading runs nothing from a file."""

from __future__ import annotations

from collections.abc import Iterable

from forcelaw.laws.formula import Formula
from forcelaw.laws.law import Law
from forcelaw.laws.networks import (
    HamiltonianNetwork,
    KindEmbedding,
    MessageNetwork,
    PairNetwork,
)
from forcelaw.laws.springs import AttributeSpring, BoundSprings, NeuralSpring, Spring, SpringLaw
from forcelaw.laws.tabulated_force import TabulatedForce

_FAMILIES: tuple[type[Law], ...] = (
    AttributeSpring,
    BoundSprings,
    Formula,
    HamiltonianNetwork,
    KindEmbedding,
    MessageNetwork,
    NeuralSpring,
    PairNetwork,
    Spring,
    SpringLaw,
    TabulatedForce,
)


def families(own: Iterable[type[Law]] = ()) -> dict[str, type[Law]]:
    """Every law family by its class name: those of `forcelaw.laws` and the caller's `own`."""
    return {family.family(): family for family in [*_FAMILIES, *own] if family is not Law}
