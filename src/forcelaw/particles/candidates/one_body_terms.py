"""Self forces to choose from: drag, uniform fields, traps, and what turns charges about."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from forcelaw.distill import simplify
from forcelaw.laws import Expression, short_name
from forcelaw.particles.equations import Design

AXES = "xyz"
"""How components are called; above three dimensions they have no names."""


@dataclasses.dataclass(frozen=True)
class OwnTerm:
    """A self force that is linear in its factors."""

    texts: tuple[tuple[str, ...], ...]
    """For each factor, what it multiplies: one expression for all components alike (of `v`), or
    one for every component, `0` for those that it leaves alone."""
    factors: tuple[float, ...] = ()

    def columns(self, design: Design) -> list[Float[np.ndarray, "row body dim"]]:
        """The acceleration caused by each factor being one, as it would be measured."""
        return [design.seen(_caused(texts, design)) for texts in self.texts]

    def with_factors(self, factors: Float[np.ndarray, " factor"]) -> OwnTerm:
        """The same with these factors."""
        return dataclasses.replace(self, factors=tuple(factors.tolist()))

    def without(self, place: int) -> OwnTerm:
        """The same with one factor less."""
        return OwnTerm(self.texts[:place] + self.texts[place + 1 :])

    def beside(self, other: OwnTerm) -> OwnTerm:
        """Both together; what both have stands once."""
        return OwnTerm(tuple(dict.fromkeys([*self.texts, *other.texts])))

    def expressions(self) -> tuple[Expression, ...]:
        """As `Formula.own` wants them."""
        count = max(map(len, self.texts))
        parts: list[list[tuple[float, str]]] = [[] for _ in range(count)]
        for factor, texts in zip(self.factors, self.texts, strict=True):
            for axis in range(count):
                text = texts[axis if len(texts) > 1 else 0]
                if text != "0":
                    parts[axis].append((factor, text))
        return tuple(_sum(part, axis, alike=count == 1) for axis, part in enumerate(parts))


def own_terms(design: Design) -> list[OwnTerm]:
    """Drag linear or quadratic in the speed and uniform fields, each times 1 or an attribute."""
    dim = design.position.shape[2]
    found = []
    for prefix in prefixes(design):
        found.append(OwnTerm(((f"{prefix}v",),)))
        found.append(OwnTerm(((f"{prefix}speed*v",),)))
        found.append(OwnTerm(_uniform(prefix, dim)))
    return found


def place_terms(design: Design) -> list[OwnTerm]:
    """Traps, alike in all directions or not, and forces across the velocity; times 1 or more.

    None above three dimensions, where components have no names.
    """
    dim = design.position.shape[2]
    if dim > len(AXES):
        return []
    found = []
    for prefix in prefixes(design):
        axes = [f"{prefix}{letter}" for letter in AXES[:dim]]
        found.append(OwnTerm((tuple(axes), *_uniform(prefix, dim))))
        each = [_only(text, axis, dim) for axis, text in enumerate(axes)]
        found.append(OwnTerm((*each, *_uniform(prefix, dim))))
        if dim > 1:
            found.append(OwnTerm(_turning(prefix, dim)))
    return found


def prefixes(design: Design) -> list[str]:
    """What may multiply a self force: nothing, or an attribute that is not the same throughout."""
    varying = [name for name, value in design.attributes.items() if np.ptp(value) > 0]
    return ["", *(f"{short_name(name)}*" for name in varying)]


def all_columns(
    terms: Sequence[OwnTerm], design: Design
) -> list[Float[np.ndarray, "row body dim"]]:
    """The columns of all terms, those that several have once."""
    texts = dict.fromkeys(text for term in terms for text in term.texts)
    return OwnTerm(tuple(texts)).columns(design)


def _uniform(prefix: str, dim: int) -> tuple[tuple[str, ...], ...]:
    return tuple(_only(prefix.rstrip("*") or "1", axis, dim) for axis in range(dim))


def _turning(prefix: str, dim: int) -> tuple[tuple[str, ...], ...]:
    """Magnetic forces: the velocity times a field along each axis, or out of the plane."""
    planes = [(0, 1)] if dim == 2 else [(1, 2), (2, 0), (0, 1)]
    found = []
    for one, other in planes:
        texts = ["0"] * dim
        texts[one], texts[other] = f"{prefix}v{AXES[other]}", f"-{prefix}v{AXES[one]}"
        found.append(tuple(texts))
    return tuple(found)


def _only(text: str, axis: int, dim: int) -> tuple[str, ...]:
    return tuple(text if k == axis else "0" for k in range(dim))


def _caused(texts: tuple[str, ...], design: Design) -> Float[np.ndarray, "sample body dim"]:
    force = np.zeros_like(design.position)
    for axis in range(force.shape[2]):
        text = texts[axis if len(texts) > 1 else 0]
        if text != "0":
            value = Expression.parse(text)
            with np.errstate(all="ignore"):
                force[..., axis] = value.numpy()(
                    np.asarray(value.numbers()), design.own_variables(axis)
                )
    return np.nan_to_num(force) / design.mass[..., None]


def _sum(parts: list[tuple[float, str]], axis: int, *, alike: bool) -> Expression:
    whole = Expression.parse(" + ".join(_times(*part) for part in parts) or "0")
    if not alike and axis < len(AXES):
        whole = whole.substitute({"v": Expression.parse(f"v{AXES[axis]}")})
    # What stands in brackets stays there: its numbers stand elsewhere, too.
    written = any("(" in text for _, text in parts)
    return whole if written or (alike and len(parts) < 2) else simplify(whole)


def _times(factor: float, text: str) -> str:
    if text.startswith("-"):
        factor, text = -factor, text[1:]
    return repr(factor) if text == "1" else f"({factor!r})*{text}"
