"""Docstrings of everything public: a sentence first, shapes of arrays, and the errors raised."""

import ast
import importlib
import inspect
import textwrap

import pytest

import forcelaw.errors
from forcelaw.errors import InputError

FACES = ("forcelaw", "forcelaw.particles", "forcelaw.signed")
MESSAGES = {"wrong_input": "InputError", "unreadable": "UnreadableFile"}
KINDS = {
    name
    for name, value in vars(forcelaw.errors).items()
    if inspect.isclass(value) and issubclass(value, InputError)
}


def functions(value):
    """The function itself, or the public methods of a class."""
    if inspect.isfunction(value):
        yield value.__name__, value
    if inspect.isclass(value):
        for name, member in vars(value).items():
            inner = member.fget if isinstance(member, property) else member
            inner = getattr(inner, "__func__", inner)
            if not name.startswith("_") and inspect.isfunction(inner):
                yield f"{value.__name__}.{name}", inner


def public():
    for face in FACES:
        module = importlib.import_module(face)
        for name in module.__all__:
            value = getattr(module, name)
            if inspect.isfunction(value) or inspect.isclass(value):
                yield pytest.param(value, id=f"{face}.{name}")


def raised(function):
    """Names of the kinds of wrong input that the function's own text raises."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(inspect.unwrap(function))))
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            call = node.exc
            name = ast.unparse(call.func)
            given = [ast.unparse(word.value) for word in call.keywords if word.arg == "error"]
            name = given[0] if given else MESSAGES.get(name, name)
            if name in KINDS:
                yield name


def first_line(value):
    return (inspect.getdoc(value) or "(none)").splitlines()[0]


@pytest.mark.parametrize("value", list(public()))
def test_the_first_line_is_a_sentence(value):
    assert first_line(value).endswith("."), first_line(value)
    if inspect.isclass(value):
        for name, _ in functions(value):
            line = first_line(getattr(value, name.split(".")[1]))
            assert line.endswith("."), f"{name}: {line}"


@pytest.mark.parametrize("value", list(public()))
def test_errors_stand_in_the_docstring(value):
    for name, function in functions(value):
        text = inspect.getdoc(function) or ""
        for kind in raised(function):
            assert "Raises" in text, f"{name} raises {kind}"
            assert kind in text, f"{name} raises {kind}, its docstring speaks of another error"
