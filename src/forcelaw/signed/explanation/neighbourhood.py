"""The neighbourhood of a pair, placed for a picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from forcelaw.signed.explanation.evidence import Ratings
from forcelaw.signed.explanation.explained_pair import ExplainedPair
from forcelaw.signed.explanation.settings import EVIDENCE_SETTINGS, EvidenceSettings
from forcelaw.storage import Record


@dataclass(frozen=True, eq=False)
class Neighbourhood(Record):
    """The source is node 0 on the left, the target node 1 on the right, others about them.

    Common neighbours stand between the two, above those whose triangle is balanced if the pair is
    positive.
    """

    names: tuple[str, ...]
    position: Float[np.ndarray, "node 2"]
    edges: Int[np.ndarray, "edge 3"]
    """Both ends and the sign of each; not the pair itself."""
    probability: float
    """Of a positive sign of the pair."""
    left_out: int
    """Edges of both ends that are not shown."""


def neighbourhood_of(
    pair: ExplainedPair, settings: EvidenceSettings = EVIDENCE_SETTINGS
) -> Neighbourhood:
    """The pair, its common neighbours, and some of the others of each end."""
    evidence = pair.evidence
    shown = evidence.triangles[: settings.drawn_common]
    names, edges = [pair.source, pair.target], []
    places = [(-1.0, 0.0), (1.0, 0.0)]
    for sign in (1, -1):
        row = [triangle for triangle in shown if triangle.balanced_sign == sign]
        for step, triangle in enumerate(row, 1):
            node = len(names)
            names.append(triangle.node)
            places.append((0.08 * (-1) ** step, sign * step / max(len(row), 4) * 1.2))
            edges += [(0, node, _sign(edge)) for edge in triangle.source]
            edges += [(1, node, _sign(edge)) for edge in triangle.target]
    common = {triangle.node for triangle in evidence.triangles}
    for end, (node, side) in enumerate(((evidence.source, -1), (evidence.target, 1))):
        others: dict[str, list[int]] = {}
        for ratings in _directions(node.given, node.received):
            for rating in ratings.listed:
                if rating.node not in common:
                    others.setdefault(rating.node, []).append(rating.sign)
        chosen = list(others)[: settings.drawn_others]
        for step, name in enumerate(chosen):
            angle = np.pi * ((step + 0.5) / len(chosen) - 0.5)
            places.append((side * (1 + 0.8 * np.cos(angle)), float(np.sin(angle))))
            edges += [(end, len(names), sign) for sign in others[name]]
            names.append(name)
    every = sum(
        ratings.positive + ratings.negative
        for node in (evidence.source, evidence.target)
        for ratings in _directions(node.given, node.received)
    )
    return Neighbourhood(
        tuple(names),
        np.array(places),
        np.array(edges, np.int64).reshape(-1, 3),
        pair.probability,
        every - len(edges),
    )


def _sign(edge: str) -> int:
    return 1 if edge.endswith("+") else -1


def _directions(given: Ratings, received: Ratings) -> tuple[Ratings, ...]:
    """Both, or one where they are the same edges."""
    return (given,) if received is given else (given, received)
