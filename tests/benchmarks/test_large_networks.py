"""The formats of the largest public networks, small: what is planted is cleaned up, no more."""

from __future__ import annotations

import gzip

import numpy as np
import pytest

from benchmarks.robustness.large_networks import PROTOCOLS, write
from forcelaw import signed
from forcelaw.errors import InputError


@pytest.fixture(params=list(PROTOCOLS))
def written(request, tmp_path):
    """A file of each format, and what of it is to be cleaned up."""
    share = {"epinions": 0.004, "wiki-rfa": 0.01}[request.param]
    path = tmp_path / f"{request.param}.txt.gz"
    return request.param, path, write(path, request.param, share, seed=1)


def test_what_is_planted_is_cleaned_up(written):
    name, path, planted = written
    network = signed.read(path)
    assert {rule: network.cleanup[rule] for rule in planted} == planted
    assert sum(planted.values()) > 0 and network.directed
    lines = gzip.decompress(path.read_bytes()).decode().split("\n")
    rows = sum(line.startswith("SRC:") if name == "wiki-rfa" else "\t" in line for line in lines)
    rows -= name == "epinions"  # the header
    dropped = ("self_loops", "duplicates", "zero_ratings", "empty_source")
    assert network.n_edges == rows - sum(planted.get(rule, 0) for rule in dropped)
    assert 0.8 < network.positive_share < 0.9
    assert (network.time is None) == (name == "epinions")
    if name == "wiki-rfa":
        assert {"User 1", "Ü: 0"} <= set(network.names)
        assert network.time is not None
        years = network.time / (365.25 * 24 * 3600) + 1970
        assert years.min() > 2004.9 and years.max() < 2013.1


def test_signs_are_split_and_predicted(written):
    name, path, _ = written
    network = signed.read(path)
    for protocol in PROTOCOLS[name]:
        train, test = signed.split(network, protocol, seed=0)
        for model in (signed.FeatureBaseline(), signed.SpectralBaseline()):
            probability = model.fit(train).predict_proba(test.pairs)[:, 1]
            # So few signs tell little: that something is learned shows at full size.
            assert probability.shape == (len(test),) and np.ptp(probability) > 0
            # The precision of a sign that nobody is called by is not defined: at the mean
            # probability, unlike at .5, some pairs are called friends and some enemies.
            found = signed.scores(test.sign, probability, float(probability.mean()))
            assert np.isfinite(list(found.values())).all()


def test_a_data_set_that_is_not_the_published_one_is_not_taken_for_it(tmp_path, monkeypatch):
    monkeypatch.setenv("FORCELAW_DATA", str(tmp_path))
    known = signed.DATASETS
    write(tmp_path / known["epinions"].file, "epinions", 0.001, seed=0)
    with pytest.raises(InputError, match=r"found sha256 .*, expected 214513a3"):
        signed.dataset("epinions")
    # No checksum of it is known: it is read, and what was read is kept in mind.
    votes = tmp_path / known["wiki-rfa"].file
    write(votes, "wiki-rfa", 0.01, seed=0)
    with pytest.warns(UserWarning, match="unverified, no checksum is known for wiki-rfa"):
        network = signed.dataset("wiki-rfa")
    assert network.name == "wiki-rfa" and network.n_edges > 1000
    write(votes, "wiki-rfa", 0.01, seed=1)
    with pytest.raises(InputError, match="as recorded when it was first read"):
        signed.dataset("wiki-rfa")
