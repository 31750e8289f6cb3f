"""What labels mean, the same from every constructor; pairs by name and by index."""

import networkx
import numpy as np
import pandas
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from forcelaw import signed
from forcelaw.errors import InputError
from forcelaw.signed import NodeIndices, SignedNetwork

EDGES = [(1, 2, 1), (2, 3, 1), (1, 4, 0), (2, 4, 0)]
ENEMIES = {("1", "4"), ("2", "4")}


def of_networkx(labels, **options):
    graph = networkx.DiGraph()
    for (u, v, _), label in zip(EDGES, labels, strict=True):
        graph.add_edge(u, v, sign=label)
    return signed.from_networkx(graph, **options)


def of_pandas(labels, **options):
    source, target, _ = zip(*EDGES, strict=True)
    frame = pandas.DataFrame({"source": source, "target": target, "sign": labels})
    return signed.from_pandas(frame, **options)


def of_rows(labels, **options):
    source, target, _ = zip(*EDGES, strict=True)
    return SignedNetwork.from_edges(source, target, labels, **options)


WAYS = pytest.mark.parametrize("make", [of_networkx, of_pandas, of_rows])


def enemies(network):
    ends = network.edges[network.sign < 0].tolist()
    return {(network.names[u], network.names[v]) for u, v in ends}


@WAYS
@pytest.mark.parametrize("minus", ["-", "\N{MINUS SIGN}"])
def test_plus_and_minus_are_signs(make, minus):
    assert enemies(make(["+", " + ", minus, minus])) == ENEMIES


@WAYS
@pytest.mark.parametrize(
    "labels",
    [
        [1, 1, 0, 0],
        [1.0, 1.0, 0.0, 0.0],
        [True, True, False, False],
        ["True", "true", "False", "FALSE"],
        ["1", "1", "0", "0"],
    ],
    ids=str,
)
def test_zero_and_false_are_enemies_and_that_is_said(make, labels):
    with pytest.warns(UserWarning, match="2 rows of (0|False) are enemies"):
        network = make(labels)
    assert network.n_edges == 4 and enemies(network) == ENEMIES
    assert network.cleanup["false_labels"] == 2


@WAYS
def test_ratings_ask_for_their_scale(make):
    with pytest.raises(InputError, match=r"ratings from 1 to 5.*--scale 1 5.*scale=\(1, 5\)"):
        make([5, 4, 1, 2])
    assert enemies(make([5, 4, 1, 2], scale=(1, 5))) == ENEMIES
    # Declared, ratings may all be above the middle, and zero is what it says.
    assert enemies(make([5, 4, 4, 5], scale=(1, 5))) == set()
    assert make([1, 0, 1, 0], scale=(-1, 1)).cleanup["zero_ratings"] == 2


@WAYS
def test_signs_and_neutral_zeros_are_as_before(make):
    network = make([1, 1, -1, -1])
    assert enemies(network) == ENEMIES and "false_labels" not in network.cleanup
    assert make([2, 0, -1, -3]).cleanup["zero_ratings"] == 1
    assert make([1, 1, 1, 1]).positive_share == 1


@WAYS
@pytest.mark.parametrize("label", ["friend", None, float("nan"), float("inf")])
def test_what_is_no_label_names_its_row(make, label):
    with pytest.raises(InputError, match=r"row [12] has rating .*, expected a finite number"):
        make([1, label, -1, -1])


def test_entries_of_zero_are_no_edges_of_a_matrix():
    matrix = sparse.coo_array(([1, 0, 1], ([0, 1, 2], [1, 2, 0])), shape=(3, 3))
    network = signed.from_scipy(matrix)
    assert network.n_edges == 2 and network.positive_share == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([0, 1]), min_size=2, max_size=12))
def test_zero_one_is_the_same_as_minus_and_plus_one(labels):
    ends = [str(i) for i in range(len(labels) + 1)]
    both = len(set(labels)) == 2
    rows = (ends[:-1], ends[1:])
    other = SignedNetwork.from_edges(*rows, [2 * label - 1 for label in labels])
    if both:
        with pytest.warns(UserWarning):
            network = SignedNetwork.from_edges(*rows, labels)
        np.testing.assert_array_equal(network.sign, other.sign)
        assert network.content_hash == other.content_hash


