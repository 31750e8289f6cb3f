"""Genetic programming by Operon."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forcelaw.distill.samples import Samples
from forcelaw.distill.searchers.searcher import Searcher, representable
from forcelaw.errors import InputError
from forcelaw.laws import Expression
from forcelaw.laws.expression import Variable, replaced


@dataclass(frozen=True)
class OperonSearch(Searcher):
    """Two objectives, fit and length, at once: with fit alone the formulas bloat.

    The same seed gives the same formulas on one thread; on several they depend on timing. Operon
    knows no weights: where samples have them, they are drawn in proportion to them.

    Burlacu, Kronberger, Kommenda, Operon C++: an efficient genetic programming framework for
    symbolic regression, GECCO (2020).
    """

    symbols: tuple[str, ...] = ("add", "sub", "mul", "div", "constant", "variable")
    population: int = 500
    evaluations: int = 100_000
    local_steps: int = 5
    """Levenberg-Marquardt iterations on the constants of every new formula."""
    length: int = 15
    """Most nodes of a formula, where a variable and its coefficient count as one."""
    samples: int = 3000
    """Most samples used."""
    threads: int = 1
    """One, so that results repeat; two save about a quarter of the time."""

    def search(self, samples: Samples, *, seed: int) -> list[Expression]:
        """See `Searcher.search`.

        **Raises** `InputError` where pyoperon is not installed.
        """
        try:
            from pyoperon.sklearn import SymbolicRegressor
        except ImportError as error:
            raise InputError(
                f"the formula search needs pyoperon ({error}); pip install 'forcelaw[symbolic]'"
            ) from None
        draw = np.random.default_rng(seed)
        weights = samples.weights / samples.weights.sum()
        if np.ptp(weights) > 0:
            samples = samples.take(draw.choice(len(samples), len(samples), p=weights))
        samples = samples.at_most(self.samples, seed=seed)
        # Single precision inside: sizes near one.
        sizes = {name: float(np.median(np.abs(x))) or 1.0 for name, x in samples.variables.items()}
        inputs = np.stack([x / sizes[name] for name, x in samples.variables.items()], axis=1)
        regressor = SymbolicRegressor(
            allowed_symbols=",".join(self.symbols),
            objectives=["r2", "length"],
            population_size=self.population,
            pool_size=self.population,
            generations=self.evaluations,
            max_evaluations=self.evaluations,
            optimizer_iterations=self.local_steps,
            max_length=self.length,
            n_threads=self.threads,
            random_state=seed,
        )
        regressor.fit(inputs, samples.target / samples.scale)
        columns = [f"X{column}" for column in range(1, inputs.shape[1] + 1)]
        meaning = {
            column: Variable(name) / sizes[name]
            for column, name in zip(columns, samples.variables, strict=True)
        }
        found = []
        for solution in regressor.pareto_front_:
            text = regressor.get_model_string(solution["tree"], 9, columns)
            try:
                body = Expression.parse(text)
            except InputError:
                # A constant that became infinite.
                continue
            found.append(representable(samples.scale * replaced(body.term, meaning)))
        return [expression for expression in found if expression is not None]
