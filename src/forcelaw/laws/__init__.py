"""A law gives every node its acceleration."""

from forcelaw.laws.attribute_names import SHORT_NAMES as SHORT_NAMES
from forcelaw.laws.attribute_names import attribute_name as attribute_name
from forcelaw.laws.attribute_names import short_name as short_name
from forcelaw.laws.expression import Expression as Expression
from forcelaw.laws.fitted_numbers import numbers as numbers
from forcelaw.laws.fitted_numbers import with_numbers as with_numbers
from forcelaw.laws.fitted_numbers import writer as writer
from forcelaw.laws.formula import Formula as Formula
from forcelaw.laws.law import Law as Law
from forcelaw.laws.law import Messages as Messages
from forcelaw.laws.networks import HamiltonianNetwork as HamiltonianNetwork
from forcelaw.laws.networks import MessageNetwork as MessageNetwork
from forcelaw.laws.networks import PairNetwork as PairNetwork
from forcelaw.laws.networks import Perceptron as Perceptron
from forcelaw.laws.registry import families as families
from forcelaw.laws.scale import Scale as Scale
from forcelaw.laws.scale import inertia as inertia
from forcelaw.laws.springs import AttributeSpring as AttributeSpring
from forcelaw.laws.springs import BoundSprings as BoundSprings
from forcelaw.laws.springs import NeuralSpring as NeuralSpring
from forcelaw.laws.springs import Spring as Spring
from forcelaw.laws.springs import SpringLaw as SpringLaw
from forcelaw.laws.state import Attributes as Attributes
from forcelaw.laws.state import State as State
from forcelaw.laws.tabulated_force import TabulatedForce as TabulatedForce
from forcelaw.laws.units import Units as Units
