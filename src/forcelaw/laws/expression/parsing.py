"""From text to a tree, through Python's own grammar and a list of what is allowed."""

from __future__ import annotations

import ast
import math
import operator
import warnings
from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn

from forcelaw.errors import InputError, suggest
from forcelaw.laws.expression.tree import (
    COMPARISONS,
    FUNCTIONS,
    SELECTIONS,
    Call,
    Node,
    Number,
    Parameter,
    Variable,
)

ALLOWED = (
    "numbers, names, + - * / **, parentheses, "
    f"{', '.join((*FUNCTIONS, *SELECTIONS))} and where(a < b, then, otherwise)"
)
_LONGEST = 5000
_SHOWN = 200
# Levels, of which each term of a sum is one: Python ends at some 1000 calls inside each other.
_DEEPEST = 150
# Of all `Piecewise` together: each is a level of its tree, though not of its text.
_MOST_PIECES = 50
# Of the integers in an exact exponent.
_LARGEST_EXPONENT = 10**6
_OPERATORS: dict[type[ast.operator], Callable[[Node, Node], Node]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type[ast.cmpop], str] = dict(
    zip((ast.Lt, ast.LtE, ast.Gt, ast.GtE), COMPARISONS, strict=True)
)
# How SymPy prints what is written here in small letters.
_SYNONYMS = {"Abs": "abs", "Min": "min", "Max": "max", "ln": "log"}


def parse_tree(text: str) -> Node:
    """The tree of one expression; every number that is written is a parameter of its own.

    **Raises** `InputError` naming the column and what is allowed. Nothing is ever executed.
    """
    return _Reader(text).node(_syntax(text))


def split_tuple(text: str) -> list[str]:
    """`"(a, b)"` as `["a", "b"]`, any other expression as a list of one."""
    body = _syntax(text)
    if not isinstance(body, ast.Tuple):
        return [text]
    return [ast.get_source_segment(text.strip(), part) or "" for part in body.elts]


def _syntax(text: str) -> ast.expr:
    if len(text) > _LONGEST:
        raise InputError(
            f"expression: found {len(text)} characters, expected at most {_LONGEST}; shorten it"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python would advise a programmer
            body = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        column = getattr(error, "offset", None) or 1
        reason = getattr(error, "msg", None) or "not an expression"
        raise InputError(_message(text, column, reason)) from None
    level: list[ast.AST] = [body]
    for _ in range(_DEEPEST):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    if level:
        column = getattr(level[0], "col_offset", 0) + 1
        raise InputError(_message(text, column, f"nested deeper than {_DEEPEST} levels"))
    return body


def _message(text: str, column: int, found: str) -> str:
    text = text.strip()
    shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."
    return f"expression {shown!r}, column {column}: {found}; allowed are {ALLOWED}"


class _Reader:
    """Walks Python's syntax tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.pieces = 0

    def refuse(self, node: ast.expr, found: str) -> NoReturn:
        raise InputError(_message(self.text, node.col_offset + 1, found))

    def node(self, node: ast.expr) -> Node:  # noqa: PLR0911
        if isinstance(node, ast.Name):
            return Variable(node.id)
        literal = _literal(node)
        if literal is not None:
            return self.number(node, literal)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.node(node.operand)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd):
            return self.node(node.operand)
        if isinstance(node, ast.BinOp):
            return self.binary(node)
        if isinstance(node, ast.Call):
            return self.call(node)
        if isinstance(node, ast.Compare):
            self.refuse(node, "a comparison outside where(...)")
        return self.refuse(node, f"{ast.unparse(node)!r} is not allowed")

    def number(self, node: ast.expr, value: int | float) -> Node:
        if isinstance(value, int) and value == 0:
            return Number(Fraction(0))
        try:
            finite = math.isfinite(float(value))
        except OverflowError:
            finite = False
        if not finite:
            self.refuse(node, "a number too large")
        return Parameter(float(value))

    def binary(self, node: ast.BinOp) -> Node:
        combine = _OPERATORS.get(type(node.op))
        if isinstance(node.op, ast.BitXor):
            column = self.text.strip().index("^", node.left.end_col_offset or 0) + 1
            raise InputError(_message(self.text, column, "'^' is not a power, write **"))
        if combine is None:
            self.refuse(node, f"operator {type(node.op).__name__} is not allowed")
        left = self.node(node.left)
        if combine is operator.pow:
            exact = _exact(node.right)
            if exact is not None and max(map(abs, exact.as_integer_ratio())) > _LARGEST_EXPONENT:
                self.refuse(node.right, f"an exponent beyond {_LARGEST_EXPONENT:,}")
            return left ** (self.node(node.right) if exact is None else exact)
        return combine(left, self.node(node.right))

    def call(self, node: ast.Call) -> Node:
        if not isinstance(node.func, ast.Name) or node.keywords:
            self.refuse(node, "only plain function calls are allowed")
        name = _SYNONYMS.get(node.func.id, node.func.id)
        if name == "Piecewise":
            return self.piecewise(node)
        expected = {"where": (3, 3)} | dict.fromkeys(FUNCTIONS, (1, 1))
        expected |= dict.fromkeys(SELECTIONS, (2, 9))
        if name not in expected:
            self.refuse(node, f"unknown function {name!r}, {suggest(name, expected)}")
        least, most = expected[name]
        if not least <= len(node.args) <= most:
            self.refuse(node, f"{name} with {len(node.args)} arguments, expected {least}")
        if name == "where":
            condition, then, otherwise = node.args
            return Call("where", (self.condition(condition), self.node(then), self.node(otherwise)))
        return Call(name, tuple(self.node(argument) for argument in node.args))

    def condition(self, node: ast.expr) -> Node:
        if not isinstance(node, ast.Compare) or len(node.ops) != 1:
            self.refuse(node, "where needs one comparison such as r < 2 first")
        sign = _COMPARISONS.get(type(node.ops[0]))
        if sign is None:
            self.refuse(node, f"comparison must be one of {' '.join(COMPARISONS)}")
        return Call(sign, (self.node(node.left), self.node(node.comparators[0])))

    def piecewise(self, node: ast.Call) -> Node:
        """SymPy's `Piecewise((a, condition), ..., (b, True))` as nested `where`."""
        pairs = [part.elts for part in node.args if isinstance(part, ast.Tuple)]
        last = pairs[-1][1] if pairs and len(pairs[-1]) == 2 else None
        if (
            len(pairs) != len(node.args)
            or any(len(pair) != 2 for pair in pairs)
            or not (isinstance(last, ast.Constant) and last.value is True)
        ):
            self.refuse(node, "Piecewise needs (value, condition) pairs ending in (value, True)")
        self.pieces += len(pairs)
        if self.pieces > _MOST_PIECES:
            self.refuse(node, f"more than {_MOST_PIECES} pieces")
        branches = [(self.node(value), self.condition(test)) for value, test in pairs[:-1]]
        result = self.node(pairs[-1][0])
        for value, test in reversed(branches):
            result = Call("where", (test, value, result))
        return result


def _literal(node: ast.expr) -> int | float | None:
    """The value of a literal number with any signs before it."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        value = _literal(node.operand)
        return -value if value is not None and isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        assert isinstance(node.value, int | float)
        return node.value
    return None


def _exact(node: ast.expr) -> Fraction | None:
    """An exponent that is an integer or a quotient of integers: part of the structure."""
    literal = _literal(node)
    if isinstance(literal, int):
        return Fraction(literal)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _exact(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        top, bottom = _literal(node.left), _literal(node.right)
        if isinstance(top, int) and isinstance(bottom, int) and bottom != 0:
            return Fraction(top, bottom)
    return None
