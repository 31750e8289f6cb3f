"""Epinions' and WikiRfA's formats at their size: read, cleaned up, split, fitted, predicted.

    python -m benchmarks run robustness/large_networks [--formats epinions wiki-rfa] [--share 1]

The files are made up, in the formats of SNAP and of the published sizes, with rows to clean up
whose number is known: self-loops, repeated and contradicting votes, neutral ones, records without a
source or with a damaged date. Who trusts whom is made up, too: scores say that something is
learned, and nothing of the public networks. Every file goes through the whole program in a process
of its own, which must clean up what was planted. Processor seconds and the peak of memory are of
each phase.
"""

from __future__ import annotations

import argparse
import gzip
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.harness import Case, Record, call, table
from benchmarks.speed.signed_at_scale import Phases
from forcelaw import signed

EPINIONS = (131_828, 841_372)
"""Nodes and edges as published (Leskovec, Huttenlocher & Kleinberg, CHI 2010)."""
VOTES = (11_381, 198_275)
"""Users and votes as published (West, Paskov, Leskovec & Potts, TACL 2, 2014)."""
PROTOCOLS = {"epinions": ("pairs",), "wiki-rfa": ("pairs", "temporal")}
SMOKE = ["--formats", "epinions", "--share", "0.002"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--formats", nargs="+", default=list(PROTOCOLS), choices=list(PROTOCOLS))
    parser.add_argument("--share", type=float, default=1.0, help="of the published size")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for name in options.formats:
        for protocol in PROTOCOLS[name]:
            yield Case({"format": name, "protocol": protocol, "share": options.share}, 0)


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """One file, written here, through the program in a process of its own."""
    known = case.arguments
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{known['format']}.txt.gz"
        planted = write(path, known["format"], known["share"], case.seed or 0)
        found = call("robustness/large_networks", "through", str(path), known["protocol"])
        size = path.stat().st_size / 1e6
    cleaned = {rule: found["cleanup"].get(rule, 0) for rule in planted}
    error = None if cleaned == planted else f"planted {planted}, cleaned up {cleaned}"
    return found | {"file MB": size, "planted": planted, "error": error}


def through(path: str, protocol: str) -> dict[str, Any]:
    """Reads a file in this process, and does all that is done with it."""
    phases = Phases()
    network = signed.read(path)
    phases.end("read, clean up")
    train, test = signed.split(network, protocol, seed=0)
    phases.end("split")
    model = signed.SpringEmbedding(seed=0)
    views = model.views_of(train)
    phases.end("features")
    model.fit(train, views=views)
    phases.end("forces and decoder")
    probability = model.predict_proba(test.pairs)[:, 1]
    phases.end("prediction")
    return {
        "nodes": network.n_nodes,
        "edges": network.n_edges,
        "positive": network.positive_share,
        "cleanup": dict(network.cleanup),
        "tested": len(test),
        "scores": signed.scores(test.sign, probability, model.threshold_),
        "phases": phases.found,
    }


def write(path: Path, name: str, share: float, seed: int) -> dict[str, int]:
    """Writes a file of that format and tells what of it is to be cleaned up."""
    random = np.random.default_rng(seed)
    writer = {"epinions": write_edges, "wiki-rfa": write_votes}[name]
    nodes, rows = (round(share * size) for size in {"epinions": EPINIONS, "wiki-rfa": VOTES}[name])
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=3) as file:
        lines, planted = writer(nodes, rows, random)
        file.writelines(lines)
    return planted


