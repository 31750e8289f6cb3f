"""The column of signs or ratings: numbers, plus and minus, true and false."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float

from forcelaw.files import BadCellError, parse_numbers, quoted
from forcelaw.signed.columns.cells import Cells
from forcelaw.signed.network import LARGEST, SIGNS, SMALLEST

TRUTH = {"true": True, "false": False}
"""Words for friends and enemies, in lower case."""

Ratings = Float[np.ndarray, " row"] | Bool[np.ndarray, " row"]


def ratings_of(cells: Cells, column: int) -> Ratings:
    """Finite numbers, `+` and `-` as +1 and -1; truth values where every cell is true or false.

    **Raises** `InputError`: with the line of the first cell that is none of these, or that single
    precision cannot hold: larger than 3.4e38, or nearer to 0 than 1.2e-38.
    """
    texts = cells.columns[column]
    if texts[0].strip().lower() in TRUTH:
        truth = [TRUTH.get(text.strip().lower()) for text in texts]
        if None not in truth:
            return np.array(truth, np.bool_)
        raise _wrong(cells, truth.index(None), texts, "true or false as above")
    if any(text.strip() in SIGNS for text in set(texts)):
        texts = [SIGNS.get(text.strip(), text) for text in texts]
    try:
        values = parse_numbers(texts, comma=cells.decimal_comma)
    except BadCellError as bad:
        if bad.reason:
            raise cells.wrong(
                bad.row,
                found=f"the rating {quoted(texts[bad.row])}, {bad.reason}",
                expected="a number that can be read in one way",
                then="write it with a decimal point",
            ) from None
        expected = "a finite number (+1 or -1, or a rating whose sign counts)"
        raise _wrong(cells, bad.row, texts, expected) from None
    size = np.abs(values)
    beyond = (size > LARGEST) | ((size < SMALLEST) & (size > 0))
    if beyond.any():
        expected = f"0 or a size between {SMALLEST:.2g} and {LARGEST:.2g}"
        raise _wrong(cells, int(beyond.argmax()), texts, expected)
    return values


def _wrong(cells: Cells, row: int, texts: list[str], expected: str) -> Exception:
    dictionary = texts[row].strip().startswith("{")
    return cells.wrong(
        row,
        found=f"the rating {quoted(texts[row])}" if texts[row].strip() else "no sign or rating",
        expected=expected,
        then="write the graph by networkx.write_weighted_edgelist or write_graphml"
        if dictionary
        else "correct it or remove the line",
    )
