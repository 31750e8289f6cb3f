"""Floor 4: stages, the loop, checkpoints and laws on disk."""

from forcelaw.training._arrays import load_arrays as load_arrays
from forcelaw.training._arrays import read_document as read_document
from forcelaw.training._arrays import save_arrays as save_arrays
from forcelaw.training._files import load as load
from forcelaw.training._files import load_manifest as load_manifest
from forcelaw.training._files import save as save
from forcelaw.training._memory import MemoryPlan as MemoryPlan
from forcelaw.training._memory import StepMemory as StepMemory
from forcelaw.training._memory import format_memory as format_memory
from forcelaw.training._memory import memory_of as memory_of
from forcelaw.training._memory import parse_memory as parse_memory
from forcelaw.training._memory import plan as plan
from forcelaw.training._memory_free import default_budget as default_budget
from forcelaw.training._memory_free import free_memory as free_memory
from forcelaw.training._memory_free import held_memory as held_memory
from forcelaw.training._processes import ProcessError as ProcessError
from forcelaw.training._processes import joined as joined
from forcelaw.training._schedules import constant as constant
from forcelaw.training._schedules import cosine as cosine
from forcelaw.training._schedules import one_cycle as one_cycle
from forcelaw.training._stage import Stage as Stage
from forcelaw.training._stage import StageValues as StageValues
from forcelaw.training._train import Epoch as Epoch
from forcelaw.training._train import Trained as Trained
from forcelaw.training._train import TrainingError as TrainingError
from forcelaw.training._train import train as train
