"""What was learned from the motion of particles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forcelaw.report.drawing import Lines, lines, motion_player
from forcelaw.report.evidence import comparison_chapter, draw_front, force_figure, table_forms
from forcelaw.report.html import Html, join, tag
from forcelaw.report.mathml import formula
from forcelaw.report.matter import matter_section
from forcelaw.report.parts import (
    chapter,
    drawn_curve,
    facts,
    figures,
    provenance,
    seconds,
    side_by_side,
    table,
    told,
    training,
)
from forcelaw.report.readable_numbers import error_of, finite, measured_number, number, share
from forcelaw.report.results import Law, Metric, ParticlesResults
from forcelaw.report.results.particles_results import Errors, ParticlesCurves, Spread
from forcelaw.report.results.schema_parts import ForceCurve


def particles_section(results: ParticlesResults, metrics: Sequence[Mapping[str, Metric]]) -> Html:
    """The section of a run of `forcelaw particles`."""
    if results.order_evidence is not None:
        return matter_section(results)
    curves, forms = results.curves or ParticlesCurves(), results.candidates
    leads = results.answer == "curve"
    # Where the band is the answer it stands above, larger.
    apart = leads or curves.compared is None
    force = force_figure(curves.force, None if apart else curves.compared)
    followed = curves.motion is not None and bool(curves.motion.energy)
    energy = drawn_curve(
        None if followed else curves.energy,
        title="Energy along a rollout",
        caption="Change of the total energy relative to the start.",
    )
    return tag(
        "section",
        tag("h1", f"The force law of {results.source or 'the particles'}"),
        _verdict(results),
        _facts(results),
        figures(_band(results)) if leads else None,
        _laws(results),
        _constants(results),
        None if curves.motion is None else motion_player(curves.motion.model_dump()),
        chapter(
            "The force",
            figures(
                force, _band(results) if apart and not leads else None, energy, training(metrics)
            ),
            _message_fit(results),
        ),
        comparison_chapter(curves.compared, held_out=True, r2=(results.r2 or {}).get("force")),
        chapter("Forms beside each other", table_forms(forms)) if isinstance(forms, list) else None,
        side_by_side(
            chapter("Candidates", draw_front(results.pareto or ()), _pareto(results)),
            chapter("Inside and outside the training range", _errors(results)),
            chapter("Uncertainty", _spread(results)),
            chapter("Notes", told(results.notes or ())),
            chapter("Time", seconds(results.seconds)),
            chapter("How to cite", provenance(results)),
        ),
    )


def _facts(results: ParticlesResults) -> Html:
    keys = ("model", "bodies", "dim", "trajectories", "noise", "seed")
    pairs = isinstance(results.candidates, list)
    called = {"dim": "dimensions", "trajectories": "pairs of states" if pairs else "trajectories"}
    items: dict[str, object] = {called.get(key, key): getattr(results, key) for key in keys}
    drift = results.energy_drift
    items["energy drift"] = number(drift) if finite([drift]) else None
    residual = results.residual
    if results.verdict is None:
        items |= {"order": results.order, "cutoff": results.cutoff, "R²": results.explained}
    items["residual / noise"] = number(residual) if finite([residual]) else None
    return facts({k: number(v) if isinstance(v, int | float) else v for k, v in items.items()})


def _verdict(results: ParticlesResults) -> Html | None:
    """The verdict, the curve where it is the answer, and causes, in one sentence each."""
    said = {
        "law": "The formula is the law, as far as these data can tell",
        "approximation": "The formula is an approximation, not the law",
        "none": "No formula was found that explains the motion",
    }
    words = said.get(str(results.verdict))
    if words is None:
        return None
    of = results.explained_of or "held-out data"
    of = of if of == "held-out data" else f"{of} on held-out data"
    words += f": it explains {share(results.explained)} (R²) of {of}."
    causes = results.causes or ()
    if causes:
        words += f" Likely cause{'s' * (len(causes) > 1)}: {', '.join(causes)}."
    if results.answer == "curve":
        whole = share(None if results.curve is None else results.curve.explained)
        words = f"The answer is the force curve: it explains {whole} (R²) of {of}. {words}"
    return tag("p", words, class_="verdict")


def _band(results: ParticlesResults) -> Html | None:
    """The force curve with its band."""
    curve = results.curve or ForceCurve()
    drawn = Lines(
        x=curve.r or (),
        series={"curve": curve.force or ()},
        x_label="distance",
        y_label="force",
        clip=_room(curve.force or ()),
        band=(curve.low or (), curve.high or ()),
    )
    caption = "A spline through the accelerations themselves, whatever the formula, and its band."
    return lines(drawn, title="Force curve with 95 % band", caption=caption)


def _room(values: Sequence[object]) -> tuple[float, float] | None:
    """Room for most of a curve, and for all of one that stays about as large."""
    held = sorted(finite(values))
    if not held:
        return None
    low, high = held[len(held) // 10], held[-1 - len(held) // 10]
    room = 1.5 * (high - low) + 1e-300
    return max(held[0], low - room) - 0.1 * room, min(held[-1], high + room) + 0.1 * room


def _laws(results: ParticlesResults) -> Html:
    found, truth = results.formula, results.truth
    if found is None:
        words = "The law is a trained network so far; forcelaw particles distill reads it off."
        return tag("p", words, class_="soft")
    name = "Best formula, not a law" if results.answer == "curve" else "Found"
    capped = tag("p", f"{cap[0].upper()}{cap[1:]}.") if (cap := _cap(results)) else None
    return join(_law(name, found, ""), capped, _law("Truth", truth, " true") if truth else None)


def _cap(results: ParticlesResults) -> str:
    return "" if results.cap is None else results.cap.words


def _law(name: str, law: Law, kind: str) -> Html:
    parts = [tag("div", f"{name}: force on body i from body j", class_="name"), formula(law.pair)]
    if law.alone and law.alone not in ("0", "0.0"):
        parts += [tag("div", "and on each body alone", class_="name"), formula(law.alone)]
    return tag("div", *parts, class_=f"law{kind}")


def _message_fit(results: ParticlesResults) -> Html | None:
    r2 = results.r2
    if not r2 or not finite(list(r2.values())):
        return None
    names = {"force": "true force", "acceleration": "true force / mass"}
    rows = [
        (label, share(r2.get(key)), share(r2.get(f"{key}_trimmed"))) for key, label in names.items()
    ]
    head = ("R² of the messages against the", "all", "without 1 % tails")
    return table(head, rows)


def _errors(results: ParticlesResults) -> Html | None:
    rows: list[tuple[str, Errors]] = []
    if results.curves is not None:
        rows = [(row.name, row) for row in results.curves.errors or ()]
    if not rows and results.error is not None:
        rows = [("forcelaw", results.error)]
    if not rows:
        return None
    cells = [(name, *map(number, (row.test, row.far, row.explained))) for name, row in rows]
    words = (
        "Mean relative error of the accelerations; extrapolation: more bodies, farther apart. R²: "
        "the share of held-out data that is explained, 0 for no force at all."
    )
    return join(
        table(("law", "in distribution", "extrapolation", "R²"), cells),
        tag("p", words, class_="soft"),
    )


def _pareto(results: ParticlesResults) -> Html | None:
    front = results.pareto
    if not front:
        return None
    chosen = next((i for i, row in enumerate(front) if row.chosen), -1)
    rows = [(tag("code", row.text), number(row.complexity), number(row.error)) for row in front]
    words = "The best formula of every length. The highlighted one was chosen and refitted."
    if results.residual is not None:
        words += " Errors are residuals of held-out positions, in units of their noise."
    return join(
        table(("formula", "complexity", "error"), rows, chosen=chosen),
        tag("p", words, class_="soft"),
    )


def _constants(results: ParticlesResults) -> Html | None:
    """Every number of the formula, and how far it varies over resampled data."""
    constants = (results.spread or Spread()).constants or ()
    rows = [
        (
            measured_number(row.value, row.deviation),
            "the same in all" if row.deviation == 0 else error_of(row.value, row.deviation),
        )
        for row in constants
    ]
    return table(("constant", "standard deviation"), rows, text_columns=0) if rows else None


def _spread(results: ParticlesResults) -> Html | None:
    choice = (results.spread or Spread()).choice or ()
    if not choice:
        return None
    cells = [(tag("code", row.text), f"{100 * row.share:.0f} %") for row in choice]
    return table(("formula", "chosen in resamples of held-out data"), cells)
