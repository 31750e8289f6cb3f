"""Wikipedia's requests for adminship: votes as records of ``SRC:``, ``TGT:``, ``VOT:`` lines."""

from __future__ import annotations

import os
import re
import warnings
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from forcelaw.errors import unreadable
from forcelaw.files import quoted

RECORD = re.compile(
    r"^SRC:(.*)\nTGT:(.*)\nVOT:[ \t]*([+-]?[01])[ \t]*\nRES:.*\nYEA:(.*)\nDAT:(.*)$", re.MULTILINE
)
"""One vote; its text may go over several lines."""
DATE = re.compile(r"(\d{1,2}):(\d{2}),\s+(\d{1,2})\s+([A-Za-z]{3})[a-z]*\.?\s+(\d{4})")
"""As `19:53, 25 January 2013`."""
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
"""As votes abbreviate them."""
FIELDS = ("SRC", "TGT", "VOT", "RES", "YEA", "DAT")
"""Keys of a record, in their order."""


class Votes(NamedTuple):
    """Votes in the order of the file, and how often a clean-up rule was applied."""

    source: list[str]
    target: list[str]
    vote: Float[np.ndarray, " row"]
    time: Float[np.ndarray, " row"] | None
    cleanup: dict[str, int]


def parse_records(path: str | os.PathLike[str], text: str) -> Votes:
    """Reads the format of wiki-RfA.txt (West, Paskov, Leskovec & Potts, TACL 2, 2014).

    A name is everything behind the first colon, further colons included. A record without a
    source is dropped (`empty_source`). A date that cannot be read stands for the first of January
    of `YEA` (`approximate_times`); if that is missing too in any record there are no times at all,
    with a warning if others have them.

    **Raises** `InputError`: with the line, for a record whose fields are missing or whose vote is
    no number.
    """
    found = RECORD.findall(text)
    if len(found) != len(re.findall(r"^SRC:", text, re.MULTILINE)):
        raise _damaged_record(path, text)
    kept = [record for record in found if record[0].strip() and record[1].strip()]
    times = np.full(len(kept), np.nan)
    approximate = 0
    for i, (_, _, _, year, date) in enumerate(kept):
        moment = _moment(date)
        if moment is None and re.fullmatch(r"\d{1,4}", year.strip(), re.ASCII) and int(year) > 0:
            moment = datetime(int(year), 1, 1, tzinfo=UTC).timestamp()
            approximate += 1
        if moment is not None:
            times[i] = moment
    undated = int(np.isnan(times).sum())
    if 0 < undated < len(kept):
        warnings.warn(
            f"{os.fspath(path)}: {undated} of {len(kept)} records have neither date nor year; "
            "all times are left aside",
            stacklevel=2,
        )
    return Votes(
        source=[record[0].strip() for record in kept],
        target=[record[1].strip() for record in kept],
        vote=np.array([float(record[2]) for record in kept]),
        time=None if undated else times,
        cleanup={"empty_source": len(found) - len(kept), "approximate_times": approximate},
    )


def _moment(date: str) -> float | None:
    """Seconds since 1970 of ``23:13, 19 April 2013``."""
    match = DATE.search(date)
    if match is None or match[4].lower() not in MONTHS:
        return None
    month = MONTHS.index(match[4].lower()) + 1
    try:
        moment = datetime(
            int(match[5]), month, int(match[3]), int(match[1]), int(match[2]), tzinfo=UTC
        )
    except ValueError:
        return None
    return moment.timestamp()


def _damaged_record(path: str | os.PathLike[str], text: str) -> Exception:
    """The error for the first record that does not have its fields in order."""
    lines = text.split("\n")
    for start, line in enumerate(lines):
        if not line.startswith("SRC:"):
            continue
        for offset, label in enumerate(FIELDS):
            at = start + offset
            here = lines[at] if at < len(lines) else ""
            if not here.startswith(label + ":"):
                found = quoted(here) if here else "the end of the record"
                return unreadable(
                    path,
                    at + 1,
                    found=found,
                    expected=f"the field {label}:",
                    then="complete the record",
                )
            if label == "VOT" and not re.fullmatch("[+-]?[01]", here[4:].strip()):
                return unreadable(
                    path,
                    at + 1,
                    found=f"the vote {quoted(here[4:])}",
                    expected="-1, 0 or 1",
                    then="correct it or remove the record",
                )
    return unreadable(
        path, found="a damaged record", expected="SRC: TGT: VOT: lines", then="check the file"
    )
