"""Signed networks: who trusts or distrusts whom, the forces between them, signs to predict.

Names that need JAX are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._baseline import FeatureBaseline as FeatureBaseline
from ._busiest import busiest as busiest
from ._catalogue import DATASETS as DATASETS
from ._catalogue import Dataset as Dataset
from ._datasets import data_folders as data_folders
from ._datasets import dataset as dataset
from ._datasets import fetch as fetch
from ._exchange import read_split as read_split
from ._exchange import save_split as save_split
from ._features import FeatureTable as FeatureTable
from ._features import node_attributes as node_attributes
from ._features import pair_features as pair_features
from ._files import read as read
from ._indices import NodeIndices as NodeIndices
from ._interop import from_networkx as from_networkx
from ._interop import from_pandas as from_pandas
from ._interop import from_scipy as from_scipy
from ._interop import to_networkx as to_networkx
from ._interop import to_pandas as to_pandas
from ._interop import to_scipy as to_scipy
from ._labels import Labels as Labels
from ._labels import read_labels as read_labels
from ._layout import Layout as Layout
from ._layout import LayoutQuality as LayoutQuality
from ._layout import layout as layout
from ._layout import layout_quality as layout_quality
from ._network import SignedNetwork as SignedNetwork
from ._scores import reliability as reliability
from ._scores import scores as scores
from ._scores import summary as summary
from ._spectral_baseline import SpectralBaseline as SpectralBaseline
from ._splits import SignedPairs as SignedPairs
from ._splits import Split as Split
from ._splits import split as split
from ._synthetic import synthetic as synthetic
from ._trainable import check_trainable as check_trainable

_HOME = {
    "PRESETS": "_presets",
    "FeaturesAlone": "_features_alone",
    "ForceFormula": "_formulas",
    "Learned": "_learned",
    "Predictions": "_predict",
    "Preset": "_presets",
    "SocialForce": "_law",
    "SpringEmbedding": "_embedding",
    "Springs": "_springs",
    "apply": "_apply",
    "embed": "_law",
    "evaluate": "_evaluate",
    "force_formulas": "_formulas",
    "learned": "_apply",
    "origin_stages": "_presets",
    "predict": "_predict",
    "read_pairs": "_predict",
    "social_force": "_law",
}

if TYPE_CHECKING:
    from ._apply import apply as apply
    from ._apply import learned as learned
    from ._embedding import SpringEmbedding as SpringEmbedding
    from ._evaluate import evaluate as evaluate
    from ._features_alone import FeaturesAlone as FeaturesAlone
    from ._formulas import ForceFormula as ForceFormula
    from ._formulas import force_formulas as force_formulas
    from ._law import SocialForce as SocialForce
    from ._law import embed as embed
    from ._law import social_force as social_force
    from ._learned import Learned as Learned
    from ._predict import Predictions as Predictions
    from ._predict import predict as predict
    from ._predict import read_pairs as read_pairs
    from ._presets import PRESETS as PRESETS
    from ._presets import Preset as Preset
    from ._presets import origin_stages as origin_stages
    from ._springs import Springs as Springs


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"forcelaw.signed.{_HOME[name]}"), name)
    raise AttributeError(f"module 'forcelaw.signed' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
