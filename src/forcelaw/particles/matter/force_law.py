"""The law of recorded bodies: a force for each pair of kinds, forces on one body, and chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias

import numpy as np
from jaxtyping import Float
from scipy.interpolate import CubicSpline

from forcelaw.laws import Expression, short_name
from forcelaw.particles.kernels import Coupling, OneBody, PairTerm
from forcelaw.particles.kernels.one_body_terms import ALONG_AXES
from forcelaw.particles.shaped_terms import ShapedTerm

Answer: TypeAlias = Literal["formula", "curve"]
"""What stands for a force: its formula, or the curve where no formula that was found fits."""


@dataclass(frozen=True)
class Measured:
    """A number with its standard error, in units of the data."""

    value: float
    error: float

    def to_json(self) -> dict[str, float]:
        """As results hold it."""
        return {"value": self.value, "error": self.error}


@dataclass(frozen=True, eq=False)
class KernelCurve:
    """A force against distance with its 95 % band, whatever the formula."""

    r: Float[np.ndarray, " point"]
    force: Float[np.ndarray, " point"]
    low: Float[np.ndarray, " point"]
    high: Float[np.ndarray, " point"]

    def at(self, r: Float[np.ndarray, " pair"]) -> Float[np.ndarray, " pair"]:
        """The force at some distances; below the shortest as there."""
        return self._spline(np.clip(r, self.r[0], self.r[-1]))

    @cached_property
    def _spline(self) -> CubicSpline:
        return CubicSpline(self.r, self.force)

    def to_json(self) -> dict[str, list[float]]:
        """As results hold it."""
        return {name: getattr(self, name).tolist() for name in ("r", "force", "low", "high")}


@dataclass(frozen=True, eq=False)
class PairForce:
    """What one kind of sender does to one kind of receiver, in one direction."""

    receiver: str
    """The kind; empty where all bodies are alike."""
    sender: str
    term: PairTerm
    coupling: Coupling
    formula: Expression
    """In `r`; times the coupling."""
    reach: float
    """The distance up to which it holds: the cutoff, beyond which there is no force."""
    curve: KernelCurve
    others: tuple[str, ...]
    """Formulas that fit about as well."""
    bonded: bool = False
    """Whether it acts along edges alone."""
    errors: tuple[float, ...] = ()
    """The standard error of each of the formula's numbers."""
    answer: Answer = "formula"
    """What bodies move by."""

    @property
    def name(self) -> str:
        """The key of its term, or `bond` where it acts along edges alone."""
        return "bond" if self.bonded else self.term.key

    @property
    def constants(self) -> tuple[Measured, ...]:
        """The formula's numbers with their errors."""
        return tuple(map(Measured, map(float, self.formula.numbers()), self.errors))

    def at(self, r: Float[np.ndarray, " pair"]) -> Float[np.ndarray, " pair"]:
        """The force at some distances, coupling aside: by the formula, or by the curve."""
        return self.curve.at(r) if self.answer == "curve" else self.formula.at({"r": r})

    def text(self, digits: int = 4) -> str:
        """The force as it is printed: coupling times formula times what headings make of it."""
        formula = self.formula.text(digits)
        coupling, angle = self.coupling.text, self.term.angle
        if not coupling and not angle:
            return formula
        whole = formula if formula.isidentifier() or not _is_sum(formula) else f"({formula})"
        whole = f"{whole}*{angle}" if angle else whole
        # One over something needs no one.
        for sign in ("", "-"):
            if coupling and whole.startswith(f"{sign}1/"):
                return f"{sign}{coupling}/{whole.removeprefix(f'{sign}1/')}"
        if not coupling:
            return whole
        return f"{coupling}*{whole}" if not whole.startswith("-") else f"-{coupling}*{whole[1:]}"


@dataclass(frozen=True)
class OneBodyForce:
    """A factor of one term that acts on a body alone."""

    receiver: str
    term: OneBody
    factor: Measured


@dataclass(frozen=True)
class ShapedForce:
    """A wall, or an energy of three bodies, with its strength."""

    receiver: str
    term: ShapedTerm
    factor: Measured
    errors: tuple[float, ...] = ()
    """The standard error of each shape; empty where there are none, or none was told."""

    @property
    def shapes(self) -> dict[str, Measured]:
        """The numbers of the term, by name."""
        errors = self.errors or (float("nan"),) * len(self.term.shapes)
        named = zip(self.term.shape_names, self.term.shapes, errors, strict=False)
        return {name: Measured(value, error) for name, value, error in named}


