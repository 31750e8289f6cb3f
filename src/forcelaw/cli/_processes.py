"""A command that several processes carry out together."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from forcelaw.cli._session import Session
from forcelaw.errors import InputError


@contextmanager
def together(
    session: Session, coordinator: str | None, processes: int | None, process: int | None
) -> Iterator[Session]:
    """The session of one of `processes` processes; all but the first are silent.

    Without any of the three options, the session as it is.

    Raises:
        InputError: some of the options without the others, or wrong ones.
        ProcessError: another process has ended.
    """
    given = {"--coordinator": coordinator, "--processes": processes, "--process": process}
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        yield session
        return
    if coordinator is None or processes is None or process is None:
        raise InputError(
            f"{next(name for name in given if name not in missing)}: found without "
            f"{' and '.join(missing)}, expected all of {', '.join(given)}; add what is missing"
        )
    from forcelaw.training import joined

    with joined(coordinator, processes, process):
        if process > 0:
            warnings.simplefilter("ignore")
            session = dataclasses.replace(session, quiet=True)
        yield session
