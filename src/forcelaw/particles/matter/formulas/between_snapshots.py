"""Laws followed between snapshots: what snapshots bend is fitted anew, and whether laws hold there.

A mean over a few snapshots is no mean over an encounter that is as short. Formulas that were fitted
to such means are bent, and leave as little as the law would: what bends them lasts for no longer
than the encounter. Along the motion that a formula itself makes between snapshots nothing is bent,
if it is the law. So forms are compared and fitted anew along it, until the motion does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    Followed,
    Order,
    SecondOrder,
    fit_terms,
    follow,
)
from forcelaw.particles.matter.candidate_terms import Candidates
from forcelaw.particles.matter.formulas.followed_laws import (
    check_laws,
    end_of,
    known_laws,
    share_bent,
)
from forcelaw.particles.matter.formulas.law_reading import MatterSettings, Reading, read_law
from forcelaw.particles.matter.searches.thinned import thin


@dataclass(frozen=True)
class BetweenSettings:
    """What decides whether laws are followed between snapshots, and whether they hold there."""

    few: int = 4_000
    """Equations that say how much snapshots bend."""
    short: int = 8
    """Snapshots of a stretch of these."""
    bent: float = 1e-6
    """Share of the changes' squares that snapshots bend, above which laws are fitted anew: numbers
    are off by about its root."""
    least: float = 0.9
    """Share of the changes that formulas explain, below which no motion is followed."""
    rows: int = 30_000
    """Equations that are fitted anew."""
    window: int = 24
    """Snapshots of one stretch, of which four have no equations."""
    rounds: int = 8
    """In which laws are followed and fitted anew, at most."""
    settled: float = 0.5
    """Share of what was left the round before, that is left once nothing comes nearer any more."""
    enough: float = 1e-8
    """Share of the squares of changes left, that ends it: numbers are off by a ten-thousandth."""
    beyond: float = 1.2
    """Times the farthest distance of bodies in open space, up to which formulas are taken to act:
    between snapshots bodies may be farther from each other."""
    nearer: float = 1.25
    """Times the distance at which a formula ends, up to which it is read anew."""


BETWEEN = BetweenSettings()


def follow_between(
    data: Recordings,
    candidates: Candidates,
    readings: Sequence[Reading],
    order: Order,
    seed: int,
    settings: MatterSettings,
    say: Callable[[str], None],
    *,
    how: BetweenSettings = BETWEEN,
) -> tuple[list[Reading], tuple[str, ...]]:
    """Readings of all kinds of receivers, fitted anew where snapshots bend them, and what is said.

    No reading is a law there that does not hold between snapshots. Only without chance, without
    recorded accelerations, and where no term reads velocities or times: others come back as they
    are.
    """
    given, cutoff = list(readings), candidates.cutoff
    readings = given
    if not _can_be_followed(data, readings, order, how):
        return readings, ()
    farthest = cutoff * (how.beyond if candidates.open_space else 1)
    some = thin(data, how.few, how.short, seed=seed)
    if share_bent(some, known_laws(readings, cutoff, farthest), farthest, seed) <= how.bent:
        return readings, ()
    some = thin(data, how.rows, how.window, seed=seed)
    along, best = None, None
    for number in range(how.rounds + 1):
        laws = known_laws(readings, cutoff, farthest)
        along = follow(some, laws, farthest, start=along)
        check = check_laws(some, laws, along, farthest, seed)
        say(f"between snapshots formulas leave {check.left:.2g} of the changes")
        if best is not None and not check.left < how.settled * best[0].left:
            break
        best = check, readings
        if check.left <= how.enough or number == how.rounds:
            break
        readings = [
            _read_anew(some, candidates, one, along, seed, settings, how) for one in readings
        ]
    assert best is not None
    check, readings = best
    if check.holds():
        return readings, ()
    if not all(part.complete for part in data):
        # Bodies that were not seen push others: that is no error of the law.
        return given, ()
    lacking = [
        one._replace(judged=replace(one.judged, verdict="approximation"))
        if one.judged.verdict == "law" and not one.judged.even
        else one
        for one in readings
    ]
    return lacking, (check.sentence,)


def _can_be_followed(
    data: Recordings, readings: Sequence[Reading], order: Order, how: BetweenSettings
) -> bool:
    moves = isinstance(order, SecondOrder) and not order.walls and not data.has_heading
    recorded = all(
        part.acceleration is None
        and part.n_times >= how.window / 2
        and (part.cell is None or part.cell.constant)
        for part in data
    )
    acts = any(one.fit.terms.blocks for one in readings)
    return moves and recorded and acts and all(_is_known(one, how) for one in readings)


def _is_known(reading: Reading, how: BetweenSettings) -> bool:
    """Whether formulas tell the force of places alone, mostly."""
    (fit, _, judged), terms = reading, reading.fit.terms
    of_places = not (fit.estimator.instruments or terms.reads_velocity or terms.shaped)
    of_places &= not any(term.reads_time for term in terms.one_body)
    return of_places and (judged.even or judged.formulas >= how.least)


def _read_anew(
    data: Recordings,
    candidates: Candidates,
    reading: Reading,
    along: Followed,
    seed: int,
    settings: MatterSettings,
    how: BetweenSettings,
) -> Reading:
    """Forms of the same terms, read from equations along the motion that was followed.

    Of those that end, up to somewhat farther than there.
    """
    if reading.judged.even:
        return reading
    terms, ends = reading.fit.terms, {}
    for k, (block, form) in enumerate(zip(terms.blocks, reading.joint.forms, strict=True)):
        place = how.nearer * end_of(form)
        if not block.bonded and place < block.splines.breaks[-1]:
            ends[k] = place, 0.0
    terms = candidates.refined(candidates.ended(terms, ends)) if ends else terms
    within = candidates.within_reach_of(terms)
    fine = fit_terms(
        data, terms, along, within.cutoff, rows=settings.fitted_to, seed=seed, noise="none"
    )
    again, _ = read_law(data, within, fine, along, seed, settings)
    return again
