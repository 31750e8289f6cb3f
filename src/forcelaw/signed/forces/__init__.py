"""Spring forces trained to place nodes so that distances tell signs."""

from forcelaw.signed.forces.devices import shard_graph
from forcelaw.signed.forces.held_out_auc import Springs, judge
from forcelaw.signed.forces.objective import Choices, Forces
from forcelaw.signed.forces.placement import (
    decoder_inputs,
    draw_starts,
    mean_geometry,
    place,
    place_folds,
)
from forcelaw.signed.forces.presets import (
    PRESETS,
    Preset,
    get_preset,
    preset_name,
    reference_stages,
)
from forcelaw.signed.forces.reference_inputs import PAIR, RELATIONS, ReferenceInputs
from forcelaw.signed.forces.restarts import Attempts
from forcelaw.signed.forces.settings import FORCE_SETTINGS, ForceSettings
from forcelaw.signed.forces.simulation import Start, simulate_frames
from forcelaw.signed.forces.views import Views, make_views, whole_view

__all__ = [
    "FORCE_SETTINGS",
    "PAIR",
    "PRESETS",
    "RELATIONS",
    "Attempts",
    "Choices",
    "ForceSettings",
    "Forces",
    "Preset",
    "ReferenceInputs",
    "Springs",
    "Start",
    "Views",
    "decoder_inputs",
    "draw_starts",
    "get_preset",
    "judge",
    "make_views",
    "mean_geometry",
    "place",
    "place_folds",
    "preset_name",
    "reference_stages",
    "shard_graph",
    "simulate_frames",
    "whole_view",
]
