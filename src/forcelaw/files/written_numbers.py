"""Numbers as tables write them: with a point or a decimal comma."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

LONGEST = 64
"""Characters of a number; a double has 17 digits."""
COMMA = re.compile(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?", re.ASCII)
THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)


class BadCellError(ValueError):
    """The cell of a column that is no number.

    **Attributes:**

    - `row`: counted from 0.
    - `reason`: why it is none, where that is not plain to see; may be empty.
    """

    def __init__(self, row: int, reason: str = "") -> None:
        super().__init__(row, reason)
        self.row, self.reason = row, reason


def is_number(text: str) -> bool:
    """Whether the text is a number, `nan` and `inf` among them; no `1_0`, which Python takes."""
    if len(text) > LONGEST or "_" in text:
        return False
    try:
        float(text)
    except ValueError:
        return False
    return True


def decimal_comma(cells: Sequence[str]) -> list[int]:
    """The rows whose cells are numbers with a decimal comma.

    **Raises** `BadCellError`: at the first of them, where all could as well have commas between
    thousands.
    """
    rows = [row for row, cell in enumerate(cells) if COMMA.fullmatch(cell)]
    if rows and all(THOUSANDS.fullmatch(cells[row]) for row in rows):
        first = cells[rows[0]]
        one, other = first.replace(",", ""), first.replace(",", ".")
        raise BadCellError(rows[0], f"which is {one} or {other}")
    return rows


def parse_numbers(column: Sequence[str], *, comma: bool = False) -> Float[np.ndarray, " row"]:
    """A column of finite numbers.

    **Arguments:** `comma`: whether a comma may stand for the decimal point, as it may where commas
    do not separate the cells. ``1,000`` is then refused if no other cell of the column shows that
    commas are decimal.

    **Raises** `BadCellError`: at the first cell that is no finite number.
    """
    if max(map(len, column), default=0) <= LONGEST and not any("_" in cell for cell in column):
        try:
            values = np.array(column, dtype=np.str_).astype(np.float64)
            if np.isfinite(values).all():
                return values
        except ValueError:
            pass
    cells = [cell.strip().replace("\N{MINUS SIGN}", "-") for cell in column]
    for row in decimal_comma(cells) if comma else ():
        cells[row] = cells[row].replace(",", ".")
    for row, cell in enumerate(cells):
        if not is_number(cell) or not np.isfinite(float(cell)):
            raise BadCellError(row)
    return np.array([float(cell) for cell in cells])
