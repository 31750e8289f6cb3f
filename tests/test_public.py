"""The Python surface that scripts rely on."""

import dataclasses

import numpy as np
import pytest

import forcelaw as fl


@pytest.mark.parametrize(
    "name",
    ["Graph", "Law", "Formula", "State", "Attributes", "rollout", "Stage", "train", "save", "load"],
)
def test_the_engine_is_at_hand(name):
    assert name in fl.__all__
    assert getattr(fl, name).__doc__


def test_unknown_names_are_named():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = fl.nothing


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
