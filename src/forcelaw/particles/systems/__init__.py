"""Systems whose law is known, to simulate."""

from forcelaw.particles.systems.built_in import LAWS, BuiltInLaw, law
from forcelaw.particles.systems.solar_system import solar

__all__ = ["LAWS", "BuiltInLaw", "law", "solar"]
