"""How a state moves under a law."""

from forcelaw.motion.adaptive_steps import AdaptiveMotion as AdaptiveMotion
from forcelaw.motion.adaptive_steps import adaptive_rollout as adaptive_rollout
from forcelaw.motion.conserved_quantities import PairPotential as PairPotential
from forcelaw.motion.conserved_quantities import angular_momentum as angular_momentum
from forcelaw.motion.conserved_quantities import kinetic_energy as kinetic_energy
from forcelaw.motion.conserved_quantities import momentum as momentum
from forcelaw.motion.conserved_quantities import potential_energy as potential_energy
from forcelaw.motion.device_shards import Shards as Shards
from forcelaw.motion.device_shards import choose_devices as choose_devices
from forcelaw.motion.device_shards import replicate as replicate
from forcelaw.motion.device_shards import shard as shard
from forcelaw.motion.fixed_steps import advance as advance
from forcelaw.motion.fixed_steps import rollout as rollout
from forcelaw.motion.integrators import Integrator as Integrator
from forcelaw.motion.integrators import Leapfrog as Leapfrog
from forcelaw.motion.integrators import RungeKutta4 as RungeKutta4
from forcelaw.motion.integrators import SemiImplicitEuler as SemiImplicitEuler
from forcelaw.motion.integrators import Yoshida4 as Yoshida4
from forcelaw.motion.many_bodies import AllPairs as AllPairs
from forcelaw.motion.many_bodies import Cutoff as Cutoff
from forcelaw.motion.many_bodies import Reach as Reach
from forcelaw.motion.many_bodies import accelerations as accelerations
from forcelaw.motion.many_bodies import simulate as simulate
from forcelaw.motion.sharded_steps import advance_sharded as advance_sharded