@dataclass(frozen=True, eq=False)
class ForceLaw:
    """All forces that were found, and by how much chance adds to them."""

    order: int
    kinds: tuple[str, ...]
    pairs: tuple[PairForce, ...]
    one_body: tuple[OneBodyForce, ...]
    diffusions: tuple[Measured | None, ...]
    """Of each kind, of positions in first order, of velocities in second; half the variance that
    chance adds in each component in a unit of time. None where there is no chance."""
    temperatures: tuple[Measured | None, ...]
    """Of each kind, diffusion of velocities times mass over friction, in units of energy."""
    rotational_diffusions: tuple[Measured | None, ...]
    """Of each kind, of headings: half the variance that chance adds in a unit of time."""
    shaped: tuple[ShapedForce, ...] = ()
    """Walls and energies of three bodies."""

    @property
    def diffusion(self) -> Measured | None:
        """Where all bodies are alike; None where kinds are several."""
        return self.diffusions[0] if len(self.diffusions) == 1 else None

    @property
    def temperature(self) -> Measured | None:
        """Likewise."""
        return self.temperatures[0] if len(self.temperatures) == 1 else None

    @property
    def rotational_diffusion(self) -> Measured | None:
        """Likewise."""
        return self.rotational_diffusions[0] if len(self.rotational_diffusions) == 1 else None

    @property
    def is_stochastic(self) -> bool:
        """Whether chance moves any kind."""
        return any(one is not None for one in (*self.diffusions, *self.rotational_diffusions))

    def of_pairs(self, key: str) -> Sequence[PairForce]:
        """The forces in one direction (`pair`, `alignment`, ...)."""
        return [force for force in self.pairs if force.term.key == key]

    @property
    def reads_heading(self) -> bool:
        """Whether anything depends on where bodies point."""
        pairs = any(force.term.angle for force in self.pairs)
        return pairs or any(f.term.turns or f.term.kind == "propulsion" for f in self.one_body)

    @property
    def reads_time(self) -> bool:
        """Whether a field varies in time."""
        return any(force.term.reads_time for force in self.one_body)

    def shaped_text(self, key: str, receiver: str, digits: int = 4) -> str:
        """Walls (as forces) or energies of three bodies on a kind; `0` where there are none."""
        own = [f for f in self.shaped if f.receiver == receiver and f.term.key == key]
        return _sum([f.term.text(f.factor.value, digits) for f in own])

    def turning_text(self, receiver: str, digits: int = 4) -> str:
        """At what rate the heading of a body of a kind turns by itself, in `theta`."""
        own = [f for f in self.one_body if f.receiver == receiver and f.term.turns]
        return _sum([_number_times(f.factor.value, f.term.text, digits) for f in own])

    def one_body_text(self, receiver: str, dim: int, digits: int = 4) -> str:
        """What acts on a body of a kind alone: one expression, or one for each component."""
        chosen = [f for f in self.one_body if f.receiver == receiver and not f.term.turns]
        parts = []
        for axis in range(dim):
            own = [f for f in chosen if f.term.kind not in ALONG_AXES or f.term.axis == axis]
            parts.append(_sum([_piece(f, axis, digits) for f in own]))
        return parts[0] if len(set(parts)) == 1 else f"({', '.join(parts)})"


def _piece(force: OneBodyForce, axis: int, digits: int) -> str:
    number = f"{force.factor.value:.{digits}g}"
    turned = {0: ("-", "vy"), 1: ("", "vx")}
    kind = force.term.kind
    if kind == "constant" or force.term.reads_time:
        return _number_times(force.factor.value, force.term.text, digits)
    if kind == "propulsion":
        return f"{number}*{('cos', 'sin')[axis]}(theta)"
    if kind == "turn":
        sign, name = turned[axis]
        value = -force.factor.value if sign else force.factor.value
        own = f"{short_name(force.term.attribute)}*" if force.term.attribute else ""
        return f"{value:.{digits}g}*{own}{name}"
    return f"{number}*{force.term.text}"


def _number_times(value: float, word: str, digits: int) -> str:
    number = f"{value:.{digits}g}"
    return number if word == "1" else f"{number}*{word}"


def _sum(parts: Sequence[str]) -> str:
    return " + ".join(parts).replace("+ -", "- ") or "0"


def _is_sum(text: str) -> bool:
    """Whether a text is a sum outside of all brackets."""
    depth = 0
    for index, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth == 0 and index and letter in "+-" and text[index - 1] == " ":
            return True
    return False
