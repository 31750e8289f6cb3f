"""Why a pair is predicted as it is: what adds to its log-odds, and the edges behind it."""

from forcelaw.signed.explanation.evidence import EndEvidence, Evidence, Triangle, evidence_of
from forcelaw.signed.explanation.explained_pair import ColumnShare, ExplainedPair
from forcelaw.signed.explanation.explanations import Columns, Explanations, columns_of
from forcelaw.signed.explanation.neighbourhood import Neighbourhood, neighbourhood_of
from forcelaw.signed.explanation.settings import EVIDENCE_SETTINGS, EvidenceSettings

__all__ = [
    "EVIDENCE_SETTINGS",
    "ColumnShare",
    "Columns",
    "EndEvidence",
    "Evidence",
    "EvidenceSettings",
    "ExplainedPair",
    "Explanations",
    "Neighbourhood",
    "Triangle",
    "columns_of",
    "evidence_of",
    "neighbourhood_of",
]
