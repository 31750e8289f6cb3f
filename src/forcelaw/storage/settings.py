"""What the settings of runs have in common, and what is said about wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from forcelaw.errors import InvalidSetting, suggest, wrong_input

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Count = Annotated[int, Field(ge=1)]
NotNegative = Annotated[int, Field(ge=0)]
Positive = Annotated[float, Field(gt=0)]
Rate = Annotated[float, Field(ge=0)]

_EXACT = ConfigDict(strict=True, allow_inf_nan=False)


class Settings(BaseModel):
    """A group of settings: unknown names are errors, types are exact, values are finite."""

    model_config = ConfigDict({**_EXACT, "extra": "forbid", "frozen": True})


Model = TypeVar("Model", bound=BaseModel)


def validated(
    model: type[Model], values: Mapping[str, Any], place: Callable[[str], str] = str
) -> Model:
    """The settings with these values; `place` says where the value at a dotted path was given.

    **Raises** `InvalidSetting`: an unknown name (with the nearest known one) or a value of the
    wrong kind.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise InvalidSetting(f"{place(path)}: {_explain(model, first)}") from None


def check_arguments(model: type[BaseModel], **values: Any) -> None:
    """Checks arguments of a function by the settings of the same names: one bound for both.

    Numbers of NumPy and JAX count as Python's.

    **Raises** `InvalidSetting`: a value that the setting cannot have.
    """
    for name, value in values.items():
        number = value.item() if getattr(value, "shape", None) == () else value
        try:
            _check_of(model, name)(number)
        except ValidationError as error:
            raise wrong_input(
                name,
                found=repr(value)[:60],
                expected=expected(error.errors(include_url=False)[0]["msg"]).removeprefix(
                    "expected "
                ),
                then="change it",
                error=InvalidSetting,
            ) from None


@cache
def _check_of(model: type[BaseModel], name: str) -> Callable[[Any], Any]:
    """What checks one setting alone."""
    field = model.model_fields[name]
    bounded: Any = field.annotation
    if field.metadata:
        bounded = Annotated[bounded, *field.metadata]
    return TypeAdapter(bounded, config=_EXACT).validate_python


def kind(value: Any) -> str:
    """What a value of YAML is, in words."""
    names = {dict: "a group", list: "a list", str: "text", bool: "yes or no", type(None): "nothing"}
    return names.get(type(value), "a number")


def expected(message: str) -> str:
    """What Pydantic says of a wrong value, in our words."""
    message = (message[:1].lower() + message[1:]).removeprefix("value error, ")
    message = message.replace("input should be", "expected")
    message = message.replace("expected greater", "expected a number greater")
    return message.replace("expected less", "expected a number less")


def _explain(model: type[BaseModel], error: ErrorDetails) -> str:
    *groups, name = error["loc"]
    inner = _inner(model, groups)
    if error["type"] == "extra_forbidden":
        return f"there is no setting {name!r} here; {suggest(str(name), inner.model_fields)}"
    message, found = expected(error["msg"]), error["input"]
    if error["type"] == "literal_error" and isinstance(found, str) and isinstance(name, str):
        choices = _choices(inner.model_fields[name].annotation)
        message += f"; {suggest(found, choices)}" if choices else ""
    return f"found {found!r} ({kind(found)}), {message}"


def _inner(model: type[BaseModel], groups: Sequence[int | str]) -> type[BaseModel]:
    """The model of the group at a path."""
    for part in groups:
        annotation = model.model_fields[str(part)].annotation if isinstance(part, str) else None
        inner = [annotation, *get_args(annotation)]
        models = [a for a in inner if isinstance(a, type) and issubclass(a, BaseModel)]
        if not models:
            break
        model = cast("type[BaseModel]", models[0])
    return model


def _choices(annotation: Any) -> list[str]:
    """The texts that a field may hold."""
    if get_origin(annotation) is Literal:
        return [choice for choice in get_args(annotation) if isinstance(choice, str)]
    return [choice for part in get_args(annotation) for choice in _choices(part)]
