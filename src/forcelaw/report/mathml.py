"""A formula as MathML, which browsers draw without any script."""

from __future__ import annotations

import ast
import warnings

from forcelaw.report.html import Html, join, tag

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_LONGEST = 5000
_GREEK_NAMES = "alpha beta gamma delta epsilon theta kappa lambda mu nu rho sigma tau phi omega pi"
_GREEK: dict[str, str] = dict(zip(_GREEK_NAMES.split(), "αβγδεθκλμνρστφωπ", strict=True))

_COMPARISONS = {ast.Lt: "<", ast.LtE: "\N{LESS-THAN OR EQUAL TO}", ast.Gt: ">",
                ast.GtE: "\N{GREATER-THAN OR EQUAL TO}"}  # fmt: skip


def formula(text: object, *, inline: bool = False) -> Html:
    """A SymPy expression, drawn; text that is no such expression is shown as it stands.

    **Arguments:** `inline` whether it stands among words.
    """
    try:
        if len(str(text)) > _LONGEST:
            return tag("code", text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python would advise a programmer
            drawn, _ = _draw(ast.parse(str(text), mode="eval").body)
    except (SyntaxError, ValueError, LookupError, TypeError, RecursionError, MemoryError):
        return tag("code", text)
    return tag("math", tag("mrow", drawn), display="inline" if inline else "block", title=str(text))


def _draw(node: ast.expr) -> tuple[Html, int]:  # noqa: PLR0911, PLR0912
    """The drawn node and how tightly it binds. Nothing is ever evaluated."""
    match node:
        case ast.Constant(value=bool() | complex() | str() | bytes() | None):
            raise ValueError("not a number")
        case ast.Constant(value=int() | float() as value):
            return _number(value)
        case ast.Name(id=name):
            return _name(name), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return tag("mrow", _operator("\N{MINUS SIGN}"), _wrap(operand, _PRODUCT)), _SUM
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _draw(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            sign = "+" if isinstance(op, ast.Add) else "\N{MINUS SIGN}"
            least = _SUM if isinstance(op, ast.Add) else _PRODUCT
            parts = (_wrap(left, _SUM), _operator(sign), _wrap(right, least))
            return tag("mrow", *parts), _SUM
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            return _product(node)
        case ast.BinOp(left=base, op=ast.Pow(), right=exponent):
            return _power(base, exponent)
        case ast.Call(func=ast.Name(id="where"), args=[condition, value, other], keywords=[]):
            return _cases([(value, condition), (other, None)])
        case ast.Call(func=ast.Name(id="Piecewise"), args=pieces, keywords=[]):
            return _cases([_piece(piece) for piece in pieces])
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _call(name, arguments)
        case ast.Compare(left=left, ops=[operator], comparators=[right]):
            sign = _COMPARISONS[type(operator)]
            return tag("mrow", _draw(left)[0], _operator(sign), _draw(right)[0]), _SUM
        case ast.Tuple(elts=parts):
            return tag("mrow", _operator("("), *_listed(parts), _operator(")")), _ATOM
        case _:
            raise ValueError("not an expression of numbers, names and functions")


def _product(node: ast.expr) -> tuple[Html, int]:
    above: list[ast.expr] = []
    below: list[ast.expr] = []
    minus = _factors(node, above, below)
    drawn = _row(above)
    if below:
        drawn = tag("mfrac", drawn, _row(below))
    if minus:
        return tag("mrow", _operator("\N{MINUS SIGN}"), drawn), _SUM
    return drawn, _PRODUCT


def _factors(node: ast.expr, above: list[ast.expr], below: list[ast.expr]) -> bool:
    """Collects what is multiplied and what is divided by; True if the sign is turned."""
    match node:
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _factors(left, above, below) ^ _factors(right, above, below)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _factors(left, above, below) ^ _factors(right, below, above)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return not _factors(operand, above, below)
        case ast.BinOp(left=base, op=ast.Pow(), right=ast.UnaryOp(op=ast.USub(), operand=power)):
            below.append(ast.BinOp(base, ast.Pow(), power))
        case _:
            above.append(node)
    return False


def _row(factors: list[ast.expr]) -> Html:
    kept = [f for f in factors if not (isinstance(f, ast.Constant) and f.value == 1)]
    if not kept:
        return tag("mn", "1")
    if len(kept) == 1:
        return tag("mrow", _draw(kept[0])[0])
    # Numbers first: 2 m rather than m 2.
    kept.sort(key=lambda factor: not isinstance(factor, ast.Constant))
    drawn = [_wrap(factor, _PRODUCT) for factor in kept]
    spaced = [part for item in drawn for part in (tag("mspace", width="0.15em"), item)]
    return tag("mrow", *spaced[1:])


def _power(base: ast.expr, exponent: ast.expr) -> tuple[Html, int]:
    match exponent:
        case ast.Constant(value=1):
            return _draw(base)
        case ast.Constant(value=0.5):
            return tag("msqrt", _draw(base)[0]), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=power):
            return tag("mfrac", tag("mn", "1"), _power(base, power)[0]), _PRODUCT
    return tag("msup", _wrap(base, _ATOM), _draw(exponent)[0]), _POWER


def _call(name: str, arguments: list[ast.expr]) -> tuple[Html, int]:
    if name == "sqrt" and len(arguments) == 1:
        return tag("msqrt", _draw(arguments[0])[0]), _ATOM
    if name in ("Abs", "abs") and len(arguments) == 1:
        return tag("mrow", _operator("|"), _draw(arguments[0])[0], _operator("|")), _ATOM
    listed = _listed(arguments)
    return tag("mrow", tag("mi", name), _operator("("), *listed, _operator(")")), _ATOM


def _listed(parts: list[ast.expr]) -> list[Html]:
    return [drawn for part in parts for drawn in (_operator(","), _draw(part)[0])][1:]


def _piece(piece: ast.expr) -> tuple[ast.expr, ast.expr | None]:
    match piece:
        case ast.Tuple(elts=[value, ast.Constant(value=True)]):
            return value, None
        case ast.Tuple(elts=[value, condition]):
            return value, condition
        case _:
            raise ValueError("a piece is a value and a condition")


def _cases(pieces: list[tuple[ast.expr, ast.expr | None]]) -> tuple[Html, int]:
    rows = [
        tag(
            "mtr",
            tag("mtd", _draw(value)[0]),
            tag("mtd", tag("mtext", "otherwise" if condition is None else "if "),
                None if condition is None else _draw(condition)[0]),
        )
        for value, condition in pieces
    ]  # fmt: skip
    return tag("mrow", _operator("{"), tag("mtable", *rows, columnalign="left")), _SUM


def _wrap(node: ast.expr, least: int) -> Html:
    drawn, binds = _draw(node)
    if binds >= least:
        return drawn
    return tag("mrow", _operator("("), drawn, _operator(")"))


def _name(name: str) -> Html:
    base, _, index = name.partition("_")
    letter = tag("mi", _GREEK.get(base, base))
    return tag("msub", letter, tag("mi", index)) if base and index else letter


def _number(value: float) -> tuple[Html, int]:
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    if "e" not in text:
        return tag("mn", text), _ATOM
    mantissa, exponent = text.split("e")
    ten = tag("msup", tag("mn", "10"), tag("mn", int(exponent)))
    return join(tag("mn", mantissa), _operator("\N{MULTIPLICATION SIGN}"), ten), _PRODUCT


def _operator(sign: str) -> Html:
    return tag("mo", sign)
