"""Walls and energies of three bodies, looked for where forces of pairs leave a lasting residual."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.stats import chi2

from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import (
    Fit,
    Order,
    Terms,
    Turning,
)
from forcelaw.particles.matter.candidate_terms import Candidates
from forcelaw.particles.matter.order_choice import lasting_share
from forcelaw.particles.matter.searches.scan_equations import ScanEquations, orthonormal
from forcelaw.particles.matter.searches.settings import SCAN, ScanSettings
from forcelaw.particles.matter.searches.shape_candidates import (
    Group,
    form_of,
    list_any_triples,
    list_centres,
    list_planes,
    list_triples,
    slot_of,
    with_angle,
)
from forcelaw.particles.shaped_terms import ShapedTerm, Tangent


class ShapeScan:
    """A search for the terms that tell what others leave of some equations."""

    def __init__(
        self, equations: ScanEquations, groups: Sequence[Group], settings: ScanSettings
    ) -> None:
        self.equations, self.groups, self.settings = equations, groups, settings
        self.tried = equations.columns(tuple(term for group in groups for term in group))
        self.root = np.ones(len(equations.value))

    def settle(self, found: tuple[ShapedTerm, ...]) -> tuple[ShapedTerm, ...]:
        """Each term the best beside all others, again and again while that helps.

        With less weight on residuals too large to be chance: those of encounters that snapshots do
        not follow. One that tells little beside the others is dropped.
        """
        best = np.inf
        for _ in range(self.settings.passes if found else 0):
            found = self._again(found)
            left, _ = _residual([self._known, self._columns(found)], self._value)
            squares, before = float(left @ left), best
            best = squares
            if squares > self.settings.settled * before:
                break
        return found

    def _again(self, terms: tuple[ShapedTerm, ...]) -> tuple[ShapedTerm, ...]:
        """Each the best beside all others, or dropped."""
        found = list(terms)
        self.root = np.ones(len(self.equations.value))
        left = np.abs(_residual([self._known, self._columns(found)], self._value)[0])
        typical = self.settings.outlying * max(float(np.median(left)), 1e-300)
        self.root = np.sqrt(np.minimum(1, typical / np.maximum(left, 1e-300)))
        weighted = self.root[:, None] * self.tried
        for term in terms:
            others = [other for other in found if other is not term]
            left, basis = _residual([self._known, self._columns(others)], self._value)
            rest = weighted - basis @ (basis.T @ weighted)
            gains = self._gains(left, rest, weighted, [slot_of(other) for other in others])
            kept = self._refined(term, left, basis)
            better = self._nearest(np.argsort(-gains), left, rest, basis)
            squares, chosen = min(kept, better, key=lambda one: one[0])
            whole = float(left @ left)
            least = self.settings.share * whole
            worth = whole - squares > max(least, 2 * self._price(1) * squares / len(left))
            found[found.index(term)] = chosen
            if not worth:
                found.remove(chosen)
        return tuple(found)

    @property
    def _known(self) -> Float[np.ndarray, "row column"]:
        return self.root[:, None] * self.equations.known

    @property
    def _value(self) -> Float[np.ndarray, " row"]:
        return self.root * self.equations.value

    def find(self) -> tuple[float, tuple[ShapedTerm, ...]]:
        """Term after term, while they tell more than chance, and the squares that they leave."""
        known = self.equations.known
        left, basis = _residual([known], self.equations.value)
        rest = self.tried - basis @ (basis.T @ self.tried)
        found: list[ShapedTerm] = []
        price = self._price([len(group) for group in self.groups])
        while len(found) < self.settings.most and len(left) > 4 * known.shape[1]:
            squares = float(left @ left)
            gains = self._gains(left, rest, self.tried, [slot_of(term) for term in found])
            best = int(np.argmax(gains / price))
            noise = (squares - gains[best]) / max(len(left) - known.shape[1], 1)
            # Changes overlap over two snapshots: chance tells twice as much.
            if gains[best] < max(self.settings.share * squares, 2 * price[best] * noise, 1e-300):
                break
            found.append(self._nearest(np.argsort(-gains), left, rest, basis)[1])
            own = self._columns(found[-1:])
            more = orthonormal(own - basis @ (basis.T @ own))
            basis = np.concatenate([basis, more], axis=1)
            left = left - more @ (more.T @ left)
            rest = rest - more @ (more.T @ rest)
        return float(left @ left), tuple(found)

    def _price(self, numbers: int | Sequence[int]) -> Float[np.ndarray, "..."]:
        """What as many numbers tell by chance at most."""
        return chi2.ppf(1 - self.settings.chance / max(len(self.groups), 1), numbers)

    def _columns(self, terms: Sequence[ShapedTerm | Tangent]) -> Float[np.ndarray, "row column"]:
        return self.root[:, None] * self.equations.columns(tuple(terms))

    def _gains(
        self,
        left: Float[np.ndarray, " row"],
        rest: Float[np.ndarray, "row column"],
        whole: Float[np.ndarray, "row column"],
        taken: Sequence[str],
    ) -> Float[np.ndarray, " group"]:
        """The squares that each group tells; none where another stands in its slot already."""
        size = np.linalg.norm(whole, axis=0)
        ends = np.cumsum([0, *map(len, self.groups)]).tolist()
        gains = np.zeros(len(self.groups))
        for index, (a, b) in enumerate(pairwise(ends)):
            if slot_of(self.groups[index][0]) not in taken:
                part = orthonormal(rest[:, a:b], size[a:b])
                gains[index] = float(np.square(part.T @ left).sum())
        return gains

    def _nearest(
        self,
        order: Int[np.ndarray, " group"],
        left: Float[np.ndarray, " row"],
        rest: Float[np.ndarray, "row column"],
        basis: Float[np.ndarray, "row rank"],
    ) -> tuple[float, ShapedTerm]:
        """Of the best groups of several forms, the one that fits best with its shapes fitted.

        And the squares that it leaves.
        """
        ends = np.cumsum([0, *map(len, self.groups)])
        forms: dict[str, list[int]] = {}
        for index in order.tolist():
            same = forms.setdefault(form_of(self.groups[index][0]), [])
            if len(same) < self.settings.starts:
                same.append(index)
        tried = []
        for index in [one for same in list(forms.values())[: self.settings.forms] for one in same]:
            own = slice(int(ends[index]), int(ends[index + 1]))
            factors = np.linalg.lstsq(rest[:, own], left, rcond=1e-10)[0]
            term = with_angle(self.groups[index], factors.tolist())
            tried.append(self._refined(term, left, basis))
        return min(tried, key=lambda one: one[0])

    def _refined(
        self,
        term: ShapedTerm,
        left: Float[np.ndarray, " row"],
        basis: Float[np.ndarray, "row rank"],
    ) -> tuple[float, ShapedTerm]:
        """Its shapes fitted (Gauss & Newton), and the squares that are left."""
        best = (np.inf, term)
        for _ in range(self.settings.rounds):
            tangents = tuple(Tangent(term, k) for k in range(len(term.shapes)))
            columns = self._columns((term, *tangents))
            columns = columns - basis @ (basis.T @ columns)
            own = columns[:, 0]
            factor = float(own @ left) / max(float(own @ own), 1e-300)
            squares = float(np.square(left - factor * own).sum())
            best = min(best, (squares, term), key=lambda one: one[0])
            if not tangents or not factor:
                break
            size = np.maximum(np.linalg.norm(columns, axis=0), 1e-300)
            factors = np.linalg.lstsq(columns / size, left, rcond=1e-9)[0] / size
            scales = np.array(term.scales)
            steps = np.clip(factors[1:] / (factors[0] or 1e-300), -scales, scales)
            if squares > best[0]:
                # Too far: halfway back.
                shapes = (np.array(term.shapes) + np.array(best[1].shapes)) / 2
                term = term.with_shapes(shapes.tolist())
                continue
            if np.abs(steps / scales).max() < self.settings.near:
                break
            term = term.with_shapes((np.array(term.shapes) + steps).tolist())
        return best


def find_shaped(
    data: Recordings,
    fit: Fit,
    order: Order,
    candidates: Candidates,
    *,
    seed: int = 0,
    settings: ScanSettings = SCAN,
) -> tuple[ShapedTerm, ...]:
    """Walls and energies of three bodies, where a fit of all other terms leaves what lasts.

    Walls are planes or one circle or sphere. Energies of three bodies are those of bodies that are
    all alike.
    """
    lasting = lasting_share(fit) * fit.residuals.share > settings.least
    chance = fit.estimator.instruments
    if not (lasting or chance) or isinstance(order, Turning):
        return ()
    planes, centres = list_planes(data), list_centres(data)
    rows = settings.rows
    if chance:
        # Bodies meet walls now and then: of few equations chance hides them.
        rows = settings.under_chance if not lasting else rows
        settings = replace(settings, share=0.0)
    triples: tuple[Group, ...] = ()
    if lasting and candidates.kinds == 1 and data.dim > 1:
        triples = list_triples(candidates.cutoff)
    if not (planes or triples):
        return ()
    equations = ScanEquations(
        data,
        fit.terms,
        order,
        candidates.cutoff,
        rows=rows,
        window=settings.window,
        seed=seed,
    )
    sets = [walls + triples for walls in (planes, centres) if walls] or [triples]
    scans = [ShapeScan(equations, groups, settings) for groups in sets]
    found = [scan.find() for scan in scans]
    best = min(range(len(sets)), key=lambda index: (found[index][0], len(found[index][1])))
    return scans[best].settle(found[best][1])


def triples_explain(
    data: Recordings,
    terms: Terms,
    order: Order,
    cutoff: float,
    *,
    seed: int = 0,
    settings: ScanSettings = SCAN,
) -> float:
    """Share of the residual that energies of three bodies tell, held out; 0 where too little.

    **Arguments:** `terms` those that act, coarsely.
    """
    if max(part.n_bodies for part in data) < 3 or data.dim < 2 or terms.of_headings:
        return 0.0
    equations = ScanEquations(
        data, terms, order, cutoff, rows=settings.rows, window=settings.window, seed=seed
    )
    held, known = equations.turn % 2 == 1, equations.known
    if not held.any() or (~held).sum() < 4 * known.shape[1]:
        return 0.0
    more = np.concatenate([known, equations.columns(list_any_triples(cutoff))], axis=1)
    left = _squares_left(known, equations.value, held)
    beside = _squares_left(more, equations.value, held)
    told = 1 - beside / left if left > 0 else 0.0
    return told if told > settings.named else 0.0


def _residual(
    parts: Sequence[Float[np.ndarray, "row column"]], value: Float[np.ndarray, " row"]
) -> tuple[Float[np.ndarray, " row"], Float[np.ndarray, "row rank"]]:
    """What columns leave of values, and what they span."""
    basis = orthonormal(np.concatenate(parts, axis=1))
    return value - basis @ (basis.T @ value), basis


def _squares_left(
    columns: Float[np.ndarray, "row column"],
    value: Float[np.ndarray, " row"],
    held: Bool[np.ndarray, " row"],
) -> float:
    size = np.linalg.norm(columns, axis=0)
    scaled = columns / np.where(size > 0, size, 1)
    factors = np.linalg.lstsq(scaled[~held], value[~held], rcond=1e-9)[0]
    left = value[held] - scaled[held] @ factors
    return float(left @ left)
