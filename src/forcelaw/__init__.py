"""forcelaw learns the force law along the edges of a graph, simulates it, and reads it off.

`import forcelaw as fl`: the engine (`fl.Graph`, `fl.Law`, `fl.rollout`, `fl.Stage`, `fl.train`,
`fl.save`, `fl.load`) and its two applications, `fl.particles` and `fl.signed`. Names are imported
when first used, so that commands which do not compute do not wait for JAX.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forcelaw.errors import InputError as InputError
from forcelaw.errors import InvalidSetting as InvalidSetting
from forcelaw.errors import NotEnoughData as NotEnoughData
from forcelaw.errors import NotFitted as NotFitted
from forcelaw.errors import UnreadableFile as UnreadableFile

if TYPE_CHECKING:
    from forcelaw import distill as distill
    from forcelaw import graph as graph
    from forcelaw import laws as laws
    from forcelaw import motion as motion
    from forcelaw import particles as particles
    from forcelaw import report as report
    from forcelaw import signed as signed
    from forcelaw import storage as storage
    from forcelaw import training as training
    from forcelaw.graph import Graph as Graph
    from forcelaw.laws import Attributes as Attributes
    from forcelaw.laws import Formula as Formula
    from forcelaw.laws import Law as Law
    from forcelaw.laws import State as State
    from forcelaw.motion import rollout as rollout
    from forcelaw.storage.law_files import load as load
    from forcelaw.storage.law_files import save as save
    from forcelaw.training import Stage as Stage
    from forcelaw.training import train as train

__version__ = "0.1.0"

_HOME = {
    "Attributes": "forcelaw.laws",
    "Formula": "forcelaw.laws",
    "Graph": "forcelaw.graph",
    "Law": "forcelaw.laws",
    "Stage": "forcelaw.training",
    "State": "forcelaw.laws",
    "load": "forcelaw.storage.law_files",
    "rollout": "forcelaw.motion",
    "save": "forcelaw.storage.law_files",
    "train": "forcelaw.training",
}

__all__ = [
    "Attributes",
    "Formula",
    "Graph",
    "InputError",
    "InvalidSetting",
    "Law",
    "NotEnoughData",
    "NotFitted",
    "Stage",
    "State",
    "UnreadableFile",
    "distill",
    "graph",
    "laws",
    "load",
    "motion",
    "particles",
    "report",
    "rollout",
    "save",
    "signed",
    "storage",
    "train",
    "training",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in __all__:
        return import_module(f"forcelaw.{name}")
    raise AttributeError(f"module 'forcelaw' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
