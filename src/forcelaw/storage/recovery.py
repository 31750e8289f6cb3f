"""What a crash may have damaged in the folder of a run: named and set aside, never deleted."""

from __future__ import annotations

import json
from pathlib import Path

from forcelaw.documents import ParsedObject, parse_json, read_json
from forcelaw.errors import UnreadableFile
from forcelaw.storage.atomic_files import atomic_write

_FINISH = "give the run's command again: it sets the file aside and finishes the run"


def read_object(text: str | bytes) -> ParsedObject | None:
    """The JSON object that a text is; None where it is none."""
    try:
        value = parse_json(text if isinstance(text, str) else text.decode(), "")
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def read_results(path: Path) -> ParsedObject | None:
    """The results of a run; None where there are none yet.

    **Raises** `InputError` where they are damaged.
    """
    try:
        found = read_json(path, then=_FINISH)
    except FileNotFoundError:
        return None
    if not isinstance(found, dict):
        raise UnreadableFile(
            f"{path}: found no JSON object, expected the results of a run; {_FINISH}"
        )
    return found


def whole_lines(path: Path) -> tuple[list[ParsedObject], list[int]]:
    """The lines of a file that are JSON objects, and the numbers, from 1, of those that are not.

    A last line without its end was cut off, even where its beginning is JSON.
    """
    if not path.is_file():
        return [], []
    *lines, rest = path.read_bytes().split(b"\n")
    # What does not even begin like an object is not parsed: there may be very many such lines.
    found = [read_object(line) if line.lstrip().startswith(b"{") else None for line in lines]
    damaged = [
        number
        for number, (line, value) in enumerate(zip(lines, found, strict=True), start=1)
        if line and value is None
    ]
    return [value for value in found if value is not None], damaged + [len(lines) + 1] * bool(rest)


def recover(results: Path, metrics: Path) -> tuple[str, ...]:
    """Sets damaged results and metrics aside, keeps what is whole, and says what was done."""
    said = []
    if results.is_file() and read_object(results.read_bytes()) is None:
        said.append(
            f"{results}: found no whole JSON object; set aside as {_set_aside(results).name}, "
            "the run goes on and writes it again"
        )
    whole, damaged = whole_lines(metrics)
    if damaged:
        # Late: whoever only opens a run does not wait for NumPy.
        from forcelaw.files import many

        aside = _set_aside(metrics)
        text = "".join(json.dumps(line) + "\n" for line in whole)
        atomic_write(metrics, text.encode())
        said.append(
            f"{metrics}:{damaged[0]}: found a line that is cut off or damaged; the file is set "
            f"aside as {aside.name}, {many(len(whole), 'whole line')} kept, the run goes on"
        )
    return tuple(said)


def _set_aside(path: Path) -> Path:
    """The file under a new name."""
    count = 1
    while (aside := path.with_name(f"{path.name}.damaged-{count}")).exists():
        count += 1
    return path.rename(aside)
