"""The Python surface that scripts rely on."""

import dataclasses
import importlib
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import forcelaw as fl


@pytest.mark.parametrize(
    "name",
    ["Graph", "Law", "Formula", "State", "Attributes", "rollout", "Stage", "train", "save", "load"],
)
def test_the_engine_is_at_hand(name):
    assert name in dir(fl)
    assert getattr(fl, name).__doc__


@pytest.mark.parametrize("module", [fl, fl.particles, fl.signed])
def test_unknown_names_are_named(module):
    with pytest.raises(AttributeError, match="nothing"):
        getattr(module, "no" + "thing")


FACES = ("forcelaw", "forcelaw.particles", "forcelaw.signed")


def stub(face):
    file = importlib.import_module(face).__file__
    assert file is not None
    return Path(file).with_suffix(".pyi").read_text("utf-8")


@pytest.mark.parametrize("face", FACES)
def test_tab_completion_lists_exactly_the_public_names(face):
    module = importlib.import_module(face)
    stated = re.findall(r"^from \S+ import (\w+) as (\w+)$", stub(face), re.MULTILINE)
    assert all(name == alias for name, alias in stated)
    names = [name for name, _ in stated]
    assert len(names) == len(set(names)), "a name stands twice"
    assert dir(module) == sorted(names) == sorted(module.__all__)
    for name in names:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("face", FACES)
def test_public_names_stand_under_headings(face):
    text = stub(face)
    groups = [group for group in text.split("\n\n") if "import" in group.split("\n")[-1]]
    assert len(groups) > 3
    for group in groups:
        assert re.match(r"# [A-Z]", group), group


def test_faces_wait_for_neither_jax_nor_numpy():
    code = (
        "import sys, forcelaw as fl; fl.particles; fl.signed; fl.InputError; dir(fl.signed); "
        "sys.exit(bool({'jax', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_signed_in_six_lines(tmp_path):
    path = tmp_path / "edges.csv"
    rng = np.random.default_rng(0)
    faction = rng.integers(0, 2, 40)
    rows = {tuple(sorted(rng.choice(40, 2, replace=False))) for _ in range(300)}
    sign = {pair: 1 if faction[pair[0]] == faction[pair[1]] else -1 for pair in rows}
    path.write_text("".join(f"n{i},n{j},{value}\n" for (i, j), value in sign.items()))
    network = fl.signed.read(path)
    train, test = fl.signed.split(network, "pairs", seed=0)
    stages = (fl.Stage(2, 10, 0.05, 0.5, 0.01),)
    preset = dataclasses.replace(
        fl.signed.PRESETS["default"], stages=stages, trainings=1, choices=1
    )
    model = fl.signed.SpringEmbedding(dim=4, seed=0, preset=preset).fit(train)
    probability = model.predict_proba(test.pairs)
    assert probability.shape == (len(test), 2)
    assert model.positions_.shape == (network.n_nodes, 4)
