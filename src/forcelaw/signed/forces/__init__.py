"""Spring forces trained to place nodes so that distances tell signs."""

from forcelaw.signed.forces.devices import shared_graph
from forcelaw.signed.forces.held_out_auc import Springs, judge
from forcelaw.signed.forces.objective import Choices, Forces
from forcelaw.signed.forces.placement import mean_geometry, place, place_folds, seen, starts
from forcelaw.signed.forces.presets import PRESETS, Preset, named, origin_stages, preset_named
from forcelaw.signed.forces.reference_inputs import PAIR, RELATIONS, ReferenceInputs
from forcelaw.signed.forces.restarts import Attempts
from forcelaw.signed.forces.views import Views, decoder_features, make_views, whole_view

__all__ = [
    "PAIR",
    "PRESETS",
    "RELATIONS",
    "Attempts",
    "Choices",
    "Forces",
    "Preset",
    "ReferenceInputs",
    "Springs",
    "Views",
    "decoder_features",
    "judge",
    "make_views",
    "mean_geometry",
    "named",
    "origin_stages",
    "place",
    "place_folds",
    "preset_named",
    "seen",
    "shared_graph",
    "starts",
    "whole_view",
]
