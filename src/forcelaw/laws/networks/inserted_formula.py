"""A formula in the place of a learned function: what stays unknown is learned around it."""

from __future__ import annotations

import equinox as eqx
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from forcelaw.documents import JsonObject
from forcelaw.errors import InputError
from forcelaw.laws.attribute_names import attribute_name, pair_units
from forcelaw.laws.expression import Expression, in_units
from forcelaw.laws.networks.radial_functions import NEAREST, Reading
from forcelaw.laws.networks.row_products import rows_product
from forcelaw.laws.units import Units

_ENDS = (("i", "j"), ("j", "i"))


class WrittenScalar(eqx.Module):
    """The scalar of two bodies as an expression in `r`, `m_i`, `m_j`, ...; its constants train.

    It takes the place of a `Radial`, which knows its values up to their typical size.
    """

    expression: Expression

    def __call__(
        self,
        reading: Reading,
        r: Float[Array, "*batch"],
        receiver: Float[Array, "*batch attribute"],
        sender: Float[Array, "*batch attribute"],
    ) -> Float[Array, "*batch"]:
        """The value at distance `r`.

        **Raises** `InputError` naming a variable that is no attribute of the law.
        """
        known = {"r": jnp.maximum(r, NEAREST * reading.scale.fixed().length)}
        places = {name: place for place, name in enumerate(reading.names)}
        for name in self.expression.variables:
            stem, _, end = name.rpartition("_")
            attribute = attribute_name(stem, places)
            if end in ("i", "j") and attribute is not None:
                values = receiver if end == "i" else sender
                known[name] = values[..., places[attribute]]
            elif name != "r":
                raise InputError(
                    f"formula {self.expression.text()!r}: found {name!r}, expected r and "
                    f"attributes of the law ({', '.join(reading.names) or 'it has none'}) with "
                    "_i or _j; rewrite it"
                )
        return self.expression(known)

    def rescaled(self, units: Units, value: float) -> WrittenScalar:
        """The same in other units, its value in the unit `value`."""
        known = pair_units(self.expression, units)
        (tree,) = in_units([self.expression.term], [known], value)
        return WrittenScalar(Expression.build(tree))

    def settings(self) -> JsonObject:
        """The argument of the law's constructor."""
        return {"formula": self.expression.text(None)}

    @property
    def described(self) -> str:
        """What `repr` says of it."""
        return repr(self.expression.shown)


class WrittenMessage(eqx.Module):
    """Messages that are linear images of a force along the line between two bodies.

    `message = (f(r, ...) direction) @ turn + offset`: in a trained network messages are such images
    (Cranmer et al. 2020, arXiv 2006.11287), so `turn` and `offset` let its node perceptron stay as
    it is.
    """

    scalar: WrittenScalar
    turn: Float[Array, "dim message"]
    offset: Float[Array, " message"]

    def __call__(
        self,
        reading: Reading,
        length: Float[Array, " edge"],
        direction: Float[Array, "edge dim"],
        receiver: Float[Array, "edge attribute"],
        sender: Float[Array, "edge attribute"],
    ) -> Float[Array, "edge message"]:
        """The message of every edge, of known length and unit vector from receiver to sender."""
        force = self.scalar(reading, length, receiver, sender) / reading.scale.fixed().acceleration
        image = rows_product(force[:, None] * direction, self.turn, exact=True)
        return image + self.offset[None, :]


def insert_scalar(formula: str | Expression, *, symmetric: bool = False) -> WrittenScalar:
    """The scalar of a formula, given as text or parsed.

    **Raises** `InputError` if it has to be `symmetric` and changes when `i` and `j` are exchanged.
    """
    expression = Expression.parse(formula) if isinstance(formula, str) else formula
    if symmetric and not _symmetric(expression):
        raise InputError(
            f"formula {expression.text()!r}: changes when i and j are exchanged, expected a force "
            "that acts on both alike; a Formula as a law of its own may be so"
        )
    return WrittenScalar(expression)


def _symmetric(expression: Expression) -> bool:
    """Whether the value is the same with `i` and `j` exchanged, at some places."""
    draw = np.random.default_rng(0)
    values = {"r": draw.uniform(0.5, 3, 16)}
    stems = {name[:-2] for name in expression.variables if name.endswith(("_i", "_j"))}
    for stem in sorted(stems):
        values |= {f"{stem}_{end}": draw.uniform(0.5, 2, 16) for end in "ij"}
    exchanged = values | {f"{stem}_{a}": values[f"{stem}_{b}"] for stem in stems for a, b in _ENDS}
    if not set(expression.variables) <= values.keys():
        return True  # names what is missing when it is called
    one, other = (expression.at(v) for v in (values, exchanged))
    return bool(np.allclose(one, other, rtol=1e-6, equal_nan=True))
