"""The estimator end to end on small networks."""

import dataclasses
import json

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import safetensors.numpy

from forcelaw import signed
from forcelaw.errors import InputError, InvalidSetting, NotEnoughData
from forcelaw.laws import AttributeSpring
from forcelaw.signed.forces import PRESETS, make_views, whole_view
from forcelaw.signed.forces.presets import per_unit_time
from forcelaw.signed.forces.simulation import random_start, simulate
from forcelaw.signed.forces.views import HIDDEN
from forcelaw.signed.model import FIT_SETTINGS
from forcelaw.training import Stage

QUICK = dataclasses.replace(
    PRESETS["default"], stages=(Stage(2, 8, 0.1, 1.7, 0.02),), steps=8, dt=0.1, folds=4, starts=1,
    trainings=2, choices=2,
)  # fmt: skip


@pytest.fixture(scope="module")
def parts():
    return signed.split(signed.synthetic(80, degree=14.0, noise=0.0, seed=0), "pairs", seed=0)


@pytest.fixture(scope="module")
def model(parts):
    return signed.SpringEmbedding(8, seed=1, preset=QUICK).fit(parts.train)


def test_a_balanced_network_is_predicted_perfectly(parts):
    # Of as many steps as the model above, so that nothing more is compiled.
    preset = dataclasses.replace(QUICK, stages=(Stage(6, 8, 0.25, 1.7, 0.02),), dt=0.25)
    model = signed.SpringEmbedding(8, seed=0, preset=preset).fit(parts.train)
    np.testing.assert_array_equal(model.predict(parts.test.pairs), parts.test.sign)
    # By where the nodes lie, too: of held-back pairs all friends are nearer than any enemies.
    ends = model.positions_[parts.test.pairs]
    distance = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1)
    assert distance[parts.test.sign > 0].max() < distance[parts.test.sign < 0].min()


def test_shapes_and_conventions(parts, model):
    train, test = parts
    probability = model.predict_proba(test.pairs)
    assert probability.shape == (len(test), 2)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    assert model.positions_.shape == (train.n_nodes, 8) == model.transform().shape
    assert set(model.predict(test.pairs).tolist()) <= set(model.classes_.tolist())
    assert model.get_params() == {
        "dim": 8, "seed": 1, "preset": QUICK, "start_from": None, "settings": FIT_SETTINGS
    }  # fmt: skip
    assert model.set_params(seed=1) is model
    assert set(model.seconds_) == {"features", "forces", "decoder", "positions"}
    np.testing.assert_array_equal(
        model.predict(test.pairs), np.where(probability[:, 1] >= model.threshold_, 1, -1)
    )


def test_a_prediction_depends_on_neither_order_nor_other_pairs(parts, model):
    pairs = parts.test.pairs
    together = model.predict_proba(pairs)
    np.testing.assert_allclose(model.predict_proba(pairs[:1]), together[:1], rtol=1e-5)
    np.testing.assert_array_equal(model.predict_proba(pairs[:, ::-1]), together)
    assert model.predict_proba(pairs[:0]).shape == (0, 2)


def test_unknown_names_get_the_prior_and_are_flagged(parts, model):
    known = parts.test.named_pairs[0]
    pairs = [known, ("nobody", known[0])]
    np.testing.assert_array_equal(model.knows(pairs), [True, False])
    probability = model.predict_proba(pairs)
    assert probability[1, 1] == parts.train.positive_share == model.prior_
    np.testing.assert_allclose(probability[0], model.predict_proba(parts.test.pairs[:1])[0])
    # The threshold is for pairs of known nodes: an unknown one gets the likelier sign.
    likelier = 1 if model.prior_ >= 0.5 else -1
    learned = dataclasses.replace(model.learned_, threshold=0.99)
    high = signed.SpringEmbedding.from_fitted(dataclasses.replace(model.fitted_, learned=learned))
    assert high.threshold_ == 0.99
    assert high.predict(pairs)[1] == likelier == signed.predict(high, pairs).sign[1]


def test_the_conventions_of_scikit_learn(model):
    import sklearn
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    again = sklearn.clone(model)
    assert isinstance(again, signed.SpringEmbedding)
    assert again.get_params() == model.get_params()
    assert not [name for name in vars(again) if name.endswith("_")]
    with pytest.raises(NotFittedError):
        check_is_fitted(again)
    with pytest.raises(AttributeError):
        _ = again.positions_
    assert not hasattr(again, "positions_")
    check_is_fitted(model)
    assert "dim=8" in repr(model)
    with pytest.raises(InputError, match="expected dim, seed, preset"):
        model.set_params(dimension=3)


