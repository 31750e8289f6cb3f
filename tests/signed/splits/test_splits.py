from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from signed_graphs import networks

from forcelaw.errors import InputError
from forcelaw.signed import SignedNetwork, Split, read_split, save_split, split

# Checked types look at random elements, while Hypothesis wants to choose all randomness itself.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Do not use the .random. module:hypothesis.errors.HypothesisDeprecationWarning"
)


def try_split(network, protocol, **options) -> Split:
    """A split; examples whose training part has one class only are left out."""
    try:
        return split(network, protocol, **options)
    except InputError as problem:
        assume("expected edges of both signs" not in str(problem))
        raise


def names(pairs):
    return sorted(pairs.named_pairs) if hasattr(pairs, "named_pairs") else sorted(
        (pairs.names[u], pairs.names[v]) for u, v in pairs.edges.tolist()
    )  # fmt: skip


SHARES = st.sampled_from([0.0, 0.2])


@settings(max_examples=60, deadline=None)
@given(networks(directed=True, times=True), st.sampled_from(["pairs", "directed", "temporal"]),
       st.integers(0, 5), SHARES, st.booleans())  # fmt: skip
def test_parts_are_disjoint_and_complete(network, protocol, seed, validation, transductive):
    parts = try_split(
        network, protocol, seed=seed, validation=validation, transductive=transductive
    )
    whole = network.pairs().largest_component() if protocol == "pairs" else network
    unpacked = list(parts)
    assert len(unpacked) == (3 if validation else 2) and unpacked[-1] is parts.test
    assert parts.train.names == whole.names == parts.test.names
    together = [pair for part in unpacked for pair in names(part)]
    assert sorted(together) == names(whole)
    assert len(parts.test) == max(1, round(0.2 * whole.n_edges))
    held_back = sorted(pair for part in unpacked[1:] for pair in names(part))
    unknown = sorted((whole.names[u], whole.names[v]) for u, v in parts.train.unknown.tolist())
    assert unknown == (held_back if transductive else [])
    train = set(names(parts.train))
    expected = np.mean([(v, u) in train for u, v in parts.test.named_pairs])
    assert parts.reverse_share == (0 if protocol == "pairs" else expected)
    if protocol == "temporal":
        assert parts.train.time is not None and parts.test.time is not None
        assert parts.train.time.max() <= parts.test.time.min()
    again = split(network, protocol, seed=seed, validation=0.0, transductive=transductive)
    np.testing.assert_array_equal(again.test.pairs, parts.test.pairs)


@settings(max_examples=40, deadline=None)
@given(networks(directed=True), st.sampled_from(["pairs", "directed"]))
def test_choice_does_not_depend_on_signs(network, protocol):
    one = try_split(network, protocol, seed=3)
    flipped = dataclasses.replace(network, sign=-network.sign, rating=None)
    try:
        other = split(flipped, protocol, seed=3)
    except InputError:
        assume(False)
    np.testing.assert_array_equal(one.test.pairs, other.test.pairs)


@settings(max_examples=40, deadline=None)
@given(networks(directed=True), st.integers(0, 2**31))
def test_choice_does_not_depend_on_row_order(network, shuffle):
    one = try_split(network, "directed", seed=1)
    order = np.random.default_rng(shuffle).permutation(network.n_edges)
    rating = network.sign if network.rating is None else network.rating
    other = SignedNetwork.from_edges(
        [network.names[i] for i in network.source[order]],
        [network.names[i] for i in network.target[order]],
        rating[order],
    )
    again = split(other, "directed", seed=1)
    assert names(again.test) == names(one.test)
    np.testing.assert_array_equal(again.test.sign, one.test.sign)


def assert_same(one: Split, other: Split):
    for field in ("protocol", "seed", "transductive", "reverse_share"):
        assert getattr(one, field) == getattr(other, field)
    assert (one.validation is None) == (other.validation is None)
    for a, b in zip(one, other, strict=True):
        for field in dataclasses.fields(a):
            x, y = getattr(a, field.name), getattr(b, field.name)
            if field.name == "directed_ratings" and x is not None:
                for name in ("source", "target", "sign", "rating", "time"):
                    np.testing.assert_array_equal(getattr(x, name), getattr(y, name))
            elif isinstance(x, np.ndarray):
                assert x.dtype == y.dtype
                np.testing.assert_array_equal(x, y)
            else:
                assert x == y


