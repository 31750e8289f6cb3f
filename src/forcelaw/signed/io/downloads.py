"""One file over https, of bounded size: what comes is judged by its checksum afterwards."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from forcelaw.errors import InputError, UnreadableFile

CONNECT_SECONDS, READ_SECONDS = 10, 20
"""For the connection, and between two pieces of a file; then it counts as a failure."""
MOST_BYTES = 128 * 2**20
"""Of a download; the largest known file has 12 MB."""


def download(url: str, place: Path, most: int = MOST_BYTES) -> None:
    """Writes what `url` holds to `place`.

    Only https is used, in every redirection, too; plain http is left to addresses of this
    machine.

    **Raises** `InputError` for another kind of address or more than `most` bytes, `OSError` where
    nothing can be had.
    """
    import pooch

    require_https(url)
    fetch: Any = pooch.HTTPDownloader(
        timeout=(CONNECT_SECONDS, READ_SECONDS), hooks={"response": _check_response}
    )
    with place.open("wb") as file:
        fetch(url, _Bounded(file, url, most), None)


def require_https(url: str) -> None:
    """**Raises** `InputError` for an address that is neither https nor on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_here(parts.hostname)):
        raise InputError(
            f"{url[:200]}: found an address that is not https, expected https: on the way anybody "
            "could change what comes; fetch the file yourself"
        )


def _is_here(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _check_response(response: Any, **_: Any) -> None:
    """Called by requests with every answer, before a redirection is followed."""
    if response.is_redirect:
        require_https(urljoin(response.url, response.headers["location"]))


class _Bounded:
    """A file that takes so many bytes and no more, whatever the server promised."""

    def __init__(self, file: Any, url: str, most: int) -> None:
        self._file, self._url, self._left, self._most = file, url, most, most

    def write(self, data: bytes) -> None:
        """Writes a piece. **Raises** `InputError` where the bound is passed."""
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableFile(
                f"{self._url}: found more than {self._most:,} bytes, expected a smaller file; "
                "look at it yourself"
            )
        self._file.write(data)

    def flush(self) -> None:
        """As of a file."""
        self._file.flush()