def test_the_score_is_the_share_of_signs_that_are_right(parts, model):
    test = parts.test
    right = model.predict(test.pairs) == test.sign
    assert model.score(test.pairs, test.sign) == right.mean()
    assert model.score(test.named_pairs[:1], list(test.sign[:1])) == float(right[0])
    for signs in (test.sign[1:], test.sign * 2, ["friend"] * len(test)):
        with pytest.raises(InvalidSetting, match=r"expected .1 or -1 for every pair"):
            model.score(test.pairs, signs)
    with pytest.raises(NotEnoughData, match="found no pairs"):
        model.score(test.pairs[:0], [])


@pytest.mark.slow
def test_the_seed_decides(parts, model):
    again = signed.SpringEmbedding(8, seed=1, preset=QUICK).fit(parts.train)
    other = signed.SpringEmbedding(8, seed=2, preset=QUICK).fit(parts.train)
    np.testing.assert_array_equal(again.positions_, model.positions_)
    np.testing.assert_array_equal(
        again.predict_proba(parts.test.pairs), model.predict_proba(parts.test.pairs)
    )
    assert not np.array_equal(other.positions_, model.positions_)


def test_save_and_load_predict_identically(parts, model, tmp_path):
    model.save(tmp_path / "run", split="pairs")
    loaded = signed.SpringEmbedding.load(tmp_path / "run")
    np.testing.assert_array_equal(
        loaded.predict_proba(parts.test.pairs), model.predict_proba(parts.test.pairs)
    )
    np.testing.assert_array_equal(loaded.positions_, model.positions_)
    assert loaded.threshold_ == model.threshold_
    assert loaded.get_params() == model.get_params()
    manifest = json.loads((tmp_path / "run" / "law.json").read_text())
    assert manifest["dataset"] == "synthetic" and manifest["split"] == "pairs"
    assert manifest["family"] == "AttributeSpring"
    np.testing.assert_allclose(loaded.transform(parts.train), model.positions_, atol=1e-5)


def test_load_says_what_is_missing(tmp_path, model):
    with pytest.raises(InputError, match=r"law\.json"):
        signed.SpringEmbedding.load(tmp_path)
    model.save(tmp_path)
    (tmp_path / "model" / "network.safetensors").unlink()
    with pytest.raises(InputError, match=r"network\.safetensors: no such file"):
        signed.SpringEmbedding.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [(".position", np.nan, "not finite"), (".position", np.inf, "not finite"),
     (".network['sign']", 0, "values other than"), (".network['source']", 10**6, "name node")],
)  # fmt: skip
def test_a_damaged_network_is_named(model, tmp_path, name, value, words):
    model.save(tmp_path)
    path = tmp_path / "model" / "network.safetensors"
    with safetensors.safe_open(path, framework="numpy") as file:
        names = file.keys()
        arrays = {key: file.get_tensor(key).copy() for key in names}
        metadata = file.metadata()
    arrays[name].flat[0] = value
    safetensors.numpy.save_file(arrays, path, metadata=metadata)
    with pytest.raises(InputError, match=rf"network\.safetensors: .*{words}.*restore it"):
        signed.SpringEmbedding.load(tmp_path)


def test_a_model_of_other_features_is_an_input_error(model, tmp_path, monkeypatch):
    model.save(tmp_path)
    monkeypatch.setattr("forcelaw.signed.model.model_files.column_counts", lambda *kind: (99, 99))
    with pytest.raises(InputError, match=r"expected 99.*fit again"):
        signed.SpringEmbedding.load(tmp_path)


def test_an_interrupted_fit_resumes_to_the_same_bits(parts, model, tmp_path):
    def stop(epoch):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        signed.SpringEmbedding(8, seed=1, preset=QUICK).fit(
            parts.train, folder=tmp_path, report=stop
        )
    seen = []
    resumed = signed.SpringEmbedding(8, seed=1, preset=QUICK).fit(
        parts.train, folder=tmp_path, report=lambda epoch: seen.append(epoch.epoch)
    )
    assert seen == list(range(2, QUICK.trainings * QUICK.stages[0].epochs + 1))
    np.testing.assert_array_equal(resumed.positions_, model.positions_)
    np.testing.assert_array_equal(
        resumed.predict_proba(parts.test.pairs), model.predict_proba(parts.test.pairs)
    )


