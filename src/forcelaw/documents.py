"""JSON and YAML from files: plain data or an `InputError`, whatever stands in them.

Both readers bound size and depth, take finite numbers only, and refuse a name given twice. YAML
has neither tags nor aliases here, so that nothing is made but text, numbers, lists and mappings,
and a short file stays short. Nothing is ever executed.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

import yaml

from forcelaw.errors import InputError, UnreadableFile

if TYPE_CHECKING:
    JsonValue: TypeAlias = (
        bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None
    )
else:  # who checks types at run time cannot follow an alias into itself
    JsonValue = Any
JsonObject: TypeAlias = Mapping[str, JsonValue]
"""A JSON object that is made here: texts, numbers, booleans, None, lists and more objects."""
ParsedObject: TypeAlias = Mapping[str, Any]
"""A JSON object to be read, from a file, a user or a result: its values may be of any JSON type."""

JSON_BYTES = 256 * 2**20
"""The longest JSON text that is read; results of a network of a million nodes have 40 MB."""
YAML_BYTES = 256 * 2**10
"""The longest YAML text that is read; settings have a few kilobytes."""
DEPTH = 64
"""How deeply lists and mappings may be nested."""
_INTEGERS = 2**64
# PyYAML without libyaml has the same in Python, ten times slower.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PIECE = 2**20
_AGAIN = "restore the file or write it again"
_NOT_SHAPED = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)


def read_json(path: str | os.PathLike[str], *, then: str = _AGAIN) -> Any:
    """What a UTF-8 file of JSON holds; `then` is what an error advises.

    **Raises** `InputError` naming the file and what is wrong with it; `OSError` if there is none.
    """
    return parse_json(read_text(path, JSON_BYTES, "JSON"), path, then=then)


def read_json_lines(path: str | os.PathLike[str]) -> list[ParsedObject]:
    """The objects of a UTF-8 file that holds one a line; a last line without an end is left out.

    **Raises** `InputError` naming file and line; `OSError` if there is no file.
    """
    whole = read_text(path, JSON_BYTES, "JSON").split("\n")[:-1]
    found = []
    for number, line in enumerate(whole, start=1):
        if not line.strip():
            continue
        place = f"{os.fspath(path)}:{number}"
        entry = parse_json(line, place)
        if not isinstance(entry, dict):
            raise UnreadableFile(
                f"{place}: found {_kind(entry)}, expected a JSON object; remove that line"
            )
        found.append(entry)
    return found


def parse_json(
    text: str, place: str | os.PathLike[str], *, finite: bool = True, then: str = _AGAIN
) -> Any:
    """What a text of JSON says; `place` is what an error calls it, `then` what it advises.

    **Arguments:** `finite` False takes `NaN` and `Infinity`, too, as histories of a training have.

    **Raises** `InputError` for text that is no JSON, is nested deeper than `DEPTH`, names a key
    twice or holds a number that is not finite or an integer of more than 64 bits.
    """
    if len(text) > JSON_BYTES:
        raise _too_long(place, "JSON", JSON_BYTES)
    try:
        value = json.loads(
            text,
            parse_float=_real if finite else float,
            parse_int=_integer,
            parse_constant=_real if finite else float,
            object_pairs_hook=_object,
        )
        if "\\u" in text:  # half of a surrogate pair is no text: nothing could write it again
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise _too_deep(place, "JSON") from None
    except ValueError as error:
        raise UnreadableFile(
            f"{os.fspath(place)}: is not readable JSON ({error}); {then}"
        ) from None
    if _depth(value) > DEPTH:
        raise _too_deep(place, "JSON")
    return value


def read_yaml(path: str | os.PathLike[str]) -> Any:
    """What a UTF-8 file of YAML holds.

    **Raises** `InputError` naming file and line; `OSError` if there is none.
    """
    return parse_yaml(read_text(path, YAML_BYTES, "YAML"), path)


def parse_yaml(text: str, place: str | os.PathLike[str]) -> Any:
    """What a text of YAML says, without tags and aliases; dates stay text.

    **Raises** `InputError` naming the line for text that is no YAML, is longer than `YAML_BYTES`,
    nested deeper than `DEPTH`, has tags, anchors or aliases, names a key twice, or holds a number
    that is not finite or an integer of more than 64 bits.
    """
    if len(text) > YAML_BYTES:
        raise _too_long(place, "YAML", YAML_BYTES)
    try:
        _check_events(text, place)
        loader = _Loader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except RecursionError:
        raise _too_deep(place, "YAML") from None
    except InputError:
        raise
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None)
        raise _wrong_yaml(place, mark, problem or "a syntax error") from None
    except ValueError as error:
        raise _wrong_yaml(place, None, str(error)) from None


@contextmanager
def described(place: str | os.PathLike[str], what: str, then: str) -> Iterator[None]:
    """For the use of a document: what it lacks or holds in another shape is wrong input.

    **Raises** `InputError` in place of the error of a missing key or a value of the wrong kind.
    """
    try:
        yield
    except InputError:
        raise
    except _NOT_SHAPED as error:
        found = f"{type(error).__name__}: {error}"[:300]
        raise UnreadableFile(
            f"{os.fspath(place)}: does not describe {what} ({' '.join(found.split())}); {then}"
        ) from error


def read_text(path: str | os.PathLike[str], most: int = YAML_BYTES, kind: str = "text") -> str:
    """The text of a UTF-8 file of at most so many bytes; `kind` is what errors call it.

    **Raises** `InputError` for a longer one or other bytes; `OSError` if there is no file.
    """
    data = bytearray()
    with Path(path).open("rb") as file:
        # By and by: a pipe has no size, and a size may be a lie.
        while piece := file.read(_PIECE):
            data += piece
            if len(data) > most:
                raise _too_long(path, kind, most)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableFile(
            f"{path}: is not readable {kind}: found the byte 0x{data[error.start]:02x} in line "
            f"{data.count(10, 0, error.start) + 1}, expected UTF-8 text; restore the file"
        ) from None


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"the number {text[:40]} is not finite")
    return value


def _integer(text: str) -> int:
    # By its length first: Python takes time that grows with the square of it.
    value = int(text) if len(text) < 30 else _INTEGERS
    if abs(value) >= _INTEGERS:
        raise ValueError(f"the integer {text[:40]} has more than 64 bits")
    return value


def _object(pairs: list[tuple[str, Any]]) -> ParsedObject:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:40]!r} stands there twice")
    return made


def _depth(value: Any) -> int:
    """How deeply lists and mappings are nested; at most one more than `DEPTH` is looked at."""
    depth, level = 0, [value]
    while level and depth <= DEPTH:
        inner: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                inner.extend(part.values())
            elif isinstance(part, list):
                inner.extend(part)
        level = [part for part in inner if isinstance(part, dict | list)]
        depth += bool(inner)
    return depth


class _Loader(_Base):
    """Text, numbers, yes and no, nothing, lists and mappings: no dates, no sets, no bytes."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, rule) for tag, rule in rules if not tag.endswith(":timestamp")]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_yaml_float(self, node: Any) -> float:
        """A finite number."""
        return _real(repr(yaml.constructor.SafeConstructor.construct_yaml_float(self, node)))

    def construct_yaml_int(self, node: Any) -> int:
        """An integer of at most 64 bits."""
        text = self.construct_scalar(node)
        if len(text) > 80:
            _integer(text)
        return _integer(str(yaml.constructor.SafeConstructor.construct_yaml_int(self, node)))

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping whose keys are text or numbers and differ."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            twice = next(key for key in keys if keys.count(key) > 1)
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {twice[:40]!r} twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_yaml_float)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def _check_events(text: str, place: str | os.PathLike[str]) -> None:
    """Refuses before anything is built what could grow: aliases, tags, depth."""
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _wrong_yaml(place, event.start_mark, "an anchor or alias (& or *)")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _wrong_yaml(place, event.start_mark, f"the tag {tag[:60]}")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH:
                raise _too_deep(place, "YAML")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _wrong_yaml(place: str | os.PathLike[str], mark: Any, problem: str) -> InputError:
    line = "" if mark is None else f":{mark.line + 1}"
    return UnreadableFile(
        f"{os.fspath(place)}{line}: is not plain YAML ({' '.join(problem.split())[:200]}); write "
        "keys and values, text in quotes where it has signs of its own"
    )


def _too_long(place: str | os.PathLike[str], kind: str, most: int) -> InputError:
    return UnreadableFile(
        f"{os.fspath(place)}: found more than {most:,} bytes, expected less of {kind}; check what "
        "the file is"
    )


def _too_deep(place: str | os.PathLike[str], kind: str) -> InputError:
    return UnreadableFile(
        f"{os.fspath(place)}: found {kind} nested deeper than {DEPTH} levels, expected plain keys "
        "and values; check what the file is"
    )


def _kind(value: Any) -> str:
    names = {list: "a list", str: "text", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
