"""Floor 3: how a state moves under a law."""

from forcelaw.motion._integrators import Integrator as Integrator
from forcelaw.motion._integrators import Leapfrog as Leapfrog
from forcelaw.motion._integrators import RungeKutta4 as RungeKutta4
from forcelaw.motion._integrators import SemiImplicitEuler as SemiImplicitEuler
from forcelaw.motion._integrators import Yoshida4 as Yoshida4
from forcelaw.motion._rollout import advance as advance
from forcelaw.motion._rollout import rollout as rollout
