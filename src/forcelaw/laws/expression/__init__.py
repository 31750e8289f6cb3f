"""Formulas as trees: read, evaluated, printed, and algebra on them."""

from forcelaw.laws.expression.evaluation import Arithmetic, evaluate
from forcelaw.laws.expression.expression import Expression
from forcelaw.laws.expression.other_units import in_units
from forcelaw.laws.expression.parsing import split_tuple
from forcelaw.laws.expression.printing import Readable
from forcelaw.laws.expression.scaled_products import quotient
from forcelaw.laws.expression.tree import (
    COMPARISONS,
    Call,
    Constant,
    Node,
    Number,
    Parameter,
    Variable,
    cos,
    exp,
    log,
    maximum,
    minimum,
    parameters,
    product,
    replaced,
    sin,
    sqrt,
    tanh,
    variable_names,
    walk,
    where,
    with_parameters,
)

__all__ = [
    "COMPARISONS",
    "Arithmetic",
    "Call",
    "Constant",
    "Expression",
    "Node",
    "Number",
    "Parameter",
    "Readable",
    "Variable",
    "cos",
    "evaluate",
    "exp",
    "in_units",
    "log",
    "maximum",
    "minimum",
    "parameters",
    "product",
    "quotient",
    "replaced",
    "sin",
    "split_tuple",
    "sqrt",
    "tanh",
    "variable_names",
    "walk",
    "where",
    "with_parameters",
]
