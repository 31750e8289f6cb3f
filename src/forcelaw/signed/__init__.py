"""Signed networks: who trusts or distrusts whom, the forces between them, signs to predict.

Names that need JAX are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forcelaw.signed.decoder import reliability as reliability
from forcelaw.signed.decoder import scores as scores
from forcelaw.signed.decoder import summary as summary
from forcelaw.signed.drawing import Layout as Layout
from forcelaw.signed.drawing import LayoutQuality as LayoutQuality
from forcelaw.signed.drawing import layout as layout
from forcelaw.signed.drawing import layout_quality as layout_quality
from forcelaw.signed.evaluation import FeatureBaseline as FeatureBaseline
from forcelaw.signed.evaluation import SpectralBaseline as SpectralBaseline
from forcelaw.signed.features import FeatureTable as FeatureTable
from forcelaw.signed.features import node_attributes as node_attributes
from forcelaw.signed.features import pair_features as pair_features
from forcelaw.signed.io import DATASETS as DATASETS
from forcelaw.signed.io import Dataset as Dataset
from forcelaw.signed.io import data_folders as data_folders
from forcelaw.signed.io import dataset as dataset
from forcelaw.signed.io import fetch as fetch
from forcelaw.signed.io import read as read
from forcelaw.signed.network import Labels as Labels
from forcelaw.signed.network import NodeIndices as NodeIndices
from forcelaw.signed.network import SignedNetwork as SignedNetwork
from forcelaw.signed.network import busiest as busiest
from forcelaw.signed.network import from_networkx as from_networkx
from forcelaw.signed.network import from_pandas as from_pandas
from forcelaw.signed.network import from_scipy as from_scipy
from forcelaw.signed.network import read_labels as read_labels
from forcelaw.signed.network import synthetic as synthetic
from forcelaw.signed.network import to_networkx as to_networkx
from forcelaw.signed.network import to_pandas as to_pandas
from forcelaw.signed.network import to_scipy as to_scipy
from forcelaw.signed.splits import SignedPairs as SignedPairs
from forcelaw.signed.splits import Split as Split
from forcelaw.signed.splits import check_trainable as check_trainable
from forcelaw.signed.splits import read_split as read_split
from forcelaw.signed.splits import save_split as save_split
from forcelaw.signed.splits import split as split

_HOME = {
    "PRESETS": "forces.presets",
    "FeaturesAlone": "evaluation.features_only",
    "ForceFormula": "model.formulas",
    "Learned": "model.learned_model",
    "Predictions": "evaluation.predictions",
    "Preset": "forces.presets",
    "SocialForce": "model.force_curve",
    "SpringEmbedding": "model.embedding",
    "Springs": "forces.held_out_auc",
    "apply": "model.transfer",
    "embed": "model.force_curve",
    "evaluate": "evaluation.comparison",
    "force_formulas": "model.formulas",
    "learned": "model.transfer",
    "origin_stages": "forces.presets",
    "predict": "evaluation.predictions",
    "read_pairs": "evaluation.predictions",
    "social_force": "model.force_curve",
}

if TYPE_CHECKING:
    from forcelaw.signed.evaluation.comparison import evaluate as evaluate
    from forcelaw.signed.evaluation.features_only import FeaturesAlone as FeaturesAlone
    from forcelaw.signed.evaluation.predictions import Predictions as Predictions
    from forcelaw.signed.evaluation.predictions import predict as predict
    from forcelaw.signed.evaluation.predictions import read_pairs as read_pairs
    from forcelaw.signed.forces import PRESETS as PRESETS
    from forcelaw.signed.forces import Preset as Preset
    from forcelaw.signed.forces import Springs as Springs
    from forcelaw.signed.forces import origin_stages as origin_stages
    from forcelaw.signed.model import ForceFormula as ForceFormula
    from forcelaw.signed.model import Learned as Learned
    from forcelaw.signed.model import SocialForce as SocialForce
    from forcelaw.signed.model import SpringEmbedding as SpringEmbedding
    from forcelaw.signed.model import apply as apply
    from forcelaw.signed.model import embed as embed
    from forcelaw.signed.model import force_formulas as force_formulas
    from forcelaw.signed.model import learned as learned
    from forcelaw.signed.model import social_force as social_force


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"forcelaw.signed.{_HOME[name]}"), name)
    raise AttributeError(f"module 'forcelaw.signed' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
