"""Genetic programming by PySR, where Julia and it are installed."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from forcelaw.distill.samples import Samples
from forcelaw.distill.searchers.searcher import Searcher
from forcelaw.errors import InputError
from forcelaw.laws import Expression
from forcelaw.laws.expression import Variable, replaced


@dataclass(frozen=True)
class PySRSearch(Searcher):
    """The hall of fame of a PySR search, one formula for every length.

    PySR runs in Julia, which it downloads when it is first imported; a search on one thread gives
    the same formulas for the same seed.

    Cranmer, Interpretable machine learning for science with PySR and SymbolicRegression.jl (2023),
    arXiv 2305.01582.
    """

    binary: tuple[str, ...] = ("+", "-", "*", "/")
    unary: tuple[str, ...] = ()
    iterations: int = 40
    length: int = 20
    """Most nodes of a formula."""
    samples: int = 3000
    """Most samples used."""

    def search(self, samples: Samples, *, seed: int) -> list[Expression]:
        """See `Searcher.search`.

        **Raises** `InputError` where PySR cannot be used, with its reason.
        """
        samples = samples.at_most(self.samples, seed=seed)
        names = list(samples.variables)
        # Names of its own: PySR refuses some that Julia or SymPy knows.
        columns = [f"x{place}" for place in range(len(names))]
        regressor = _pysr().PySRRegressor(
            binary_operators=list(self.binary),
            unary_operators=list(self.unary),
            niterations=self.iterations,
            maxsize=self.length,
            random_state=seed,
            deterministic=True,
            parallelism="serial",
            progress=False,
            verbosity=0,
            temp_equation_file=True,
        )
        inputs = np.stack([samples.variables[name] for name in names], axis=1)
        goal = samples.target / samples.scale
        regressor.fit(inputs, goal, weights=samples.weights, variable_names=columns)
        meaning = dict(zip(columns, map(Variable, names), strict=True))
        found = []
        for text in regressor.equations_["equation"]:
            try:
                body = Expression.parse(str(text).replace("^", "**"), variables=columns)
                found.append(Expression.of(samples.scale * replaced(body.term, meaning)))
            except InputError:
                # A constant that became infinite, or an operator of the user's own.
                continue
        return found


def _pysr() -> Any:
    """The package; at its first import it downloads Julia, and many things can go wrong there."""
    try:
        return import_module("pysr")
    except (Exception, SystemExit) as error:
        reason = " ".join(str(error).split()) or "no reason given"
        raise InputError(
            f"the search 'pysr' cannot start ({type(error).__name__}: {reason}); "
            "pip install 'forcelaw[pysr]' where Julia can be downloaded, or choose another search"
        ) from None
