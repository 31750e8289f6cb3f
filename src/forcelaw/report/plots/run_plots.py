"""All figures of finished runs, written into their folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from forcelaw.errors import InputError
from forcelaw.report.drawing import Lines
from forcelaw.report.evidence import force_lines, front_lines, scatter_lines
from forcelaw.report.html_page import read_runs
from forcelaw.report.matter import force_name, pair_lines
from forcelaw.report.parts import curve_lines
from forcelaw.report.plots.paper_figure import draw_figure
from forcelaw.report.results import Curve, ParticlesResults, SignedResults
from forcelaw.report.results.particles_results import Motion, ParticlesCurves
from forcelaw.report.results.signed_results import SignedCurves
from forcelaw.report.signed_part import averaged_reliability
from forcelaw.storage import atomic_write

_SCATTERS = {
    "predicted": "bodies",
    "messages": "messages",
    "by_distance": "bodies",
    "by_time": "bodies",
    "by_body": "bodies",
}
"""What their dots are."""
_NAMES = {"by_distance": "residuals-by-distance", "by_time": "residuals-by-time",
          "by_body": "residuals-by-body"}  # fmt: skip


def write_plots(folder: str | Path, kind: str) -> list[Path]:
    """Writes the figures of the run in `folder`, or of those in its subfolders, as files.

    They stand in the folder `plots` of each run; those of an earlier call are replaced.

    **Arguments:** `kind` one of `FORMATS`.

    **Raises** `InputError`: there is no finished run, or matplotlib is not installed.
    """
    written = []
    for run in read_runs(folder):
        place = run.place.parent / "plots"
        place.mkdir(exist_ok=True)
        for name, drawn in figures_of(run.results).items():
            try:
                content = draw_figure(drawn, kind)
            except ImportError:
                raise InputError(
                    "--plots: found no matplotlib, expected it; pip install 'forcelaw[plot]'"
                ) from None
            path = place / f"{name}.{kind}"
            atomic_write(path, content)
            written.append(path)
    return written


def figures_of(results: ParticlesResults | SignedResults) -> Mapping[str, Lines]:
    """What a report of these results draws, by the name of a file."""
    found = _signed(results) if isinstance(results, SignedResults) else _particles(results)
    return {name: drawn for name, drawn in found if any(drawn.series.values()) or drawn.dots}


def _particles(results: ParticlesResults) -> Iterator[tuple[str, Lines]]:
    curves = results.curves or ParticlesCurves()
    if curves.force is not None:
        yield "force", force_lines(curves.force, curves.compared)
    for k, pair in enumerate(results.pair_curves or ()):
        name = re.sub(r"[^A-Za-z0-9]+", "-", force_name(pair)).strip("-").lower()
        yield f"force-{k + 1}-{name[:60]}", pair_lines(pair)
    for name, dots in _SCATTERS.items():
        curve: Curve | None = getattr(curves.compared, name, None)
        if curve is not None:
            yield _NAMES.get(name, name), scatter_lines(curve, dots)[0]
    front = [row for row in results.pareto or () if row.error > 0]
    if len(front) > 1:
        yield "front", front_lines(front)
    if curves.motion is not None:
        yield from _along(curves.motion)


def _along(motion: Motion) -> Iterator[tuple[str, Lines]]:
    for name in ("energy", "momentum"):
        label = f"change of {name}"
        yield name, Lines(motion.time, getattr(motion, name), x_label="time", y_label=label)


def _signed(results: SignedResults) -> Iterator[tuple[str, Lines]]:
    curves = results.curves or SignedCurves()
    held = curves.held_out
    known = {
        "force": curves.force,
        "reliability": curves.reliability or averaged_reliability(results.reliability or {}),
        "roc": None if held is None else held.roc,
        "precision-recall": None if held is None else held.precision_recall,
    }
    for name, curve in known.items():
        if curve is not None:
            yield name, curve_lines(curve)
