"""Names as a spreadsheet may have them: as text, never as a formula."""

from __future__ import annotations

import math

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
"""What Excel, LibreOffice and Google Sheets take for the start of a formula, or skip before one."""


def spreadsheet_text(name: str) -> str:
    """The name, with an apostrophe before it where a spreadsheet would take it for a formula.

    After OWASP's advice on CSV injection; numbers such as -3 stay what they are. A name so written
    is another name: this is for files that are looked at, not for those that are read again.
    """
    if not name.lstrip(" ").startswith(STARTS) or _is_plain_number(name):
        return name
    return f"'{name}"


def _is_plain_number(name: str) -> bool:
    try:
        return name.isascii() and "_" not in name and math.isfinite(float(name.strip(" ")))
    except ValueError:
        return False
