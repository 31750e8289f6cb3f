"""The roles of columns by the header of an edge list, and which could be meant."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence

import numpy as np

from forcelaw.errors import InputError
from forcelaw.files import BadCellError, is_number, listed, parse_numbers, quoted
from forcelaw.signed.columns.cells import Cells, Roles

WORDS = {
    "source": "source src from fromnode fromnodeid fromid fromuser sourceid sourcenode node1 nodea "
    "node1id u uid user userid userfrom user1 id1 v1 i rater truster trustor sender voter person1",
    "target": "target tgt dst dest to tonode tonodeid toid touser targetid targetnode node2 nodeb "
    "node2id v vid item itemid userto user2 id2 v2 j ratee rated trustee receiver candidate "
    "person2",
    "rating": "sign rating weight value vote label edgesign signs edgeweight w score relation "
    "relationship polarity sentiment trust opinion attitude",
    "time": "time timestamp date datetime unixtime epoch",
}
ROLE_OF_WORD = {word: role for role, words in WORDS.items() for word in words.split()}
INDEX_WORDS = frozenset(["", "index", "unnamed0", "row", "rownames", "id", "edgeid", "edge", "nr"])
SIGN_WORDS = frozenset(["sign", "signs", "edgesign"])
NEEDED = ("source", "target", "rating")
ROLE_NAMES = {"source": "source", "target": "target", "rating": "sign or rating", "time": "time"}


def role_of(cell: str) -> str | None:
    """The role of a column by its name: `Source`, `from_node` and `FromNode` read the same."""
    return ROLE_OF_WORD.get(_bare(cell))


def _bare(cell: str) -> str:
    return re.sub(r"[\W_]+", "", cell.casefold())


def roles_of_header(cells: Cells, header: Sequence[str]) -> Roles:
    """Which column plays which role.

    Words that are known decide (see `WORDS`); an index column, as data frames write, plays none.
    Columns of unknown names take the roles that are left, in the order source, target, rating,
    where there are as many of them as roles; a warning names them. Of a sign and a rating the
    rating is read if it has that sign in every row; else the sign decides, with a warning.

    **Raises** `InputError`: two columns could play one role, or no header tells which is which. The
    message lists what was understood.
    """
    known = {role: _candidates(cells, header, role) for role in WORDS}
    understood = {role: found[0] for role, found in known.items() if len(found) == 1}
    listed_so_far = _say(header, understood)
    for role, found in known.items():
        if len(found) < 2:
            continue
        signs = [i for i in found if _bare(header[i]) in SIGN_WORDS]
        if role == "rating" and len(signs) == 1:
            others = [header[i] for i in found if i != signs[0]]
            if len(found) == 2 and _same_signs(cells, *found):
                # Both agree, as in forcelaw's own files; the rating holds the size too.
                understood[role] = next(i for i in found if i != signs[0])
                continue
            warnings.warn(
                f"{cells.place(None)}: the column {quoted(header[signs[0]])} gives the signs; "
                f"{listed(others)} {'are' if len(others) > 1 else 'is'} left aside",
                stacklevel=2,
            )
            understood[role] = signs[0]
            continue
        raise _wrong(
            cells,
            found=f"{'two' if len(found) == 2 else len(found)} columns for the {ROLE_NAMES[role]}, "
            f"{listed([header[i] for i in found])}{listed_so_far}",
            expected="one",
            then="remove or rename the others",
        )
    spare = [i for i in range(len(header)) if i not in understood.values()]
    spare = [i for i in spare if not _is_index(cells, header, i) and not _is_empty(cells, i)]
    missing = [role for role in NEEDED if role not in understood]
    if not missing:
        return Roles(**understood)
    if missing == ["rating"] and not spare:
        raise _wrong(
            cells,
            found=f"the columns {listed(header)}",
            expected="a column sign or rating too",
            then="add the sign of each edge, or name the column that holds it",
        )
    if not understood and len(spare) == 4:
        missing.append("time")
    if len(spare) != len(missing):
        raise _wrong(
            cells,
            found=f"the columns {listed(header)}{listed_so_far}",
            expected=f"a column for {' and '.join(ROLE_NAMES[role] for role in missing)} too",
            then="name the columns source, target, sign and maybe time in the header",
        )
    understood |= dict(zip(missing, spare, strict=True))
    warnings.warn(f"{cells.place(None)}: read as a header{_say(header, understood)}", stacklevel=2)
    return Roles(**understood)


def _wrong(cells: Cells, *, found: str, expected: str, then: str) -> InputError:
    return cells.wrong(None, found=found, expected=expected, then=then)


def _say(header: Sequence[str], understood: dict[str, int]) -> str:
    """What was understood, in brackets."""
    if not understood:
        return ""
    names = (f"{ROLE_NAMES[role]} = {quoted(header[i])}" for role, i in understood.items())
    return f" ({', '.join(names)})"


def _candidates(cells: Cells, header: Sequence[str], role: str) -> list[int]:
    """The columns whose name is a word for the role; of several only those that could play it."""
    named = [i for i, cell in enumerate(header) if role_of(cell) == role]
    if len(named) < 2:
        return named
    named = [i for i in named if not _is_empty(cells, i)] or named[:1]
    if role == "rating" and len(named) > 1:
        return [i for i in named if could_rate(cells.columns[i][0])] or named[:1]
    return named


def could_rate(cell: str) -> bool:
    """Whether a cell reads as a sign or rating: a number, plus or minus, true or false."""
    cell = cell.strip().replace(",", ".")
    return is_number(cell) or cell.lower() in ("+", "-", "true", "false")


def _same_signs(cells: Cells, one: int, other: int) -> bool:
    try:
        first, second = (
            np.sign(parse_numbers(cells.columns[i], comma=cells.decimal_comma))
            for i in (one, other)
        )
    except BadCellError:
        return False
    return bool((first == second).all())


def _is_empty(cells: Cells, column: int) -> bool:
    return not any(cell.strip() for cell in cells.columns[column])


def _is_index(cells: Cells, header: Sequence[str], column: int) -> bool:
    """Whether a column only counts the rows: by its name, and from 0 or 1 on."""
    return _bare(header[column]) in INDEX_WORDS and counts_rows(cells.columns[column])


def counts_rows(column: Sequence[str]) -> bool:
    """Whether the cells are 0, 1, 2, ... or 1, 2, 3, ..."""
    first = column[0].strip()
    if first not in ("0", "1"):
        return False
    start = int(first)
    return all(cell.strip() == str(start + row) for row, cell in enumerate(column))
