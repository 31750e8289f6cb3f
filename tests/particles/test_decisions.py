"""What decides stands in settings with its reason, and is passed down to where it decides."""

import ast
import dataclasses
import inspect
import sys
from pathlib import Path

import numpy as np
import pytest
from passed_settings import settings_seen

from forcelaw.distill import LibrarySearch
from forcelaw.errors import NotEnoughData
from forcelaw.laws import Formula
from forcelaw.particles import DiscoverySettings, Trajectories, discover, fit, simulate
from forcelaw.particles import discovery_settings as top
from forcelaw.particles.answer import choose_answer
from forcelaw.particles.candidates import fit_power_law
from forcelaw.particles.diagnosis import Verdict, judge_formula
from forcelaw.particles.discovery_settings import RunThresholds
from forcelaw.particles.equations import Design
from forcelaw.particles.kinematics import KinematicsSettings, estimate_missing
from forcelaw.particles.learning import LearningSettings
from forcelaw.particles.preparation import split_and_denoise
from forcelaw.particles.selection.pareto import choose_first_good
from forcelaw.training import Stage

ROOM = Path(top.__file__).parent
FILES = sorted(ROOM.rglob("*.py"))
QUICK = {
    "stages": (Stage(epochs=2, learning_rate=1e-2),),
    "batch": 32,
    "hidden": (8,),
    "searchers": (LibrarySearch(),),
}


def replaced(settings, path, value):
    """The settings with another value at a dotted path."""
    name, _, rest = path.partition(".")
    inner = replaced(getattr(settings, name), rest, value) if rest else value
    return dataclasses.replace(settings, **{name: inner})


def anew(settings):
    """The same settings, of other objects."""
    parts = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    inner = {name: anew(part) for name, part in parts.items() if dataclasses.is_dataclass(part)}
    return dataclasses.replace(settings, **inner)


def of_numbers(value):
    """Whether an expression is made of numbers alone."""
    inside = list(ast.walk(value))
    numbers = [one for one in inside if isinstance(one, ast.Constant)]
    kinds = {type(one.value) for one in numbers}
    return bool(numbers) and kinds <= {int, float}


def without_a_word(text):
    """Names of module-level numbers with no docstring below."""
    body = ast.parse(text).body
    for place, node in enumerate(body):
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        after = body[place + 1] if place + 1 < len(body) else None
        said = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if of_numbers(node.value) and not said:
            yield ast.unparse(node)


def test_numbers_without_a_word_are_found():
    text = (
        '"""A file."""\n_GOOD = 1.5\n"""Said."""\n_BAD, _WORSE = 2, 3\n_TEXT = "2"\n_ALL = (1, 2)\n'
    )
    assert list(without_a_word(text)) == ["_BAD, _WORSE = (2, 3)", "_ALL = (1, 2)"]


@pytest.mark.parametrize("file", [pytest.param(f, id=str(f.relative_to(ROOM))) for f in FILES])
def test_no_number_decides_without_a_word(file):
    assert not list(without_a_word(file.read_text("utf-8"))), "say why, or move it into settings.py"


def classes(settings=None):
    """The classes of all settings, each once."""
    settings = DiscoverySettings() if settings is None else settings
    found = {type(settings): None}
    for field in dataclasses.fields(settings):
        part = getattr(settings, field.name)
        if dataclasses.is_dataclass(part):
            found |= dict.fromkeys(classes(part))
    return list(found)


@pytest.mark.parametrize("kind", classes(RunThresholds()), ids=lambda kind: kind.__name__)
def test_every_field_has_a_reason_and_stays_as_it_is(kind):
    (tree,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(tree, ast.ClassDef) and ast.get_docstring(tree)
    fields, said = [], set()
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign):
            fields.append(ast.unparse(node.target))
            if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
                said.add(fields[-1])
    assert fields == [field.name for field in dataclasses.fields(kind)]
    assert set(fields) <= said, "fields without a docstring"
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(kind(), fields[0], None)
    assert hash(kind()) == hash(anew(kind())) and kind() == anew(kind())


