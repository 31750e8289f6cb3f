"""Candidates fitted to measured accelerations and judged on other data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from forcelaw.distill import Attempts, NumericalError
from forcelaw.laws import Expression, Formula
from forcelaw.laws.expression import Node
from forcelaw.particles.candidates import (
    OneBodyTerm,
    estimate_threshold,
    find_external_fields,
    fit_shape_families,
    fit_term_library,
    one_body_terms,
)
from forcelaw.particles.data import Split
from forcelaw.particles.equations import Design, observe, weighted_error
from forcelaw.particles.refinement import fit_constants, round_constants
from forcelaw.particles.selection.estimate_errors import within_estimates
from forcelaw.particles.selection.one_body_selection import OneBodyChoice
from forcelaw.particles.selection.pareto import Judged
from forcelaw.particles.selection.plausibility import is_plausible
from forcelaw.particles.selection.settings import SelectionSettings


@dataclass(frozen=True, eq=False)
class Judging:
    """What every candidate is fitted to and judged on, and what all of them may stand beside."""

    train: Design
    check: Design
    """Of the validation part."""
    names: tuple[str, ...]
    """Attributes that a force may depend on."""
    one_body: tuple[OneBodyTerm, ...]
    choice: OneBodyChoice
    """Between one-body forces, beside a pair force."""
    attempts: Attempts
    settings: SelectionSettings
    read: tuple[Node, ...] = ()
    """Known forms of the pair force, read off splines."""

    @classmethod
    def of(
        cls, split: Split, names: Sequence[str], *, seed: int, settings: SelectionSettings
    ) -> Judging:
        """`split` in scales of its own."""
        # Forms are those of recordings, too, whose rooms need not be loaded before.
        from forcelaw.particles.forms import propose_forms

        settings = within_estimates(split, settings)
        train, check = (
            observe(part, settings.snapshots, seed=seed, settings=settings.equations)
            for part in (split.train, split.validation)
        )
        attempts = Attempts()
        fields = attempts.make(find_external_fields, train, attempts, settings=settings.candidates)
        one_body = (*one_body_terms(train), *(fields or ()))
        choice = OneBodyChoice.of(one_body, train, settings=settings)
        read = tuple(attempts.make(propose_forms, train, names, one_body) or ())
        return cls(train, check, tuple(names), one_body, choice, attempts, settings, read)

    @property
    def threshold(self) -> tuple[float, ...]:
        """The distance at which the accelerations say that the force changes its form, if any."""
        likely = self.attempts.make(
            estimate_threshold, self.train, self.names, settings=self.settings.candidates
        )
        return () if likely is None else (likely,)

    def regress(self, thresholds: Sequence[float]) -> list[Node]:
        """Pair forces that are sums of few known terms, or of a known form, without a network."""
        sparse = fit_term_library(
            self.train,
            self.names,
            self.one_body,
            beyond=thresholds,
            attempts=self.attempts,
            settings=self.settings.candidates,
        )
        shaped = fit_shape_families(
            self.train,
            self.names,
            self.one_body,
            attempts=self.attempts,
            settings=self.settings.candidates,
        )
        return [*(pair.term for pair in (*sparse, *shaped)), *self.read]

    def judge(self, pairs: Iterable[tuple[str, Node]]) -> list[Judged]:
        """Each pair force with its source, alone and with the one-body forces that help beside it.

        All constants are fitted jointly; what is not plausible, or not finite, is left out.
        """
        tried = [
            self.attempts.make(self._judge, source, pair, term)
            for source, pair in pairs
            for term in self.attempts.make(self.choice.beside, Expression.build(pair)) or (None,)
        ]
        return [
            item
            for item in tried
            if item is not None
            and is_plausible(item.formula.pair, self.train, settings=self.settings)
        ]

    def _judge(self, source: str, pair: Node, one_body: OneBodyTerm | None) -> Judged:
        refinement = self.settings.refinement
        formula = Formula.of_trees(pair, () if one_body is None else one_body.whole())
        fitted = fit_constants(formula, self.train, settings=refinement)
        formula = round_constants(fitted, self.train, settings=refinement)
        error = weighted_error(formula, self.check)
        if not np.isfinite(error):
            raise NumericalError(f"{formula.text()} is not finite on the validation part")
        return Judged(formula, error, source)
