"""Standard output and error: any encoding, and text from data that does nothing in a terminal."""

from __future__ import annotations

import codecs
import re
import sys
import unicodedata
from typing import Any

from rich.console import Console
from rich.text import Text

_NAME = "forcelaw.readable"
_ALIKE = {
    **{"→": "->", "←": "<-", "\N{MULTIPLICATION SIGN}": "x", "·": "*", "±": "+-", "—": "-"},
    **{"≥": ">=", "≤": "<=", "≈": "~", "√": "sqrt", "∞": "inf", "…": "...", "•": "*"},
    **{"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-"},
}

_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)
"""What makes a terminal do something, or text look like other text; but line feed and tab."""


def prepare_streams() -> None:
    """Makes the process's streams replace characters that their encoding does not have.

    An arrow becomes `->`, a superscript two `2`; file names that are not text keep their bytes.
    """
    codecs.register_error(_NAME, _readable)
    for stream in (sys.stdout, sys.stderr):
        # A stream put in by a caller may know nothing of encodings.
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_NAME)


def visible(text: str, form: str = "") -> str:
    """The text with control characters written out, as Python does or in a form such as JSON's.

    Names in a file could otherwise colour, hide or rewrite what a terminal shows.
    """

    def written(found: re.Match[str]) -> str:
        return form.format(ord(found[0])) if form else ascii(found[0])[1:-1]

    return _CONTROLS.sub(written, text)


def can_say(text: str) -> bool:
    """Whether standard output has every character of a text."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _readable(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        # How Python holds a byte of a file name that is no text.
        return bytes([number - 0xDC00]), error.start + 1
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return _ALIKE.get(character) or plain or "?", error.start + 1


class PlainConsole(Console):
    """A console on which text stands as it is: neither markup nor control characters act."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, highlight=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """The text as it is shown, see `rich.console.Console.render_str`."""
        return super().render_str(visible(text), **options)
