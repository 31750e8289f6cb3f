"""Springs of signed networks."""

from forcelaw.laws.springs.attribute_springs import AttributeSpring
from forcelaw.laws.springs.neural_springs import NeuralSpring
from forcelaw.laws.springs.spring_law import BoundSprings, Spring, SpringLaw

__all__ = ["AttributeSpring", "BoundSprings", "NeuralSpring", "Spring", "SpringLaw"]
