"""Runs on signed networks: what is fitted and scored, put together into documents."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from forcelaw.clock import Clock
from forcelaw.documents import JsonObject, ParsedObject
from forcelaw.errors import InputError
from forcelaw.signed.decoder import scores
from forcelaw.signed.evaluation.baseline import FeatureBaseline
from forcelaw.signed.evaluation.comparison import evaluate
from forcelaw.signed.evaluation.evaluation_result import MethodScores
from forcelaw.signed.evaluation.fit_result import FitResult, HeldOutScores, RunHead
from forcelaw.signed.evaluation.showing import HeldOutSigns, RunCurves
from forcelaw.signed.evaluation.spectral_baseline import SpectralBaseline
from forcelaw.signed.forces import PRESETS, Preset
from forcelaw.signed.model import SignClassifier, SpringEmbedding, load_learned_model
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.settings import ModelSettings, SignedSettings
from forcelaw.signed.splits import SignedPairs, Split, check_trainable, split
from forcelaw.storage import Run, RunStatus, finished, open_run
from forcelaw.training import broadcast_from_first, check_agreement, is_first, peak_memory_mb
from forcelaw.training.reporting import SILENT, Reporter
from forcelaw.training.run_log import counted, training_log

_LATER = ("training_pairs",)
"""Choices of a preset that the first releases did not have."""


def model_settings(preset: str) -> ModelSettings:
    """What a preset chooses, as settings hold it."""
    chosen = PRESETS[preset]
    stages = [dataclasses.asdict(stage) for stage in chosen.stages]
    return ModelSettings.model_validate({**chosen.settings(), "stages": stages})


def configuration(command: str, settings: SignedSettings) -> JsonObject:
    """What a run keeps of its command and settings, by which it is found again.

    As earlier versions wrote it where what they did not have is the preset's: they find their runs.
    """
    model, usual = (one.model_dump() for one in (settings.model, model_settings(settings.preset)))
    kept = {
        name: value for name, value in model.items() if name not in _LATER or value != usual[name]
    }
    return {"command": command, **settings.model_dump(), "model": kept}


def held_back(
    settings: SignedSettings, network: SignedNetwork, given: Split | None = None
) -> Split | None:
    """The parts given, or those that the protocol asks for; None where all is learned from.

    **Raises** `InputError`: the network cannot be split so, has not both signs to learn from, or
    the law to begin with was trained on its test part.
    """
    if settings.protocol is None:
        check_trainable(network)
        if settings.validation:
            raise InputError(
                "--validation: found no --protocol beside it, expected pairs, directed or "
                "temporal; add one"
            )
        return None
    if settings.start_from is not None:
        trained_on = load_learned_model(settings.start_from, directed=network.directed).trained_on
        if network.content_hash in (content for _, content in trained_on):
            raise InputError(
                f"--start-from: found a law in {settings.start_from} that has seen the signs of "
                f"{network.name}, expected one that has not, as a test part is held back; leave "
                "one of the two out"
            )
    if given is not None:
        return given
    return split(
        network,
        settings.protocol,
        seed=settings.seed,
        validation=settings.validation,
        transductive=settings.transductive,
    )


def fit_together(
    settings: SignedSettings,
    network: SignedNetwork,
    parts: Split | None,
    out: Path,
    devices: int | None,
    *,
    check: Callable[[Run], ParsedObject | None],
    opened: Callable[[Run], None],
    force: bool = False,
    reporter: Reporter = SILENT,
) -> ParsedObject | None:
    """The results of a model fitted into the run in the folder `out`, or found there.

    Of several processes that fit it together the first alone opens the run; the others get None.
    `check`, `opened` and `force` as of `forcelaw.storage.carry_out`.
    """
    config = configuration("signed fit", settings)
    check_agreement(json.dumps(config, sort_keys=True), "settings or another network")
    with open_run(out, config, force=force) if is_first() else nullcontext() as run:
        if run is not None:
            opened(run)
        _, status = broadcast_from_first((), "" if run is None else run.status.value)
        if run is not None:
            return finished(
                run,
                lambda run: fit_run(
                    settings, network, parts, run, devices, reporter=reporter
                ).to_json(),
                check=check,
            )
        if status != RunStatus.FINISHED.value:
            train = network if parts is None else parts.train
            _fit(settings, train, out, devices, None, reporter)
        return None


def fit_run(
    settings: SignedSettings,
    network: SignedNetwork,
    parts: Split | None,
    run: Run,
    devices: int | None = None,
    *,
    reporter: Reporter = SILENT,
) -> FitResult:
    """Fits one model into a run and returns its results.

    Without `parts` all edges are learned from; with them, the test part is scored beside the
    feature and the spectral baseline.
    """
    clock = Clock()
    train = network if parts is None else parts.train
    model = _fit(settings, train, run.folder, devices, run, reporter)
    model.save(run.folder, split=settings.protocol)
    test, validation, held = _score_parts(model, parts)
    clock.lap("scores")
    curves = RunCurves.of(model, parts, () if held is None else (held,))
    clock.lap("pictures")
    edges, positive = _counts(train, parts)
    return FitResult(
        head=RunHead.of("signed fit", network, settings),
        nodes=train.n_nodes,
        edges=edges,
        positive=positive,
        seed=settings.seed,
        dim=settings.dim,
        preset=settings.preset,
        protocol=settings.protocol,
        transductive=settings.transductive,
        training=counted(model.history_),
        springs=model.springs_,
        test=test,
        validation=validation,
        reverse_share=None if parts is None else parts.reverse_share,
        seconds={**model.seconds_, "all": clock.total},
        peak_memory_mb=peak_memory_mb(),
        curves=curves,
    )


def evaluate_run(
    settings: SignedSettings,
    network: SignedNetwork,
    given: Split | None = None,
    *,
    pictures: bool = False,
    reporter: Reporter = SILENT,
) -> JsonObject:
    """The results of `evaluate` on a network, or on the split that is given.

    **Arguments:** `pictures` whether what a report draws is added, of the first split; curves of
    held-out signs are those of all splits.
    """
    splits: list[HeldOutSigns] = []
    first: list[tuple[Split, SpringEmbedding]] = []

    def keep(parts: Split, model: SpringEmbedding, said: HeldOutSigns) -> None:
        splits.append(said)
        if not first:
            first.append((parts, model))

    with reporter.progress(f"evaluating {network.name}") as progress:
        found = evaluate(
            network if given is None else given,
            None if given is not None else settings.protocol,
            seeds=settings.seeds,
            preset=_preset(settings),
            dim=settings.dim,
            transductive=settings.transductive,
            report=lambda seed, epoch: progress.update(
                seed + epoch.epoch / epoch.epochs, settings.seeds, **_loss(epoch.metrics)
            ),
            keep=keep if pictures else None,
        )
    curves = {}
    if first:
        (parts, model), *_ = first
        curves = {"curves": RunCurves.of(model, parts, splits, reliability=False).to_json()}
    head = RunHead.of("signed evaluate", network, settings)
    return {**head.to_json(), **found.to_json(), "preset": settings.preset, **curves}


def _fit(
    settings: SignedSettings,
    train: SignedNetwork,
    folder: Path,
    devices: int | None,
    run: Run | None,
    reporter: Reporter,
) -> SpringEmbedding:
    model = SpringEmbedding(
        dim=settings.dim,
        seed=settings.seed,
        preset=_preset(settings),
        start_from=settings.start_from,
    )
    with reporter.progress(f"learning the forces of {train.name}") as progress:
        return model.fit(
            train,
            memory=settings.memory,
            devices=devices,
            folder=folder,
            report=training_log(progress, run),
            note=reporter.note,
        )


def _preset(settings: SignedSettings) -> str | Preset:
    """The preset's name, or the preset with what was set differently."""
    if settings.model == model_settings(settings.preset):
        return settings.preset
    return Preset.from_settings(settings.model.model_dump())