@settings(max_examples=30, deadline=None)
@given(networks(directed=True, times=True), st.sampled_from(["pairs", "directed", "temporal"]),
       SHARES, st.booleans())  # fmt: skip
def test_round_trip(tmp_path_factory, network, protocol, validation, transductive):
    odd = tuple(f'{name}, "quoted"\nline' for name in network.names)
    network = dataclasses.replace(network, names=odd, time=network.time / 3)
    one = try_split(network, protocol, validation=validation, transductive=transductive)
    folder = tmp_path_factory.mktemp("splits") / "split"
    assert_same(one, read_split(save_split(one, folder)))


def test_saved_splits_are_protected(tmp_path):
    network = SignedNetwork.from_edges("abcdab", "bcdacd", [1, -1, 1, -1, 1, -1], name="little")
    one = split(network, "pairs", seed=2)
    folder = save_split(one, tmp_path / "split")
    manifest = json.loads((folder / "split.json").read_text())
    assert manifest["dataset"] == "little" and manifest["seed"] == 2
    assert manifest["content_hash"] == network.content_hash and manifest["protocol"] == "pairs"
    with pytest.raises(InputError, match="found an existing folder"):
        save_split(one, folder)
    save_split(one, folder, force=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["split"]
    with (folder / "test.csv").open("a") as stream:
        stream.write("a,b,1\n")
    with pytest.raises(InputError, match=r"test.csv: found sha256 .* as in split.json"):
        read_split(folder)
    with pytest.raises(InputError, match="found no readable manifest"):
        read_split(tmp_path)


def test_wrong_requests():
    network = SignedNetwork.from_edges("abcdab", "bcdacd", [1, -1, 1, -1, 1, -1])
    with pytest.raises(InputError, match=r"found protocol 'pair'; did you mean 'pairs'\?"):
        split(network, "pair")
    with pytest.raises(InputError, match="found no times, expected a time for every edge"):
        split(network, "temporal")
    with pytest.raises(InputError, match="found an undirected network, expected a directed one"):
        split(network.pairs(), "directed")
    with pytest.raises(InputError, match="expected shares that leave a training part"):
        split(network, "pairs", test=0.6, validation=0.4)
    with pytest.raises(InputError, match="found only positive edges"):
        split(SignedNetwork.from_edges("ab", "bc", [1, 1]), "pairs")
    with pytest.raises(InputError, match=r"only negative edges \(1\) beside the 1 held back"):
        split(SignedNetwork.from_edges("ab", "bc", [1, -1]), "pairs", seed=1)


def test_pairs_keep_the_largest_component():
    network = SignedNetwork.from_edges("abcdxy", "bcdayx", [1, -1, 1, -1, 1, -1], nodes="z")
    pairs = network.pairs()
    assert pairs.n_edges == 5 and pairs.cleanup["conflicting_pairs"] == 1
    assert pairs.largest_component().names == ("a", "b", "c", "d")
    with pytest.raises(InputError, match="found node 'q', expected one of the 7 nodes"):
        network.index(["a", "q"])
    assert network.index(["z", "a"]).tolist() == [6, 0]


def test_a_given_split_is_read_as_it_is(tmp_path):
    (tmp_path / "train.csv").write_text("a,b,1\nb,c,-1\nc,d,1\n")
    (tmp_path / "validation.csv").write_text("b,a,1\n")
    (tmp_path / "test.csv").write_text("a,new,-1\n")
    train, validation, test = parts = read_split(tmp_path)
    assert parts.protocol == "given" and parts.seed is None
    assert train.n_edges == 3 and validation.named_pairs == [("b", "a")]
    assert test.named_pairs == [("a", "new")] and test.sign.tolist() == [-1]
    (tmp_path / "test.csv").write_text("a,new,-1\nb,c,-1\n")
    with pytest.raises(InputError, match=r"test\.csv: found the edge b,c, which is in train"):
        read_split(tmp_path)
    (tmp_path / "test.csv").unlink()
    with pytest.raises(InputError, match=r"test\.csv: found no such file"):
        read_split(tmp_path)
