"""How predicted signs stand beside the baselines, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping

from forcelaw.report.readable_numbers import mean_and_spread
from forcelaw.report.results import SignedResults
from forcelaw.report.results.signed_results import Summary

_SAME = 0.002
"""Difference of the AUC that is none, where splits do not tell how far it varies."""


def standing_words(results: SignedResults) -> str:
    """Better, as good or worse than the best baseline, by the AUC; empty where nothing was scored.

    As good is what differs by less than the standard deviation over splits.
    """
    own = _auc(results.forcelaw)
    if own is None:
        return ""
    each = {"the feature baseline": results.baseline, "the spectral baseline": results.spectral}
    known = {words: _auc(scores) for words, scores in each.items()}
    rivals = {words: score for words, score in known.items() if score is not None}
    said = f"Signs that were held out are predicted with an AUC of {_shown(own)}"
    if not rivals:
        return f"{said}."
    best, other = max(rivals.items(), key=lambda item: item[1].mean or 0.0)
    apart = (own.mean or 0.0) - (other.mean or 0.0)
    spread = max(own.std or 0.0, other.std or 0.0, _SAME)
    verdict = "as well as" if abs(apart) <= spread else "better than" if apart > 0 else "worse than"
    return f"{said}, {verdict} by {best} (AUC {_shown(other)})."


def _auc(scores: Mapping[str, Summary] | None) -> Summary | None:
    """None where it is not defined."""
    score = (scores or {}).get("auc")
    return None if score is None or score.mean is None else score


def _shown(score: Summary) -> str:
    return mean_and_spread(score.mean, score.std, score.count, score.values or ())
