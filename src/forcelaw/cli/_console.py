"""A terminal for text from data: neither markup nor control characters in it do anything."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from forcelaw.cli._streams import visible


class PlainConsole(Console):
    """A console on which text stands as it is, in lines and in the cells of tables."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, highlight=False, emoji=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """The text as it is shown, see `rich.console.Console.render_str`."""
        return super().render_str(visible(text), **options)
