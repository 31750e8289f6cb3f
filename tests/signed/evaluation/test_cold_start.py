"""Forecasts of newcomers are told apart from those of known people."""

import numpy as np

from forcelaw import signed
from forcelaw.signed.evaluation.cold_start import cold_start

EARLY = [("a", "b", 1), ("b", "c", -1), ("c", "a", 1), ("c", "b", -1)]


def later(edges):
    """A split that holds back these edges and trains on the early ones."""
    rows = [*EARLY, *edges]
    source, target, sign = zip(*rows, strict=True)
    network = signed.SignedNetwork.from_edges(source, target, sign, time=np.arange(len(rows)))
    return signed.split(network, "temporal", test=len(edges) / len(rows))


def test_pairs_are_scored_by_how_many_ends_were_seen():
    edges = [("a", "c", 1), ("b", "a", -1), ("a", "x", 1), ("y", "b", -1), ("x", "y", 1)]
    parts = later(edges)
    chance = {"a c": 0.9, "b a": 0.2, "a x": 0.3, "y b": 0.6, "x y": 0.5}
    said = np.array([chance[" ".join(pair)] for pair in parts.test.named_pairs])
    assert cold_start(parts, said) == (
        "seen in training: both ends: AUC 1.000, 40% of the pairs; "
        "one end: AUC 0.000, 40% of the pairs; neither end: 20% of the pairs",
    )


def test_nothing_is_said_where_all_are_known_or_nothing_is_forecast():
    known = later([("a", "c", 1), ("b", "a", -1)])
    assert cold_start(known, np.array([0.5, 0.5])) == ()
    network = signed.synthetic(30, degree=2.0, seed=0)
    parts = signed.split(network, "pairs")
    assert cold_start(parts, np.full(len(parts.test), 0.5)) == ()
