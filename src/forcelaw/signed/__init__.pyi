"""Signed networks: the forces between nodes, and signs predicted: what users may rely on."""

# Networks, from memory and from files
from .network import Labels as Labels
from .network import NodeIndices as NodeIndices
from .network import SignedNetwork as SignedNetwork
from .network import top_degree_subgraph as top_degree_subgraph
from .network import from_igraph as from_igraph
from .network import from_networkx as from_networkx
from .network import from_pandas as from_pandas
from .network import from_scipy as from_scipy
from .io import read as read
from .network import read_labels as read_labels
from .network import synthetic as synthetic
from .network import to_igraph as to_igraph
from .network import to_networkx as to_networkx
from .network import to_pandas as to_pandas
from .network import to_polars as to_polars
from .network import to_scipy as to_scipy

# Public data sets
from .io import DATASETS as DATASETS
from .io import Dataset as Dataset
from .io import data_folders as data_folders
from .io import dataset as dataset
from .io import fetch as fetch

# What is held out
from .splits import SignedFolds as SignedFolds
from .splits import SignedPairs as SignedPairs
from .splits import Split as Split
from .splits import check_trainable as check_trainable
from .splits import read_split as read_split
from .splits import save_split as save_split
from .splits import split as split

# The estimator
from .forces.presets import PRESETS as PRESETS
from .forces.presets import Preset as Preset
from .model.embedding import SpringEmbedding as SpringEmbedding
from .model.settings import FitSettings as FitSettings
from .forces.held_out_auc import Springs as Springs
from .forces.presets import reference_stages as reference_stages

# What it learned, on other networks too
from .model.formulas import ForceFormula as ForceFormula
from .model.learned import Learned as Learned
from .model.force_curve import SocialForce as SocialForce
from .model.transfer import apply as apply
from .model.force_curve import embed as embed
from .model.formulas import force_formulas as force_formulas
from .model.transfer import load_learned_model as load_learned_model
from .model.force_curve import social_force as social_force

# Predictions and scores
from .evaluation.evaluation_result import EvaluationResult as EvaluationResult
from .evaluation.settings import EvaluationSettings as EvaluationSettings
from .evaluation.evaluation_result import MethodScores as MethodScores
from .evaluation.predictions import Predictions as Predictions
from .decoder import Reliability as Reliability
from .decoder import ScoreSummary as ScoreSummary
from .evaluation.comparison import evaluate as evaluate
from .evaluation.predictions import predict as predict
from .evaluation.predictions import read_pairs as read_pairs
from .decoder import reliability as reliability
from .decoder import scores as scores
from .decoder import summary as summary

# Why signs are predicted
from .explanation import ExplainedPair as ExplainedPair
from .explanation import Explanations as Explanations

# Which signs are contradicted
from .suspicion import SuspectEdge as SuspectEdge
from .suspicion import SuspectNode as SuspectNode
from .suspicion import Suspects as Suspects
from .suspicion import SuspicionSettings as SuspicionSettings
from .suspicion import suspects as suspects

# Right signs, learned where some are wrong
from .suspicion import RightSigns as RightSigns
from .suspicion import RightSignsSettings as RightSignsSettings

# Ratings, with intervals
from .ratings import RatedPairs as RatedPairs
from .ratings import RatingEvaluation as RatingEvaluation
from .ratings import RatingModel as RatingModel
from .ratings import RatingPrediction as RatingPrediction
from .ratings import RatingScores as RatingScores
from .ratings import RatingSettings as RatingSettings
from .ratings import evaluate_ratings as evaluate_ratings
from .ratings import rate_pairs as rate_pairs

# Baselines and features
from .evaluation import FeatureBaseline as FeatureBaseline
from .features import FeatureTable as FeatureTable
from .evaluation.features_only import FeaturesAlone as FeaturesAlone
from .evaluation import SpectralBaseline as SpectralBaseline
from .features import node_attributes as node_attributes
from .features import pair_features as pair_features

# Balance: triangles, walks, frustration
from .structural_balance import Balance as Balance
from .frustration_index import Frustration as Frustration
from .grouping import GeneralisedFrustration as GeneralisedFrustration
from .structural_balance import Null as Null
from .structural_balance import NullModel as NullModel
from .structural_balance import Triangles as Triangles
from .structural_balance import Walks as Walks
from .structural_balance import balance as balance
from .frustration_index import frustration as frustration
from .grouping import generalised_frustration as generalised_frustration

# Factions
from .grouping import Factions as Factions
from .grouping import factions as factions

# Drawing
from .drawing import Layout as Layout
from .drawing import LayoutQuality as LayoutQuality
from .drawing import layout as layout
from .drawing import layout_quality as layout_quality
