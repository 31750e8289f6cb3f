"""What a discovery leads with: the formula, or the force curve where no formula is the law."""

from __future__ import annotations

from typing import Literal, TypeAlias

from forcelaw.laws import Expression, Formula
from forcelaw.particles.diagnosis import ForceSpline, Verdict
from forcelaw.particles.discovery_settings import DISCOVERY, DiscoverySettings

Answer: TypeAlias = Literal["formula", "curve"]


def choose_answer(
    judgement: Verdict, curve: float, *, settings: DiscoverySettings = DISCOVERY
) -> Answer:
    """The curve where no formula fits, or where it is clearly better than an approximation.

    **Arguments:** `curve` the share of held-out data that the curve explains.
    """
    if judgement.verdict == "law":
        return "formula"
    lead = curve - judgement.explained
    left = 1 - judgement.explained
    clearly = lead > max(settings.answer.slight, (1 - settings.answer.clearly) * left)
    return "curve" if judgement.verdict == "none" or clearly else "formula"


def compare_with_curve(
    answer: Answer,
    explained: float,
    curve: float,
    of: str,
    *,
    settings: DiscoverySettings = DISCOVERY,
) -> list[str]:
    """One sentence where the formula leads, and the curve explains more of the data held out.

    **Arguments:** `explained` by the formula and by the `curve`; `of` what these are shares of.
    """
    if answer == "curve" or curve - explained < settings.answer.said:
        return []
    return [
        f"on held-out data the force curve explains {curve:.2%} of {of} (R²), the formula "
        f"{explained:.2%}"
    ]


def answer_text(answer: Answer, formula: str, curve: ForceSpline, explained: float) -> str:
    """The answer in words; a formula that is not the law comes after the curve."""
    if answer == "formula":
        return formula
    return f"{curve}, R² {explained:.4f}\nbest formula, not a law: {formula}"


def describe(formula: Formula, digits: int = 4) -> dict[str, str]:
    """`pair` and the one-body force, `self`, as SymPy reads them, and `latex`.

    **Arguments:** `digits` how many significant ones constants have.
    """
    one_body = [_readable(part, digits) for part in formula.one_body]
    alone = f"({', '.join(one_body)})" if len(one_body) > 1 else "".join(one_body) or "0"
    pair = _readable(formula.pair, digits)
    return {"pair": pair, "self": alone, "latex": formula.latex(digits)}


def _readable(expression: Expression, digits: int) -> str:
    """The text as it was found, `2*(r - 1)`, where SymPy itself would print `2*r - 2`."""
    text = expression.text(digits)
    return str(expression.sympy(digits)) if "where(" in text else text
