"""What a report lets one look at: the network in motion, held-out signs, pairs that were told."""

from forcelaw.signed.evaluation.showing.held_out_signs import HeldOutCurves, HeldOutSigns
from forcelaw.signed.evaluation.showing.run_curves import RunCurves
from forcelaw.signed.evaluation.showing.shown_network import ShownNetwork
from forcelaw.signed.evaluation.showing.told_pairs import ToldPair, tell_pairs

__all__ = ["HeldOutCurves", "HeldOutSigns", "RunCurves", "ShownNetwork", "ToldPair", "tell_pairs"]
