"""The law between bodies, found from their motion: what users may rely on."""

# Trajectories, from memory and from files
from .kinematics import EstimateWarning as EstimateWarning
from .data import Trajectories as Trajectories
from .data import Cell as Cell
from .data import Recording as Recording
from .data import Recordings as Recordings
from .io import from_frame as from_frame
from .io import from_tracks as from_tracks
from .io import read as read
from .io import write as write

# Systems whose law is known, to simulate
from .systems import BuiltInLaw as BuiltInLaw
from .data.initial_conditions import Initial as Initial
from .systems import LAWS as LAWS
from .systems import law as law
from .systems.simulation import simulate as simulate
from .systems.solar_system import solar as solar

# From motion to a formula in one call
from .discovery_result import Discovery as Discovery
from .discovery_result import DiscoveryResult as DiscoveryResult
from .prediction.rollouts import FoundFormula as FoundFormula
from .finding import Finding as Finding
from .matter import MatterResult as MatterResult
from .matter import MatterRollout as MatterRollout
from .regimes import discover as discover
from .discovery import discover_plain as discover_plain
from .discovery import judge as judge

# From states that are far apart in time
from .pairs_of_states import NetworkFromPairs as NetworkFromPairs
from .pairs_of_states import PairsResult as PairsResult
from .pairs_of_states import StatePairs as StatePairs
from .pairs_of_states import discover_from_pairs as discover_from_pairs
from .pairs_of_states import learn_from_pairs as learn_from_pairs
from .pairs_of_states import load_pairs_network as load_pairs_network
from .pairs_of_states import read_pairs as read_pairs
from .pairs_of_states import save_pairs_network as save_pairs_network

# What decides in it
from .discovery_settings import DiscoverySettings as DiscoverySettings
from .pairs_of_states import NetworkFitSettings as NetworkFitSettings
from .pairs_of_states import PairsSettings as PairsSettings
from .diagnosis import DiagnosisSettings as DiagnosisSettings
from .kinematics import KinematicsSettings as KinematicsSettings
from .learning import LearningSettings as LearningSettings
from .prediction import PredictionSettings as PredictionSettings
from .preparation import PreparationSettings as PreparationSettings
from .selection import SelectionSettings as SelectionSettings

# The same in single steps
from .selection.distilled import Distilled as Distilled
from .learning.fitting import Fitted as Fitted
from .learning.objectives import Objective as Objective
from .data import Samples as Samples
from .data import Split as Split
from .selection.distillation import distill_law as distill_law
from .networks import fit as fit
from .networks import FittedRecordings as FittedRecordings
from .networks import NetworkSettings as NetworkSettings
from .learning.learned_force import message_r2 as message_r2
from .learning import objectives as objectives
from .learning.formula_insertion import insert_formula as insert_formula
from .preparation.masses import infer_masses as infer_masses

# Motion under a law that was found
from .prediction.rollouts import Rollout as Rollout
from .prediction.rollouts import predict_motion as predict_motion
