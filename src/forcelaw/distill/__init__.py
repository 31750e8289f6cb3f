"""Floor 5: from samples of a learned force to a formula."""

from forcelaw.distill._attempts import Attempts as Attempts
from forcelaw.distill._attempts import NumericalError as NumericalError
from forcelaw.distill._attempts import numerically as numerically
from forcelaw.distill._candidate import Candidate as Candidate
from forcelaw.distill._candidate import drops as drops
from forcelaw.distill._candidate import pareto_front as pareto_front
from forcelaw.distill._candidate import select as select
from forcelaw.distill._distill import Distillation as Distillation
from forcelaw.distill._distill import distill as distill
from forcelaw.distill._library import LibrarySearch as LibrarySearch
from forcelaw.distill._operon import OperonSearch as OperonSearch
from forcelaw.distill._piecewise import PiecewiseSearch as PiecewiseSearch
from forcelaw.distill._pysr import PySRSearch as PySRSearch
from forcelaw.distill._refit import measure as measure
from forcelaw.distill._refit import refit as refit
from forcelaw.distill._refit import spread as spread
from forcelaw.distill._refit import standard_errors as standard_errors
from forcelaw.distill._refit_formula import formula_spread as formula_spread
from forcelaw.distill._refit_formula import refit_formula as refit_formula
from forcelaw.distill._samples import Samples as Samples
from forcelaw.distill._samples import relative_weights as relative_weights
from forcelaw.distill._searcher import Searcher as Searcher
from forcelaw.distill._searchers import searchers as searchers
from forcelaw.distill._simplify import polish as polish
from forcelaw.distill._simplify import simplify as simplify
from forcelaw.distill._springs import SpringSearch as SpringSearch
