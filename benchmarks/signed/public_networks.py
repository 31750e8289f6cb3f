"""Scores of the spring embedding beside its features alone and the baseline, on public networks.

    FORCELAW_DATA=folder python -m benchmarks run signed/public_networks [RUN ...]

A RUN is `dataset:protocol:preset:seeds`, with `:transductive` at the end for the setting of the
reference implementation; without any, all of `RUNS`. Each is evaluated in a process of its own
with a time limit.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, call, table
from benchmarks.networks import network

NAME = "signed/public_networks"
SMOKE = ["synthetic-40:pairs:default:1"]
RUNS = (
    "tribes:pairs:default:5",
    "congress:pairs:default:5",
    "bitcoin-alpha:pairs:default:5",
    "bitcoin-otc:pairs:default:5",
    "bitcoin-alpha:directed:default:5",
    "bitcoin-otc:directed:default:5",
    "bitcoin-alpha:temporal:default:1",
    "bitcoin-otc:temporal:default:1",
    "slashdot:pairs:default:5",
    "slashdot:directed:default:3",
    *(
        f"{name}:pairs:{preset}:3"
        for name in ("tribes", "congress", "bitcoin-alpha", "bitcoin-otc")
        for preset in ("spr", "spr-nn")
    ),
    "slashdot:pairs:spr:1",
    "slashdot:pairs:spr-nn:1",
)
METHODS = {
    "forcelaw": "forcelaw",
    "features": "features alone",
    "baseline": "logistic regression",
    "spectral": "spectral",
}
SHOWN = ("bitcoin-alpha", "bitcoin-otc", "congress", "tribes", "slashdot")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", nargs="*", default=list(RUNS), metavar="RUN")
    parser.add_argument("--minutes", type=float, default=60, help="limit of one run")


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for run in options.runs:
        name, protocol, preset, seeds, *rest = run.split(":")
        asked = {"network": name, "protocol": protocol, "preset": preset, "splits": int(seeds)}
        yield Case({**asked, "transductive": rest == ["transductive"]})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """The document of one run, or its error."""
    try:
        return call(NAME, "evaluated", case.arguments, minutes=options.minutes)
    except subprocess.CalledProcessError:
        return {"error": "failed"}
    except subprocess.TimeoutExpired:
        return {"error": f"not finished in {options.minutes:.0f} minutes"}


def evaluated(given: dict[str, Any]) -> dict[str, Any]:
    """Evaluates one run in this process."""
    from forcelaw import signed

    whole = network(given["network"])
    started = os.times()
    document = signed.evaluate(
        whole,
        given["protocol"],
        preset=given["preset"],
        seeds=given["splits"],
        transductive=given["transductive"],
    ).to_json()
    ended = os.times()
    spent = ended.user + ended.system - started.user - started.system
    return {**document, "processor": spent}


def figures(records: Sequence[Record]) -> dict[str, str]:
    """All runs, the summaries of README, and scores of single runs as `network.protocol.method`."""
    rows, failed = [], []
    for record in records:
        given, found = record.arguments, record.figures
        name, protocol, preset = (given[key] for key in ("network", "protocol", "preset"))
        if found.get("error"):
            failed.append((name, protocol, preset, found["error"]))
            continue
        reverse = f", {found['reverse_share']:.0%} reversed" if found["reverse_share"] else ""
        where = name, f"{protocol}{reverse}{', **transductive**' * given['transductive']}"
        for method, title in METHODS.items():
            if method not in found:
                continue
            ours = method == "forcelaw"
            scores = [shown(found[method][score]) for score in ("auc", "f1_macro")]
            gain = shown(found["difference_to_features"]["auc"], sign="+") if ours else ""
            cost = [f"{found['processor']:.0f}", f"{found['peak_memory_mb']:.0f}"]
            split = record.date, given["splits"]
            row = (*where, preset if ours else "", title, *split, *scores, gain)
            rows.append((*row, *(cost if ours else ["", ""])))
    head = (
        "network | protocol | preset | method | day | splits | AUC | macro-F1 | difference "
        "| processor s | peak MB"
    )
    singles = {
        f"{r.arguments['network']}.{r.arguments['protocol']}.{method}": short(r.figures[method])
        for r in records
        if r.arguments["preset"] == "default" and not r.figures.get("error")
        for method in METHODS
        if method in r.figures
    }
    costs = {}
    for record in records:
        found, given = record.figures, record.arguments
        if given["preset"] == "default" and not found.get("error"):
            name = f"{given['network']}.{given['protocol']}"
            costs[f"{name}.minutes"] = f"{found['processor'] / given['splits'] / 60:.0f}"
            costs[f"{name}.gb"] = f"{found['peak_memory_mb'] / 1000:.0f}"
    shares = {
        ".".join([r.arguments["network"], r.arguments["protocol"], "reversed"]): percent(share)
        for r in records
        if (share := r.figures.get("reverse_share"))
    }
    return {
        "table": table(head, rows),
        "failed": table("network | protocol | preset | error", failed),
        "summary": summary(records),
        "reference": reference(records),
        **singles,
        **shares,
        **costs,
    }


def percent(share: float) -> str:
    """Without digits after the point."""
    return f"{100 * share:.0f} %"


def summary(records: Sequence[Record]) -> str:
    """The default preset by pairs, one row a network."""
    found = _of(records, "default")
    rows = [
        (_titled(name, found[name]), *(short(found[name][method]) for method in METHODS))
        for name in SHOWN
        if name in found
    ]
    return table(f"network | {' | '.join(METHODS.values())}", rows)


def reference(records: Sequence[Record]) -> str:
    """The presets of the reference implementation by pairs."""
    spr, neural = _of(records, "spr"), _of(records, "spr-nn")
    rows = []
    for name in sorted(spr.keys() & neural.keys(), key=lambda name: spr[name]["nodes"]):
        few = f"{name} (1 split)" if spr[name]["seeds"] == 1 else _titled(name, spr[name])
        scores = spr[name]["forcelaw"], neural[name]["forcelaw"], spr[name]["baseline"]
        rows.append((few, *map(short, scores)))
    return table("network | `spr` | `spr-nn` | logistic regression", rows)


def _of(records: Sequence[Record], preset: str) -> dict[str, dict[str, Any]]:
    wanted = {"preset": preset, "protocol": "pairs", "transductive": False}.items()
    return {
        record.arguments["network"]: record.figures
        for record in records
        if wanted <= record.arguments.items() and not record.figures.get("error")
    }


def _titled(name: str, found: dict[str, Any]) -> str:
    few = found["edges"] // 5 + 1
    return f"{name} ({few} test pairs)" if few < 100 else name


def short(scores: dict[str, Any]) -> str:
    """AUC and macro-F1 as README has them."""
    return " / ".join(f"{scores[key]['mean']:.3f}".lstrip("0") for key in ("auc", "f1_macro"))


def shown(value: dict[str, Any], sign: str = "") -> str:
    """Mean and standard deviation."""
    if value["mean"] is None:
        return "undefined"
    spread = "" if value["std"] is None else f" ± {value['std']:.4f}"
    return f"{value['mean']:{sign}.4f}{spread}"
