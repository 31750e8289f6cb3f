"""What was found in recordings of bodies: forces between kinds, chance, curves with bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from forcelaw.numerics import room_of_curve
from forcelaw.report.drawing import Lines, lines, motion_player
from forcelaw.report.evidence import comparison_chapter
from forcelaw.report.html import Html, join, tag
from forcelaw.report.mathml import formula
from forcelaw.report.matter.hidden import hidden_chapter
from forcelaw.report.parts import (
    chapter,
    facts,
    figures,
    provenance,
    seconds,
    side_by_side,
    table,
    told,
)
from forcelaw.report.readable_numbers import (
    error_of,
    finite,
    measured_number,
    number,
    share,
    with_error,
)
from forcelaw.report.results import ParticlesResults
from forcelaw.report.results.particles_results import BetweenKinds, ByKind, Law
from forcelaw.report.results.schema_parts import Dots, Measured, PairCurve

_SAID = {
    "law": "The formulas are the law, as far as these data can tell",
    "approximation": "The formulas are an approximation, not the law",
    "none": "No formula was found that explains the motion",
}
_ACROSS = {
    "pair": "along the line to the partner, attraction positive",
    "bond": "along the line to the partner, where an edge joins them",
    "apart": "along the line to the partner, where no edge joins them",
    "alignment": "times the difference of velocities",
    "friction": "along the line, times the speed of approach",
    "transverse": "across the line to the partner",
    "polar": "along the line to the partner, by how both point",
    "torque": "that turns it towards the heading of the partner",
    "nematic": "that turns it towards the axis of the partner",
    "steering": "that turns it towards the place of the partner",
}
"""The directions of forces, by name."""


def matter_section(results: ParticlesResults) -> Html:
    """The section of a discovery in recordings."""
    curves, drawn = [_curve(curve) for curve in results.pair_curves or ()], results.curves
    return tag(
        "section",
        tag("h1", f"The force law of {results.source or 'the particles'}"),
        _verdict(results),
        _facts(results),
        _forces(results),
        _motion(results),
        hidden_chapter(results.hidden),
        chapter("Forces against distance", figures(*curves)),
        comparison_chapter(
            None if drawn is None else drawn.compared, held_out=False, chance=_has_chance(results)
        ),
        side_by_side(
            chapter("Notes", told(_others(results))),
            chapter("Time", seconds(results.seconds)),
            chapter("How to cite", provenance(results)),
        ),
    )


def _verdict(results: ParticlesResults) -> Html:
    of = results.explained_of or "held-out data"
    words = _SAID.get(str(results.verdict), "No verdict")
    if results.answer == "curve":
        words += ". The curves of the forces stand: they predict held-out data better"
    words += f": they explain {share(results.explained)} (R²) of {of} on held-out data"
    whole = results.explained_of_explainable
    apart = whole is not None and share(whole) != share(results.explained)
    words += f", {share(whole)} of what is no chance." if apart else "."
    others = sum(len(curve.others) for curve in results.pair_curves or ())
    if results.verdict == "approximation" and others:
        words += (
            " Another formula explains as much; it stands beside its curve."
            if others == 1
            else f" {others} other formulas explain as much; they stand beside their curves."
        )
    causes = results.causes or ()
    if causes:
        words += f" Likely cause{'s' * (len(causes) > 1)}: {', '.join(causes)}."
    if results.order_evidence is not None:
        said = results.order_evidence.words
        words += f" {said[:1].upper()}{said[1:]}."
    return tag("p", words, class_="verdict")


def _motion(results: ParticlesResults) -> Html | None:
    motion = None if results.curves is None else results.curves.motion
    return (
        None if motion is None else motion_player(motion.model_dump(), chance=_has_chance(results))
    )


def _has_chance(results: ParticlesResults) -> bool:
    return results.diffusion is not None or results.rotational_diffusion is not None


def _facts(results: ParticlesResults) -> Html:
    return facts(
        {
            "recordings": number(results.trajectories),
            "bodies": number(results.bodies),
            "dimensions": number(results.dim),
            "order": number(results.order),
            "cutoff": number(results.cutoff),
            **_by_kind("diffusion", results.diffusion),
            **_by_kind("temperature", results.temperature),
            **_by_kind("rotational diffusion", results.rotational_diffusion),
            "seed": number(results.seed),
        }
    )


def _by_kind(name: str, value: ByKind) -> dict[str, str | None]:
    """One number, or that of each kind."""
    if isinstance(value, dict):
        return {f"{name} of {kind}": _with_error(one) for kind, one in value.items()}
    return {name: _with_error(value)}


def _with_error(value: Measured | None) -> str | None:
    if value is None:
        return None
    return with_error(value.value, value.error)


def _forces(results: ParticlesResults) -> Html | None:
    law = results.formula
    if law is None:
        return None
    drawn = [
        tag("div", tag("div", words, class_="name"), formula(text), class_="law")
        for words, text in _listed(law)
    ]
    if results.truth is not None:
        drawn += [
            tag(
                "div",
                tag("div", f"Truth: {words[:1].lower()}{words[1:]}", class_="name"),
                formula(text),
                class_="law true",
            )
            for words, text in _listed(results.truth)
        ]
    apart = None
    if results.verdict != "law":
        apart = tag("p", "Best formulas, not a law:", class_="soft")
    return join(apart, tag("div", *drawn, class_="laws"), _constants(results))


def _constants(results: ParticlesResults) -> Html | None:
    """Every number of the formulas with its error."""
    rows = [
        (_shown_name(curve), *_measured(one))
        for curve in results.pair_curves or ()
        for one in curve.constants
    ]
    rows += [
        (
            f"{one.term}{f' on {one.receiver}' if one.receiver else ''}",
            *_measured(one),
        )
        for one in results.one_body or ()
    ]
    rows += [
        (
            f"{one.term}{f', {name}' if name else ''}",
            *_measured(two),
        )
        for one in results.shaped or ()
        for name, two in {"": one, **one.shapes}.items()
    ]
    return table(("constant of", "value", "standard error"), rows) if rows else None


def _measured(one: Measured) -> tuple[str, str]:
    """A number and its error, each as a cell."""
    return measured_number(one.value, one.error), error_of(one.value, one.error)


def _shown_name(curve: PairCurve) -> str:
    """Along the line it is just the force."""
    name = force_name(curve)
    return f"force{name[len('pair') :]}" if curve.term == "pair" else name


def force_name(curve: PairCurve) -> str:
    """What acts, between which kinds."""
    between = f" of {curve.sender} on {curve.receiver}" if curve.receiver else ""
    return f"{curve.term}{between}{f', times {curve.coupling}' if curve.coupling else ''}"


def _listed(law: Law) -> list[tuple[str, str]]:
    """What each force is, in words, and its formula."""
    found: list[tuple[str, str]] = []
    for name, across in _ACROSS.items():
        value: str | Sequence[BetweenKinds] | None = getattr(law, name)
        if name == "pair" and value is None:
            value = law.pairs
        if isinstance(value, str):
            found.append((f"Force on body i from body j {across}", value))
        for row in value if isinstance(value, list) else ():
            text = getattr(row, name)
            if text not in (None, "0"):
                found.append((f"Force on {row.receiver} from {row.sender} {across}", text))
    if len(found) > 1:
        found = [one for one in found if one[1] != "0"]
    alone = law.alone or {}
    each = {"each body": alone} if isinstance(alone, str) else alone
    found += [(f"On {kind} alone", text) for kind, text in each.items() if text not in ("0", "0.0")]
    turns = law.turning or {}
    each = {"each body": turns} if isinstance(turns, str) else turns
    found += [(f"Turning of {kind} alone", text) for kind, text in each.items() if text != "0"]
    for words, shaped in (("Of walls on", law.wall), ("Energy of three bodies, on", law.triples)):
        each = {"each body": shaped} if isinstance(shaped, str) else shaped or {}
        found += [(f"{words} {kind}", text) for kind, text in each.items() if text != "0"]
    return found


def _curve(curve: PairCurve) -> Html | None:
    """The curve with its band, and the formula over it."""
    times = f", times {curve.coupling}" if curve.coupling else ""
    across = _ACROSS.get(curve.term, curve.term)
    words: list[object] = [formula(curve.text, inline=True), f", {across}{times}."]
    for k, other in enumerate(curve.others[:3]):
        words += [", " if k else " About as good: ", formula(other, inline=True)]
    words += ["." if curve.others else None]
    words += [" Curve: splines through the motion itself, whatever the formula, with 95 % band."]
    caption = join(*words, _measured_words(curve.measured))
    return lines(pair_lines(curve), title=_capital(_shown_name(curve)), caption=caption)


def _measured_words(points: Dots | None) -> str:
    """Of how many pairs each point is."""
    if points is None or not points.pairs:
        return ""
    few, many = (number(int(float(f"{one:.2g}"))) for one in (min(points.pairs), max(points.pairs)))
    return f" Measured: what the motion says of {few} to {many} pairs each, with 95 % bars."


def pair_lines(curve: PairCurve) -> Lines:
    """The force of a kind on another as it is drawn."""
    points = curve.measured or Dots(x=[], y=[])
    known = {"truth": curve.truth or (), "curve": curve.force or (), "formula": curve.formula or ()}
    return Lines(
        x=curve.r or (),
        series={name: values for name, values in known.items() if values},
        x_label="distance",
        y_label="force",
        clip=room_of_curve(np.array(finite(curve.force or ()))) if curve.force else None,
        band=(curve.low or (), curve.high or ()),
        dots=(points.x, points.y) if points.x else None,
        errors=points.error or (),
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _others(results: ParticlesResults) -> list[str]:
    """Notes that no chapter says."""
    said = None if results.hidden is None else results.hidden.words
    return [note for note in results.notes or () if note != said]
