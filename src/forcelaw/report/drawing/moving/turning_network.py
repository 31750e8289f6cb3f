"""A network in space as one page that turns it, without loading anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any

from forcelaw.report.html import POLICY, escape, script_json


def turning_page(curve: Mapping[str, Any], title: str) -> str:
    """The text of an HTML file.

    **Arguments:** `curve` as `embedding_curve` makes it, of positions `[node, 3]`.
    """
    files = resources.files("forcelaw.report")
    page = files.joinpath("drawing", "moving", "turn.html").read_text("utf-8")
    parts = {
        "STYLE": files.joinpath("style.css").read_text("utf-8"),
        "TITLE": escape(title),
        "NETWORK": script_json(curve),
        "POLICY": escape(f"{POLICY}; script-src '{_digest(page)}'"),
    }
    # All at once: a title may read like a placeholder.
    return re.sub("|".join(parts), lambda found: parts[found[0]], page)


def _digest(page: str) -> str:
    """The hash of the page's own script: a browser runs no other."""
    script = page.rpartition("<script>")[2].partition("</script>")[0]
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
