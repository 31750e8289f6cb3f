"""Wrong usage in one line, like every other wrong input."""

from __future__ import annotations

import re
from typing import cast

import typer

from forcelaw.errors import suggest

# The base of all errors of usage; typer does not export it.
UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])

_CHOICE = re.compile(r"Invalid value for '(?P<place>.+?)'.*?'(?P<found>.*?)' is not one of (.*)")
_INVALID = re.compile(r"Invalid value for '(?P<place>.+?)'[^:]*: (?P<problem>.*)")
_MISSING_CHOICE = re.compile(r"(Missing .*?)\. Choose from: (.*)")


def usage_message(error: typer.BadParameter) -> str:
    """What was found, what was expected, and where to read more."""
    text = " ".join(error.format_message().split()).rstrip(".")
    command = error.ctx.command_path if error.ctx is not None else "forcelaw"
    then = f"{command} --help shows how"
    if choice := _CHOICE.match(text):
        known = re.findall(r"'([^']*)'", choice[3])
        near = suggest(choice["found"], known)
        then = near if near.startswith("did you mean") else "choose one"
        return f"{choice['place']}: found {choice['found']!r}, expected {', '.join(known)}; {then}"
    if invalid := _INVALID.match(text):
        problem = invalid["problem"].removeprefix("Value error, ")
        problem = problem.replace("Input should be", "expected")
        problem = problem.replace("expected greater", "expected a number greater")
        return f"{invalid['place']}: {problem}; {then}"
    if missing := _MISSING_CHOICE.match(text):
        return f"{missing[1].lower()}, expected one of {missing[2]}; {then}"
    text = text[0].lower() + text[1:]
    return text if text.endswith("?") else f"{text}; {then}"
