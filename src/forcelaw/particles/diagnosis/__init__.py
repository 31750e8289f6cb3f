"""What a formula leaves unexplained, and why."""

from forcelaw.particles.diagnosis.force_spline import ForceSpline
from forcelaw.particles.diagnosis.lack_of_fit import Squares
from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.diagnosis.suspects import Cause
from forcelaw.particles.diagnosis.verdict import Verdict, judge_formula

__all__ = [
    "DIAGNOSIS",
    "Cause",
    "DiagnosisSettings",
    "ForceSpline",
    "Squares",
    "Verdict",
    "judge_formula",
]