def _score_parts(
    model: SpringEmbedding, parts: Split | None
) -> tuple[HeldOutScores | None, HeldOutScores | None, HeldOutSigns | None]:
    """Scores of the model and of both baselines on test and validation part.

    Last what they say of the test part. None for what there is not.
    """
    if parts is None:
        return None, None, None
    baseline = FeatureBaseline(reverse_sign=parts.train.directed, seed=model.seed)
    baseline.fit(parts.train)
    spectral = SpectralBaseline(seed=model.seed).fit(parts.train)
    methods: dict[str, SignClassifier] = {
        "forcelaw": model, "baseline": baseline, "spectral": spectral
    }  # fmt: skip

    def scored(held: SignedPairs) -> tuple[HeldOutScores, dict[str, np.ndarray]]:
        probabilities = {
            name: method.predict_proba(held.pairs)[:, 1] for name, method in methods.items()
        }
        each = {
            name: MethodScores.of([scores(held.sign, probabilities[name], method.threshold_)])
            for name, method in methods.items()
        }
        return HeldOutScores(**each), probabilities

    test, probabilities = scored(parts.test)
    validation = None
    if parts.validation is not None and len(parts.validation):
        validation, _ = scored(parts.validation)
    thresholds = {name: method.threshold_ for name, method in methods.items()}
    return test, validation, HeldOutSigns(parts.test.sign, probabilities, thresholds)


def _counts(train: SignedNetwork, parts: Split | None) -> tuple[int, float]:
    """Edges and share of friends in all parts together."""
    held = () if parts is None else (parts.test, parts.validation)
    signs = [train.sign, *(part.sign for part in held if part is not None)]
    edges = sum(map(len, signs))
    return edges, sum(int((sign > 0).sum()) for sign in signs) / edges


def _loss(metrics: dict[str, float]) -> dict[str, float]:
    return {"loss": metrics["loss"]} if "loss" in metrics else {}
