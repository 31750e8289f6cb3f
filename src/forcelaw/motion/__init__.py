"""How a state moves under a law."""

from forcelaw.motion._adaptive import AdaptiveMotion as AdaptiveMotion
from forcelaw.motion._adaptive import adaptive_rollout as adaptive_rollout
from forcelaw.motion._devices import advance_sharded as advance_sharded
from forcelaw.motion._energy import PairPotential as PairPotential
from forcelaw.motion._energy import angular_momentum as angular_momentum
from forcelaw.motion._energy import kinetic_energy as kinetic_energy
from forcelaw.motion._energy import momentum as momentum
from forcelaw.motion._energy import potential_energy as potential_energy
from forcelaw.motion._integrators import Integrator as Integrator
from forcelaw.motion._integrators import Leapfrog as Leapfrog
from forcelaw.motion._integrators import RungeKutta4 as RungeKutta4
from forcelaw.motion._integrators import SemiImplicitEuler as SemiImplicitEuler
from forcelaw.motion._integrators import Yoshida4 as Yoshida4
from forcelaw.motion._rollout import advance as advance
from forcelaw.motion._rollout import rollout as rollout
from forcelaw.motion._shards import Shards as Shards
from forcelaw.motion._shards import choose_devices as choose_devices
from forcelaw.motion._shards import replicate as replicate
from forcelaw.motion._shards import shard as shard
