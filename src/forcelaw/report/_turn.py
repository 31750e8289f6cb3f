"""A network in space as one page that turns it, without loading anything."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Any


def turning_page(curve: Mapping[str, Any], title: str) -> str:
    """The text of an HTML file.

    **Arguments:** `curve` as `embedding_curve` makes it, of positions `[node, 3]`.
    """
    files = resources.files("forcelaw.report")
    # In JSON a slash may be written so; no name can then close the element that holds it.
    text = json.dumps(curve).replace("</", "<\\/")
    page = files.joinpath("turn.html").read_text("utf-8")
    parts = {
        "STYLE": files.joinpath("style.css").read_text("utf-8"),
        "TITLE": html.escape(title),
        "NETWORK": text,
    }
    # All at once: a title may read like a placeholder.
    return re.sub("|".join(parts), lambda found: parts[found[0]], page)