def drawn(nodes: int, count: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """So many different directed edges with hubs, every node in one, and their signs.

    A sign is that of the leniency of its source, the reputation of its target and of their factions
    together, with noise; 85 % are positive.
    """
    weight = np.cumsum(random.pareto(1.5, nodes) + 1)
    ends = np.minimum(
        np.searchsorted(weight / weight[-1], random.random((2 * count, 2))), nodes - 1
    )
    every = random.permutation(nodes)
    ends = np.concatenate([np.stack([every, np.roll(every, 1)], axis=1), ends])
    ends = ends[ends[:, 0] != ends[:, 1]]
    _, first = np.unique(ends @ np.array([nodes, 1]), return_index=True)
    ends = ends[np.sort(first)[:count]]
    faction = random.integers(0, 2, nodes)
    agree = np.where(faction[ends[:, 0]] == faction[ends[:, 1]], 1.0, -1.0)
    liked = random.normal(size=nodes)[ends[:, 0]] + 1.5 * random.normal(size=nodes)[ends[:, 1]]
    value = liked + agree + random.logistic(size=len(ends))
    return ends, np.where(value > np.quantile(value, 0.15), 1, -1)


def write_edges(
    nodes: int, rows: int, random: np.random.Generator
) -> tuple[Iterator[str], dict[str, int]]:
    """As `soc-sign-epinions.txt`: comments, then source, target and sign between tabs."""
    loops = rows // 1500
    ends, sign = drawn(nodes, rows - loops, random)
    own = random.integers(0, nodes, loops)
    ends = np.concatenate([ends, np.stack([own, own], axis=1)])
    sign = np.append(sign, np.ones(loops, int))
    order = random.permutation(len(ends))

    def lines() -> Iterator[str]:
        yield "# Directed graph: soc-sign-epinions\n# Epinions signed social network\n"
        yield f"# Nodes: {nodes} Edges: {len(ends)}\n# FromNodeId\tToNodeId\tSign\n"
        for (source, target), own in zip(ends[order].tolist(), sign[order].tolist(), strict=True):
            yield f"{source}\t{target}\t{own}\n"

    return lines(), {"self_loops": loops, "duplicates": 0, "zero_ratings": 0}


def write_votes(
    nodes: int, rows: int, random: np.random.Generator
) -> tuple[Iterator[str], dict[str, int]]:
    """As `wiki-RfA.txt`: records of seven lines, of which the last may go on, then an empty one."""
    repeated, neutral, anonymous, undated = rows // 20, rows // 15, rows // 100, rows // 200
    ends, vote = drawn(nodes, rows - repeated - anonymous, random)
    vote[random.choice(len(vote), neutral, replace=False)] = 0
    # Users vote again, later and not always as before.
    voted = random.choice(np.flatnonzero(vote), repeated, replace=False)
    change = random.random(repeated) < 0.2
    ends = np.concatenate([ends, ends[voted], ends[:anonymous]])
    vote = np.concatenate([vote, np.where(change, -1, 1) * vote[voted], vote[:anonymous]])
    minute = np.sort(random.integers(0, 8 * 365 * 24 * 60, len(ends)))
    time = np.datetime64("2005-01-01T00:00") + minute
    names = [f"User {node}" if node % 7 else f"Ü: {node}" for node in range(nodes)]
    first = len(vote) - anonymous
    damaged = set(random.choice(first, undated, replace=False).tolist())
    months = "January February March April May June July August September October November December"

    def lines() -> Iterator[str]:
        for row, (source, target) in enumerate(ends.tolist()):
            day = time[row].item()
            month = months.split()[day.month - 1]
            date = f"{day:%H:%M}, {day.day} {month} {day.year}"
            yield (
                f"SRC:{names[source] if row < first else ''}\nTGT:{names[target]}\n"
                f"VOT:{vote[row]}\nRES:1\nYEA:{day.year}\nDAT:{'' if row in damaged else date}\n"
                f"TXT:'''Support''', if I may: see [[User talk:{names[source]}]].\n\n"
            )

    return lines(), {
        "empty_source": anonymous,
        "approximate_times": undated,
        "zero_ratings": neutral,
        "duplicates": repeated,
        "conflicts": int(change.sum()),
    }


def figures(records: Sequence[Record]) -> dict[str, str]:
    """A table of phases and one of what was read."""
    rows, read = [], []
    phases = list(dict.fromkeys(phase for r in records for phase in r.figures["phases"]))
    for record in records:
        found, known = record.figures, record.arguments
        measured = found["phases"]
        total = sum(phase["processor s"] for phase in measured.values())
        peak = max(phase["peak MB"] for phase in measured.values())
        cells = [
            f"{measured[phase]['processor s']:.0f} s, {measured[phase]['peak MB']:,} MB"
            for phase in phases
        ]
        name = f"{known['format']}, {known['protocol']}"
        rows.append((name, *cells, f"{total:.0f} s, {peak:,} MB"))
        cleaned = ", ".join(
            f"{rule} {count:,}" for rule, count in found["planted"].items() if count
        )
        auc, f1 = found["scores"]["auc"], found["scores"]["f1_macro"]
        size = (f"{found['file MB']:.0f}", f"{found['nodes']:,}", f"{found['edges']:,}")
        read.append((name, *size, cleaned, f"{found['tested']:,}", f"{auc:.3f} / {f1:.3f}"))
    tail = "cleaned up, as planted | tested | AUC / macro-F1"
    return {
        "table": table(f"file | {' | '.join(phases)} | all", rows),
        "read": table(f"file | MB packed | nodes | edges | {tail}", read),
    }
