"""What all commands share: their common options, their errors and their exit codes."""

from __future__ import annotations

import functools
import inspect
import json
import sys
import traceback
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from forcelaw.cli.options import READING
from forcelaw.cli.session import Session
from forcelaw.cli.streams import visible
from forcelaw.errors import InputError
from forcelaw.interruption import INTERRUPTED
from forcelaw.signed.settings import ReadingSettings

_PANEL = "Common options"


def _common(
    name: str, kind: Any, default: Any, help: str, metavar: str | None = None
) -> inspect.Parameter:
    option = typer.Option(f"--{name}", help=help, metavar=metavar, rich_help_panel=_PANEL)
    return inspect.Parameter(
        f"{name}_" if name in ("set", "json") else name,
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, option],
    )


_OPTIONS = {
    "seed": _common("seed", int | None, None, "Seed of everything random; 0 if not given.", "N"),
    "precision": _common("precision", int | None, None, "Bits of every number.", "32|64"),
    "config": _common("config", Path | None, None, "YAML file with settings.", "FILE"),
    "set": _common("set", list[str] | None, None, "Set one setting; can be repeated.", "KEY=VALUE"),
    "force": _common("force", bool, False, "Overwrite what is there."),
    "json": _common("json", bool, False, "Print one JSON document and nothing else."),
    "quiet": _common("quiet", bool, False, "No progress, no log."),
    "debug": _common("debug", bool, False, "Show the traceback of an error."),
}
SETTINGS = ("seed", "precision", "config", "set")
_ALWAYS = ("json", "quiet", "debug")


def new_app(help: str) -> typer.Typer:
    """An empty group of commands in the manner of this program."""
    return typer.Typer(
        help=help,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )


def command(*options: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Turns `body(session, ...)` into a command with the named common options.

    `--json`, `--quiet` and `--debug` are always there. In the place of an argument of
    `ReadingSettings` stand the options that say how a file is to be read. The body returns normally
    (exit code 0) or raises: `InputError` exits with 2, an interruption with 130, anything else
    with 1.
    """
    names = [name for name in _OPTIONS if name in options or name in _ALWAYS]

    def decorate(body: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(body, eval_str=True)
        own, reading = _expanded(list(signature.parameters.values())[1:])
        common = [_OPTIONS[name] for name in names]

        @functools.wraps(body)
        def run(**arguments: Any) -> None:
            values = {p.name.rstrip("_"): arguments.pop(p.name) for p in common}
            session = Session(**values)
            with _exit_codes(session):
                session.check()
                if reading is not None:
                    options = {name: arguments.pop(name) for name in READING}
                    arguments[reading] = session.reading(**options)
                body(session, **arguments)

        own = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        run.__signature__ = inspect.Signature([*own, *common])  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in [*own, *common]}
        del run.__wrapped__  # type: ignore[attr-defined]
        return run

    return decorate


def _expanded(own: list[inspect.Parameter]) -> tuple[list[inspect.Parameter], str | None]:
    """The parameters with options in the place of the reading settings, and what these are called.

    None if there are no such.
    """
    found, called = [], None
    for parameter in own:
        if parameter.annotation is not ReadingSettings:
            found.append(parameter)
            continue
        called = parameter.name
        found += [
            parameter.replace(name=name, annotation=kind, default=default)
            for name, (kind, default) in READING.items()
        ]
    return found, called


@contextmanager
def _exit_codes(session: Session):
    said = set()

    def warn(message, category, *place, **unused):
        text = " ".join(str(message).split())
        if text not in said:
            said.add(text)
            session.note(f"warning: {text}")

    try:
        with warnings.catch_warnings():
            # What concerns the user is shown, what concerns programmers is not.
            warnings.simplefilter("default")
            for category in (DeprecationWarning, PendingDeprecationWarning, ResourceWarning):
                warnings.simplefilter("ignore", category)
            warnings.showwarning = warn
            yield
    except (typer.Exit, typer.Abort):
        raise
    except BrokenPipeError:
        # The reader (head, less) has seen enough; what Python flushes at exit must go nowhere.
        sys.stdout = Path("/dev/null").open("w")  # noqa: SIM115
        raise typer.Exit(0) from None
    except KeyboardInterrupt:
        _fail(session, 130, INTERRUPTED)
    except InputError as error:
        _fail(session, 2, str(error))
    except Exception as error:
        hint = "" if session.debug else " (--debug shows where)"
        _fail(session, 1, f"{type(error).__name__}: {' '.join(str(error).split())}{hint}")


def _fail(session: Session, code: int, message: str) -> None:
    if session.debug:
        sys.stderr.write(visible(traceback.format_exc()))
    write_error(message, code, as_json=session.json)
    raise typer.Exit(code) from None


def write_error(message: str, code: int, *, as_json: bool) -> None:
    """One line on stderr; with --json a JSON document."""
    document = {"error": message, "exit_code": code}
    text = json.dumps(document) if as_json else f"forcelaw: {visible(message)}"
    sys.stderr.write(text + "\n")
