"""From samples of a learned force to a formula."""

from forcelaw.distill.attempts import Attempts as Attempts
from forcelaw.distill.attempts import NumericalError as NumericalError
from forcelaw.distill.attempts import numerically as numerically
from forcelaw.distill.candidates import Candidate as Candidate
from forcelaw.distill.candidates import drops as drops
from forcelaw.distill.candidates import pareto_front as pareto_front
from forcelaw.distill.candidates import select as select
from forcelaw.distill.distillation import Distillation as Distillation
from forcelaw.distill.distillation import distill as distill
from forcelaw.distill.expression_constants import measure as measure
from forcelaw.distill.expression_constants import refit as refit
from forcelaw.distill.expression_constants import standard_errors as standard_errors
from forcelaw.distill.formula_constants import refit_formula as refit_formula
from forcelaw.distill.samples import Samples as Samples
from forcelaw.distill.samples import relative_weights as relative_weights
from forcelaw.distill.searchers import LibrarySearch as LibrarySearch
from forcelaw.distill.searchers import OperonSearch as OperonSearch
from forcelaw.distill.searchers import PiecewiseSearch as PiecewiseSearch
from forcelaw.distill.searchers import PySRSearch as PySRSearch
from forcelaw.distill.searchers import Searcher as Searcher
from forcelaw.distill.searchers import SpringSearch as SpringSearch
from forcelaw.distill.searchers import choose_searchers as choose_searchers
from forcelaw.distill.searchers import representable as representable
from forcelaw.distill.simplification import polish as polish
from forcelaw.distill.simplification import simplify as simplify
from forcelaw.distill.simplification import simplify_formula as simplify_formula
