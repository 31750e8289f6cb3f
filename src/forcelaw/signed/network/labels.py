"""How a column of labels becomes signs: the one place that decides what means friend or enemy."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Num

from forcelaw.errors import InputError, InvalidSetting
from forcelaw.files import many
from forcelaw.signed.network.merge_rows import find_out_of_range

SIGNS = {"+": "1", "-": "-1", "\N{MINUS SIGN}": "-1"}
"""Signs that stand alone, as numbers."""
TRUTH = {"true": 1.0, "false": 0.0}
"""Words for friends and enemies, in lower case."""


class Labels(NamedTuple):
    """Ratings whose sign is the sign of the edge; 0 is neither friend nor enemy."""

    rating: Float[np.ndarray, " row"]
    false: int = 0
    """Rows whose label, 0 or False, was read as -1."""


def read_labels(
    labels: Iterable[Any],
    scale: tuple[float | int, float | int] | None = None,
    *,
    place: str = "network",
) -> Labels:
    """The ratings that labels of any kind stand for.

    - True and False, also as text, and a column of 0 and 1 alone are +1 and -1; there is a
      warning, since 0 means neither friend nor enemy elsewhere.
    - With `scale` zero is neither friend nor enemy where it lies between the two, as in -10 to 10,
      and the middle where it does not, as in 1 to 5.
    - Other numbers count by their sign; + and - are +1 and -1. Without a negative one, but of
      several sizes, they are ratings whose scale nobody has declared: an error asks for it.

    **Arguments:**

    - `labels`: a value for each row: numbers, booleans, or text of either.
    - `scale`: the least and the largest rating there can be; another one is an error.
    - `place`: file or network, for messages.

    **Raises** `InputError`: a label that is no finite number, lies outside the scale, or asks for
    one.
    """
    values = as_numbers(labels, place)
    if scale is not None:
        return Labels(on_scale(values, scale, place))
    distinct = set(np.unique(values).tolist())
    if values.dtype == bool or distinct == {0.0, 1.0}:
        enemy = values == 0
        if enemy.any():
            words = "False and True" if values.dtype == bool else "0 and 1"
            warnings.warn(
                f"{place}: found the signs {words}, read as -1 and +1: "
                f"{many(int(enemy.sum()), 'row')} of {words.split(maxsplit=1)[0]} "
                f"{'are enemies' if enemy.sum() > 1 else 'is an enemy'}",
                stacklevel=4,
            )
        return Labels(np.where(enemy, -1.0, 1.0), int(enemy.sum()))
    # What is too large or too small to be kept is found where it is kept.
    sizes = distinct - {0.0}
    if (
        min(distinct, default=-1) >= 0
        and len(sizes) > 1
        and not find_out_of_range(np.array(list(sizes))).any()
    ):
        low, high = min(distinct), max(distinct)
        raise InputError(
            f"{place}: found ratings from {low:g} to {high:g}, expected negative ones for enemies; "
            f"if these lie on a scale, declare it: --scale {low:g} {high:g}, in Python "
            f"scale=({low:g}, {high:g})"
        )
    return Labels(values.astype(np.float64))


def as_numbers(labels: Iterable[Any], place: str) -> Num[np.ndarray, " row"] | np.ndarray:
    """Labels as booleans, if all of them are, or as float64.

    **Raises** `InputError`: naming the row of the first label that is no finite number.
    """
    values = labels if isinstance(labels, np.ndarray) else np.array(list(labels), object)
    if values.dtype == bool or (values.dtype.kind in "iuf" and np.isfinite(values).all()):
        return values if values.dtype == bool else values.astype(np.float64)
    found = np.empty(len(values))
    truths = 0
    for row, label in enumerate(values.tolist()):
        text = label.strip().lower() if isinstance(label, str) else ""
        truths += isinstance(label, bool) or text in TRUTH
        try:
            found[row] = TRUTH[text] if text in TRUTH else float(SIGNS.get(text, label))
        except (TypeError, ValueError):
            found[row] = np.nan
        if not np.isfinite(found[row]):
            raise InputError(
                f"{place}: row {row} has rating {label!r}, expected a finite number (+1 or -1, "
                "or a rating whose sign counts), + or -, or True or False; correct or remove it"
            )
    return found == 1 if truths == len(values) and truths else found


def on_scale(
    rating: np.ndarray, scale: tuple[float | int, float | int], place: str
) -> Float[np.ndarray, " row"]:
    """Ratings above or below what is neither friend nor enemy.

    **Raises** `InputError`: naming the row of the first rating outside the scale.
    """
    low, high = scale
    if not low < high:
        raise InvalidSetting(f"scale: found {low:g} to {high:g}, expected the smaller number first")
    if rating.dtype == bool:
        raise InputError(
            f"{place}: found True and False, expected ratings from {low:g} to {high:g}; leave the "
            "scale out"
        )
    row = first_off_scale(rating, scale)
    if row is not None:
        raise InputError(
            f"{place}: row {row} has the rating {rating[row]:g}, expected one from {low:g} to "
            f"{high:g}; correct it or the scale"
        )
    return rating if low < 0 < high else rating - (low + high) / 2


def first_off_scale(rating: np.ndarray, scale: tuple[float | int, float | int]) -> int | None:
    """The row of the first rating that does not lie on the scale, or None."""
    outside = (rating < scale[0]) | (rating > scale[1])
    # What is wrong with the scale itself or with booleans is said by `on_scale`.
    if not outside.any() or rating.dtype == bool or not scale[0] < scale[1]:
        return None
    return int(outside.argmax())
