"""How predicted signs stand beside the baselines, in one sentence."""

from __future__ import annotations

from forcelaw.report.readable_numbers import mean_and_spread
from forcelaw.report.results import SignedResults
from forcelaw.report.results.signed_results import Summary

_RIVALS = {"baseline": "the feature baseline", "spectral": "the spectral baseline"}
_SAME = 0.002
"""Difference of the AUC that is none, where splits do not tell how far it varies."""


def standing_words(results: SignedResults) -> str:
    """Better, as good or worse than the best baseline, by the AUC; empty where nothing was scored.

    As good is what differs by less than the standard deviation over splits.
    """
    own = (results.forcelaw or {}).get("auc")
    known = {words: (getattr(results, name) or {}).get("auc") for name, words in _RIVALS.items()}
    rivals = {words: score for words, score in known.items() if _mean(score) is not None}
    mean = _mean(own)
    if own is None or mean is None:
        return ""
    said = f"Signs that were held out are predicted with an AUC of {_shown(own)}"
    if not rivals:
        return f"{said}."
    best = max(rivals, key=lambda words: rivals[words].mean or 0.0)
    other = rivals[best]
    apart = mean - (other.mean or 0.0)
    spread = max(own.std or 0.0, other.std or 0.0, _SAME)
    verdict = "as well as" if abs(apart) <= spread else "better than" if apart > 0 else "worse than"
    return f"{said}, {verdict} by {best} (AUC {_shown(other)})."


def _mean(score: Summary | None) -> float | None:
    return None if score is None else score.mean


def _shown(score: Summary) -> str:
    return mean_and_spread(score.mean, score.std, score.count, score.values or ())
