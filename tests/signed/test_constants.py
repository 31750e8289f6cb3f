"""Every constant of the room is explained where it stands, every setting by its docstring."""

import ast
from pathlib import Path

import pytest

from forcelaw import signed
from forcelaw.storage.settings import Settings

ROOM = Path(signed.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))


def numeric(node):
    """Whether the value holds a number that somebody chose."""
    return any(
        isinstance(inner, ast.Constant)
        and isinstance(inner.value, int | float)
        and not isinstance(inner.value, bool)
        for inner in ast.walk(node)
    )


def undocumented(body):
    """The names that are assigned a number without a docstring below."""
    for node, after in zip(body, [*body[1:], None], strict=True):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        explained = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if numeric(node.value) and not explained:
            yield ast.unparse(targets[0])


@pytest.mark.parametrize("file", [pytest.param(f, id=str(f.relative_to(ROOM))) for f in FILES])
def test_constants_are_explained(file):
    assert not list(undocumented(ast.parse(file.read_text("utf-8")).body))


@pytest.mark.parametrize(
    "file", [pytest.param(f, id=f.parent.name) for f in FILES if f.name == "settings.py"][:-1]
)
def test_settings_are_explained(file):
    """Those of the rooms; what a run is asked for stands in the documentation."""
    classes = [n for n in ast.parse(file.read_text("utf-8")).body if isinstance(n, ast.ClassDef)]
    assert classes
    for found in classes:
        assert not list(undocumented(found.body)), found.name


def test_a_constant_without_a_word_is_found():
    text = 'FOLDS = 5\nRANKS = (1, 2)\n"""Of these."""\n'
    assert list(undocumented(ast.parse(text).body)) == ["FOLDS"]


def test_settings_of_rooms_do_not_change():
    from forcelaw.signed.decoder import DECODER_SETTINGS
    from forcelaw.signed.drawing.settings import LAYOUT_SETTINGS
    from forcelaw.signed.features import FEATURE_SETTINGS
    from forcelaw.signed.forces.settings import TRAINING_SETTINGS
    from forcelaw.signed.model.settings import FIT_SETTINGS

    every = (DECODER_SETTINGS, LAYOUT_SETTINGS, FEATURE_SETTINGS, TRAINING_SETTINGS, FIT_SETTINGS)
    for chosen in every:
        assert isinstance(chosen, Settings)
        name = next(iter(type(chosen).model_fields))
        with pytest.raises(ValueError, match="frozen"):
            setattr(chosen, name, 1)
