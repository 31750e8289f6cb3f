"""Floor 2: a law gives every node its acceleration."""

from forcelaw.laws._attribute_springs import AttributeSpring as AttributeSpring
from forcelaw.laws._expression import Expression as Expression
from forcelaw.laws._formula import Formula as Formula
from forcelaw.laws._hamiltonian import HamiltonianNetwork as HamiltonianNetwork
from forcelaw.laws._law import Law as Law
from forcelaw.laws._law import Messages as Messages
from forcelaw.laws._message import MessageNetwork as MessageNetwork
from forcelaw.laws._names import SHORT_NAMES as SHORT_NAMES
from forcelaw.laws._names import attribute_name as attribute_name
from forcelaw.laws._names import short_name as short_name
from forcelaw.laws._neural_springs import NeuralSpring as NeuralSpring
from forcelaw.laws._numbers import numbers as numbers
from forcelaw.laws._numbers import with_numbers as with_numbers
from forcelaw.laws._numbers import writer as writer
from forcelaw.laws._pair import PairNetwork as PairNetwork
from forcelaw.laws._perceptron import Perceptron as Perceptron
from forcelaw.laws._registry import families as families
from forcelaw.laws._scale import Scale as Scale
from forcelaw.laws._scale import inertia as inertia
from forcelaw.laws._springs import BoundSprings as BoundSprings
from forcelaw.laws._springs import Spring as Spring
from forcelaw.laws._springs import SpringLaw as SpringLaw
from forcelaw.laws._state import Attributes as Attributes
from forcelaw.laws._state import State as State
from forcelaw.laws._tabulated import TabulatedForce as TabulatedForce
from forcelaw.laws._units import Units as Units
