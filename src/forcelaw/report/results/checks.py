"""Checks what is read back of a run: nothing is used unchecked.

Keys that no schema names are kept and ignored, so that later versions may add some.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from forcelaw.documents import ParsedObject
from forcelaw.errors import InputError, UnreadableFile
from forcelaw.files import quoted
from forcelaw.report.results.particles_results import ParticlesResults
from forcelaw.report.results.schema_parts import Text
from forcelaw.report.results.signed_results import SignedResults
from forcelaw.storage import RESULTS_SCHEMA

_FIRST = 1
"""The schema of results that do not name theirs."""


class Metrics(BaseModel):
    """The lines of a training's metrics."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    line: list[dict[Text, bool | int | float | Text | None]]


KINDS: Mapping[str, type[ParticlesResults | SignedResults]] = {
    "particles": ParticlesResults,
    "signed": SignedResults,
}
Model = TypeVar("Model", bound=BaseModel)


def check_results(
    document: Any, place: str | os.PathLike[str], *, needed: Sequence[str] = ()
) -> ParsedObject:
    """The document itself, whose keys and types were checked.

    **Arguments:** `needed` keys that must be there, beside `kind`.

    **Raises** `InputError` naming the file and the key that is missing or holds something else.
    """
    parse_results(document, place)
    for key in needed:
        if document.get(key) is None:
            raise _wrong(place, key, "nothing", "a value")
    return document


def parse_results(document: Any, place: str | os.PathLike[str]) -> ParticlesResults | SignedResults:
    """What a document holds, by type; what it does not hold has its default.

    **Raises** `InputError` naming the file and the key that is missing or holds something else.
    """
    schema = document.get("schema", _FIRST) if isinstance(document, dict) else _FIRST
    if schema != RESULTS_SCHEMA or isinstance(schema, bool):
        raise UnreadableFile(
            f"{os.fspath(place)}: found {quoted(repr(schema))} for schema, expected "
            f"{RESULTS_SCHEMA}: another version of forcelaw wrote it; use that version"
        )
    kind = document.get("kind") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        shown = quoted(kind) if isinstance(kind, str) else quoted(repr(kind))
        raise _wrong(place, "kind", shown, f"one of {', '.join(KINDS)}")
    return _checked(KINDS[kind], document, place)


def check_metrics(lines: Sequence[ParsedObject], place: str | os.PathLike[str]) -> None:
    """**Raises** `InputError` naming the entry of a metric that is neither number nor text."""
    _checked(Metrics, {"line": lines}, place)


def _checked(model: type[Model], value: Any, place: str | os.PathLike[str]) -> Model:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        # The names of the kinds that were tried stand behind the key.
        key = ".".join(quoted(str(part)).strip("'") for part in first["loc"][:6])
        message = first["msg"].removeprefix("Value error, ").replace("Input should be ", "")
        found = "nothing" if first["type"] == "missing" else quoted(repr(first["input"]))
        raise _wrong(place, key, found, message) from None


def _wrong(place: str | os.PathLike[str], key: str, found: str, expected: str) -> InputError:
    message = (
        f"{os.fspath(place)}: found {found} for {key}, expected {expected}; restore the file, or "
        "run its command again with --force"
    )
    return UnreadableFile(" ".join(message.split()))
