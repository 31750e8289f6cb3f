"""What decides about the verdict on a formula, and which causes are named."""

from __future__ import annotations

from dataclasses import dataclass

from forcelaw.particles.equations import EQUATIONS, EquationsSettings
from forcelaw.particles.preparation import PREPARATION, PreparationSettings


@dataclass(frozen=True, kw_only=True)
class SampleSettings:
    """How much is regressed."""

    components: int = 30_000
    """Components of accelerations that are regressed: seconds for some hundred columns."""
    edges: int = 1_500_000
    """Edges of all samples together: 12 MB a column."""
    least: int = 8
    """Samples, at least, however many bodies there are."""
    single: int = 3
    """Trajectories that are looked at one by one..."""
    single_snapshots: int = 30
    """...if they have so many snapshots."""
    tried: int = 400
    """Snapshots on which the size of a box, or a delay, is tried."""


@dataclass(frozen=True, kw_only=True)
class CauseSettings:
    """Columns by which causes would show: splines are few where causes are many."""

    fine: int = 14
    """Splines of a force of any form along the line."""
    coarse: int = 6
    """Splines in the distance of any other force."""
    many_body: int = 4
    """The same of forces of several bodies, which are products of them."""
    single: int = 4
    """The same of the force along a single edge."""
    scanned: int = 8
    """The same where a box or a delay is scanned: alone, they may be more."""
    first_order: int = 10
    """The same of velocities as functions of places."""
    radii: int = 10
    """Splines in the distance from a fixed place."""
    speeds: int = 6
    """Splines in the speed of a body."""
    places: int = 5
    """Splines in every coordinate."""
    times: int = 5
    """Functions of time, piecewise linear."""
    kinds: int = 5
    """Values up to which an attribute tells kinds apart."""
    ranges: int = 3
    """Ranges over which neighbours are counted: half, one and two typical distances."""
    triples: int = 8
    """Bodies up to which all triples are looked at."""
    bodies: int = 24
    """Bodies of which each may differ."""
    pairs: int = 120
    """Pairs up to which each may differ: above, they are too many numbers for any data."""
    shaped_pairs: int = 30
    """Pairs up to which the force of each has a form of its own."""
    product_rounds: int = 3
    """Turns of fitting the factors of pairs and the force that they multiply."""
    fill_rounds: int = 30
    """Turns of filling in what bodies would do to themselves."""
    boxes: int = 120
    """Sizes of a box that are tried: 1.6 % from one to the next."""
    smallest_box: float = 0.15
    """Share of the extent of the positions that a box may be small."""
    delays: int = 12
    """Delays that are tried, over two decades."""
    step: float = 1e-4
    """Relative change of a constant by which slopes are differences: the root of rounding is 1e-8,
    and what is off by as little as 1e-4 is seen."""


@dataclass(frozen=True, kw_only=True)
class ExplanationSettings:
    """When a cause explains what a formula leaves."""

    significance: float = 5.0
    """Standard errors from which a gain is no chance: about twenty causes are tried."""
    beyond_chance: float = 3.0
    """Times the gain that noise and estimates alone bring."""
    least: float = 0.01
    """Share of the squares that a cause must explain."""
    first: float = 0.1
    """Share of the residual that the likeliest cause explains, or a single one is worth a word."""
    further: float = 0.2
    """Share of what the formula leaves, and of what the others leave, that a further cause does."""
    close: float = 1.3
    """Times the least that any cause leaves..."""
    alike: float = 0.02
    """...and a share more: what leaves no more than both explains as much."""
    causes: int = 3
    """Causes beside the form of the force, at most."""
    free: int = 200
    """Numbers that a common acceleration, free at every snapshot, counts as."""
    most: float = 0.5
    """Share that the likeliest cause must explain, or boxes and delays are scanned too; that single
    bodies or pairs must explain; and that the best box or delay must not leave."""


