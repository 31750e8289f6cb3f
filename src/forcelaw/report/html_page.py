"""From a run's folder to one HTML page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from forcelaw.documents import ParsedObject, described, read_json_lines, read_text
from forcelaw.errors import InputError, NotFitted, UnreadableFile
from forcelaw.report.drawing import script_policy, script_tags, scripts_for
from forcelaw.report.html import POLICY, Html, join, tag
from forcelaw.report.particles_part import particles_section
from forcelaw.report.results import ParticlesResults, SignedResults, check_metrics, parse_results
from forcelaw.report.signed_part import signed_section

# How a report is told from a file of the user's.
_WRITTEN = "Written by forcelaw"


@dataclass(frozen=True)
class RunFiles:
    """What a report is made of: the text files of one finished run, `place` its results."""

    place: Path
    results: ParticlesResults | SignedResults
    metrics: list[ParsedObject]
    config: str


def report(folder: str | Path) -> Path:
    """Writes `report.html` into the folder of a run, or of several runs, and returns its path.

    The page is one file: style, formulas and pictures are inside it, and it loads nothing.

    **Raises** `InputError`: `folder` holds no finished run, or a `report.html` that is somebody
    else's.
    """
    from forcelaw.storage import atomic_write

    check_report(folder)
    path = Path(folder) / "report.html"
    atomic_write(path, page(read_runs(folder)).encode(errors="backslashreplace"))
    return path


def check_report(folder: str | Path) -> None:
    """Makes sure that `report` may write its page.

    **Raises** `InputError`: there is a `report.html` that is somebody else's.
    """
    path = Path(folder) / "report.html"
    if path.exists() and _WRITTEN not in path.read_text("utf-8", errors="replace"):
        raise InputError(
            f"{path}: found a file that forcelaw did not write, expected an earlier report; "
            "move it away"
        )


def read_runs(folder: str | Path) -> list[RunFiles]:
    """The finished run in `folder`, or those in its subfolders.

    **Raises** `NotFitted`: the run is not finished; `UnreadableFile`: there is no run, or its files
    are damaged.
    """
    folder = Path(folder)
    inner = sorted(folder.iterdir()) if folder.is_dir() else []
    finished = [run for run in (folder, *inner) if (run / "results.json").is_file()]
    if not finished:
        unfinished = (folder / "config.yaml").exists()
        found = "an unfinished run" if unfinished else "no run"
        raise (NotFitted if unfinished else UnreadableFile)(
            f"{folder}: found {found}, expected a finished run with results.json; "
            f"{'give its command again to finish it' if unfinished else 'give a run folder'}"
        )
    return [_read_run(run) for run in finished]


def page(runs: Sequence[RunFiles]) -> str:
    """The whole page."""
    style = resources.files("forcelaw.report").joinpath("style.css").read_text("utf-8")
    titles = [run.results.title or "run" for run in runs]
    versions = {run.results.version for run in runs if run.results.version}
    sections = [_section(run) for run in runs]
    scripts = scripts_for("".join(sections))
    policy = f"{POLICY}; {script_policy(*scripts)}" if scripts else POLICY
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("title", f"forcelaw: {', '.join(titles)}"),
        tag("style", Html(style)),
    )
    written = f"{_WRITTEN} {', '.join(sorted(versions))}".strip()
    foot = tag("footer", f"{written}. This page is one file and loads nothing.")
    main = tag("main", *sections, *map(_settings, runs), foot)
    body = tag("body", main, script_tags(*scripts))
    return "<!doctype html>\n" + tag("html", join(head, "\n", body), lang="en") + "\n"


def _section(run: RunFiles) -> Html:
    with described(run.place, "a run", "restore it, or run again with --force"):
        if isinstance(run.results, SignedResults):
            return signed_section(run.results, run.metrics)
        return particles_section(run.results, run.metrics)


def _settings(run: RunFiles) -> Html | None:
    if not run.config:
        return None
    command = run.results.command or "the run"
    return tag("details", tag("summary", f"Settings of {command}"), tag("pre", run.config))


def _read_run(folder: Path) -> RunFiles:
    from forcelaw.storage import read_results

    path = folder / "results.json"
    results = parse_results(read_results(path), path)
    metrics, config = folder / "metrics.jsonl", folder / "config.yaml"
    lines = read_json_lines(metrics) if metrics.is_file() else []
    check_metrics(lines, metrics)
    return RunFiles(path, results, lines, read_text(config) if config.is_file() else "")
