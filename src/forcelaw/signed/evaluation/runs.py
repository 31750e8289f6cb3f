"""Runs on signed networks: what is fitted and scored, put together into documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from forcelaw import __version__
from forcelaw.clock import Clock
from forcelaw.documents import ParsedObject
from forcelaw.errors import InputError
from forcelaw.signed.decoder import scores, summary
from forcelaw.signed.evaluation.baseline import FeatureBaseline
from forcelaw.signed.evaluation.comparison import evaluate
from forcelaw.signed.evaluation.curves import force_curve, reliability_curve, top_degree_curve
from forcelaw.signed.evaluation.spectral_baseline import SpectralBaseline
from forcelaw.signed.forces import PRESETS, Preset
from forcelaw.signed.model import SpringEmbedding, load_learned_model
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.settings import SignedSettings
from forcelaw.signed.splits import SignedPairs, Split, check_trainable, split
from forcelaw.storage import Run, RunStatus, finished, open_run, plain
from forcelaw.training import broadcast_from_first, check_agreement, is_first, peak_memory_mb
from forcelaw.training.reporting import SILENT, Reporter
from forcelaw.training.run_log import counted, training_log


def model_settings(preset: str) -> dict[str, Any]:
    """What a preset chooses, as settings hold it."""
    settings = PRESETS[preset].settings()
    return {**settings, "stages": [dict(stage) for stage in settings["stages"]]}


def held_back(
    settings: SignedSettings, network: SignedNetwork, given: Split | None = None
) -> Split | None:
    """The parts given, or those that the protocol asks for; None where all is learned from.

    Raises:
        InputError: the network cannot be split so, has not both signs to learn from, or the law
            to begin with has seen its test part.
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
        seen = load_learned_model(settings.start_from, directed=network.directed).trained_on
        if network.content_hash in (content for _, content in seen):
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
    config = {"command": "signed fit", **settings.model_dump()}
    check_agreement(json.dumps(config, sort_keys=True), "settings or another network")
    with open_run(out, config, force=force) if is_first() else nullcontext() as run:
        if run is not None:
            opened(run)
        _, status = broadcast_from_first((), "" if run is None else run.status.value)
        if run is not None:
            return finished(
                run,
                lambda run: fit_run(settings, network, parts, run, devices, reporter=reporter),
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
) -> dict[str, Any]:
    """Fits one model into a run and returns its results.

    Without `parts` all edges are learned from; with them, the test part is scored beside the
    feature and the spectral baseline.
    """
    clock = Clock()
    train = network if parts is None else parts.train
    model = _fit(settings, train, run.folder, devices, run, reporter)
    model.save(run.folder, split=settings.protocol)
    document: dict[str, Any] = {
        **_head("signed fit", network, settings),
        "nodes": train.n_nodes,
        **_counts(train, parts),
        "seed": settings.seed,
        "dim": settings.dim,
        "preset": settings.preset,
        "protocol": settings.protocol,
        "transductive": settings.transductive,
        "training": counted(model.history_),
        "springs": None if model.springs_ is None else model.springs_.to_json(),
    }
    curves: dict[str, Any] = {"force": force_curve(model), "embedding": top_degree_curve(train)}
    if parts is not None:
        scored, curves["reliability"] = _score_parts(model, parts)
        document |= {**scored, "reverse_share": parts.reverse_share}
    document["seconds"] = {**model.seconds_, "all": clock.total}
    document["peak_memory_mb"] = peak_memory_mb()
    return plain({**document, "curves": curves})


def evaluate_run(
    settings: SignedSettings,
    network: SignedNetwork,
    given: Split | None = None,
    *,
    reporter: Reporter = SILENT,
) -> dict[str, Any]:
    """The results of `evaluate` on a network, or on the split that is given."""
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
        )
    head = _head("signed evaluate", network, settings)
    return plain({**head, **found.to_json(), "preset": settings.preset})


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
    values = settings.model.model_dump()
    same = values == model_settings(settings.preset)
    return settings.preset if same else Preset.from_settings(values)


def _score_parts(model: SpringEmbedding, parts: Split) -> tuple[dict[str, Any], dict[str, Any]]:
    """Scores of the model and of both baselines on the test part, and their reliability.

    The scores on a validation part stand under `validation`.
    """
    baseline = FeatureBaseline(reverse_sign=parts.train.directed, seed=model.seed)
    baseline.fit(parts.train)
    spectral = SpectralBaseline(seed=model.seed).fit(parts.train)
    methods = {"forcelaw": model, "baseline": baseline, "spectral": spectral}

    def scored(held: SignedPairs) -> dict[str, Any]:
        found = {}
        for name, method in methods.items():
            probability = method.predict_proba(held.pairs)[:, 1]
            each = scores(held.sign, probability, method.threshold_)
            found[name] = {key: summary([value]) for key, value in each.items()}
        return found

    found = scored(parts.test)
    if parts.validation is not None and len(parts.validation):
        found["validation"] = scored(parts.validation)
    probabilities = {
        name: method.predict_proba(parts.test.pairs)[:, 1] for name, method in methods.items()
    }
    return found, reliability_curve(parts.test.sign, probabilities)


def _counts(train: SignedNetwork, parts: Split | None) -> dict[str, Any]:
    """Edges and share of friends in all parts together."""
    held = () if parts is None else (parts.test, parts.validation)
    signs = [train.sign, *(part.sign for part in held if part is not None)]
    edges = sum(map(len, signs))
    positive = sum(int((sign > 0).sum()) for sign in signs)
    return {"edges": edges, "positive": positive / edges}


def _head(command: str, network: SignedNetwork, settings: SignedSettings) -> dict[str, Any]:
    """How every document begins."""
    return {
        "schema": 1,
        "kind": "signed",
        "command": command,
        "version": __version__,
        "dataset": network.name,
        "content_hash": network.content_hash,
        "source_nodes": network.n_nodes,
        "cleanup": {rule: int(count) for rule, count in network.cleanup.items()},
        "precision": settings.precision,
    }


def _loss(metrics: dict[str, float]) -> dict[str, float]:
    return {"loss": metrics["loss"]} if "loss" in metrics else {}
