"""The part of a large network that forces are trained on: pairs between hubs, as in the whole."""

import dataclasses

import numpy as np
import pytest

from forcelaw import signed
from forcelaw.signed.forces import PRESETS, make_views
from forcelaw.signed.forces.subgraph_batches import training_part
from forcelaw.signed.forces.views import HIDDEN
from forcelaw.training import Stage

PAIRS = 150


@pytest.fixture(scope="module")
def network():
    return signed.synthetic(200, degree=8.0, hubs=0.8, seed=0)


@pytest.fixture(scope="module")
def views(network):
    return make_views(network, folds=5, hidden=2, seed=0)


def pairs_of(views, number):
    """Each directed edge of a graph by the whole network's nodes, with what a view knows of it."""
    graph = views.graph
    real = np.asarray(graph.edge_mask)
    ends = [number[np.asarray(end)[real]] for end in (graph.sender, graph.receiver)]
    known = zip(
        np.asarray(views.view.sign)[:, real].T.tolist(),
        np.asarray(views.view.edge)[:, real].swapaxes(0, 1).tolist(),
        strict=True,
    )
    return dict(zip(zip(*map(np.ndarray.tolist, ends), strict=True), known, strict=True))


def test_a_part_is_of_the_hubs_and_knows_what_the_whole_knows(network, views):
    part = training_part(views, PAIRS)
    count = int(np.asarray(part.graph.node_mask).sum())
    # As the part numbers them, in their order.
    degree = np.asarray(network.pairs().degree)
    hubs = np.sort(np.argsort(-degree, kind="stable")[:count])
    whole, found = pairs_of(views, np.arange(views.graph.nodes)), pairs_of(part, hubs)
    assert found == {
        ends: known for ends, known in whole.items() if set(ends) <= set(hubs.tolist())
    }
    assert PAIRS - degree.max() < len(found) / 2 <= PAIRS
    assert part.graph.symmetric
    for name in ("node", "factions"):
        np.testing.assert_array_equal(
            np.asarray(getattr(part.view, name))[:, :count],
            np.asarray(getattr(views.view, name))[:, hubs],
        )
    assert (np.asarray(part.view.sign)[:, ~np.asarray(part.graph.edge_mask)] == HIDDEN).all()


def test_a_part_hides_what_the_whole_hides_of_it(network, views):
    part = training_part(views, PAIRS)
    count = int(np.asarray(part.graph.node_mask).sum())
    hubs = np.sort(np.argsort(-np.asarray(network.pairs().degree), kind="stable")[:count])

    def hidden(views, number):
        kept = np.asarray(views.hidden.weight) > 0
        rows = zip(
            np.nonzero(kept)[0].tolist(),
            map(tuple, number[np.asarray(views.hidden.ends)[kept]].tolist()),
            np.asarray(views.hidden.positive)[kept].tolist(),
            np.asarray(views.hidden.weight)[kept].tolist(),
            map(tuple, np.asarray(views.hidden.feature)[kept].tolist()),
            strict=True,
        )
        return set(rows)

    whole = hidden(views, np.arange(views.graph.nodes))
    expected = {row for row in whole if set(row[1]) <= set(hubs.tolist())}
    assert hidden(part, hubs) == expected != whole


@pytest.mark.parametrize("pairs", [None, 10_000])
def test_a_small_network_is_its_own_part(views, pairs):
    assert training_part(views, pairs) is views


def test_the_presets_of_the_reference_train_on_everything():
    assert PRESETS["spr"].training_pairs is None and PRESETS["spr-nn"].training_pairs is None
    old = dict(PRESETS["default"].settings())
    del old["training_pairs"]
    assert signed.Preset.from_settings(old).training_pairs is None


@pytest.mark.slow
def test_what_a_part_has_taught_places_the_whole_network(network):
    preset = dataclasses.replace(
        PRESETS["default"],
        stages=(Stage(4, 6, 0.1, 1.7, 0.02),), steps=6, dt=0.1, folds=4, trainings=1, choices=1,
        training_pairs=400,
    )  # fmt: skip
    model = signed.SpringEmbedding(8, preset=preset).fit(network)
    assert model.springs_ is not None and model.springs_.learned
    assert model.positions_.shape == (network.n_nodes, 8)
    assert np.isfinite(model.positions_).all()
