"""Comparison of springs, their features alone, and two baselines on the same splits."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence

import numpy as np

from forcelaw.clock import Clock
from forcelaw.errors import InvalidSetting, check_type
from forcelaw.signed.decoder import reliability, scores
from forcelaw.signed.evaluation.baseline import FeatureBaseline
from forcelaw.signed.evaluation.cold_start import cold_start
from forcelaw.signed.evaluation.evaluation_result import METHODS, EvaluationResult, MethodScores
from forcelaw.signed.evaluation.features_only import FeaturesAlone
from forcelaw.signed.evaluation.settings import EVALUATION_SETTINGS, EvaluationSettings
from forcelaw.signed.evaluation.showing import HeldOutSigns
from forcelaw.signed.evaluation.spectral_baseline import SpectralBaseline
from forcelaw.signed.forces import Preset, Springs, get_preset
from forcelaw.signed.model import SignClassifier, SpringEmbedding, apply, load_learned_model
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.settings import DIM, SEEDS, SignedSettings
from forcelaw.signed.splits import Split, split
from forcelaw.storage.settings import check_arguments
from forcelaw.training import Epoch, peak_memory_mb

Keep = Callable[[Split, SpringEmbedding, HeldOutSigns], None]
"""Is given a split when it has been scored."""


def evaluate(
    network: SignedNetwork | Split,
    protocol: str | None = None,
    *,
    seeds: int = SEEDS,
    preset: str | Preset = "default",
    dim: int = DIM,
    transductive: bool = False,
    report: Callable[[int, Epoch], None] | None = None,
    keep: Keep | None = None,
    settings: EvaluationSettings = EVALUATION_SETTINGS,
) -> EvaluationResult:
    """Scores over `seeds` splits (seeds 0, 1, ...) of this method and others.

    All see the training part alone, and choose their threshold on it. In directed networks all but
    the spectral baseline see the opposite edge's sign where it is known; see
    `reverse_share`.

    **Arguments:** `network` and `protocol`, or instead of both a split that was made before, which
    all seeds then share; `report` is told the seed and the epoch, `keep` is given every split with
    its model and what all methods say of the test part; `settings` what decides in the fits beside
    the preset.

    **Raises** `InvalidSetting` for arguments of the wrong kind or out of their bounds.
    """
    then = "read a file with fl.signed.read(...), or a folder with fl.signed.read_split(...)"
    check_type("evaluate", network, SignedNetwork, Split, then=then)
    check_arguments(SignedSettings, seeds=seeds, dim=dim)
    chosen = get_preset(preset) if isinstance(preset, str) else preset
    clock = Clock()
    each: dict[str, list[dict[str, float]]] = {method: [] for method in METHODS}
    reverse: list[float] = []
    springs: list[Springs] = []
    predicted: dict[str, list[np.ndarray]] = {method: [] for method in each}
    truth: list[np.ndarray] = []
    sizes: tuple[int, int, float] = (0, 0, 0.0)
    with clock.phase("split"):
        splits = [
            _parts(network, protocol, seed=seed, transductive=transductive) for seed in range(seeds)
        ]
    seen = _has_seen(splits[0].train)
    for seed, parts in enumerate(splits):
        train, test = parts.train, parts.test
        reverse.append(parts.reverse_share)
        truth.append(test.sign)
        sizes = _sizes(parts)

        thresholds: dict[str, float] = {}

        def tell(name: str, method: SignClassifier, test=test, kept=thresholds) -> None:
            probability = method.predict_proba(test.pairs)[:, 1]
            predicted[name].append(probability)
            kept[name] = method.threshold_
            with warnings.catch_warnings():
                # Reported once, in the notes.
                warnings.filterwarnings("ignore", ".* pairs to score: auc and f1_macro are undef")
                each[name].append(scores(test.sign, probability, method.threshold_))

        baselines: dict[str, SignClassifier] = {
            "baseline": FeatureBaseline(reverse_sign=train.directed, seed=seed, settings=settings),
            "spectral": SpectralBaseline(seed=seed, settings=settings),
        }
        for name, baseline in baselines.items():
            with clock.phase(name):
                tell(name, baseline.fit(train))
        model = SpringEmbedding(dim, seed=seed, preset=chosen, settings=settings.fit)
        with clock.phase("features"):
            views = model.views_of(train)
        with clock.phase("features alone"):
            alone = FeaturesAlone(seed=seed, choices=chosen.choices, settings=settings.fit)
            tell("features", alone.fit(train, views=views))
        if not seen:
            with clock.phase("default"):
                tell("default", apply("default", train))
        model.fit(train, views=views, report=None if report is None else _told(report, seed))
        clock.add(model.seconds_)
        with clock.phase("predict"):
            tell("forcelaw", model)
        assert model.springs_ is not None
        springs.append(model.springs_)
        if keep is not None:
            said = {method: rows[-1] for method, rows in predicted.items()}
            keep(parts, model, HeldOutSigns(test.sign, said, thresholds))
    return EvaluationResult(
        dataset=splits[0].train.name,
        nodes=sizes[0],
        edges=sizes[1],
        positive=sizes[2],
        protocol=splits[0].protocol,
        seeds=seeds,
        given=isinstance(network, Split),
        preset=preset if isinstance(preset, str) else "custom",
        transductive=splits[0].transductive,
        **{method: MethodScores.of(rows) for method, rows in each.items() if method != "default"},
        default=None if seen else MethodScores.of(each["default"]),
        reliability={
            method: reliability(np.concatenate(truth), np.concatenate(rows), bins=settings.bins)
            for method, rows in predicted.items()
            if rows
        },
        difference=MethodScores.difference(each["forcelaw"], each["baseline"]),
        difference_to_features=MethodScores.difference(each["forcelaw"], each["features"]),
        difference_to_spectral=MethodScores.difference(each["forcelaw"], each["spectral"]),
        springs=tuple(springs),
        notes=(*_undefined(truth), *cold_start(splits[0], predicted["forcelaw"][0]), *seen),
        reverse_share=sum(reverse) / len(reverse),
        seconds=clock.seconds,
        peak_memory_mb=peak_memory_mb(),
    )


def _parts(
    network: SignedNetwork | Split, protocol: str | None, *, seed: int, transductive: bool
) -> Split:
    if isinstance(network, Split):
        return network
    if protocol is None:
        raise InvalidSetting(
            f"{network.name}: found no protocol, expected pairs, directed or temporal; name one"
        )
    return split(network, protocol, seed=seed, transductive=transductive)


def _sizes(parts: Split) -> tuple[int, int, float]:
    """Nodes, edges of both parts together, and the share of friends among these."""
    sign = np.concatenate([parts.train.sign, parts.test.sign])
    return parts.train.n_nodes, len(sign), int((sign > 0).sum()) / len(sign)


def _has_seen(train: SignedNetwork) -> tuple[str, ...]:
    """In words, whether the law that ships was trained on this network, whose signs it has seen."""
    contents = {content for _, content in load_learned_model("default").trained_on}
    if train.content_hash not in contents:
        return ()
    return (f"the shipped law was trained on {train.name}: it is not scored there",)


def _undefined(truth: Sequence[np.ndarray]) -> list[str]:
    """Which splits cannot define the scores that compare friends and enemies."""
    notes = []
    for kind, present in (
        ("enemy", [bool((sign < 0).any()) for sign in truth]),
        ("friend", [bool((sign > 0).any()) for sign in truth]),
    ):
        lacking = [str(split) for split, there in enumerate(present) if not there]
        if lacking:
            several = "s" if len(lacking) > 1 else ""
            notes.append(
                f"no {kind} in the test part of split{several} {', '.join(lacking)}: AUC and "
                f"macro-F1 are undefined there, and means are over the other "
                f"{len(truth) - len(lacking)} of {len(truth)}"
            )
    return notes


def _told(report: Callable[[int, Epoch], None], seed: int) -> Callable[[Epoch], None]:
    return lambda epoch: report(seed, epoch)
