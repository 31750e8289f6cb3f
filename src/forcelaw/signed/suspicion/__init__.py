"""Which edges the rest of a network contradicts, and whose; learning where some are wrong."""

from forcelaw.signed.suspicion.contradicted import SuspectEdge, SuspectNode, Suspects, suspects
from forcelaw.signed.suspicion.node_tests import NodeTests, node_tests_of
from forcelaw.signed.suspicion.right_signs import RightSigns
from forcelaw.signed.suspicion.settings import (
    SUSPICION_SETTINGS,
    RightSignsSettings,
    SuspicionSettings,
)

__all__ = [
    "SUSPICION_SETTINGS",
    "NodeTests",
    "RightSigns",
    "RightSignsSettings",
    "SuspectEdge",
    "SuspectNode",
    "Suspects",
    "SuspicionSettings",
    "node_tests_of",
    "suspects",
]