def test_users_and_items_of_the_same_name_are_told_and_kept_apart():
    frame = pandas.DataFrame({"user": [0, 0, 1], "item": [0, 1, 2], "sign": [1, -1, -1]})
    with pytest.warns(UserWarning, match="2 names .* --bipartite"):
        merged = signed.from_pandas(frame, source="user", target="item")
    assert merged.n_nodes == 3 and merged.cleanup["shared_names"] == 2
    assert merged.cleanup["self_loops"] == 1
    apart = signed.from_pandas(frame, source="user", target="item", bipartite=True)
    assert apart.n_nodes == 5 and apart.n_edges == 3
    assert apart.cleanup.get("shared_names", 0) == 0
    assert apart.names == ("source:0", "source:1", "target:0", "target:1", "target:2")


@pytest.fixture(scope="module")
def model():
    """Of a network whose names are numbers, but none its own position."""
    rows = [(30, 10), (10, 20), (30, 20), (40, 50), (50, 60), (40, 60), (3, 1), (1, 10)]
    cross = [(10, 40), (20, 50), (30, 60), (3, 40)]
    source, target = zip(*rows, *cross, strict=True)
    sign = [1] * len(rows) + [-1] * len(cross)
    return signed.apply("default", SignedNetwork.from_edges(source, target, sign))


def test_numbers_are_names(model):
    assert model.network_.names == ("1", "3", "10", "20", "30", "40", "50", "60")
    expected = model.predict_proba([("1", "3"), ("10", "40")])
    frame = pandas.DataFrame({"sign": [0, 0], "source": [1, 10], "target": [3, 40]})
    ways = (
        [(1, 3), (10, 40)],
        [[1, 3], [10, 40]],
        [[1.0, 3.0], [10.0, 40.0]],
        np.array([[1, 3], [10, 40]]),
        np.array([["1", "3"], ["10", "40"]]),
        np.array([[1, 3], [10, 40]], object),
        frame,
        frame.drop(columns="sign").rename(columns={"source": "a", "target": "b"}),
        NodeIndices([[0, 1], [2, 5]]),
    )
    for pairs in ways:
        np.testing.assert_array_equal(model.predict_proba(pairs), expected)
        assert signed.predict(model, pairs).pairs == [("1", "3"), ("10", "40")]


def test_what_is_no_pair_is_refused(model):
    for pairs, message in (
        (("10", "40"), "found '10', expected a source and a target"),
        ((10, 40), "found 10, expected a source and a target"),
        (["ab"], "found 'ab', expected a source and a target"),
        ([(10, 20, 30)], "expected a source and a target"),
        ([(-1, 10)], "found -1, expected names of network such as '1'"),
        ([(10, 2.5)], "found the node 2.5, expected a name"),
        ([(10, float("nan"))], "found a missing node"),
        ([(10, None)], "found a missing node"),
        (pandas.DataFrame({"a": [1], "b": [3], "c": [1]}), "found columns a, b, c"),
    ):
        with pytest.raises(InputError, match=message):
            model.predict_proba(pairs)
    with pytest.raises(InputError, match="found the index 8, expected 0 to 7"):
        model.predict_proba(NodeIndices([[0, 8]]))
    # An unknown name is the prior's, as a name in a file is.
    for node in (99, "99", "new"):
        assert not model.knows([(10, node)])[0]
        assert model.predict_proba([(10, node)])[0, 1] == pytest.approx(model.prior_)


def test_positions_are_refused_where_no_name_is_a_number():
    network = signed.SignedNetwork.from_edges("abca", "bcad", [1, 1, -1, -1])
    with pytest.raises(InputError, match="found 0, expected names of network such as 'a'"):
        signed.FeatureBaseline().fit(network).predict_proba([(0, 1)])


def test_indices_stay_indices_where_they_are_cut_and_joined():
    pairs = NodeIndices(np.arange(8).reshape(4, 2))
    for kept in (
        pairs[1:3],
        pairs[:, ::-1],
        np.concatenate([pairs, pairs]),
        np.sort(pairs, axis=1),
    ):
        assert isinstance(kept, NodeIndices)
    assert not isinstance(pairs.min(), np.ndarray)
    with pytest.raises(InputError, match="expected integers of shape"):
        NodeIndices([("a", "b")])


def test_an_unordered_pair_is_the_same_from_both_ends():
    network = signed.synthetic(40, degree=6.0, seed=1)
    model = signed.apply("default", network)
    pairs = np.array(network.names)[np.random.default_rng(0).integers(0, 40, (60, 2))]
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    np.testing.assert_array_equal(model.predict_proba(pairs), model.predict_proba(pairs[:, ::-1]))
