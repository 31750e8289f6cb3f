"""Scores of the spring embedding beside its features alone and the baseline, on public networks.

    FORCELAW_DATA=folder python benchmarks/signed/public_networks.py [RUN ...]

A RUN is `dataset:protocol:preset:seeds`, with `:transductive` at the end for the origin's setting;
without any, all of `RUNS`. `--spectral` adds the spectral baseline, on the same splits, to runs
that were recorded before it. Each is evaluated in a process of its own with a time limit, and kept
in `public_networks.jsonl`; what is there already is not done again. The table
`benchmarks/results/signed/public_networks.md` is written anew after every run.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parents[1] / "results" / "signed"
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
HEAD = """# Link signs of public networks

`AUC` and `macro-F1` on held-back edges, mean ± standard deviation over splits (seeds 0, 1, ...).
*forcelaw* is the preset named; *features alone* is the default preset's decoder, fitted on the
same cross-fitted pairs without any geometry, so the difference is what the forces add; *logistic
regression* is the baseline on degrees and triads; *spectral* has a few eigenvectors of the signed
adjacency or Laplacian, matrix and rank chosen on hidden training signs. All see the training part
alone. Numbers of different protocols cannot be compared. *difference* is forcelaw minus features
alone, split by split, in AUC. Each row keeps its day in the records: those of 2026-11-25, all but
the default preset on tribes, congress, bitcoin-alpha and -otc by pairs, are of springs that start
anywhere.

    python benchmarks/signed/public_networks.py
"""


def main() -> None:
    """Evaluates what is missing and writes the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("runs", nargs="*", default=list(RUNS), metavar="RUN")
    parser.add_argument("--minutes", type=float, default=60, help="limit of one run")
    parser.add_argument("--spectral", action="store_true", help="add that baseline to records")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.one)))
        return
    done = recorded()
    if options.spectral:
        for run in options.runs:
            if run in done and "error" not in done[run] and "spectral" not in done[run]:
                print(run, file=sys.stderr, flush=True)
                done[run]["spectral"] = spectral_of(run)
                write(done)
        return
    for run in options.runs:
        if "error" not in done.get(run, {"error": "not done"}):
            continue
        print(run, file=sys.stderr, flush=True)
        done[run] = measured(run, options.minutes)
        write(done)
    write(done)


def measured(run: str, minutes: float) -> dict[str, Any]:
    """The document of one run, or its error."""
    started = time.perf_counter()
    command = [sys.executable, __file__, "--one", run]
    document: dict[str, Any]
    try:
        ended = subprocess.run(
            command, capture_output=True, check=False, text=True, timeout=60 * minutes
        )
        failed = ended.stderr.strip().splitlines()[-1:] if ended.returncode else []
        document = {"error": failed[0]} if failed else json.loads(ended.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        document = {"error": f"not finished in {minutes:.0f} minutes"}
    document["wall"] = time.perf_counter() - started
    document["date"] = datetime.date.today().isoformat()
    return document


def one(run: str) -> dict[str, Any]:
    """Evaluates one run in this process."""
    from forcelaw import signed

    name, protocol, preset, seeds, *rest = run.split(":")
    started = os.times()
    document = signed.evaluate(
        signed.dataset(name),
        protocol,
        preset=preset,
        seeds=int(seeds),
        transductive=rest == ["transductive"],
    )
    ended = os.times()
    document["processor"] = ended.user + ended.system - started.user - started.system
    return document


def spectral_of(run: str) -> dict[str, Any]:
    """The spectral baseline's scores on the splits of a run."""
    from forcelaw import signed
    from forcelaw.storage import plain

    name, protocol, _, seeds, *rest = run.split(":")
    network = signed.dataset(name)
    rows = []
    for seed in range(int(seeds)):
        train, test = signed.split(network, protocol, seed=seed, transductive=bool(rest))
        model = signed.SpectralBaseline(seed=seed).fit(train)
        probability = model.predict_proba(test.pairs)[:, 1]
        rows.append(signed.scores(test.sign, probability, model.threshold_))
    found = {score: signed.summary(row[score] for row in rows) for score in rows[0]}
    return plain(found)


def recorded() -> dict[str, dict[str, Any]]:
    """What earlier calls found."""
    file = RESULTS / "public_networks.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    return {row["run"]: row for row in map(json.loads, lines)}


def write(done: dict[str, dict[str, Any]]) -> None:
    """The records and the table."""
    RESULTS.mkdir(exist_ok=True)
    lines = [json.dumps({"run": run, **row}) for run, row in done.items()]
    (RESULTS / "public_networks.jsonl").write_text("\n".join(lines) + "\n")
    (RESULTS / "public_networks.md").write_text("\n".join(table(done)) + "\n")


def table(done: dict[str, dict[str, Any]]) -> list[str]:
    """The lines of the table."""
    dates = sorted({row["date"] for row in done.values()})
    lines = [
        HEAD,
        f"{' to '.join(dict.fromkeys((dates[0], dates[-1])))}; {platform.machine()}, "
        f"{os.cpu_count()} processors, shared with other work: read the processor time.",
        "",
        "| network | protocol | preset | method | splits | AUC | macro-F1 | difference | "
        "processor s | peak MB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    failed = []
    for run, row in done.items():
        name, protocol, preset, seeds, *rest = run.split(":")
        if "error" in row:
            failed.append(f"- {name}, {protocol}, {preset}: {row['error']}")
            continue
        reverse = f", {row['reverse_share']:.0%} reversed" if row["reverse_share"] else ""
        where = f"{name} | {protocol}{reverse}{', **transductive**' if rest else ''}"
        for method, title in METHODS.items():
            if method not in row:
                continue
            ours = method == "forcelaw"
            which = preset if ours else ""
            scores = " | ".join(shown(row[method][score]) for score in ("auc", "f1_macro"))
            gain = shown(row["difference_to_features"]["auc"], sign="+") if ours else ""
            cost = f"{row['processor']:.0f} | {row['peak_memory_mb']:.0f}" if ours else " | "
            lines.append(f"| {where} | {which} | {title} | {seeds} | {scores} | {gain} | {cost} |")
    if failed:
        lines += ["", "Not finished:", "", *failed]
    lines += [
        "",
        "Processor time and peak memory are of all splits and all methods in one process.",
        "*reversed*: the share of test edges whose opposite edge is known from training.",
    ]
    return lines


def shown(value: dict[str, Any], sign: str = "") -> str:
    """Mean and standard deviation."""
    if value["mean"] is None:
        return "undefined"
    spread = "" if value["std"] is None else f" ± {value['std']:.4f}"
    return f"{value['mean']:{sign}.4f}{spread}"


if __name__ == "__main__":
    main()
