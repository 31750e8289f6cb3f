"""Work that is done once: what a run has finished is read back, what it has not goes on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from forcelaw.documents import ParsedObject
from forcelaw.storage.run import Run, open_run


def ignore(run: Run) -> None:
    """Does nothing with a run."""


def carry_out(
    folder: str | os.PathLike[str],
    config: Mapping[str, Any],
    work: Callable[[Run], ParsedObject],
    *,
    check: Callable[[Run], ParsedObject | None],
    force: bool = False,
    opened: Callable[[Run], None] = ignore,
) -> ParsedObject:
    """The results of the run in a folder: those that are there, or those of `work`.

    **Arguments:**

    - `folder`: of the run.
    - `config`: its fully resolved configuration, see `open_run`.
    - `work`: does the rest and returns the results.
    - `check`: returns the results of a run that is finished, None of another.
    - `force`: starts anew.
    - `opened`: is called once the run is open, before any work.

    **Raises** `InputError`: see `open_run`.
    """
    with open_run(folder, config, force=force) as run:
        opened(run)
        return finished(run, work, check=check)


def finished(
    run: Run,
    work: Callable[[Run], ParsedObject],
    *,
    check: Callable[[Run], ParsedObject | None],
) -> ParsedObject:
    """The results of a run that is open: those that are there, or those of `work`."""
    document = check(run)
    if document is None:
        document = work(run)
        run.finish(document)
    return document
