"""What was learned on a signed network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from forcelaw.report.drawing import moving_network, network
from forcelaw.report.html import Html, join, tag
from forcelaw.report.mathml import formula
from forcelaw.report.parts import (
    chapter,
    drawn_curve,
    facts,
    figures,
    provenance,
    seconds,
    side_by_side,
    table,
    training,
)
from forcelaw.report.predictions import (
    confusion_table,
    held_out_figures,
    standing_words,
    told_pairs,
)
from forcelaw.report.readable_numbers import mean_and_spread, number
from forcelaw.report.results import (
    Curve,
    Methods,
    Metric,
    Reliability,
    SignedResults,
    SpringsFound,
)
from forcelaw.report.results.signed_results import SignedCurves, Summary

if TYPE_CHECKING:
    from rich.console import Console

SCORES = {
    "auc": "AUC",
    "f1_macro": "macro-F1",
    "f1_binary": "binary F1",
    "f1_micro": "micro-F1",
    "brier": "Brier",
}
"""Headings of the columns of scores, here and on the command line."""
CLASSES = {
    "precision_friend": "friends: precision",
    "recall_friend": "recall",
    "precision_enemy": "enemies: precision",
    "recall_enemy": "recall",
}
"""The same for friends and enemies by themselves."""
METHODS = {
    "forcelaw": "forcelaw",
    "features": "features alone",
    "default": "shipped law, untrained",
    "baseline": "feature baseline",
    "spectral": "spectral baseline",
}
"""Names of the methods whose scores stand side by side."""
_CLEANUP = {
    "zero_ratings": "ratings of zero dropped",
    "self_loops": "self-loops dropped",
    "duplicates": "repeated rows merged",
    "conflicts": "contradicting edges settled (the latest row decides, else the negative one)",
    "false_labels": "signs 0 or False read as -1",
    "shared_names": "names of a source and a target taken for one node (or --bipartite)",
    "merged_directions": "pairs with edges in both directions merged",
    "conflicting_pairs": "pairs whose directions disagree taken for negative",
    "empty_source": "records without a source dropped",
    "approximate_times": "records dated by their year alone",
}
_PROTOCOLS = {
    "pairs": "Unordered pairs, held back at random from the largest connected component.",
    "directed": "Directed edges, held back at random; many have their reverse in training.",
    "temporal": "The latest edges are predicted from the earlier ones.",
    "given": "The parts were given.",
}


def signed_section(results: SignedResults, metrics: Sequence[Mapping[str, Metric]]) -> Html:
    """The section of a run of `forcelaw signed`."""
    curves = results.curves or SignedCurves()
    force = drawn_curve(
        curves.force,
        title="Learned force against distance",
        caption="Attraction positive, repulsion negative, between two typical nodes.",
    )
    reliability = drawn_curve(
        curves.reliability or averaged_reliability(results.reliability or {}),
        title="Calibration",
        caption="Share of friends among test pairs by predicted probability (5 pairs or more).",
    )
    return tag(
        "section",
        tag("h1", f"The social forces of {results.dataset or 'the network'}"),
        _standing(results),
        _facts(results),
        _cleanup(results),
        None if curves.network is None else moving_network(curves.network.model_dump()),
        chapter("Suspects and why", told_pairs(curves.told or ())),
        chapter(
            "Predicted signs",
            _scores(results),
            confusion_table(curves.held_out, METHODS),
            figures(*held_out_figures(curves.held_out), reliability),
        ),
        chapter(
            "The force law",
            _springs(results),
            figures(force, training(metrics)),
            _formulas(results),
        ),
        chapter("The network in the plane", figures(_embedding(curves))),
        side_by_side(
            chapter("Time", seconds(results.seconds)),
            chapter("How to cite", provenance(results)),
        ),
    )


def _standing(results: SignedResults) -> Html | None:
    words = standing_words(results)
    return tag("p", words, class_="verdict") if words else None


def averaged_reliability(methods: Mapping[str, Reliability]) -> Curve | None:
    """The curve of `forcelaw.signed.reliability` of several methods; bins below 5 are empty."""
    if not methods:
        return None
    bins = len(next(iter(methods.values())).count)
    centres: list[float | None] = [(i + 0.5) / bins for i in range(bins)]
    series = {"ideal": centres}
    for name, found in methods.items():
        pairs = zip(found.positive, found.count, strict=True)
        series[name] = [share if count >= 5 else None for share, count in pairs]
    return Curve(
        x=centres,
        series=series,
        x_label="predicted probability of a friend",
        y_label="share of friends",
        points=list(methods),
    )


def cleanup_words(counts: Mapping[str, int]) -> str:
    """What was dropped and merged while reading, with counts; empty if nothing was."""
    known = {rule: words for rule, words in _CLEANUP.items() if counts.get(rule)}
    return ", ".join(f"{words}: {counts[rule]:,}" for rule, words in known.items())


def show_cleanup(console: Console, document: Mapping[str, Any]) -> None:
    """One line on a terminal about what was cleaned up, if anything was."""
    words = cleanup_words(document.get("cleanup") or {})
    if words:
        console.print(f"Cleaned up: {words}", soft_wrap=True)


def springs_words(springs: SpringsFound | Sequence[SpringsFound] | None) -> str:
    """What distances say about signs that the springs were not trained on; empty if unknown.

    **Arguments:** `springs` of one training, or those of several splits.
    """
    if not springs:
        return ""
    if not isinstance(springs, SpringsFound):
        learned = sum(each.learned for each in springs)
        each = ", ".join("-" if one.auc is None else f"{one.auc:.3f}" for one in springs)
        count = "all" if learned == len(springs) else f"{learned} of {len(springs)}"
        return (
            f"Springs have learned in {count} splits: AUC of the distance {each} on signs that "
            "they were not trained on."
        )
    auc = springs.auc
    if auc is None:
        return (
            "Springs not judged: no friends and enemies outside of their training to tell whether "
            "they have learned."
        )
    if springs.learned:
        return f"Springs: AUC of the distance {auc:.3f} on signs that they were not trained on."
    return (
        "Springs have learned nothing that could not be chance: AUC of the distance "
        f"{auc:.3f} on signs that they were not trained on, by chance about .5, wider on few "
        "signs. Forces and places may mean nothing here."
    )


def _springs(results: SignedResults) -> Html | None:
    springs = results.springs
    words = springs_words(springs)
    each = [springs] if isinstance(springs, SpringsFound) else springs or []
    learned = all(one.learned for one in each)
    return tag("p", words, class_="soft" if learned else None) if words else None


def _cleanup(results: SignedResults) -> Html | None:
    words = cleanup_words(results.cleanup or {})
    return tag("p", f"Cleaned up while reading: {words}.", class_="soft") if words else None


def _facts(results: SignedResults) -> Html:
    positive, memory, nodes = results.positive, results.peak_memory_mb, results.nodes
    all_nodes = nodes if results.source_nodes is None else results.source_nodes
    return facts(
        {
            "nodes": _count(nodes),
            "nodes of all components": _count(all_nodes) if all_nodes != nodes else None,
            "edges": _count(results.edges),
            "friends": None if positive is None else f"{100 * positive:.1f} %",
            "dimensions": results.dim,
            "protocol": results.protocol,
            "seed": results.seed,
            "peak memory": f"{number(round(memory))} MB" if memory else None,
        }
    )


def _count(value: object) -> str | None:
    return None if value is None else number(value)


def _scores(results: SignedResults) -> Html | None:
    tables = [_score_table(results, columns) for columns in (SCORES, CLASSES)]
    if tables[0] is None:
        return None
    words = _PROTOCOLS.get(str(results.protocol), "")
    reverse = results.reverse_share
    if reverse is not None and reverse > 0:
        words += f" {100 * reverse:.0f} % of the test edges have their reverse in training."
    if results.transductive:
        words += " Transductive: the simulation knew which pairs would be asked about."
    notes = "".join(f" {note[0].upper()}{note[1:]}." for note in results.notes or ())
    words += notes
    validation = _score_table(results.validation or Methods(), SCORES, "validation")
    return join(*tables, tag("p", words.strip(), class_="soft"), validation)


def _score_table(found: Methods, columns: Mapping[str, str], corner: str = "") -> Html | None:
    each = {method: getattr(found, method) for method in METHODS}
    scores: dict[str, dict[str, Summary]] = {
        method: value for method, value in each.items() if value is not None
    }
    shown = [key for key in columns if any(key in summaries for summaries in scores.values())]
    if not shown:
        return None
    rows = [
        (METHODS[method], *(_summary(summaries.get(key)) for key in shown))
        for method, summaries in scores.items()
    ]
    return table((corner, *(columns[key] for key in shown)), rows)


def _summary(score: Summary | None) -> str:
    if score is None:
        return mean_and_spread(None, None, None, ())
    return mean_and_spread(score.mean, score.std, score.count, score.values or ())


def _formulas(results: SignedResults) -> Html | None:
    found, fits = results.formulas or {}, results.formula_r2 or {}
    laws = [
        tag(
            "div",
            tag("div", _named(name, fits.get(name)), class_="name"),
            formula(text),
            class_="law",
        )
        for name, text in found.items()
        if text
    ]
    return join(*laws) if laws else None


def _named(relation: str, r2: float | None) -> Html:
    words = f"{relation} (R² {r2:.4f})" if r2 is not None else relation
    return tag("div", words, class_="name")


def _embedding(curves: SignedCurves) -> Html | None:
    drawn = curves.embedding
    if drawn is None or not drawn.position:
        return None
    return network(
        drawn.position,
        drawn.edges or [],
        drawn.names or [""] * len(drawn.position),
        title="Friends near, enemies far",
        caption=drawn.caption or "",
        marker=drawn.marker or 0.0,
    )
