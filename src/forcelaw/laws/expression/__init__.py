"""Formulas as trees: read, evaluated, printed, and algebra on them."""

from forcelaw.laws.expression.evaluation import evaluate
from forcelaw.laws.expression.expression import Expression
from forcelaw.laws.expression.functions import (
    cos,
    exp,
    log,
    maximum,
    minimum,
    product,
    sin,
    sqrt,
    tanh,
    where,
)
from forcelaw.laws.expression.other_units import in_units
from forcelaw.laws.expression.parsing import split_tuple
from forcelaw.laws.expression.readable import Readable
from forcelaw.laws.expression.scaled_products import quotient
from forcelaw.laws.expression.traversal import (
    parameters,
    replaced,
    variable_names,
    walk,
    with_parameters,
)
from forcelaw.laws.expression.tree import (
    COMPARISONS,
    Call,
    Constant,
    Node,
    Number,
    Parameter,
    Variable,
)

__all__ = [
    "COMPARISONS",
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
