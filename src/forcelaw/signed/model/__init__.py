"""The estimator and what it learned: fitted, saved, transferred, drawn as a curve."""

from forcelaw.signed.model.averaging import APART, average_decoders, count_fold_choices
from forcelaw.signed.model.cross_fitting import fold_counts
from forcelaw.signed.model.embedding import SpringEmbedding
from forcelaw.signed.model.estimator import SignClassifier
from forcelaw.signed.model.fitted import Fitted
from forcelaw.signed.model.force_curve import SocialForce, embed, social_force
from forcelaw.signed.model.formulas import ForceFormula, force_formulas
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.model.settings import FIT_SETTINGS, FitSettings
from forcelaw.signed.model.transfer import apply, load_learned_model

__all__ = [
    "APART",
    "FIT_SETTINGS",
    "FitSettings",
    "Fitted",
    "ForceFormula",
    "Learned",
    "SignClassifier",
    "SocialForce",
    "SpringEmbedding",
    "apply",
    "average_decoders",
    "count_fold_choices",
    "embed",
    "fold_counts",
    "force_formulas",
    "load_learned_model",
    "social_force",
]