def defaults():
    """The objects that decide where nothing is passed."""
    modules = {sys.modules[kind.__module__] for kind in classes(RunThresholds())}
    return {
        id(value): name
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and dataclasses.is_dataclass(value)
    }


@pytest.mark.usefixtures("optimised")
@pytest.mark.parametrize(
    "noise",
    [pytest.param(noise, marks=pytest.mark.slow) for noise in (0.0, 0.02)],
    ids=["exact", "noisy"],
)
def test_settings_are_passed_down_to_every_function(noise):
    data = simulate(
        "spring", bodies=2, trajectories=8, steps=30, dt=0.05, noise=noise, softening=0.1, seed=0
    )
    # Data carry what decided when they were completed, and decides when they are again.
    data = dataclasses.replace(data, settings=anew(data.settings))
    settings, found = anew(DiscoverySettings()), []
    seen, lost = settings_seen(
        lambda: found.append(discover(data, settings=settings, **QUICK)), ROOM, defaults()
    )
    assert found[0].settings is settings
    assert len(seen) > 60
    assert not lost, "these fell back to the defaults"


def test_a_threshold_of_the_verdict_is_honoured():
    data = simulate("spring", bodies=3, trajectories=12, steps=30, dt=0.05, noise=0.01, seed=0)
    split, formula = split_and_denoise(data, 0), Formula.parse("2*(r - 1)")
    assert judge_formula(formula, split).verdict == "law"
    strict = replaced(DiscoverySettings(), "diagnosis.verdict.as_noise", 0.5)
    assert judge_formula(formula, split, settings=strict.diagnosis).verdict == "approximation"


def test_a_number_of_snapshots_is_honoured():
    data = simulate("spring", bodies=3, trajectories=12, steps=30, dt=0.05, seed=0)
    with pytest.raises(NotEnoughData, match="at least 5000"):
        fit(data, settings=LearningSettings(least_snapshots=5000), stages=QUICK["stages"])


def test_the_stencil_of_differences_is_honoured():
    time = np.linspace(0, 1, 41)
    position = np.sin(3 * time)[None, :, None, None] + np.arange(2.0)[None, None, :, None]
    wide, narrow = (
        estimate_missing(position, None, None, time, settings=KinematicsSettings(stencil=points))
        for points in (7, 5)
    )
    true = -9 * np.sin(3 * time)[None, 5:-5, None, None]
    off = [np.abs(one.acceleration[:, 5:-5] - true).max() for one in (wide, narrow)]
    assert off[0] < off[1] / 10
    assert "over 5 snapshots" in narrow.notes[0]
    data = Trajectories(position, time=time, settings=KinematicsSettings(stencil=5))
    np.testing.assert_array_equal(data.acceleration, narrow.acceleration)


def test_the_rule_of_selection_and_the_answer_are_honoured():
    errors = np.array([[1.1, 1.1, 1.1, 1.1], [1.0, 1.0, 1.0, 1.0]])
    settings = DiscoverySettings()
    assert choose_first_good(errors) == 1
    patient = replaced(settings, "selection.pareto.better", 0.2)
    assert choose_first_good(errors, settings=patient.selection) == 0
    verdict = Verdict("approximation", 0.9, None, None, None, ())
    assert choose_answer(verdict, 0.94) == "formula"
    assert (
        choose_answer(verdict, 0.94, settings=replaced(settings, "answer.clearly", 0.7)) == "curve"
    )


def test_the_powers_of_a_power_law_are_honoured():
    data = simulate("1/r2", bodies=3, trajectories=8, steps=20, dt=0.01, seed=0)
    settings = replaced(DiscoverySettings(), "selection.candidates.powers", (-1.0, 1.0, 0.5))
    design = Design.of(data, 100)
    assert fit_power_law(design).power == -2.0
    assert fit_power_law(design, settings=settings.selection.candidates).power == -1.0
