"""Settings from defaults, a file, options and assignments, checked and fully resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from forcelaw.documents import DEPTH, JsonValue, parse_yaml, read_yaml
from forcelaw.errors import InputError
from forcelaw.storage.settings import Model, kind, validated

_OF_RUN = ("command", "source", "also", "content_hash")
"""What the settings of a run say beside what can be set."""


class Given:
    """What the user asked for: a file, then options (None: not given), then assignments.

    **Arguments:**

    - `file`: YAML with the structure of the settings; any part of it may be left out. Of the
      `config.yaml` of a run its settings are taken, not which source it read.
    - `application`: whose settings these are, `particles` or `signed`.
    - `options`: values by dotted path, `{"training.epochs": 30}`.
    - `assignments`: texts `key.path=value`, the value in YAML.

    **Raises** `InputError`: a file that is not YAML or that a run of the other application wrote,
    an assignment that is none.
    """

    def __init__(
        self,
        *,
        file: Path | None = None,
        application: str = "",
        options: Mapping[str, Any] | None = None,
        assignments: Sequence[str] | None = None,
    ) -> None:
        self._file = file
        self._places: dict[str, str] = {}
        self._values: dict[str, JsonValue] = {} if file is None else _read(file, application)
        for path, value in (options or {}).items():
            if value is not None:
                _put(self._values, path, value)
                self._places[path] = f"--{path.rsplit('.', 1)[-1].replace('_', '-')}"
        for text in assignments or ():
            path, value = _assignment(text)
            _put(self._values, path, value)
            self._places[path] = f"--set {text}"

    def get(self, name: str, default: Any) -> Any:
        """A top-level value that decides about the defaults of others."""
        return self._values.get(name, default)

    def resolve(
        self,
        model: type[Model],
        defaults: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any] | None = None,
    ) -> Model:
        """The settings: the model's defaults, then `defaults`, then what was given, then `facts`.

        **Arguments:** `facts`: what is so whatever was asked for, as which file was read.

        **Raises** `InputError`: an unknown name (with the nearest known one), a value of the wrong
        kind, or one that contradicts a fact.
        """
        facts = facts or {}
        for name, fact in facts.items():
            if self.get(name, fact) != fact:
                raise InputError(
                    f"{self.place(name)}: found {str(self._values[name])[:60]!r}, but it is "
                    f"{fact!r} here, which no setting changes; leave it out"
                )
        return validated(model, {**_merged(defaults or {}, self._values), **facts}, self.place)

    def part(self, model: type[Model]) -> Model:
        """As `resolve`, of the settings that the model knows alone."""
        known = {name: self._values[name] for name in model.model_fields if name in self._values}
        return validated(model, known, self.place)

    def place(self, path: str) -> str:
        """Where the user gave a value: the option, the assignment, or the file and its key."""
        return self._places.get(path) or (f"{self._file}: {path}" if self._file else path)


def _merged(below: Any, above: Any) -> Any:
    """What is above, over what is below; `{"0": ...}` changes the first entry of a list."""
    if isinstance(below, Mapping) and isinstance(above, dict):
        changed = {key: _merged(below.get(key), value) for key, value in above.items()}
        return {**below, **changed}
    if isinstance(below, list) and isinstance(above, dict):
        places = {str(index): index for index in range(len(below))}
        if above.keys() <= places.keys():
            changed = {places[key]: _merged(below[places[key]], above[key]) for key in above}
            return [changed.get(index, value) for index, value in enumerate(below)]
    return above


def _read(file: Path, application: str) -> dict[str, JsonValue]:
    try:
        values = read_yaml(file)
    except FileNotFoundError:
        raise InputError(f"{file}: found nothing, expected a YAML file with settings") from None
    except OSError as error:
        raise InputError(f"{file}: not readable ({error.strerror or error})") from None
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise InputError(f"{file}: found {kind(values)}, expected lines of `key: value`")
    return _of_run(file, values, application) if "command" in values else values


def _of_run(file: Path, values: dict[str, JsonValue], application: str) -> dict[str, JsonValue]:
    """The settings of a run, without what is so of that run alone; null: not set."""
    command = str(values["command"])
    if command.partition(" ")[0] != application:
        from forcelaw.files import quoted

        raise InputError(
            f"{file}: found the settings of {quoted(command)}, expected those of a command of "
            f"forcelaw {application}; give another file, or remove its line `command`"
        )
    return {k: v for k, v in values.items() if k not in _OF_RUN and v is not None}


def _assignment(text: str) -> tuple[str, Any]:
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise InputError(f"--set {text}: expected key.path=value, as in --set precision=64")
    return path.strip(), parse_yaml(value, f"--set {path.strip()}")


def _put(values: dict[str, JsonValue], path: str, value: Any) -> None:
    *groups, name = path.split(".")
    if len(groups) >= DEPTH:
        raise InputError(
            f"--set {path[:60]}...: found {len(groups)} groups, expected key.path=value"
        )
    for group in groups:
        inner = values.setdefault(group, {})
        if not isinstance(inner, dict):
            raise InputError(f"{path}: {group} holds {kind(inner)}, not further settings")
        values = inner
    values[name] = value
