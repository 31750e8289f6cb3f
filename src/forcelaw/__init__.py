"""forcelaw learns the force law along the edges of a graph, simulates it, and reads it off.

`import forcelaw as fl`: the engine (`fl.Graph`, `fl.Law`, `fl.rollout`, `fl.Stage`, `fl.train`,
`fl.save`, `fl.load`) and its two applications, `fl.particles` and `fl.signed`. Names are imported
when first used, so that commands which do not compute do not wait for JAX.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Graph": "forcelaw.graph",
    "Law": "forcelaw.laws",
    "Formula": "forcelaw.laws",
    "State": "forcelaw.laws",
    "Attributes": "forcelaw.laws",
    "rollout": "forcelaw.motion",
    "Stage": "forcelaw.training",
    "train": "forcelaw.training",
    "save": "forcelaw.training",
    "load": "forcelaw.training",
}
_FLOORS = ("distill", "graph", "laws", "motion", "particles", "report", "signed", "training")

__all__ = [*_HOME, *_FLOORS, "InputError"]

from forcelaw.errors import InputError as InputError

if TYPE_CHECKING:
    from forcelaw import distill, graph, laws, motion, particles, report, signed, training
    from forcelaw.graph import Graph as Graph
    from forcelaw.laws import Attributes as Attributes
    from forcelaw.laws import Formula as Formula
    from forcelaw.laws import Law as Law
    from forcelaw.laws import State as State
    from forcelaw.motion import rollout as rollout
    from forcelaw.training import Stage as Stage
    from forcelaw.training import load as load
    from forcelaw.training import save as save
    from forcelaw.training import train as train


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    if name in _FLOORS:
        return import_module(f"forcelaw.{name}")
    raise AttributeError(f"module 'forcelaw' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME, *_FLOORS])
