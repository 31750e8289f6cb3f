"""Stages, the loop, checkpoints, memory and processes."""

from forcelaw.training.available_memory import default_budget as default_budget
from forcelaw.training.available_memory import free_memory as free_memory
from forcelaw.training.available_memory import held_memory as held_memory
from forcelaw.training.available_memory import release_memory as release_memory
from forcelaw.training.checkpoint import Epoch as Epoch
from forcelaw.training.divergence import TrainingError as TrainingError
from forcelaw.training.loop import Trained as Trained
from forcelaw.training.loop import train as train
from forcelaw.training.memory_plan import MemoryPlan as MemoryPlan
from forcelaw.training.memory_plan import StepMemory as StepMemory
from forcelaw.training.memory_plan import format_memory as format_memory
from forcelaw.training.memory_plan import memory_of as memory_of
from forcelaw.training.memory_plan import parse_memory as parse_memory
from forcelaw.training.memory_plan import plan as plan
from forcelaw.training.peak_memory import peak_memory_mb as peak_memory_mb
from forcelaw.training.processes import ProcessError as ProcessError
from forcelaw.training.processes import join_processes as join_processes
from forcelaw.training.schedules import constant as constant
from forcelaw.training.schedules import cosine as cosine
from forcelaw.training.schedules import one_cycle as one_cycle
from forcelaw.training.shared_training import broadcast_from_first as broadcast_from_first
from forcelaw.training.shared_training import check_agreement as check_agreement
from forcelaw.training.shared_training import is_first as is_first
from forcelaw.training.stage import Stage as Stage
from forcelaw.training.stage import StageValues as StageValues
