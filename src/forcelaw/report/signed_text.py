"""What `forcelaw signed` and `forcelaw datasets` print."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forcelaw.files import many
from forcelaw.report.readable_numbers import of_how_many
from forcelaw.report.results import read_springs
from forcelaw.report.signed_part import CLASSES, METHODS, SCORES, show_cleanup, springs_words
from forcelaw.report.tables import new_table
from forcelaw.report.training_words import trouble

if TYPE_CHECKING:
    from rich.console import Console


def show_network(console: Console, document: Mapping[str, Any]) -> None:
    """The lines that say what was learned from, and what was cleaned up before."""
    words = f"{many(document['nodes'], 'node')}, {many(document['edges'], 'edge')}"
    words = f"{document['dataset']}: {words}, {document['positive']:.1%} positive"
    if document["nodes"] < (document.get("source_nodes") or 0):
        words += f"; the largest connected component of {document['source_nodes']:,} nodes"
    show_line(console, words, document.get("cleanup") or {})


def show_datasets(console: Console, rows: Sequence[Mapping[str, Any]], folder: str) -> None:
    """The public networks, their licences, and where they lie on this machine."""
    table = new_table(
        "name", "nodes>", "edges>", "positive>", "directed", "times", "here", "source"
    )
    for row in rows:
        table.add_row(
            row["name"],
            f"{row['nodes']:,}",
            f"{row['edges']:,}",
            f"{row['positive']:.1%}",
            *("yes" if row[key] else "no" for key in ("directed", "times", "here")),
            row["source"],
        )
    console.print(table)
    console.print("\nLicences and citations")
    for row in rows:
        console.print(f"  {row['name']}: {row['licence']}; {row['citation']}", soft_wrap=True)
    console.print(f"\nData folder: {folder}", soft_wrap=True)


def show_fetched(console: Console, document: Mapping[str, Any]) -> None:
    """What was downloaded, and where it lies."""
    show_network(console, {**document, "dataset": document["name"]})
    console.print(document["file"], soft_wrap=True)


def show_placed(console: Console, document: Mapping[str, Any]) -> None:
    """Where the positions lie that forces gave."""
    words = f"{many(document['nodes'], 'node')} in {many(document['dim'], 'dimension')}"
    _show_written(console, document, words)
    show_springs(console, document)


def show_layout(console: Console, document: Mapping[str, Any]) -> None:
    """Where the picture lies, and how well it tells friends from enemies."""
    words = many(document["nodes"], "node")
    if document.get("auc") is not None:
        words += f"; {document['friends_nearer']:.1%} of the pairs of friends are nearer than the "
        words += f"middle pair of enemies, AUC {document['auc']:.3f}"
    _show_written(console, document, words)


def show_predicted(console: Console, document: Mapping[str, Any]) -> None:
    """Where the predictions lie, and how many there are of each kind."""
    friends, enemies = many(document["positive"], "friend"), many(document["negative"], "enemy")
    words = f"{friends} and {enemies} predicted (a friend from probability "
    _show_written(console, document, f"{words}{document['threshold']:.3f} on)")


def show_split(console: Console, document: Mapping[str, Any]) -> None:
    """Where the parts lie, and how large they are."""
    words = f"{many(document['train'], 'edge')} to train on, {document['validation']:,} to "
    _show_written(console, document, f"{words}validate on, {document['test']:,} to test on")


def _show_written(console: Console, document: Mapping[str, Any], words: str) -> None:
    show_line(console, f"{document['out']}: {words}", document.get("cleanup") or {})


def show_line(console: Console, words: str, cleanup: Mapping[str, int]) -> None:
    """A line about what was done, and one about what was cleaned up before."""
    console.print(words, soft_wrap=True)
    show_cleanup(console, {"cleanup": cleanup})


def show_scores(console: Console, document: Mapping[str, Any]) -> None:
    """The tables of all methods on the same test pairs, and on the validation part."""
    name = f"forcelaw {document.get('preset', '')}".removesuffix(" default").strip()
    _score_table(console, document, name, "", SCORES)
    _score_table(console, document, name, "", CLASSES)
    if document.get("validation"):
        _score_table(console, document["validation"], name, "validation", SCORES)
    words = [f"protocol {document.get('protocol')}", _split(document)]
    if document.get("reverse_share"):
        words.append(
            f"{document['reverse_share']:.0%} of test edges have their reverse in training"
        )
    if document.get("transductive"):
        words.append("transductive: the test pairs took part in the simulation")
    for line in ("; ".join(words), *(document.get("notes") or ())):
        console.print(line, soft_wrap=True)


def _score_table(
    console: Console, scores: Mapping[str, Any], ours: str, title: str, columns: Mapping[str, str]
) -> None:
    methods = {**METHODS, "forcelaw": ours}
    table = new_table(title, *(f"{name}>" for name in columns.values()))
    for key, name in methods.items():
        if columns.keys() <= (scores.get(key) or {}).keys():
            table.add_row(name, *(_summary(scores[key][score]) for score in columns))
    if table.row_count:
        console.print(table)
        console.print()


def show_fit(console: Console, document: Mapping[str, Any], folder: Path) -> None:
    """What `signed fit` found."""
    show_network(console, document)
    if document.get("forcelaw"):
        show_scores(console, document)
    else:
        console.print(
            "Learned from all edges; forcelaw signed evaluate scores the method on held-back ones.",
            soft_wrap=True,
        )
    if trouble(document):
        console.print(f"training: {trouble(document)}", soft_wrap=True)
    show_springs(console, document)
    spent = (document.get("seconds") or {}).get("all")
    console.print(
        f"{folder}" + ("" if spent is None else f" ({spent:.1f} s)"),
        soft_wrap=True,
    )


def show_evaluation(console: Console, document: Mapping[str, Any]) -> None:
    """What `signed evaluate` found."""
    show_network(console, document)
    show_scores(console, document)
    show_springs(console, document)


def show_springs(console: Console, document: Mapping[str, Any]) -> None:
    """One line: whether friends lie nearer than enemies, by signs springs were not trained on."""
    words = springs_words(read_springs(document.get("springs")))
    if words:
        console.print(words, soft_wrap=True)


def show_force(console: Console, curve: Mapping[str, Any], found: Mapping[str, Any]) -> None:
    """The force table, about ten lines of it, and the formulas with how well they fit."""
    names = list(curve["series"])
    table = new_table("distance>", *(f"{name}>" for name in names))
    length = len(curve["x"])
    for row in range(0, length, max(1, (length - 1) // 10)):
        values = [curve["x"][row], *(curve["series"][name][row] for name in names)]
        # A number that is not finite is null in the document.
        first, *rest = (math.nan if value is None else value for value in values)
        table.add_row(f"{first:.2f}", *(f"{value:.4f}" for value in rest))
    console.print(table)
    console.print()
    width = max(map(len, found["formulas"].values()))
    for name, text in found["formulas"].items():
        r2 = found["formula_r2"][name]
        fit = "constant" if r2 is None else f"R² {r2:.4f}"
        line = f"{name:<9}{text:<{width}}  {fit}"
        console.print(line, soft_wrap=True)
    console.print(
        f"Attraction positive; r the distance, read off from 0 to {found['formula_reach']:.1f}.",
    )
    show_springs(console, found)


def _summary(value: Mapping[str, Any]) -> str:
    if value["mean"] is None:
        return "-"
    spread = value.get("std")
    several = "" if spread is None else f" ± {spread:.3f}"
    return (
        f"{value['mean']:.3f}{several}{of_how_many(value.get('count'), value.get('values') or ())}"
    )


def _split(document: Mapping[str, Any]) -> str:
    seeds = document.get("seeds")
    if seeds is None:
        return f"seed {document.get('seed', 0)}"
    if document.get("given"):
        return f"{many(seeds, 'seed')} on the parts given"
    if document.get("protocol") == "temporal":
        # Time alone says which edges are held back.
        return f"{many(seeds, 'seed')} on the one split"
    return many(seeds, "split")
