"""Times of edges: numbers, or dates as seconds since 1970."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
from jaxtyping import Float

from forcelaw.files import BadCellError, is_number, parse_numbers, quoted
from forcelaw.signed.columns.cells import Cells

ISO = re.compile(r"\d{4}-\d{2}(-\d{2}([T ]\d{2}:\d{2}.*)?)?", re.ASCII)

DAY_OR_MONTH = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b", re.ASCII)


def times_of(cells: Cells, column: int) -> Float[np.ndarray, " row"]:
    """Numbers as they are, or ISO dates as seconds since 1970 (UTC where no zone is given).

    **Raises** `InputError`: with the line of the first cell that is neither, as ``now`` and
    03/04/2020.
    """
    texts = cells.columns[column]
    if is_number(texts[0]) or "," in texts[0]:
        try:
            return parse_numbers(texts, comma=cells.decimal_comma)
        except BadCellError as bad:
            row = bad.row
    else:
        seconds = [_seconds(text.strip()) for text in texts]
        if None not in seconds:
            return np.array(seconds, np.float64)
        row = seconds.index(None)
    then = "correct it or remove the column"
    if DAY_OR_MONTH.match(texts[row].strip()):
        then = "write year-month-day, which cannot be taken for another date"
    raise cells.wrong(
        row,
        found=f"the time {quoted(texts[row])}" if texts[row].strip() else "no time",
        expected="a finite number or a date like 2013-04-19T23:13",
        then=then,
    )


def _seconds(text: str) -> float | None:
    if len(text) > 40 or not ISO.fullmatch(text):
        return None
    try:
        moment = datetime.fromisoformat(text if len(text) > 7 else f"{text}-01")
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
