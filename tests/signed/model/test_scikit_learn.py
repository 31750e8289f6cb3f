"""scikit-learn's tools at work: cross-validation, search, and its own checks of estimators."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from sklearn import base, model_selection
from sklearn.utils.estimator_checks import parametrize_with_checks

from forcelaw import signed
from forcelaw.errors import InputError, InvalidSetting
from forcelaw.signed import SignedFolds

RAISE: Any = "raise"
"""The stubs know numbers alone."""


def fresh(model: Any) -> Any:
    """An unfitted one, whatever scikit-learn's stubs take it for."""
    return base.clone(model)


BASELINES: list[Any] = [signed.FeatureBaseline(), signed.SpectralBaseline()]


@pytest.fixture(scope="module")
def network():
    """A directed network of two factions, a fifth of whose pairs have both directions."""
    pairs = signed.synthetic(60, degree=14.0, noise=0.05, seed=3)
    back = np.random.default_rng(0).random(pairs.n_edges) < 0.2
    return signed.SignedNetwork.from_edges(
        np.concatenate([pairs.source, pairs.target[back]]),
        np.concatenate([pairs.target, pairs.source[back]]),
        np.concatenate([pairs.sign, pairs.sign[back]]),
    )


@pytest.mark.parametrize("model", BASELINES, ids=repr)
def test_a_network_is_cross_validated_by_its_edges(model, network):
    plain = model_selection.cross_val_score(model, network, cv=4, error_score=RAISE)
    assert plain.shape == (4,) and plain.mean() > 0.7
    options = {"cv": SignedFolds(n_splits=4), "scoring": "roc_auc", "error_score": RAISE}
    apart = model_selection.cross_val_score(model, network, network.sign, **options)
    assert apart.mean() > 0.85
    # By hand: the same edges learned from, the same edges scored.
    train, test = next(iter(SignedFolds(n_splits=4).split(network)))
    own = fresh(model).fit(network[train])
    probability = own.predict_proba(network[test])[:, 1]
    auc = signed.scores(network.sign[test], probability, 0.5)["auc"]
    assert apart[0] == pytest.approx(auc, abs=1e-9)
    predicted = model_selection.cross_val_predict(model, network, network.sign, cv=4)
    assert set(np.asarray(predicted).tolist()) == {-1, 1}


@pytest.mark.parametrize("model", BASELINES, ids=repr)
def test_pairs_and_signs_are_as_good_as_a_network(model, network):
    pairs, sign = network.named_pairs, network.sign
    folds = SignedFolds(n_splits=3)
    ours = model_selection.cross_val_score(model, network, cv=folds, error_score=RAISE)
    lists = model_selection.cross_val_score(model, pairs, sign, cv=folds, error_score=RAISE)
    array = np.array(pairs, object)
    arrays = model_selection.cross_val_score(model, array, sign, cv=folds, error_score=RAISE)
    np.testing.assert_allclose(ours, lists, atol=0.05)
    np.testing.assert_array_equal(lists, arrays)
    frame = signed.to_pandas(network)
    named = frame[["source", "target"]]
    frames = model_selection.cross_val_score(model, named, sign, cv=folds, error_score=RAISE)
    np.testing.assert_array_equal(lists, frames)


def test_settings_are_searched(network):
    seeds = {"seed": [0, 1], "reverse_sign": [False, True]}
    search = model_selection.GridSearchCV(
        signed.FeatureBaseline(), seeds, cv=SignedFolds(n_splits=2), error_score=RAISE
    ).fit(network, network.sign)
    assert len(search.cv_results_["params"]) == 4
    assert search.score(network, network.sign) == search.best_estimator_.score(network)
    assert "FeatureBaseline" in repr(search)
    shuffled = model_selection.ShuffleSplit(2, test_size=0.3, random_state=0)
    other = model_selection.GridSearchCV(
        signed.SpectralBaseline(), {"seed": [0]}, cv=shuffled, error_score=RAISE
    ).fit(network)
    assert other.best_score_ > 0.7


@pytest.mark.slow
def test_embeddings_are_cross_validated_and_searched(network):
    quick = signed.PRESETS["spr"]
    model = signed.SpringEmbedding(4, preset=quick)
    undirected = network.pairs()
    search = model_selection.GridSearchCV(model, {"dim": [2, 4]}, cv=2, error_score=RAISE)
    search.fit(undirected, undirected.sign)
    assert search.best_params_["dim"] in (2, 4)
    found = model_selection.cross_val_score(
        model, undirected, undirected.sign, cv=2, scoring="roc_auc", error_score=RAISE
    )
    assert found.shape == (2,) and np.isfinite(found).all()


def test_nodes_that_training_does_not_have_get_the_share_of_friends(network):
    for model in BASELINES:
        fitted = fresh(model).fit(network)
        pairs = [network.named_pairs[0], ("nobody", network.names[0])]
        probability = fitted.predict_proba(pairs)[:, 1]
        assert probability[1] == network.positive_share != probability[0]
        assert fitted.knows(pairs).tolist() == [True, False]
        assert fitted.predict_proba([("nobody", "no one")]).shape == (1, 2)


def test_rows_of_a_network_keep_nodes_and_order(network):
    rows = np.array([7, 3, 12])
    part = network[rows]
    assert part.names == network.names and part.shape == (3, 2)
    assert part.named_pairs == [network.named_pairs[row] for row in rows]
    assert network[:5].n_edges == 5 and network[network.sign < 0].positive_share == 0
    # Whatever the order, the same is learned.
    order = np.random.default_rng(0).permutation(network.n_edges)
    one, other = (signed.FeatureBaseline().fit(part) for part in (network, network[order]))
    np.testing.assert_array_equal(one.predict_proba(network), other.predict_proba(network))
    for wrong in (3, [1, 1], [[0, 1]]):
        with pytest.raises(InvalidSetting, match="expected a mask, a slice or indices"):
            network[wrong]
    with pytest.raises(TypeError):
        list(network)


