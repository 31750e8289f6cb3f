"""What `forcelaw signed fit` does, put together into one document."""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw import __version__
from forcelaw.cli._session import Session
from forcelaw.cli._signed_settings import SignedSettings
from forcelaw.errors import InputError
from forcelaw.storage import plain
from forcelaw.training.run_log import counted, training_log

if TYPE_CHECKING:
    from forcelaw.signed import Layout, Learned, SignedNetwork, SignedPairs, Split, SpringEmbedding
    from forcelaw.storage import Run

MOST_NODES = 1200
"""In the picture of a report."""


def fit_together(
    session: Session,
    settings: SignedSettings,
    network: SignedNetwork,
    parts: Split | None,
    out: Path,
    devices: int | None,
) -> dict[str, Any] | None:
    """The results of a model fitted into the run in the folder `out`, or found there.

    Of several processes that fit it together the first alone opens the run; the others get None.
    """
    from forcelaw.cli._runs import finished
    from forcelaw.storage import RunStatus, open_run
    from forcelaw.training import as_first, check_agreement, is_first

    config = {"command": "signed fit", **settings.model_dump()}
    check_agreement(json.dumps(config, sort_keys=True), "settings or another network")
    opened = open_run(out, config, force=session.force) if is_first() else nullcontext()
    with opened as run:
        if run is not None:
            session.note_status(run)
        _, status = as_first((), "" if run is None else run.status.value)
        if run is None:
            if status != RunStatus.FINISHED.value:
                _fit(session, settings, network if parts is None else parts.train, out, devices)
            return None
        return finished(
            session, run, lambda run: fit_run(session, settings, network, parts, run, devices)
        )


def fit_run(
    session: Session,
    settings: SignedSettings,
    network: SignedNetwork,
    parts: Split | None,
    run: Run,
    devices: int | None = None,
) -> dict[str, Any]:
    """Fits one model into a run and returns its results.

    Without `parts` all edges are learned from; with them, the test part is scored beside the
    feature and the spectral baseline.
    """
    from forcelaw.training import peak_memory_mb

    started = time.perf_counter()
    train = network if parts is None else parts.train
    model = _fit(session, settings, train, run.folder, devices, run)
    model.save(run.folder, split=settings.protocol)
    document: dict[str, Any] = {
        **head("signed fit", network, settings),
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
    curves: dict[str, Any] = {
        "force": force_curve(model),
        "embedding": busiest_curve(train),
    }
    if parts is not None:
        scores, curves["reliability"] = score_parts(model, parts)
        document |= {**scores, "reverse_share": parts.reverse_share}
    document["seconds"] = {**model.seconds_, "all": time.perf_counter() - started}
    document["peak_memory_mb"] = peak_memory_mb()
    return plain({**document, "curves": curves})


def _fit(
    session: Session,
    settings: SignedSettings,
    train: SignedNetwork,
    folder: Path,
    devices: int | None,
    run: Run | None = None,
) -> SpringEmbedding:
    from forcelaw import signed

    model = signed.SpringEmbedding(
        dim=settings.dim,
        seed=settings.seed,
        preset=settings.make_preset(),
        start_from=settings.start_from,
    )
    with session.progress(f"learning the forces of {train.name}") as progress:
        return model.fit(
            train,
            memory=settings.memory,
            devices=devices,
            folder=folder,
            report=training_log(progress, run),
            note=session.note,
        )


def held_back(
    settings: SignedSettings, network: SignedNetwork, given: Split | None = None
) -> Split | None:
    """The parts given, or those that the protocol asks for; None where all is learned from.

    Raises:
        InputError: the network cannot be split so, has not both signs to learn from, or the law
            to begin with has seen its test part.
    """
    from forcelaw import signed

    if settings.protocol is None:
        signed.check_trainable(network)
        if settings.validation:
            raise InputError(
                "--validation: found no --protocol beside it, expected pairs, directed or "
                "temporal; add one"
            )
        return None
    if settings.start_from is not None:
        seen = signed.learned(settings.start_from, directed=network.directed).trained_on
        if network.content_hash in (content for _, content in seen):
            raise InputError(
                f"--start-from: found a law in {settings.start_from} that has seen the signs of "
                f"{network.name}, expected one that has not, as a test part is held back; leave "
                "one of the two out"
            )
    if given is not None:
        return given
    return signed.split(
        network,
        settings.protocol,
        seed=settings.seed,
        validation=settings.validation,
        transductive=settings.transductive,
    )


def busiest_curve(network: SignedNetwork) -> dict[str, Any]:
    """A network laid out in the plane, of a large one its busiest nodes, as a plot's curve."""
    from forcelaw import signed

    shown = signed.busiest(network, MOST_NODES)
    words = "Laid out to be looked at: friends near, enemies far."
    if shown.n_nodes < network.n_nodes:
        words = f"The {shown.n_nodes:,} of {network.n_nodes:,} nodes with most edges. {words}"
    return layout_curve(shown, signed.layout(shown), caption=words)


def layout_curve(network: SignedNetwork, place: Layout, *, caption: str = "") -> dict[str, Any]:
    """A layout in the plane as a plot's curve."""
    from forcelaw.report import embedding_curve

    pairs = network.pairs()
    return embedding_curve(
        pairs.names, pairs.edges, pairs.sign, place.position, place.marker, caption=caption
    )


def force_curve(model: SpringEmbedding | Learned) -> dict[str, Any]:
    """The learned force of friend, enemy and unknown against distance, as a plot's curve."""
    from forcelaw import signed

    force = signed.social_force(model)
    return {
        "x": force.length,
        "series": {"friend": force.friend, "enemy": force.enemy, "unknown": force.unknown},
        "x_label": "distance",
        "y_label": "force",
    }


def score_parts(model: SpringEmbedding, parts: Split) -> tuple[dict[str, Any], dict[str, Any]]:
    """Scores of the model and of both baselines on the test part, and their reliability.

    The scores on a validation part stand under `validation`.
    """
    from forcelaw import signed
    from forcelaw.report import reliability_curve

    baseline = signed.FeatureBaseline(reverse_sign=parts.train.directed, seed=model.seed)
    baseline.fit(parts.train)
    spectral = signed.SpectralBaseline(seed=model.seed).fit(parts.train)
    methods = {"forcelaw": model, "baseline": baseline, "spectral": spectral}

    def scored(held: SignedPairs) -> dict[str, Any]:
        found = {}
        for name, method in methods.items():
            probability = method.predict_proba(held.pairs)[:, 1]
            each = signed.scores(held.sign, probability, method.threshold_)
            found[name] = {key: signed.summary([value]) for key, value in each.items()}
        return found

    scores = scored(parts.test)
    if parts.validation is not None and len(parts.validation):
        scores["validation"] = scored(parts.validation)
    probabilities = {
        name: method.predict_proba(parts.test.pairs)[:, 1] for name, method in methods.items()
    }
    return scores, reliability_curve(parts.test.sign, probabilities)


def _counts(train: SignedNetwork, parts: Split | None) -> dict[str, Any]:
    """Edges and share of friends in all parts together."""
    held = () if parts is None else (parts.test, parts.validation)
    signs = [train.sign, *(part.sign for part in held if part is not None)]
    edges = sum(map(len, signs))
    positive = sum(int((sign > 0).sum()) for sign in signs)
    return {"edges": edges, "positive": positive / edges}


def head(command: str, network: SignedNetwork, settings: SignedSettings) -> dict[str, Any]:
    """How every document of `forcelaw signed` begins."""
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
