"""Settings: where they come from, and what is said about wrong ones."""

import inspect
from pathlib import Path
from typing import get_args

import pytest
import typer
import yaml
from pydantic import Field
from typer.core import TyperGroup

from forcelaw.cli import particles
from forcelaw.cli.particles import particles_settings
from forcelaw.cli.session import Session
from forcelaw.errors import InputError
from forcelaw.particles import simulate
from forcelaw.particles.settings import SimulationSettings
from forcelaw.storage.given_settings import Given
from forcelaw.storage.settings import Settings


class Training(Settings):
    epochs: int = Field(default=10, ge=1)
    rate: float = 0.1


class Everything(Settings):
    name: str = "spring"
    bodies: int = 4
    training: Training = Training()
    stages: list[Training] = []


def resolve(defaults=None, **given):
    return Given(**given).resolve(Everything, defaults)


def write(folder: Path, text: str) -> Path:
    file = folder / "settings.yaml"
    file.write_text(text)
    return file


def test_later_sources_win(tmp_path):
    file = write(tmp_path, "bodies: 5\ntraining: {epochs: 5, rate: 0.5}\nname: a\n")
    options = {"bodies": 6, "training.epochs": 6, "name": None}
    found = resolve(file=file, options=options, assignments=["training.epochs=7"])
    assert found == Everything(name="a", bodies=6, training=Training(epochs=7, rate=0.5))


def test_no_setting_contradicts_a_fact(tmp_path):
    file = write(tmp_path, "name: other\n")
    with pytest.raises(InputError, match=r"settings.yaml: name: found 'other', but it is 'mine'"):
        Given(file=file).resolve(Everything, facts={"name": "mine"})
    with pytest.raises(InputError, match="--set name=1: found '1', but it is 'mine' here"):
        Given(assignments=["name=1"]).resolve(Everything, facts={"name": "mine"})
    assert (
        Given(assignments=["name=mine"]).resolve(Everything, facts={"name": "mine"}).name == "mine"
    )


def test_defaults_are_below_all_and_merge():
    defaults = {"training": {"epochs": 3, "rate": 0.3}, "stages": [{"epochs": 1}, {"epochs": 2}]}
    found = resolve(defaults, assignments=["training.rate=1.0", "stages.1.rate=2.0"])
    assert found.training == Training(epochs=3, rate=1.0)
    assert found.stages == [Training(epochs=1), Training(epochs=2, rate=2.0)]


def test_values_of_assignments_are_yaml():
    assert resolve(assignments=["name=1/r"]).name == "1/r"
    assert resolve(assignments=["name='5'"]).name == "5"
    assert resolve(assignments=["training={epochs: 2}"]).training.epochs == 2


@pytest.mark.parametrize(
    ("assignments", "message"),
    [
        (["trainin.epochs=2"], "no setting 'trainin' here; did you mean 'training'?"),
        (["training.epoch=2"], "no setting 'epoch' here; did you mean 'epochs'?"),
        (["training.epochs=two"], r"--set training.epochs=two: found 'two' \(text\)"),
        (["training.epochs=2.5"], "expected a valid integer"),
        (["training.epochs=0"], "greater than or equal to 1"),
        (["training.rate=.nan"], "finite"),
        (["bodies=true"], r"found True \(yes or no\)"),
        (["bodies.x=1"], "bodies: found"),
        (["bodies"], "expected key.path=value"),
        (["=3"], "expected key.path=value"),
        (["bodies=[1"], "is not plain YAML"),
        (["stages.4.epochs=1"], "stages: found"),
    ],
)
def test_wrong_assignments(assignments, message):
    with pytest.raises(InputError, match=message) as error:
        resolve(assignments=assignments)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bodis: 4\n", "did you mean 'bodies'"),
        ("- 4\n", "found a list"),
        ("bodies: 4\n  bad: indent\n", "settings.yaml:2: is not plain YAML"),
        (
            "bodies: !!python/object/apply:os.system ['true']\n",
            "settings.yaml:1: is not plain YAML .the tag",
        ),
        ("training: 3\n", "training: found 3"),
    ],
)
def test_wrong_files(tmp_path, text, message):
    with pytest.raises(InputError, match=message) as error:
        resolve(file=write(tmp_path, text))
    assert "settings.yaml" in str(error.value)
    assert "\n" not in str(error.value)


def test_the_settings_of_a_run_are_settings(tmp_path):
    file = write(tmp_path, "command: some fit\nsource: a\ncontent_hash: b\nname: null\nbodies: 5\n")
    assert Given(file=file, application="some").resolve(Everything) == Everything(bodies=5)
    with pytest.raises(InputError, match="found the settings of 'some fit', expected those of a"):
        Given(file=file, application="other")


@pytest.mark.parametrize("kind", ["law", "file"])
def test_the_settings_of_a_run_of_particles_are_reusable(tmp_path, kind):
    source = "spring"
    if kind == "file":
        source = str(tmp_path / "a.csv")
        Path(source).write_text("time,body,x,y\n")
    first = particles_settings(Session(set=["batch=7"]), source, {"model": "message"}, {})
    file = tmp_path / "config.yaml"
    file.write_text(yaml.safe_dump({"command": "particles fit", **first.model_dump()}))
    again = Session(config=file)
    assert particles_settings(again, source, {}, {}) == first
    other = particles_settings(again, "charge", {}, {}) if kind == "file" else None
    assert other is None or (other.batch == 7 and other.simulation == SimulationSettings())


def test_a_simulation_of_a_file_is_refused(tmp_path):
    source = tmp_path / "a.csv"
    source.write_text("time,body,x,y\n")
    file = write(tmp_path, "simulation: {bodies: 3}\n")
    with pytest.raises(InputError, match=r"settings.yaml: simulation: found it beside"):
        particles_settings(Session(config=file), str(source), {}, {})


def test_missing_and_empty_files(tmp_path):
    with pytest.raises(InputError, match="found nothing"):
        resolve(file=tmp_path / "absent.yaml")
    assert resolve(file=write(tmp_path, "")) == Everything()


def test_every_way_to_simulate_has_the_same_defaults():
    settings = SimulationSettings().model_dump()
    parameters = inspect.signature(simulate).parameters
    assert settings == {name: parameters[name].default for name in settings}
    group = typer.main.get_command(particles.app)
    assert isinstance(group, TyperGroup)
    own = {option.name: option.default for option in group.commands["simulate"].params}
    assert settings == {name: own[name] for name in settings}


def test_names_in_settings_are_those_of_what_they_choose():
    from forcelaw.distill.searchers.by_name import SEARCHES
    from forcelaw.particles import settings as bodies
    from forcelaw.particles.learning import BATCH, STAGES
    from forcelaw.particles.learning.fitting import TARGETS
    from forcelaw.report.signed_part import METHODS
    from forcelaw.signed import PRESETS, split
    from forcelaw.signed.evaluation import evaluation_result
    from forcelaw.signed.settings import PRESET_NAMES, TEST, ModelSettings

    models, targets = get_args(bodies.Model), get_args(bodies.Target)
    assert set(models) == set(STAGES) == set(BATCH)
    assert set(targets) == set(TARGETS)
    assert set(get_args(bodies.Search)) == set(SEARCHES)
    assert set(PRESET_NAMES) == set(PRESETS)
    assert set(METHODS) == set(evaluation_result.METHODS)
    for preset in PRESETS.values():
        assert set(ModelSettings.model_fields) == set(preset.settings())
    assert inspect.signature(split).parameters["test"].default == TEST
