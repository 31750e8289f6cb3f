"""Wrong input is told apart by kind, and each kind is wrong input."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.errors import suggest, unreadable, wrong_input
from forcelaw.particles.settings import ParticlesSettings
from forcelaw.storage.settings import check_arguments

KINDS = (fl.UnreadableFile, fl.InvalidSetting, fl.NotEnoughData, fl.NotFitted)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_wrong_input_and_a_value_error(kind):
    assert issubclass(kind, fl.InputError)
    assert issubclass(kind, ValueError)
    assert kind.__doc__


def test_the_message_is_one_line_with_its_place():
    error = wrong_input("a.csv", 3, found="a\n b", expected="c", then="do it")
    assert str(error) == "a.csv:3: found a b, expected c; do it"
    assert type(error) is fl.InputError
    assert type(unreadable("a.csv", found="a", expected="b", then="c")) is fl.UnreadableFile
    assert "choose one of a, b" in suggest("zzz", ["b", "a"])


def network(signs=(1, -1, 1)):
    ends = np.arange(len(signs) + 1)
    sign = np.array(signs, int)
    names = tuple(f"n{i}" for i in ends)
    return fl.signed.SignedNetwork(names, ends[:-1], ends[1:], sign, directed=False)


def files(folder):
    (folder / "empty.csv").write_text("")
    (folder / "damaged.npz").write_bytes(b"PK\x03\x04 and no more")
    (folder / "cells.csv").write_text("trajectory,time,body,x,y\n0,0,a,one,2\n")
    (folder / "edges.csv").write_text("a,b,friend?\n")
    (folder / "law.json").write_text("{")
    return folder


@pytest.mark.parametrize(
    "read",
    [
        lambda folder: fl.particles.read(folder / "missing.csv"),
        lambda folder: fl.particles.read(folder / "empty.csv"),
        lambda folder: fl.particles.read(folder / "damaged.npz"),
        lambda folder: fl.particles.read(folder / "cells.csv"),
        lambda folder: fl.particles.read(folder / "orbits.xlsx"),
        lambda folder: fl.signed.read(folder / "missing.csv"),
        lambda folder: fl.signed.read(folder / "edges.csv"),
        fl.signed.SpringEmbedding.load,
        fl.load,
        lambda folder: fl.load(folder / "nothing"),
    ],
)
def test_files_that_cannot_be_read(read, tmp_path):
    with pytest.raises(fl.UnreadableFile, match=str(tmp_path)):
        read(files(tmp_path))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: fl.particles.simulate("gravitation"),
        lambda: fl.particles.simulate("spring", bodies=1),
        lambda: fl.particles.simulate("spring", noise=-1.0),
        lambda: fl.signed.split(network(), "fair"),
        lambda: fl.signed.split(network(), "pairs", test=1.5),
        lambda: fl.signed.dataset("facebook"),
        lambda: fl.signed.synthetic(nodes=0, degree=2.0),
        lambda: fl.signed.SpringEmbedding().set_params(size=3),
        lambda: fl.signed.SpringEmbedding(preset="spring").fit(network()),
        lambda: fl.signed.SpringEmbedding(dim=0).fit(network()),
        lambda: fl.signed.SpringEmbedding(seed=-1).fit(network()),
        lambda: fl.signed.FeatureBaseline(seed=-1).fit(network()),
        lambda: fl.signed.FeaturesAlone(choices=0).fit(network()),
        lambda: fl.signed.split(network(), "pairs", seed=-1),
        lambda: fl.signed.layout(network(), seed=-1),
        lambda: fl.signed.synthetic(seed=-1),
        lambda: fl.signed.apply("default", network(), seed=-1),
        lambda: fl.signed.evaluate(network(), "pairs", seeds=0),
        lambda: fl.particles.simulate("spring", seed=-1),
        lambda: fl.particles.simulate("spring", steps=3, trajectories=3).split(-1),
        lambda: fl.particles.fit(fl.particles.simulate("spring", steps=3, trajectories=3), seed=-1),
    ],
)
def test_settings_that_are_none(ask):
    with pytest.raises(fl.InvalidSetting):
        ask()


@pytest.mark.parametrize(
    "ask",
    [
        lambda: fl.signed.check_trainable(network((1, 1))),
        lambda: fl.signed.split(network((1, 1)), "pairs"),
        lambda: fl.particles.Trajectories(np.zeros((1, 1, 2, 2)), time=np.zeros(1)),
        lambda: fl.signed.layout_quality(network((1, 1)), np.zeros((3, 2))),
    ],
)
def test_data_that_are_too_few(ask):
    with pytest.raises(fl.NotEnoughData):
        ask()


def test_a_space_is_refused_where_it_was_asked_for():
    with pytest.raises(fl.InvalidSetting, match=r"^dim: found 7, expected a number less .* 3; ch"):
        fl.particles.simulate("spring", dim=7)


def test_numbers_of_numpy_are_numbers():
    check_arguments(ParticlesSettings, seed=np.int64(3), batch=np.asarray(2))
    with pytest.raises(fl.InvalidSetting, match=r"^seed: found True, expected a valid integer"):
        check_arguments(ParticlesSettings, seed=True)


def test_whatever_is_given_is_told_from_what_is_expected(start_process, finish):
    child = start_process([sys.executable, Path(__file__).parent / "wrong_types.py"])
    code, out, errors = finish(child)
    assert code == 0, errors
    found = json.loads(out)
    assert len(found) > 30
    for name, (kind, message) in found.items():
        assert kind == "InvalidSetting", (name, kind, message)
        assert "found" in message and "expected" in message and "; " in message, message
    assert found["discover a name"][1] == (
        "discover: found a str, expected Trajectories; read a file with "
        "fl.particles.read(...), or give arrays to fl.particles.Trajectories, or a "
        "list of several"
    )


def test_a_model_that_was_not_trained():
    with pytest.raises(fl.NotFitted, match="call fit first"):
        _ = fl.signed.SpringEmbedding().predict_proba(network().pairs)
