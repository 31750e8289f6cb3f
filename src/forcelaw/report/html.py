"""HTML that is escaped unless it was built here."""

from __future__ import annotations

import html
import json
import re

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
"""What a page may do (Content Security Policy): nothing but show what is inside it."""
# What XML 1.0 has no place for, whatever its spelling; half of a surrogate pair is no character.
_NO_CHARACTERS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_SCRIPT = {sign: f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_VOID = {"meta", "br", "hr", "link", "input"}


class Html(str):
    """Text that is HTML already. Every other string is escaped when it is put into a tag."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """`<name attributes>children</name>`.

    Children are escaped unless they are `Html`; None is left out. In attribute names `_` stands
    for `-`, and one at the end is dropped (`class_`); an attribute that is None is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: object) -> Html:
    """The children one after the other, escaped unless they are `Html`."""
    return Html("".join(_child(child) for child in children if child is not None))


def _child(child: object) -> str:
    return child if isinstance(child, Html) else escape(_text(child))


def escape(text: str) -> str:
    """The text with every sign of HTML written out, and characters that XML lacks marked."""
    return html.escape(_NO_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text))


def script_json(value: object) -> str:
    """JSON that may stand inside a `script` element: no name in it can end or change that."""
    text = json.dumps(value, allow_nan=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: _IN_SCRIPT[found[0]], text)


def _text(value: object) -> str:
    # Two decimals are below a pixel; a float's seventeen digits would be most of the file.
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
