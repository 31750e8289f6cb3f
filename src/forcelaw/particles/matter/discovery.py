"""From recordings to their law: order, terms, curves, formulas, chance and verdict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from forcelaw.clock import Clock
from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    FirstOrder,
    Fit,
    Order,
    Reference,
    SecondOrder,
    Terms,
    Turning,
    drop_terms,
    drop_unsteady,
    fill_motion,
    fit_terms,
    select_terms,
)
from forcelaw.particles.matter.assembly import Found, assemble_law
from forcelaw.particles.matter.candidate_terms import (
    Candidates,
    find_candidates,
    list_terms,
    on_kind,
)
from forcelaw.particles.matter.formulas import (
    MATTER,
    MatterSettings,
    Reading,
    follow_between,
    read_law,
    tie_reciprocal,
)
from forcelaw.particles.matter.free_bodies import describe_free_bodies, moves_evenly
from forcelaw.particles.matter.order_choice import OrderEvidence, choose_order
from forcelaw.particles.matter.residual_causes import explain_residual, in_order
from forcelaw.particles.matter.result import MatterResult
from forcelaw.particles.matter.searches import permanent_pairs
from forcelaw.particles.matter.searches.discrete_steps import find_discrete_steps
from forcelaw.particles.matter.searches.force_ends import ForceEnd, find_ends
from forcelaw.particles.matter.searches.periodic_fields import find_waves, sharpen_waves
from forcelaw.particles.matter.searches.reach import end_in_words, find_reach
from forcelaw.particles.matter.searches.reflections import describe_walls, find_hard_walls
from forcelaw.particles.matter.searches.shape_scan import find_shaped
from forcelaw.particles.matter.searches.sharpening import ShapeErrors, sharpen_shapes

_DISCRETE = "discrete-steps"
"""The cause where bodies take steps at which nothing changes in between."""


def discover_recordings(
    data: Recordings,
    *,
    order: Literal["first", "second", "auto"] = "auto",
    cutoff: float | None = None,
    seed: int = 0,
    settings: MatterSettings = MATTER,
    say: Callable[[str], None] = lambda line: None,
) -> MatterResult:
    """The law behind recordings.

    **Arguments:** `cutoff` the distance beyond which nothing acts, in the positions' unit; None: it
    is found. `say` is told what goes on.
    """
    clock = Clock()
    data = permanent_pairs.with_permanent_bonds(data)
    reach = find_reach(data, _named(order), settings.noise, seed=seed) if cutoff is None else cutoff
    candidates = find_candidates(data, reach)
    if cutoff is None:
        seeks = reach is not None or not candidates.open_space
        candidates = replace(candidates, ends=seeks, whole=reach is None)
    say(f"{data.summary()}; distances up to {candidates.cutoff:.4g}")
    found = _discover(data, candidates, order, seed, settings, say, clock)
    if permanent_pairs.may_leave_bonds_out(found.law, found.verdict):
        other = replace(candidates, apart=True)
        again = _discover(data, other, order, seed, settings, say, clock)
        found = max(again, found, key=_worth)
    missed = found.verdict != "law" and _DISCRETE not in found.causes
    nearer = candidates.whole and any(b.loose for fit in found.fits for b in fit.terms.blocks)
    if nearer and (missed or found.law.shaped):
        # What ends nowhere is cut off by chance where it is weak, and bends shapes beside it.
        endless = replace(candidates, ends=False)
        again = _discover(data, endless, order, seed, settings, say, clock)
        found = max(found, again, key=_worth)
    return found


def _worth(found: MatterResult) -> tuple[bool, int, float]:
    law = found.verdict == "law"
    numbers = sum(len(force.constants) for force in found.law.pairs)
    return law, -numbers if law else 0, found.explained


def _discover(
    data: Recordings,
    candidates: Candidates,
    order: Literal["first", "second", "auto"],
    seed: int,
    settings: MatterSettings,
    say: Callable[[str], None],
    clock: Clock,
) -> MatterResult:
    evidence, bounces = _order_of(data, candidates, order, seed), ()
    say(evidence.sentence)
    if isinstance(evidence.order, SecondOrder):
        walls = find_hard_walls(data)
        evidence = replace(evidence, order=SecondOrder(walls))
        bounces = describe_walls(data, walls)
    motion = _find(data, candidates, evidence.order, seed, settings, say)
    turning = None
    if data.has_heading:
        turning = _find(data, candidates, Turning(), seed, settings, say)
    both = [motion] if turning is None else [motion, turning]
    notes = tuple(
        dict.fromkeys(n for part in data for n in (*part.notes, *fill_motion(part).notes))
    )
    notes += tuple(note for found in both for note in found.notes(data))
    causes = in_order([causes for one in both for causes in one.causes])
    steps = find_discrete_steps(data, seed=seed)
    if steps is not None:
        causes, notes = (_DISCRETE,), (*notes, steps.sentence)
        both = [one.without_law() for one in both]
        motion = both[0]
    law = assemble_law(data, evidence.order, both, settings.noise)
    said = (*describe_free_bodies(data, law, motion.judgements), *motion.rivals)
    longest = max((force.reach for force in law.pairs), default=candidates.cutoff)
    ends = (end_in_words(longest, candidates),) if candidates.ends else ()
    clock.lap("discover")
    return MatterResult(
        law,
        tuple(motion.judgements),
        evidence,
        tuple(motion.fits),
        longest,
        tuple(dict.fromkeys((*said, *data.notes, *notes, *bounces, *ends))),
        data,
        causes,
        clock.seconds,
        tuple(both[1].judgements) if len(both) > 1 else (),
    )


def _find(
    data: Recordings,
    candidates: Candidates,
    order: Order,
    seed: int,
    settings: MatterSettings,
    say: Callable[[str], None],
) -> Found:
    readings: list[Reading] = []
    errors: list[ShapeErrors] = []
    what = "turn headings" if isinstance(order, Turning) else "act"
    for receiver in range(candidates.kinds):
        even = moves_evenly(data, order, receiver)
        if even:
            nothing = Terms(receiver, (), (), of_headings=isinstance(order, Turning))
            fine = fit_terms(data, nothing, order, candidates.cutoff, rows=settings.chosen_on)
            shape_errors: ShapeErrors = {}
        else:
            fine, shape_errors = _fine_fit(data, candidates, receiver, order, seed, settings)
        say(f"terms that {what}{on_kind(data, receiver)}: {list_terms(fine.terms, data)}")
        reading, added = read_law(data, candidates, fine, order, seed, settings)
        if added is not None:
            say(f"with what these leave: {list_terms(added.terms, data)}")
            other, _ = read_law(data, candidates, added, order, seed, settings)
            reading = other if other.surpasses(reading) else reading
        readings.append(reading._replace(judged=replace(reading.judged, even=even)))
        errors.append(shape_errors)
    readings, between = follow_between(data, candidates, readings, order, seed, settings, say)
    missing = [
        explain_residual(data, candidates, one, order, seed)
        for one in readings
        if one.judged.verdict != "law" and not one.judged.even
    ]
    causes, said = [one.causes for one in missing], [note for one in missing for note in one.notes]
    fits, joints = [one.fit for one in readings], [one.joint for one in readings]
    joints, mutual = tie_reciprocal(fits, joints)
    judgements = [one.judged for one in readings]
    return Found(order, fits, joints, judgements, causes, errors, mutual, (*between, *said))


def _fine_fit(
    data: Recordings,
    candidates: Candidates,
    receiver: int,
    order: Order,
    seed: int,
    settings: MatterSettings,
) -> tuple[Fit, ShapeErrors]:
    """The terms that act, in fine splines, and the errors of their shapes.

    Chosen among all in coarser ones: once as they are, then with less weight on encounters that
    snapshots do not follow.
    """

    def fit(terms: Terms, rows: int, reference: Reference | None = None) -> Fit:
        return fit_terms(
            data,
            terms,
            order,
            candidates.cutoff,
            rows=rows,
            seed=seed,
            reference=reference,
            noise=settings.noise,
        )

    def sharpen(terms: Terms, reference: Reference | None) -> Fit:
        return fit(terms, settings.sharpened_on, reference)

    first = fit(candidates.terms(receiver, order), settings.chosen_on)
    again = fit(first.terms, settings.chosen_on, first.reference(first.terms))
    if candidates.ends:
        ended = _up_to_ends(data, candidates, again, order, seed)
        if ended is not again.terms:
            candidates = candidates.within_reach_of(ended)
            first = fit(ended, settings.chosen_on)
            again = fit(ended, settings.chosen_on, first.reference(ended))
    if not isinstance(order, Turning):
        waves = find_waves(data, again, order, candidates.cutoff, candidates.varying, seed=seed)
        if waves:
            more = replace(again.terms, one_body=(*again.terms.one_body, *waves))
            rough = fit(more, settings.chosen_on).reference(more)
            more = sharpen_waves(data, more, order, candidates.cutoff, rough, seed=seed)
            again = fit(more, settings.chosen_on)
            again = fit(more, settings.chosen_on, again.reference(more))
        shaped = find_shaped(data, first, order, candidates, seed=seed)
        if shaped:
            more = replace(again.terms, shaped=shaped)
            more, _ = sharpen_shapes(more, sharpen, None, rounds=4)
            again = fit(more, settings.chosen_on)
            again = fit(more, settings.chosen_on, again.reference(more))
    chosen = select_terms(again)
    finer = candidates.refined(chosen)
    reference = again.within(chosen).reference(finer)
    finer = sharpen_waves(data, finer, order, candidates.cutoff, reference, seed=seed)
    finer, errors = sharpen_shapes(finer, sharpen, reference, rounds=4)
    fine = fit(finer, settings.fitted_to, reference)
    fine = fine.within(drop_terms(fine))
    return fine.within(drop_unsteady(fine)), errors


def _up_to_ends(
    data: Recordings, candidates: Candidates, fit: Fit, order: Order, seed: int
) -> Terms:
    """The same terms, those that act up to where they end, others up to the farthest of these."""
    chosen = fit.within(select_terms(fit))
    finer = candidates.refined(chosen.terms)
    found = find_ends(data, finer, chosen, order, candidates.cutoff, seed=seed)
    if not found:
        return fit.terms
    acting = [fit.terms.blocks.index(block) for block in chosen.terms.blocks]
    last = ForceEnd(candidates.fine.reach, 0.0)
    ends = {block: found.get(index, last) for index, block in enumerate(acting)}
    farthest = max(ends.values())
    every = {k: ends.get(k, farthest) for k, b in enumerate(fit.terms.blocks) if not b.bonded}
    return candidates.ended(fit.terms, {k: e for k, e in every.items() if e.place < last.place})


def _order_of(data: Recordings, candidates: Candidates, wanted: str, seed: int) -> OrderEvidence:
    if wanted == "auto":
        return choose_order(data, candidates, seed=seed)
    return OrderEvidence(_named(wanted) or SecondOrder(), -np.inf, np.nan, given=True)


def _named(order: str) -> Order | None:
    """None where it is to be found."""
    return {"first": FirstOrder(), "second": SecondOrder()}.get(order)
