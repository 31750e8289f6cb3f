"""What `forcelaw signed fit` does, put together into one document."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw import __version__
from forcelaw.cli._document import peak_memory_mb, plain
from forcelaw.cli._session import Session
from forcelaw.cli._signed_settings import SignedSettings
from forcelaw.cli._training_log import training_log

if TYPE_CHECKING:
    from forcelaw.signed import SignedNetwork, Split, SpringEmbedding
    from forcelaw.training._run import Run


def fit_run(
    session: Session,
    settings: SignedSettings,
    network: SignedNetwork,
    parts: Split | None,
    run: Run,
) -> dict[str, Any]:
    """Fits one model into a run and returns its results.

    Without `parts` all edges are learned from; with them, the test part is scored beside the
    feature baseline.
    """
    from forcelaw import signed
    from forcelaw.report import embedding_curve

    started = time.perf_counter()
    train = network if parts is None else parts.train
    model = signed.SpringEmbedding(
        dim=settings.dim, seed=settings.seed, preset=settings.make_preset()
    )
    with session.progress(f"learning the forces of {network.name}") as progress:
        model.fit(
            train,
            memory=settings.memory,
            folder=run.folder,
            report=training_log(progress, run),
            note=session.note,
        )
    model.save(run.folder, split=settings.protocol)
    document: dict[str, Any] = {
        **head("signed fit", network, settings),
        "nodes": train.n_nodes,
        "edges": train.n_edges + (0 if parts is None else len(parts.test)),
        "positive": network.positive_share,
        "seed": settings.seed,
        "dim": settings.dim,
        "preset": settings.preset,
        "protocol": settings.protocol,
        "transductive": settings.transductive,
    }
    curves: dict[str, Any] = {
        "force": force_curve(model),
        "embedding": embedding_curve(train.names, train.edges, train.sign, model.positions_),
    }
    if parts is not None:
        scores, curves["reliability"] = score_both(model, parts)
        document |= {**scores, "reverse_share": parts.reverse_share}
    document["seconds"] = {**model.seconds_, "all": time.perf_counter() - started}
    document["peak_memory_mb"] = peak_memory_mb()
    return plain({**document, "curves": curves})


def held_back(settings: SignedSettings, network: SignedNetwork) -> Split | None:
    """The parts that the protocol asks for; None where all edges are learned from.

    Raises:
        InputError: the network cannot be split so, or has not both signs to learn from.
    """
    from forcelaw import signed

    if settings.protocol is None:
        signed.check_trainable(network)
        return None
    return signed.split(
        network, settings.protocol, seed=settings.seed, transductive=settings.transductive
    )


def force_curve(model: SpringEmbedding) -> dict[str, Any]:
    """The learned force of friend, enemy and unknown against distance, as a plot's curve."""
    from forcelaw import signed

    force = signed.social_force(model)
    return {
        "x": force.length,
        "series": {"friend": force.friend, "enemy": force.enemy, "unknown": force.unknown},
        "x_label": "distance",
        "y_label": "force",
    }


def force_formulas(session: Session, curve: dict[str, Any], run: Path) -> dict[str, str]:
    """Each force as a formula in the distance `r`, kept in the run's results and its report."""
    from importlib.util import find_spec

    import numpy as np

    from forcelaw.distill import LibrarySearch, PiecewiseSearch, distill
    from forcelaw.report import report
    from forcelaw.training._run import open_run, read_run

    with open_run(run, read_run(run).config) as opened:
        results = opened.results() or {}
        if results.get("formulas"):
            return results["formulas"]
        searchers = None if find_spec("pyoperon") else (LibrarySearch(), PiecewiseSearch())
        length = np.asarray(curve["x"])
        apart = length > 0
        formulas = {}
        with session.progress("reading the forces off") as progress:
            for number, (name, values) in enumerate(curve["series"].items(), start=1):
                force = np.asarray(values)[apart]
                found = distill({"r": length[apart]}, force, searchers=searchers)
                formulas[name] = found.expression.text()
                progress.update(number, len(curve["series"]))
        opened.finish({**results, "formulas": formulas})
        report(run)
        return formulas


def score_both(model: SpringEmbedding, parts: Split) -> tuple[dict[str, Any], dict[str, Any]]:
    """Scores of the model and of the feature baseline on the test part, and their reliability."""
    from forcelaw import signed
    from forcelaw.report import reliability_curve

    test = parts.test
    baseline = signed.FeatureBaseline(reverse_sign=parts.train.directed, seed=model.seed)
    baseline.fit(parts.train)
    methods = {"forcelaw": model, "baseline": baseline}
    probabilities = {
        name: method.predict_proba(test.pairs)[:, 1] for name, method in methods.items()
    }
    scores = {
        name: {
            key: signed.summary([value])
            for key, value in signed.scores(
                test.sign, probabilities[name], method.threshold_
            ).items()
        }
        for name, method in methods.items()
    }
    return scores, reliability_curve(test.sign, probabilities)


def head(command: str, network: SignedNetwork, settings: SignedSettings) -> dict[str, Any]:
    """How every document of `forcelaw signed` begins."""
    return {
        "schema": 1,
        "kind": "signed",
        "command": command,
        "version": __version__,
        "dataset": network.name,
        "content_hash": network.content_hash,
        "cleanup": {rule: int(count) for rule, count in network.cleanup.items()},
        "precision": settings.precision,
    }
