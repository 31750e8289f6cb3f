"""Suspects: planted wrong signs are found, and chance is not taken for them."""

from __future__ import annotations

import csv
import dataclasses
import json
from typing import Any

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.errors import InputError, InvalidSetting, NotEnoughData

FEW = signed.SuspicionSettings(folds=5, choices=1)


def flipped(network, rows):
    sign = network.sign.copy()
    sign[rows] *= -1
    return dataclasses.replace(network, sign=sign)


@pytest.fixture(scope="module")
def planted():
    """One in twenty signs flipped, and half of those that one node gives."""
    network = signed.synthetic(90, degree=20.0, noise=0.0, seed=4)
    turn = np.random.default_rng(0).random(network.n_edges) < 0.5
    network = dataclasses.replace(
        network,
        source=np.where(turn, network.source, network.target),
        target=np.where(turn, network.target, network.source),
        directed=True,
        directed_ratings=None,
    )
    wrong = np.random.default_rng(1).random(network.n_edges) < 0.05
    liar = int(np.bincount(network.source).argmax())
    given = np.flatnonzero(network.source == liar)
    wrong[given] = np.random.default_rng(2).random(len(given)) < 0.5
    model = signed.apply("default", flipped(network, wrong))
    return wrong, network.names[liar], signed.suspects(model, settings=FEW)


def test_planted_signs_are_contradicted(planted):
    wrong, _, found = planted
    first = found.order[: wrong.sum()]
    assert wrong[first].mean() > 0.8
    assert found.contradicted[wrong].mean() > 0.8
    assert found.contradicted[~wrong].mean() < 0.05


def test_whoever_gives_wrong_signs_is_suspected(planted):
    _, liar, found = planted
    first = found.nodes(1)[0]
    assert (first.node, first.way) == (liar, "given")
    assert first.q_value < 0.01 < first.z
    assert first.contradicted > 2 * first.expected
    # Wrong signs here and there make no suspects of the others.
    assert sum(node.q_value < 0.05 for node in found.nodes(1000)) == 1


def test_what_is_printed_and_written_agrees(planted):
    _, _, found = planted
    edges = found.edges(5)
    assert [edge.probability for edge in edges] == sorted(found.own.tolist())[:5]
    document = json.loads(json.dumps(found.to_json(5), allow_nan=False))
    assert document["suspect_edges"][0]["source"] == edges[0].source
    assert len(document["suspect_nodes"]) == 5
    rows = list(csv.DictReader(found.csv().splitlines()))
    assert len(rows) == found.network.n_edges
    assert float(rows[0]["probability"]) == pytest.approx(edges[0].probability, rel=1e-5)
    contradicted = found.contradicted.sum()
    assert [row["contradicted"] for row in rows].count("true") == contradicted
    assert document["schema"] == 1 and document["below"] == 0.5


def test_only_suspected_edges_are_listed(planted):
    _, _, found = planted
    every = found.network.n_edges
    assert len(found.edges(every)) == found.contradicted.sum() < every
    few = found.edges(every, below=0.1)
    assert 0 < len(few) == (found.own < 0.1).sum()
    assert len(found.edges(every, below=1.0)) == every
    assert found.edges(1, below=0.0) == ()
    with pytest.raises(InvalidSetting, match="below: found 2"):
        found.edges(1, below=2)


def test_signs_that_are_coin_tosses_cannot_be_told():
    network = signed.synthetic(80, degree=20.0, seed=2)
    sign = np.random.default_rng(0).choice([-1, 1], network.n_edges).astype(np.int8)
    found = signed.suspects(
        signed.apply("default", dataclasses.replace(network, sign=sign)), settings=FEW
    )
    # None is told from itself: then nearly all would agree.
    assert found.contradicted.mean() == pytest.approx(0.5, abs=0.1)
    assert min(node.q_value for node in found.nodes(80)) > 0.01


def test_forecasts_and_pairs_have_suspects_too():
    network = signed.synthetic(40, degree=8.0, seed=0)
    timed = dataclasses.replace(
        network, time=np.arange(network.n_edges).astype(float), forecast=True
    )
    found = signed.suspects(signed.apply("default", timed), settings=FEW)
    assert len(found.own) == network.n_edges
    assert {node.way for node in found.nodes(100)} == {"either"}


def test_wrong_arguments_are_one_clear_error(planted):
    no_model: Any = "run"
    _, _, found = planted
    for ask in (found.edges, found.nodes, found.to_json):
        with pytest.raises(InvalidSetting, match="found 0, expected 1 or more"):
            ask(0)
    network = signed.synthetic(20, seed=0)
    friends = network.subset(network.sign > 0)
    with pytest.raises(NotEnoughData, match="only positive edges"):
        signed.suspects(signed.apply("default", friends))
    with pytest.raises(InputError, match="load one"):
        signed.suspects(no_model)
