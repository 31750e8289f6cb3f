"""Results in the form that JSON can hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from forcelaw.documents import ParsedObject

RESULTS_SCHEMA = 1
"""Of the keys of results: it grows when a key that was there changes its meaning or goes."""


@dataclass(frozen=True)
class Record:
    """What frozen classes of results share: their fields are the keys of a JSON object."""

    def to_json(self) -> ParsedObject:
        """The fields by their names, in JSON's own types; see `plain`."""
        return {field.name: plain(getattr(self, field.name)) for field in fields(self)}


def plain(value: Any) -> Any:
    """The value in JSON's own types: arrays as lists, numbers that are not finite as null.

    What has a method `to_json` is what that returns.

    **Raises** `TypeError` for what JSON has no form for.
    """
    if hasattr(value, "to_json"):
        return plain(value.to_json())
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a JSON document")
