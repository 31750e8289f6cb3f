"""The scripts of pages: few, shipped with forcelaw, each allowed by its hash alone."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from forcelaw.report.html import Html, join, tag

_SCRIPTS = {
    "motion": 'class="motion"',
    "network": 'class="network"',
    "front": 'class="front"',
}
"""By name: the mark of what it moves in a page."""


def scripts_for(page: str) -> tuple[str, ...]:
    """The names of the scripts that the parts of a page need."""
    return tuple(name for name, mark in _SCRIPTS.items() if mark in page)


def script_tags(*names: str) -> Html | None:
    """The scripts, each once however many it moves; None for none."""
    return join(*(tag("script", Html(_source(name))) for name in names)) if names else None


def script_policy(*names: str) -> str:
    """What a page with these scripts may run: them, by their hashes."""
    digests = [hashlib.sha256(_source(name).encode()).digest() for name in names]
    allowed = (f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return f"script-src {' '.join(allowed)}"


def _source(name: str) -> str:
    path = resources.files("forcelaw.report").joinpath("drawing", "moving", f"{name}.js")
    return path.read_text("utf-8")
