"""Which edges the rest of a network contradicts, and whose."""

from forcelaw.signed.suspicion.contradicted import SuspectEdge, SuspectNode, Suspects, suspects
from forcelaw.signed.suspicion.node_tests import NodeTests, node_tests_of
from forcelaw.signed.suspicion.settings import SUSPICION_SETTINGS, SuspicionSettings

__all__ = [
    "SUSPICION_SETTINGS",
    "NodeTests",
    "SuspectEdge",
    "SuspectNode",
    "Suspects",
    "SuspicionSettings",
    "node_tests_of",
    "suspects",
]
