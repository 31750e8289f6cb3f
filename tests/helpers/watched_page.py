"""A file in a browser, of which all is noted that it says and asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import pytest

BROWSER = which("chromium") or which("google-chrome")


class Watched(NamedTuple):
    """A page, and what it did."""

    page: Any
    expect: Any
    said: list[str]
    """To the console, errors among it."""
    asked: list[str]
    """Addresses."""


@contextmanager
def watched_page(file: Path, **window: Any) -> Iterator[Watched]:
    """Opens the file; `window` are settings of Playwright's pages."""
    browser = pytest.importorskip("playwright.sync_api")
    said, asked = [], []
    with browser.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = chromium.new_page(**window)
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        yield Watched(page, browser.expect, said, asked)
        chromium.close()
