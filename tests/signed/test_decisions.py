"""What decides stands in settings with its reason, and is passed down to where it decides."""

import ast
import dataclasses
import sys
from pathlib import Path

import numpy as np
import pytest
from passed_settings import settings_seen

from forcelaw import signed
from forcelaw.errors import InvalidSetting
from forcelaw.signed.decoder import DecoderSettings
from forcelaw.signed.drawing.settings import LAYOUT_SETTINGS
from forcelaw.signed.evaluation import SpectralBaseline, comparison
from forcelaw.signed.evaluation.settings import CURVE_SETTINGS, EVALUATION_SETTINGS
from forcelaw.signed.features import FeatureSettings
from forcelaw.signed.forces.settings import ForceSettings, TrainingSettings, ViewSettings
from forcelaw.signed.model import FIT_SETTINGS, FitSettings
from forcelaw.storage.settings import Settings
from forcelaw.training import Stage

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
    "file",
    [
        pytest.param(f, id=f.parent.name)
        for f in FILES
        if f.name == "settings.py" and f.parent != ROOM
    ],
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


def groups(settings):
    """The settings and all groups inside, each with its dotted path."""
    yield "", settings
    for name in type(settings).model_fields:
        part = getattr(settings, name)
        if isinstance(part, Settings):
            yield from ((f"{name}.{path}".rstrip("."), inner) for path, inner in groups(part))


EVERYTHING = [
    pytest.param(inner, id=f"{type(top).__name__}.{path}")
    for top in (EVALUATION_SETTINGS, LAYOUT_SETTINGS, CURVE_SETTINGS)
    for path, inner in groups(top)
]


@pytest.mark.parametrize("chosen", EVERYTHING)
def test_settings_stay_as_they_are(chosen):
    name = next(iter(type(chosen).model_fields))
    with pytest.raises(ValueError, match="frozen"):
        setattr(chosen, name, 1)
    anew = chosen.model_copy(deep=True)
    assert anew == chosen and hash(anew) == hash(chosen)
    assert type(chosen).model_validate_json(chosen.model_dump_json()) == chosen


def defaults():
    """The objects that decide where nothing is passed."""
    modules = [module for name, module in sys.modules.items() if name.startswith("forcelaw.signed")]
    tops = [
        value
        for module in modules
        for name, value in vars(module).items()
        if name.isupper() and isinstance(value, Settings)
    ]
    return {id(inner): path for top in tops for path, inner in groups(top)}


SHORT = dataclasses.replace(
    signed.PRESETS["default"], stages=(Stage(1, 4, 0.06, 1.7, 0.01),), steps=4, choices=2, folds=3
)


def lost_settings(work):
    """Which functions of the room had settings, and which of them only those by default."""
    return settings_seen(work, ROOM, defaults())


@pytest.fixture(scope="module")
def network():
    return signed.synthetic(60, degree=8.0, seed=0)


def timed(network):
    return dataclasses.replace(network, time=np.arange(network.n_edges, dtype=float))


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ["pairs", "temporal"])
def test_settings_are_passed_down_to_every_function_of_a_fit(network, protocol, tmp_path):
    settings = FIT_SETTINGS.model_copy(deep=True)
    parts = signed.split(timed(network), protocol, seed=0)

    def work():
        model = signed.SpringEmbedding(3, preset=SHORT, settings=settings).fit(parts.train)
        model.save(tmp_path / "run")
        signed.SpringEmbedding.load(tmp_path / "run").predict(parts.test.pairs)
        model.deviation(parts.test.pairs)
        signed.apply(model, parts.train, seed=1)
        signed.force_formulas(model)

    seen, lost = lost_settings(work)
    assert len(seen) > 35
    assert not lost, "these fell back to the defaults"


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ["pairs", "temporal"])
def test_settings_are_passed_down_to_every_function_of_an_evaluation(
    network, protocol, monkeypatch
):
    settings = EVALUATION_SETTINGS.model_copy(deep=True)

    def stand_in(_, train):
        return SpectralBaseline(settings=settings).fit(train)

    # The law that ships has settings of its own.
    shipped = signed.load_learned_model("default")
    monkeypatch.setattr(comparison, "load_learned_model", lambda name: shipped)
    monkeypatch.setattr(comparison, "apply", stand_in)
    seen, lost = lost_settings(
        lambda: signed.evaluate(
            timed(network), protocol, seeds=1, preset=SHORT, dim=3, settings=settings
        )
    )
    assert len(seen) > 40
    assert not lost, "these fell back to the defaults"


def test_settings_of_a_layout_are_passed_down(network):
    settings = LAYOUT_SETTINGS.model_copy(deep=True)
    seen, lost = lost_settings(lambda: signed.layout(network, settings=settings))
    assert len(seen) > 3
    assert not lost


def test_what_falls_back_to_the_defaults_is_found(network):
    _, lost = lost_settings(lambda: signed.pair_features(network, network.edges))
    assert "forcelaw.signed.features.degrees.pair_features" in lost


@pytest.mark.slow
def test_settings_of_a_fit_decide_are_saved_and_move(network, tmp_path):
    settings = FitSettings(
        decoder=DecoderSettings(members=2),
        forces=ForceSettings(
            views=ViewSettings(features=FeatureSettings(ranks=(1, 3), fewest_walks=(0.5, 0.5))),
            training=TrainingSettings(attempts=1, parts=4),
        ),
    )
    model = signed.SpringEmbedding(3, preset=SHORT, settings=settings).fit(network)
    assert model.learned_.ensemble.standard.shift.shape[0] == 4 + len(
        model.fitted_.featurizer.names
    )
    assert sum("eigenvectors_signs" in name for name in model.fitted_.featurizer.names) == 2
    assert model.learned_.ensemble.members.bias.shape == (2 * SHORT.choices,)
    model.save(tmp_path)
    loaded = signed.SpringEmbedding.load(tmp_path)
    assert loaded.settings == settings != FIT_SETTINGS
    pairs = signed.NodeIndices(network.edges)
    np.testing.assert_array_equal(loaded.predict_proba(pairs), model.predict_proba(pairs))
    moved = signed.apply(loaded, signed.synthetic(40, degree=6.0, seed=3))
    assert moved.settings == settings
    other = signed.SpringEmbedding(3, preset=SHORT).fit(network)
    assert np.abs(other.predict_proba(pairs) - model.predict_proba(pairs)).max() > 1e-4


def test_settings_of_another_kind_are_refused(network):
    with pytest.raises(InvalidSetting, match="settings: found a dict, expected FitSettings"):
        signed.SpringEmbedding(settings={"decoder": 1}).fit(network)  # pyright: ignore


def test_only_settings_that_were_changed_are_shown():
    assert "settings" not in repr(signed.SpringEmbedding())
    assert "members=2" in repr(
        signed.SpringEmbedding(settings=FitSettings(decoder=DecoderSettings(members=2)))
    )
