"""A small safe expression: a static tree and the constants that may be refitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.core import Tracer
from jaxtyping import Array, Float

from forcelaw.device_arrays import to_device
from forcelaw.errors import InputError, suggest
from forcelaw.laws.expression.evaluation import (
    Arithmetic,
    evaluate,
    numpy_slopes,
)
from forcelaw.laws.expression.parsing import parse_tree
from forcelaw.laws.expression.printing import Readable, print_latex, print_python, print_text
from forcelaw.laws.expression.sympy_bridge import from_sympy, to_sympy
from forcelaw.laws.expression.tree import (
    Call,
    Constant,
    Node,
    Number,
    Parameter,
    Variable,
    parameters,
    replaced,
    variable_names,
    walk,
    with_constants,
    with_parameters,
)


class Expression(Readable, eqx.Module):
    """A scalar expression in named variables, such as `2*(r - 1)`.

    Its structure is static and hashable, its numbers are one array: it is differentiated,
    trained and refitted like any other module. Integers and quotients of integers in exponents,
    and the integer 0, belong to the structure (so that `x**2` is finite at negative `x`); every
    other number is a constant. Build one with `Expression.parse`, `Expression.from_sympy` or, out
    of others and numbers by `+ - * / **` and functions, with `Expression.of`.
    """

    tree: Node = eqx.field(static=True)
    constants: Float[Array, " constant"]

    @classmethod
    def parse(cls, text: str, *, variables: Sequence[str] | None = None) -> Expression:
        """An expression from text.

        Allowed are numbers, names, `+ - * / **`, parentheses, `exp log sqrt abs sin cos tanh`,
        `min max` and `where(r < 2, then, otherwise)`; SymPy's `Piecewise`, `Abs`, `Min`, `Max`
        are read too. Nothing is executed.

        **Arguments:** `variables`, if given, are the only names allowed.

        **Raises** `InputError` naming the column, what was found and what is allowed.
        """
        expression = cls.of(parse_tree(text), name=text)
        for name in expression.variables if variables is not None else ():
            if name not in (variables or ()):
                raise InputError(
                    f"expression {text!r}: unknown variable {name!r}; "
                    f"{suggest(name, variables or ())}"
                )
        return expression

    @classmethod
    def of(cls, tree: Node, *, name: str | None = None) -> Expression:
        """An expression from a tree with its numbers in it; the inverse of `term`.

        **Arguments:** `name` is what it is called in the error, its text unless given.

        **Raises** `InputError` where a number is beyond the precision, or is none.
        """
        expression = cls.build(tree)
        if not np.isfinite(np.asarray(expression.constants)).all():
            values = [part.value for part in parameters(tree)]
            shown = print_text(tree, (), 4) if name is None else name
            raise InputError(
                f"expression {shown[:200]!r}: found the number {max(values, key=abs):.4g}, "
                f"expected at most {np.finfo(expression.constants.dtype).max:.4g}; change units, "
                "or compute with 64 bits"
            )
        return expression

    @classmethod
    def from_sympy(cls, expression: Any) -> Expression:
        """An expression from a SymPy one.

        **Raises** `InputError` naming the first part that has no counterpart here.
        """
        return cls.build(from_sympy(expression))

    @classmethod
    def build(cls, tree: Node) -> Expression:
        """The same as `of`, where a fit may have gone anywhere: it is judged by its error."""
        with np.errstate(over="ignore"):  # beyond single precision is infinity
            values = np.asarray(
                [part.value for part in parameters(tree)], jax.dtypes.canonicalize_dtype(float)
            )
        with jax.ensure_compile_time_eval():  # numbers stay numbers where shapes alone are traced
            return cls(with_constants(tree), to_device(values))

    @property
    def term(self) -> Node:
        """The tree with its numbers in it, each a parameter of its own, to calculate with."""
        return with_parameters(self.tree, [Parameter(value) for value in self.numbers()])

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of all variables, sorted."""
        return variable_names(self.tree)

    @property
    def is_zero(self) -> bool:
        """Whether it is the number zero, as it is written."""
        return self.tree == Number(Fraction(0)) or (
            isinstance(self.tree, Constant) and self.numbers() == [0.0]
        )

    @property
    def complexity(self) -> int:
        """The number of nodes: operators, functions, variables and numbers count one each."""
        return sum(1 for _ in walk(self.tree))

    def __call__(self, variables: Mapping[str, Float[Array, "..."]]) -> Float[Array, "..."]:
        """The value at arrays of one dtype that broadcast against each other.

        Elementwise and differentiable. The branch of a `where` that is not chosen never reaches
        value or gradient, even where it is infinite or NaN.

        **Raises** `InputError` naming a variable that is missing.
        """
        return self._value(variables, Arithmetic.SCALED)

    def plain(self, variables: Mapping[str, Float[Array, "..."]]) -> Float[Array, "..."]:
        """The same in plain arithmetic, several times faster, where all numbers are about one.

        A part of a product that is beyond the precision makes the whole so.

        **Raises** `InputError` naming a variable that is missing.
        """
        return self._value(variables, Arithmetic.PLAIN)

    def _value(
        self, variables: Mapping[str, Float[Array, "..."]], arithmetic: Arithmetic
    ) -> Float[Array, "..."]:
        self._require(variables)
        used = [variables[name] for name in self.variables]
        dtype = jnp.result_type(*used) if used else self.constants.dtype
        shape = jnp.broadcast_shapes(*(jnp.shape(value) for value in variables.values()))
        constants = self.constants.astype(dtype)
        value = evaluate(self.tree, constants, variables, arithmetic)
        return jnp.broadcast_to(jnp.asarray(value, dtype), shape)

    def at(
        self,
        variables: Mapping[str, Any],
        constants: Float[np.ndarray, " constant"] | None = None,
    ) -> Float[np.ndarray, "..."]:
        """The value at numbers and NumPy arrays that broadcast, in float64, off the device.

        Poles give infinities or NaN, silently. **Arguments:** `constants` others than its own.
        """
        numbers = np.asarray(self.numbers()) if constants is None else constants
        with np.errstate(all="ignore"):
            value = evaluate(self.tree, numbers, variables, Arithmetic.NUMPY)
        shape = np.broadcast_shapes(*(np.shape(part) for part in variables.values()))
        return np.broadcast_to(np.asarray(value, dtype=np.float64), shape)

    def slopes_at(
        self, variables: Mapping[str, Any], constants: Float[np.ndarray, " constant"]
    ) -> Float[np.ndarray, "constant ..."]:
        """The derivatives of `at` by the constants."""
        return numpy_slopes(self.tree, constants, variables)

    def with_constants(self, constants: Sequence[float] | np.ndarray) -> Expression:
        """The same structure with other numbers."""
        if len(constants) != self.constants.shape[0]:
            raise ValueError(
                f"expected {self.constants.shape[0]} constants, found {len(constants)}"
            )
        values = [Parameter(float(value)) for value in constants]
        return Expression.build(with_parameters(self.tree, values))

    def substitute(self, replacements: Mapping[str, Expression]) -> Expression:
        """The expression with whole expressions in place of variables; names not given stay."""
        terms = {name: replacement.term for name, replacement in replacements.items()}
        return Expression.build(replaced(self.term, terms))

    def map_branches(self, function: Callable[[Expression], Expression]) -> Expression:
        """`function` of the expression; of a `where`, the same with `function` of each branch."""
        term = self.term
        if not (isinstance(term, Call) and term.operator == "where"):
            return function(self)
        condition, *branches = term.arguments
        mapped = [Expression.build(branch).map_branches(function).term for branch in branches]
        return Expression.build(Call("where", (condition, *mapped)))

    def numbers(self) -> list[float]:
        """The constants as Python floats: the shortest decimals that give the same array."""
        return [float(str(value)) for value in np.asarray(self.constants)]

    def written(self, precision: int | None) -> list[str]:
        """See `Readable`."""
        return [repr(self.text(precision))]

    def text(self, precision: int | None = 4) -> str:
        """Text that `parse` reads back, constants rounded to `precision` significant digits.

        `None` is exact: the text then gives the same structure and the same constants.
        """
        return print_text(self.tree, self.numbers(), precision)

    def latex(self, precision: int | None = 4) -> str:
        """LaTeX without the surrounding dollars."""
        return print_latex(self.tree, self.numbers(), precision)

    def python(self, precision: int | None = None, *, name: str = "formula") -> str:
        """Source of a Python function of the variables (in sorted order) that uses NumPy."""
        body = print_python(self.tree, self.numbers(), precision)
        return (
            f"import numpy as np\n\n\ndef {name}({', '.join(self.variables)}):\n    return {body}\n"
        )

    def sympy(self, precision: int | None = 4) -> Any:
        """The SymPy expression over plain symbols; numbers that round to integers are Integers.

        **Raises** `InputError` where SymPy is not installed.
        """
        return to_sympy(self.tree, self.numbers(), precision)

    @property
    def shown(self) -> str:
        """The text for an error, which may be raised where JAX traces and numbers are not known."""
        if not isinstance(self.constants, Tracer):
            return self.text()
        names = [Variable(f"c{index}") for index in range(self.constants.shape[0])]
        return print_text(with_parameters(self.tree, names), (), None)

    def _require(self, variables: Mapping[str, Any]) -> None:
        for name in self.variables:
            if name not in variables:
                raise InputError(
                    f"expression {self.shown!r}: no value for {name!r}; "
                    f"given are {', '.join(sorted(variables)) or 'none'}"
                )
