"""HTML that is escaped unless it was built here."""

from __future__ import annotations

import html

_VOID = {"meta", "br", "hr", "link"}


class Html(str):
    """Text that is HTML already. Every other string is escaped when it is put into a tag."""

    __slots__ = ()


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """`<name attributes>children</name>`.

    Children are escaped unless they are `Html`; None is left out. In attribute names `_` stands
    for `-`, and one at the end is dropped (`class_`); an attribute that is None is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{html.escape(_text(value))}"'
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
    return child if isinstance(child, Html) else html.escape(_text(child))


def _text(value: object) -> str:
    # Two decimals are below a pixel; a float's seventeen digits would be most of the file.
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
