"""The built-in laws: what is simulated when a name is given instead of a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Int

from forcelaw.documents import JsonObject
from forcelaw.errors import InvalidSetting, suggest

if TYPE_CHECKING:
    from forcelaw.laws import Expression, Formula

_BALL = "sqrt((x - 5)**2 + (y + 15)**2)"
"""Distance from the centre of the ball that the string falls on; a cylinder in 3 dimensions."""


@dataclass(frozen=True)
class BuiltInLaw:
    """A force law, its energy, and what it is usually simulated with.

    Texts are formulas of `forcelaw.laws.Formula`.
    """

    name: str
    description: str
    pair: str
    """Force on body i from body j along the line between them, attraction positive."""
    potential: str
    """Energy of a pair."""
    dt: float
    one_body: tuple[str, ...] = ()
    """Force on a body alone: one text for every component of `v`, or one for each of x and y."""
    one_body_potential: str | None = None
    conservative: bool = True
    """Whether energy is conserved: there is no drag."""
    singular: bool = False
    """Whether the force is infinite at distance zero, so that softening changes something."""
    charged: bool = False
    """Whether charges matter; masses do in every law, as inertia."""
    chain: bool = False
    """Whether only neighbours in a chain act on each other; their masses are one."""
    tolerance: float = 1e-13
    """Of one adaptive step."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that simulations draw."""
        return ("mass", "charge") if self.charged else ("mass",)

    def formula(self, *, dim: int = 2, softening: float = 0.0) -> Formula:
        """The law; `softening` is added to the distance where the law is singular."""
        from forcelaw.laws import Formula

        one_body = self.one_body if len(self.one_body) < 2 else (*self.one_body, "0", "0")[:dim]
        known = Formula.parse(self.pair, one_body or None)
        return replace(known, pair=self._softened(known.pair, softening))

    def energies(self, *, softening: float = 0.0) -> tuple[Expression, Expression | None]:
        """The energy of a pair, in the variables of `pair`, and that of a body alone, if any."""
        from forcelaw.laws import Expression

        one_body = (
            None if self.one_body_potential is None else Expression.parse(self.one_body_potential)
        )
        return self._softened(Expression.parse(self.potential), softening), one_body

    def edges(self, bodies: int) -> Int[np.ndarray, "edge 2"] | None:
        """Rows (sender, receiver) of the chain; None for all pairs."""
        if not self.chain:
            return None
        left = np.arange(bodies - 1)
        return np.stack([np.append(left, left + 1), np.append(left + 1, left)], axis=1)

    def to_json(self) -> JsonObject:
        """The law as it is listed; `self` is what acts on a body alone."""
        return {
            "name": self.name,
            "pair": self.pair,
            "self": ", ".join(self.one_body) or "0",
            "dt": self.dt,
            "description": self.description,
        }

    def text(self, *, softening: float = 0.0) -> str:
        """The pair force and, after a semicolon, what acts on a body alone."""
        formula = self.formula(softening=softening)
        return "; one-body: ".join([formula.pair.text(), *filter(None, [formula.one_body_text()])])

    def _softened(self, expression: Expression, softening: float) -> Expression:
        from forcelaw.laws import Expression
        from forcelaw.laws.expression import Variable

        if not (self.singular and softening > 0):
            return expression
        return expression.substitute({"r": Expression.of(Variable("r") + softening)})


_ALL = (
    BuiltInLaw("spring", "springs of rest length 1", "2*(r - 1)", "(r - 1)**2", dt=0.01),
    BuiltInLaw(
        "1/r",
        "gravity in two dimensions",
        "m_i*m_j/r",
        "m_i*m_j*log(r)",
        dt=0.005,
        singular=True,
    ),
    BuiltInLaw("1/r2", "Newton's gravity", "m_i*m_j/r**2", "-m_i*m_j/r", dt=0.001, singular=True),
    BuiltInLaw(
        "charge",
        "Coulomb's law",
        "-q_i*q_j/r**2",
        "q_i*q_j/r",
        dt=0.001,
        singular=True,
        charged=True,
    ),
    # The source divides its drag constant 1 among pairs, which slows a body by (bodies - 1) /
    # (2 bodies) on average: one half, for many bodies. Here every body is slowed by that much.
    BuiltInLaw(
        "damped",
        "springs, and linear drag on every body",
        "2*(r - 1)",
        "(r - 1)**2",
        dt=0.02,
        one_body=("-0.5*v",),
        conservative=False,
    ),
    # The potential is continued by 0 below 2, so that it does not jump where the force does.
    BuiltInLaw(
        "discontinuous",
        "springs that are slack below distance 2",
        "where(r < 2, 0, 2*(r - 1))",
        "where(r < 2, 0, (r - 1)**2 - 1)",
        dt=0.01,
        tolerance=1e-11,
    ),
    BuiltInLaw(
        "string",
        "a chain of springs that falls",
        "2*(r - 1)",
        "(r - 1)**2",
        dt=0.01,
        one_body=("0", "-m"),
        one_body_potential="m*y",
        chain=True,
    ),
    BuiltInLaw(
        "string-ball",
        "a chain of springs that falls on a fixed ball",
        "2*(r - 1)",
        "(r - 1)**2",
        dt=0.01,
        one_body=(
            f"(x - 5)/({_BALL}*({_BALL} - 4)**2)",
            f"(y + 15)/({_BALL}*({_BALL} - 4)**2) - m",
        ),
        one_body_potential=f"m*y + 1/({_BALL} - 4)",
        chain=True,
    ),
    BuiltInLaw(
        "superposition",
        "charge and gravity together",
        "(m_i*m_j - q_i*q_j)/r**2",
        "(q_i*q_j - m_i*m_j)/r",
        dt=0.001,
        singular=True,
        charged=True,
    ),
)
LAWS = {law.name: law for law in _ALL}
"""All built-in laws by name.

The pair potentials and time steps of Cranmer et al., Discovering Symbolic Models from Deep
Learning with Inductive Biases, NeurIPS 2020 (arXiv 2006.11287), with drag that acts on every body
alike and with gravity on every body of the string. The ball is at (5, -15), of radius 4, and
repels with the potential 1 / (distance from its surface).
"""


def law(name: str) -> BuiltInLaw:
    """The built-in law of that name.

    **Raises** `InvalidSetting` with the nearest name if there is none.
    """
    if name not in LAWS:
        raise InvalidSetting(
            f"law: found {name!r}, expected one of {', '.join(LAWS)}; {suggest(name, LAWS)}"
        )
    return LAWS[name]
