"""Floor 2: a law gives every node its acceleration."""

from forcelaw.laws._law import Law as Law
from forcelaw.laws._state import Attributes as Attributes
from forcelaw.laws._state import State as State
