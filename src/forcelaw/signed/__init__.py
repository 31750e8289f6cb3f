"""Signed networks: reading them, splitting them, and the baseline every method has to beat."""

from ._files import read as read
from ._network import SignedNetwork as SignedNetwork
from ._network import check_trainable as check_trainable
from ._baseline import FeatureBaseline as FeatureBaseline
from ._features import FeatureTable as FeatureTable
from ._features import node_attributes as node_attributes
from ._features import pair_features as pair_features
from ._scores import scores as scores
from ._scores import summary as summary
from ._splits import SignedPairs as SignedPairs
from ._splits import Split as Split
from ._splits import split as split
from ._embedding import SpringEmbedding as SpringEmbedding
from ._presets import PRESETS as PRESETS
from ._presets import Preset as Preset
