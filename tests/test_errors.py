"""Wrong input is told apart by kind, and each kind is wrong input."""

import numpy as np
import pytest

import forcelaw as fl
from forcelaw.errors import suggest, unreadable, wrong_input

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


def test_a_model_that_was_not_trained():
    with pytest.raises(fl.NotFitted, match="call fit first"):
        _ = fl.signed.SpringEmbedding().predict_proba(network().pairs)
