"""Formulas as trees: read, evaluated, printed, and algebra on them."""

from forcelaw.laws.expression.evaluation import evaluate
from forcelaw.laws.expression.expression import Expression
from forcelaw.laws.expression.other_units import in_units
from forcelaw.laws.expression.parsing import split_tuple
from forcelaw.laws.expression.scaled_products import quotient
from forcelaw.laws.expression.tree import COMPARISONS, Call, Constant, Node, Number, Variable, walk

__all__ = [
    "COMPARISONS",
    "Call",
    "Constant",
    "Expression",
    "Node",
    "Number",
    "Variable",
    "evaluate",
    "in_units",
    "quotient",
    "split_tuple",
    "walk",
]