@dataclass(frozen=True, kw_only=True)
class VerdictSettings:
    """When a formula is the law, an approximation, or nothing."""

    worthless: float = 0.5
    """Share of what can be explained below which a formula explains nothing worth the name."""
    as_noise: float = 1.35
    """Residuals within this factor of what noise leaves are noise."""
    exact: float = 1e-5
    """Weighted residuals below this are rounding, of estimates from single precision."""
    excess_factor: float = 2.0
    """Times the F statistic's deviation of a replicate..."""
    excess: float = 10.0
    """...and standard deviations more, from which an excess is no chance: smoothed accelerations
    are not independent."""
    unclear: float = 0.02
    """Share of the squares of accelerations up to which what a formula leaves is not clear."""
    unclear_noise: float = 4.0
    """The same in squares that noise leaves."""
    outside: float = 0.5
    """Total force, over that of independent ones, from which something outside acts."""
    bent: float = 0.1
    """Of a force on bodies alone, by which the force half-way between two places differs from the
    mean of those there, from which a body that is not in the data may pull."""
    violent: float = 25.0
    """Times the usual square beyond which a snapshot is too violent to count in that."""
    first_order: float = 0.9
    """R² of velocities as a function of places from which motion is of first order."""
    across: float = 0.05
    """What forces across the line must explain of velocities besides, and of the residual of
    them."""


@dataclass(frozen=True, kw_only=True)
class ReplicaSettings:
    """How motion under a formula is simulated."""

    trajectories: int = 96
    """Trajectories that are simulated, at most."""
    draws: int = 2
    """Draws of the noise: the larger gain of two is what chance brings."""
    tolerance: float = 1e-10
    """Relative error of a step: far below the noise of any measurement."""
    steps: int = 20_000
    """Steps of a trajectory, at most: an encounter needs more."""
    between_frames: int = 4
    """Steps from frame to frame of receivers that stand for all bodies: the error of the
    classical method of fourth order is a hundredth of that of differences over frames."""
    white: int = 11
    """Frames above which white noise is told by differences."""
    beyond: float = 3.0
    """Extents of the data beyond which a simulated body has left it."""


@dataclass(frozen=True, kw_only=True)
class MotionSettings:
    """What shows in the motion itself: jumps and kicks."""

    jump: float = 0.5
    """Share of the range of positions that no body crosses between two frames."""
    times_usual: float = 10.0
    """Times the usual step that a jump is longer than."""
    spread: float = 0.15
    """Share by which the lengths of jumps across a box may differ..."""
    mostly: float = 0.75
    """...in this share of them at least."""
    least_jumps: int = 3
    """Jumps that are no accident."""
    near: float = 0.1
    """By so much correlations may miss those of random kicks."""
    largest: float = 4.5
    """Times the median size at which changes are cut off: three standard deviations of what is
    normally distributed."""
    next: float = 0.6
    """Size of the correlation of second differences with the next ones up to which bodies are
    kicked about in place or velocity..."""
    after: float = 0.08
    """...and with the next but one. Those of noise are always larger, and the more so the more
    there is of smooth motion in them."""


@dataclass(frozen=True, kw_only=True)
class CurveSettings:
    """The force against distance, whatever its formula."""

    rows: int = 240
    """Distances of the table."""
    splines: tuple[int, ...] = (12, 18, 27, 40, 60)
    """Numbers of splines that are tried."""
    finest: int = 90
    """Splines beside the most that are tried: the difference to the next finer curve is what one
    cannot follow."""
    parts: int = 10
    """Parts of the jackknife."""
    significance: float = 1.0
    """Standard errors by which a curve must predict better than a simpler one (Breiman et al.
    1984)."""
    band: float = 2.262
    """Standard errors of a band of 95 %: of Student's distribution with one degree of freedom less
    than there are parts."""


@dataclass(frozen=True, kw_only=True)
class DiagnosisSettings:
    """What decides in this room."""

    samples: SampleSettings = SampleSettings()
    """How much is looked at."""
    causes: CauseSettings = CauseSettings()
    """By which columns causes show."""
    explanation: ExplanationSettings = ExplanationSettings()
    """Which of them are named."""
    verdict: VerdictSettings = VerdictSettings()
    """What is said of the formula."""
    replicas: ReplicaSettings = ReplicaSettings()
    """The data as they would look if it were the law."""
    motion: MotionSettings = MotionSettings()
    """What shows without any force."""
    curve: CurveSettings = CurveSettings()
    """The force whatever its formula."""
    equations: EquationsSettings = EQUATIONS
    """Of what accelerations, or positions, tell."""
    preparation: PreparationSettings = PREPARATION
    """Of replicas, which are estimated and smoothed as the data were."""


DIAGNOSIS = DiagnosisSettings()
"""What decides unless other settings are passed."""
