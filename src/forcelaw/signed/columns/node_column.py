"""Names of nodes as files write them: missing ones, and whole numbers that became decimals."""

from __future__ import annotations

import re
import warnings

from forcelaw.files import is_number, quoted
from forcelaw.signed.columns.cells import Cells

MISSING = frozenset(["", "nan", "NaN", "NAN", "None", "<NA>", "NaT", "null", "NULL", "#N/A"])
MISSING_BESIDE_NUMBERS = frozenset(["NA", "N/A", "n/a", "na", "-", "?"])
WHOLE = re.compile(r"-?\d+(\.0+)?", re.ASCII)
DECIMAL = re.compile(r"-?\d+\.\d*[1-9]\d*", re.ASCII)
ROUNDED = re.compile(r"-?\d(\.\d+)?[eE]\+?\d\d?", re.ASCII)


def names_of(cells: Cells, source: int, target: int) -> tuple[list[str], list[str]]:
    """The names in both columns, stripped.

    Where every name of a column is a whole number and some are written ``1.0``, as data frames
    write numbers beside a gap, they are read as ``1``, with a warning.

    **Raises** `InputError`: with the line of a missing name, or of a number whose digits were
    rounded away.
    """
    columns = {"source": source, "target": target}
    names = {role: list(map(str.strip, cells.columns[i])) for role, i in columns.items()}
    distinct = {role: set(found) for role, found in names.items()}
    for role, found in distinct.items():
        _refuse_missing(cells, role, names[role], found)
    dotted = [name for found in distinct.values() for name in found if "." in name]
    if not dotted or any(map(DECIMAL.fullmatch, dotted)):
        return names["source"], names["target"]
    for role, found in distinct.items():
        example = next((name for name in names[role] if "." in name), None)
        if example is None or not all(map(WHOLE.fullmatch, found)):
            continue
        warnings.warn(
            f"{cells.path}: the {role}s are whole numbers written as decimals; "
            f"read {quoted(example)} as {quoted(example.split('.')[0])}",
            stacklevel=2,
        )
        names[role] = [name.split(".")[0] for name in names[role]]
    return names["source"], names["target"]


def _refuse_missing(cells: Cells, role: str, names: list[str], distinct: set[str]) -> None:
    missing = MISSING & distinct
    if not missing and MISSING_BESIDE_NUMBERS & distinct:
        # NA is a country too; beside numbers it is a gap.
        others = distinct - MISSING_BESIDE_NUMBERS
        missing = MISSING_BESIDE_NUMBERS & distinct if all(map(is_number, others)) else set()
    if missing:
        row = next(row for row, name in enumerate(names) if name in missing)
        raise cells.wrong(
            row,
            found=f"no {role} ({quoted(names[row])})" if names[row] else f"an empty {role}",
            expected="the name of a node",
            then="fill it in or remove the line",
        )
    rounded = next((name for name in distinct if ROUNDED.fullmatch(name)), None)
    if rounded is not None and all(map(is_number, distinct)):
        raise cells.wrong(
            names.index(rounded),
            found=f"the {role} {quoted(rounded)}, a rounded number",
            expected="a name with all its digits",
            then="write the column as text, not as numbers",
        )