@pytest.mark.parametrize("protocol", ["pairs", "directed"])
def test_folds_are_complete_and_keep_directions_together(network, protocol):
    folds = SignedFolds(protocol, n_splits=4, seed=1)
    parts = list(folds.split(network))
    assert len(parts) == folds.get_n_splits() == 4
    tested = np.concatenate([test for _, test in parts])
    assert sorted(tested.tolist()) == list(range(network.n_edges))
    together = 0
    for train, test in parts:
        assert not set(train) & set(test) and len(train) + len(test) == network.n_edges
        learned = {frozenset(network.named_pairs[row]) for row in train}
        together += sum(frozenset(network.named_pairs[row]) in learned for row in test)
        assert abs(network[test].positive_share - network.positive_share) < 0.1
    assert (together == 0) == (protocol == "pairs")
    assert repr(folds) == f"SignedFolds(protocol='{protocol}', n_splits=4, seed=1)"


def test_wrong_input_is_one_clear_error(network):
    model: Any = signed.FeatureBaseline()
    pairs, sign = network.named_pairs, network.sign
    for wrong in (sign[1:], sign * 2, ["friend"] * len(sign), sign > 0):
        with pytest.raises(InvalidSetting, match=r"expected \+1 or -1 for every pair"):
            model.fit(pairs, wrong)
    with pytest.raises(InvalidSetting, match="found signs that are not those of the network"):
        model.fit(network, -sign)
    with pytest.raises(InvalidSetting, match="found positions of nodes, expected names"):
        model.fit(network.edges, sign)
    with pytest.raises(InputError, match="expected SignedNetwork"):
        model.fit(pairs)
    for folds in (SignedFolds("temporal"), SignedFolds(n_splits=1)):  # type: ignore[arg-type]
        with pytest.raises(InvalidSetting, match="expected pairs or directed in 2 or more"):
            next(folds.split(network))
    with pytest.raises(InvalidSetting, match="give a network, or the signs as y"):
        next(SignedFolds().split(pairs))


MODELS = [*BASELINES, signed.FeaturesAlone(), signed.SpringEmbedding()]
REASONS = {
    "feeds a table of numbers with fractions, while what is learned from are pairs of names or a "
    "network; `test_what_is_asked_of_tables_holds_for_networks` asks the same": """
        fit_score_takes_y estimators_overwrite_params dont_overwrite_parameters
        estimators_fit_returns_self readonly_memmap_input n_features_in_after_fitting n_features_in
        positive_only_tag_during_fit estimators_dtypes complex_data dtype_object
        pipeline_consistency estimators_nan_inf estimators_empty_data_messages
        estimator_sparse_array estimator_sparse_matrix estimators_pickle
        f_contiguous_array_estimator classifier_data_not_an_array classifiers_one_label
        classifiers_classes classifiers_train methods_sample_order_invariance
        methods_subset_invariance fit2d_1sample fit2d_1feature
        fit2d_predict1d dict_unchanged fit_idempotent fit_check_is_fitted supervised_y_2d
        transformer_data_not_an_array transformer_general transformer_preserve_dtypes
    """,
    "wants other words for a wrong target; `test_wrong_input_is_one_clear_error` has ours": """
        classifiers_regression_target classifier_not_supporting_multiclass
    """,
    "wants NotFittedError itself, whose bases NotFitted has without importing scikit-learn; "
    "`test_the_conventions_of_scikit_learn` has ours": "estimators_unfitted",
    "wants numbers and texts as defaults; settings are one frozen object": """
        parameters_default_constructible
    """,
}
"""Of `EXPECTED`: why, and of which checks."""
EXPECTED = {f"check_{name}": why for why, names in REASONS.items() for name in names.split()}


@pytest.mark.parametrize("model", [*BASELINES, signed.FeaturesAlone(choices=1)], ids=repr)
def test_what_is_asked_of_tables_holds_for_networks(model, network):
    model = fresh(model)
    before, signs = dict(vars(model)), network.sign.copy()
    assert model.fit(network, network.sign) is model
    assert {name: vars(model)[name] for name in before} == before
    after = dict(vars(model))
    probability = model.predict_proba(network)
    assert len(model.predict(network)) == network.n_edges and model.score(network) > 0.5
    assert vars(model) == after and np.array_equal(network.sign, signs)
    assert probability.shape == (network.n_edges, 2)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    np.testing.assert_array_equal(model.fit(network).predict_proba(network), probability)
    # Each pair by itself, in any order, and from arrays that nobody may write to.
    order = np.random.default_rng(0).permutation(network.n_edges)
    np.testing.assert_allclose(model.predict_proba(network[order]), probability[order], rtol=1e-5)
    few = network.named_pairs[:3]
    np.testing.assert_allclose(model.predict_proba(few), probability[:3], rtol=1e-5)
    fixed = np.array(network.named_pairs, object)
    fixed.flags.writeable = False
    np.testing.assert_array_equal(model.predict_proba(fixed), probability)


with warnings.catch_warnings():
    # `INHERITS`, as a warning.
    warnings.filterwarnings("ignore", ".*does not inherit from `sklearn.base.BaseEstimator`")
    checked = parametrize_with_checks(
        MODELS, expected_failed_checks=lambda model: EXPECTED, xfail_strict=True
    )


@pytest.mark.filterwarnings("ignore")
@checked
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)
