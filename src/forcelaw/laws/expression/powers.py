"""Two powers of the distance, written with one length instead of two large or small factors."""

from __future__ import annotations

from forcelaw.errors import InputError
from forcelaw.laws.expression.expression import Expression
from forcelaw.laws.expression.tree import Node, Parameter, Variable


def with_one_length(tree: Node) -> Node:
    """`a/r**13 + b/r**7` as `c*(2*(d/r)**13 - (d/r)**7)`, where the energy vanishes at `d`.

    Any two such powers of opposite sign, as of Mie (1903), of whom Lennard-Jones (1924) is this
    case. Other expressions stay what they are, as all do where SymPy is not installed.
    """
    terms = _two_powers(Expression.build(tree))
    if terms is None:
        return tree
    (steep, high), (slow, low) = terms
    ratio = (high - 1) / (low - 1)
    share = -steep / (ratio * slow)
    if not share > 0:
        return tree
    length = share ** (1 / (high - low))
    factor = -slow / length**low
    nearer = Parameter(length) / Variable("r")
    return factor * (ratio * nearer**high - nearer**low)


def _two_powers(expression: Expression) -> tuple[tuple[float, int], tuple[float, int]] | None:
    """Factor and power of `1/r` of both terms, the steeper one first; None for anything else."""
    if expression.variables != ("r",):
        return None
    try:
        import sympy

        whole = sympy.expand(expression.sympy(None))
    except (ImportError, InputError):
        return None
    found = []
    for term in sympy.Add.make_args(whole):
        factor, rest = term.as_coeff_Mul()
        base, power = rest.as_base_exp()
        if str(base) != "r" or not power.is_Integer or power > -2:
            return None
        found.append((float(factor), -int(power)))
    if len(found) != 2:
        return None
    found.sort(key=lambda item: -item[1])
    return found[0], found[1]
