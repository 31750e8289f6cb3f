"""Learns the force law along the edges of a graph: what users may rely on."""

# The two applications
from . import particles as particles
from . import signed as signed

# The engine, for a third application
from .graph import Graph as Graph
from .laws import Attributes as Attributes
from .laws import Formula as Formula
from .laws import Law as Law
from .laws import State as State
from .motion import rollout as rollout
from .compilation_cache import use_compilation_cache as use_compilation_cache
from .storage.law_files import load as load
from .storage.law_files import save as save
from .training import Stage as Stage
from .training import train as train

# Wrong input, by kind
from .errors import InputError as InputError
from .errors import InvalidSetting as InvalidSetting
from .errors import NotEnoughData as NotEnoughData
from .errors import NotFitted as NotFitted
from .errors import UnreadableFile as UnreadableFile

# Packages of the engine
from . import distill as distill
from . import graph as graph
from . import laws as laws
from . import motion as motion
from . import report as report
from . import storage as storage
from . import training as training

__version__: str
