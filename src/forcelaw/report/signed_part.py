"""What was learned on a signed network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forcelaw.documents import JsonObject, JsonValue
from forcelaw.report.drawing import lines, network
from forcelaw.report.html import Html, join, tag
from forcelaw.report.mathml import formula
from forcelaw.report.parts import chapter, facts, figures, seconds, table, training
from forcelaw.report.readable_numbers import mean_and_spread, number

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


def signed_section(document: Mapping[str, Any], metrics: Sequence[Mapping[str, Any]]) -> Html:
    """The section of a run of `forcelaw signed`."""
    curves = document.get("curves") or {}
    force = lines(
        curves.get("force") or {},
        title="Learned force against distance",
        caption="Attraction positive, repulsion negative, between two typical nodes.",
    )
    reliability = lines(
        curves.get("reliability") or averaged_reliability(document.get("reliability") or {}),
        title="Calibration",
        caption="Share of friends among test pairs by predicted probability (5 pairs or more).",
    )
    return tag(
        "section",
        tag("h1", f"The social forces of {document.get('dataset', 'the network')}"),
        _facts(document),
        _cleanup(document),
        chapter("Predicted signs", _scores(document)),
        chapter(
            "The force law",
            _springs(document),
            figures(force, training(metrics)),
            _formulas(document),
        ),
        chapter("The network and its probabilities", figures(_embedding(curves), reliability)),
        chapter("Time", seconds(document)),
    )


def averaged_reliability(methods: Mapping[str, Any]) -> JsonObject:
    """The curve of `forcelaw.signed.reliability` of several methods; bins below 5 are empty."""
    if not methods:
        return {}
    bins = len(next(iter(methods.values()))["count"])
    centres = [(i + 0.5) / bins for i in range(bins)]
    series: dict[str, JsonValue] = {"ideal": centres}
    for name, found in methods.items():
        pairs = zip(found["positive"], found["count"], strict=True)
        series[name] = [share if count >= 5 else None for share, count in pairs]
    return {
        "x": centres,
        "series": series,
        "x_label": "predicted probability of a friend",
        "y_label": "share of friends",
        "points": list(methods),
    }


def cleanup_words(counts: Mapping[str, int]) -> str:
    """What was dropped and merged while reading, with counts; empty if nothing was."""
    known = {rule: words for rule, words in _CLEANUP.items() if counts.get(rule)}
    return ", ".join(f"{words}: {counts[rule]:,}" for rule, words in known.items())


def springs_words(springs: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None) -> str:
    """What distances say about signs that the springs were not trained on; empty if unknown.

    **Arguments:** `springs` with `learned`, and `auc` or None where it is not defined; or these of
    several splits.
    """
    if not springs:
        return ""
    if not isinstance(springs, Mapping):
        learned = sum(bool(each["learned"]) for each in springs)
        each = ", ".join("-" if one["auc"] is None else f"{one['auc']:.3f}" for one in springs)
        count = "all" if learned == len(springs) else f"{learned} of {len(springs)}"
        return (
            f"Springs have learned in {count} splits: AUC of the distance {each} on signs that "
            "they were not trained on."
        )
    auc = springs.get("auc")
    if auc is None:
        return (
            "Springs not judged: no friends and enemies outside of their training to tell whether "
            "they have learned."
        )
    if springs.get("learned"):
        return f"Springs: AUC of the distance {auc:.3f} on signs that they were not trained on."
    return (
        "Springs have learned nothing that could not be chance: AUC of the distance "
        f"{auc:.3f} on signs that they were not trained on, by chance about .5, wider on few "
        "signs. Forces and places may mean nothing here."
    )


def _springs(document: Mapping[str, Any]) -> Html | None:
    springs = document.get("springs")
    words = springs_words(springs)
    each = [springs] if isinstance(springs, Mapping) else springs or []
    learned = all(one.get("learned") for one in each)
    return tag("p", words, class_="soft" if learned else None) if words else None


def _cleanup(document: Mapping[str, Any]) -> Html | None:
    words = cleanup_words(document.get("cleanup") or {})
    return tag("p", f"Cleaned up while reading: {words}.", class_="soft") if words else None


def _facts(document: Mapping[str, Any]) -> Html:
    positive = document.get("positive")
    memory = document.get("peak_memory_mb")
    nodes = document.get("nodes")
    all_nodes = document.get("source_nodes", nodes)
    return facts(
        {
            "nodes": _count(nodes),
            "nodes of all components": _count(all_nodes) if all_nodes != nodes else None,
            "edges": _count(document.get("edges")),
            "friends": f"{100 * positive:.1f} %" if isinstance(positive, float) else None,
            "dimensions": document.get("dim"),
            "protocol": document.get("protocol"),
            "seed": document.get("seed"),
            "peak memory": f"{number(round(memory))} MB" if memory else None,
        }
    )


def _count(value: object) -> str | None:
    return None if value is None else number(value)


def _scores(document: Mapping[str, Any]) -> Html | None:
    tables = [_score_table(document, columns) for columns in (SCORES, CLASSES)]
    if tables[0] is None:
        return None
    words = _PROTOCOLS.get(str(document.get("protocol")), "")
    reverse = document.get("reverse_share")
    if isinstance(reverse, float) and reverse > 0:
        words += f" {100 * reverse:.0f} % of the test edges have their reverse in training."
    if document.get("transductive"):
        words += " Transductive: the simulation knew which pairs would be asked about."
    notes = "".join(f" {note[0].upper()}{note[1:]}." for note in document.get("notes") or ())
    words += notes
    validation = _score_table(document.get("validation") or {}, SCORES, "validation")
    return join(*tables, tag("p", words.strip(), class_="soft"), validation)


def _score_table(
    scores: Mapping[str, Any], columns: Mapping[str, str], corner: str = ""
) -> Html | None:
    methods = [key for key in METHODS if isinstance(scores.get(key), dict)]
    shown = [key for key in columns if any(key in scores[method] for method in methods)]
    if not shown:
        return None
    rows = [
        (METHODS[method], *(mean_and_spread(scores[method].get(key)) for key in shown))
        for method in methods
    ]
    return table((corner, *(columns[key] for key in shown)), rows)


def _formulas(document: Mapping[str, Any]) -> Html | None:
    found = document.get("formulas")
    if not isinstance(found, dict):
        return None
    fits = document.get("formula_r2") or {}
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


def _named(relation: str, r2: object) -> Html:
    words = f"{relation} (R² {r2:.4f})" if isinstance(r2, float) else relation
    return tag("div", words, class_="name")


def _embedding(curves: Mapping[str, Any]) -> Html | None:
    drawn = curves.get("embedding") or {}
    if not drawn.get("position"):
        return None
    return network(
        drawn["position"],
        drawn.get("edges") or [],
        drawn.get("names") or [""] * len(drawn["position"]),
        title="The network in the plane",
        caption=str(drawn.get("caption") or ""),
        marker=float(drawn.get("marker") or 0.0),
    )
