"""Names of nodes in images, in fonts that have their letters; needs matplotlib."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forcelaw.files import many

_NO_LETTERS = ("Last Resort", "LastResort", "STIXNonUnicode")
"""Fonts that come with matplotlib and show boxes, or signs of their own in the place of letters."""


@dataclass(frozen=True)
class ReadableNames:
    """Which fonts write some names, and which of their letters none of them has.

    **Attributes:** `fonts` families, in the order in which they are asked for a letter; `missing`
    letters that no installed font has; `unwritten` names that have such.
    """

    fonts: tuple[str, ...]
    missing: frozenset[str]
    unwritten: int

    @classmethod
    def of(cls, names: Iterable[str]) -> ReadableNames:
        """The default font, and as few others as have the letters that it lacks."""
        from matplotlib import font_manager

        names = set(names)
        default = font_manager.FontProperties()
        path = font_manager.findfont(default)
        missing = {letter for name in names for letter in name} - _letters(path)
        fonts = list(default.get_family())
        for entry in font_manager.fontManager.ttflist if missing else ():
            found = missing & _letters(entry.fname)
            if found and not entry.name.startswith(_NO_LETTERS):
                fonts.append(entry.name)
                missing -= found
            if not missing:
                break
        unwritten = sum(not missing.isdisjoint(name) for name in names)
        return cls(tuple(fonts), frozenset(missing), unwritten)

    def text(self, name: str) -> str:
        """The name; a letter that no font has as its number in Unicode."""
        return "".join(
            f"\\u{ord(letter):04x}" if letter in self.missing else letter for letter in name
        )

    @property
    def note(self) -> str:
        """What is not readable, and what helps; empty if all is."""
        if not self.missing:
            return ""
        return (
            f"no installed font has all letters of {many(self.unwritten, 'name')}: they are "
            "written by their numbers, such as "
            f"{self.text(min(self.missing))}; install a font that has them, such as Noto Sans CJK"
        )


@lru_cache(maxsize=256)
def _letters(path: Any) -> frozenset[str]:
    """All that a font file has glyphs for; none if it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        return frozenset(map(chr, FT2Font(str(path)).get_charmap()))
    except (OSError, RuntimeError):
        return frozenset()