def test_a_learned_law_moves_another_network(model):
    other = signed.synthetic(50, degree=8.0, seed=9)
    position = model.transform(other)
    assert position.shape == (50, 8) and np.isfinite(position).all()


def test_the_social_force(model):
    force = signed.social_force(model)
    assert len(force.length) == 41 and all(np.isfinite(curve).all() for curve in force)
    assert force.friend[-1] > 0 > force.enemy[1]
    assert force.table().splitlines()[0].split() == ["distance", "friend", "enemy", "unknown"]


def test_unfitted_and_unknown_are_input_errors(parts):
    with pytest.raises(InputError, match="call fit first"):
        signed.SpringEmbedding().predict(parts.test.pairs)
    with pytest.raises(InputError, match="default"):
        signed.SpringEmbedding(preset="defalt").fit(parts.train)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["spr", "spr-nn"])
def test_the_origins_presets(parts, name):
    preset = PRESETS[name]
    assert (preset.steps, preset.dt) == (120, 0.01)
    assert np.exp(-preset.damping * preset.dt) == pytest.approx(0.95)
    assert sum(stage.epochs for stage in preset.stages) * preset.folds == 300
    short = dataclasses.replace(
        preset, stages=(dataclasses.replace(preset.stages[0], epochs=2),), folds=4
    )
    model = signed.SpringEmbedding(8, preset=short).fit(parts.train)
    # Eight updates at the reference's learning rate promise no accuracy, but finite numbers.
    assert all(np.isfinite(epoch.metrics["loss"]) for epoch in model.history_)
    assert model.history_[-1].metrics["skipped"] == 0
    assert np.isfinite(model.predict_proba(parts.test.pairs)).all()


def test_damping_per_step_becomes_damping_per_time():
    assert np.exp(-per_unit_time(0.2, 0.01) * 0.01) == pytest.approx(0.8)


def test_views_hide_their_fold_and_nothing_else(parts):
    views = make_views(parts.train, folds=4, seed=0)
    real = np.asarray(views.graph.edge_mask)
    sign = np.asarray(views.view.sign)[:, real]
    hidden = (sign[:-1] == HIDDEN).sum(axis=0)
    np.testing.assert_array_equal(hidden, 1)
    assert set(np.unique(sign[-1])) == {-1, 1}
    assert int((np.asarray(views.hidden.weight) > 0).sum()) == parts.train.n_edges


def test_transductive_pairs_are_unknown_edges():
    network = signed.synthetic(80, seed=3)
    parts = signed.split(network, "pairs", seed=0, transductive=True)
    train, test = parts.train, parts.test
    _, view = whole_view(train)
    assert int((np.asarray(view.sign) == 0).sum()) == 2 * len(test)
    views = make_views(train, folds=4, seed=0)
    real = np.asarray(views.graph.edge_mask)
    assert not (np.asarray(views.view.sign)[:, real] == HIDDEN).any()


def test_renumbering_the_nodes_renumbers_the_positions():
    network = signed.synthetic(40, seed=4)
    order = np.random.default_rng(0).permutation(40)
    ends = np.sort(order[network.edges], axis=1)
    rows = np.lexsort((ends[:, 1], ends[:, 0]))
    renamed = dataclasses.replace(
        network,
        source=ends[rows, 0].astype(np.int32),
        target=ends[rows, 1].astype(np.int32),
        sign=network.sign[rows],
    )
    start = random_start(64, 4, "random", key=jax.random.key(0)).noise
    law = None
    placed = []
    for which, begin in ((network, start), (renamed, start.at[jnp.asarray(order)].set(start[:40]))):
        graph, view = whole_view(which)
        law = law or AttributeSpring(view.edge.shape[-1], key=jax.random.key(1))
        placed.append(
            simulate(law, graph, view, begin[: graph.nodes], steps=10, dt=0.05, damping=1.0)
        )
    np.testing.assert_allclose(placed[1][order], placed[0][:40], rtol=1e-3, atol=1e-4)


def test_starts_do_not_depend_on_later_nodes():
    few, many = (random_start(n, 4, "random", key=jax.random.key(0)).noise for n in (10, 64))
    np.testing.assert_array_equal(few, many[:10])
    assert float(jnp.abs(many).max()) <= 1
