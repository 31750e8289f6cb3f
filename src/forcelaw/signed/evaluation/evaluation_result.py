"""What an evaluation found, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from html import escape
from typing import ClassVar

from forcelaw.files import many
from forcelaw.signed.decoder import Reliability, ScoreSummary, summary
from forcelaw.signed.forces import Springs
from forcelaw.storage import RESULTS_SCHEMA, ParsedObject, Record, plain

METHODS = ("forcelaw", "features", "default", "baseline", "spectral")
"""Those that are compared, see `EvaluationResult`."""


@dataclass(frozen=True)
class MethodScores(Record):
    """The scores of one method over all splits, or differences between two; see `scores`."""

    auc: ScoreSummary
    f1_macro: ScoreSummary
    f1_binary: ScoreSummary
    f1_micro: ScoreSummary
    brier: ScoreSummary
    precision_friend: ScoreSummary
    recall_friend: ScoreSummary
    precision_enemy: ScoreSummary
    recall_enemy: ScoreSummary

    @classmethod
    def of(cls, splits: Sequence[Mapping[str, float]]) -> MethodScores:
        """From the `scores` of every split."""
        return cls(**{name: summary(row[name] for row in splits) for name in METRICS})

    @classmethod
    def difference(
        cls, ours: Sequence[Mapping[str, float]], theirs: Sequence[Mapping[str, float]]
    ) -> MethodScores:
        """Ours minus theirs, split by split."""
        pairs = zip(ours, theirs, strict=True)
        return cls.of([{name: one[name] - other[name] for name in METRICS} for one, other in pairs])


METRICS = tuple(field.name for field in fields(MethodScores))
"""Names of the scores."""


@dataclass(frozen=True, repr=False)
class EvaluationResult(Record):
    """Scores of five methods on the same splits.

    `forcelaw` is the whole method; `features` its decoder without any geometry, which shows what
    the forces add; `default` the law and decoder that ship with the package, without training, None
    where they have seen the network's signs; `baseline` the logistic regression; `spectral` a few
    eigenvectors of the signed network.
    """

    schema: ClassVar[int] = RESULTS_SCHEMA
    """Of the keys of `to_json`."""

    dataset: str
    nodes: int
    """Of the network that was split, in the last split."""
    edges: int
    """Of training and test part together."""
    positive: float
    """The share of positive ones among these."""
    protocol: str
    seeds: int
    """Number of splits."""
    given: bool
    """Whether all seeds shared one split that was made before."""
    preset: str
    transductive: bool
    forcelaw: MethodScores
    features: MethodScores
    default: MethodScores | None
    baseline: MethodScores
    spectral: MethodScores
    reliability: Mapping[str, Reliability]
    """Of each method, all splits together."""
    difference: MethodScores
    """Forcelaw minus baseline."""
    difference_to_features: MethodScores
    difference_to_spectral: MethodScores
    springs: tuple[Springs, ...]
    """Of each split."""
    notes: tuple[str, ...]
    """In words, of splits whose test part leaves scores undefined, of what is not scored, and, of
    forecasts, how well forcelaw does by how many ends were seen in training, in the first seed."""
    reverse_share: float
    """How often the opposite edge's sign is known in training, mean over splits."""
    seconds: Mapping[str, float]
    """By phase, all splits together."""
    peak_memory_mb: float | None
    """Peak resident memory of the process in MB (1e6 bytes); None where the system is silent."""

    def to_json(self) -> ParsedObject:
        """The fields by their names, and `schema`; scores that are not defined are null."""
        return {"schema": self.schema, **super().to_json()}

    def scores(self) -> Mapping[str, MethodScores]:
        """The scores by the name of the method, of those that were scored."""
        each = {name: getattr(self, name) for name in METHODS}
        return {name: scores for name, scores in each.items() if scores is not None}

    def __str__(self) -> str:
        header = f"{'':<10}" + "".join(f"{name:>18}" for name in _SHOWN)
        rows = [
            f"{method:<10}" + "".join(f"{c:>18}" for c in cells) for method, cells in self._rows()
        ]
        return "\n".join([self._title(), header, *rows, *self.notes])

    def __repr__(self) -> str:
        auc = f"AUC {_text(self.forcelaw.auc)}, baseline {_text(self.baseline.auc)}"
        return f"<EvaluationResult {self.dataset}, {self.protocol}, {auc}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(name)}</th>" for name in ("", *_SHOWN))
        rows = "".join(
            f"<tr><th>{escape(method)}</th>{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>"
            for method, cells in self._rows()
        )
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        table = f"<table><tr>{head}</tr>{rows}</table>"
        listed = f"<ul>{notes}</ul>" if notes else ""
        return f"<p>{escape(self._title())}</p>{table}{listed}"

    def _title(self) -> str:
        size = f"{many(self.nodes, 'node')}, {many(self.edges, 'edge')}"
        size = f"{size}, {self.positive:.1%} positive"
        return f"{self.dataset}: {size}; protocol {self.protocol}, seeds: {self.seeds}"

    def _rows(self) -> list[tuple[str, list[str]]]:
        return [
            (method, [_text(getattr(scores, name)) for name in _SHOWN])
            for method, scores in self.scores().items()
        ]


_SHOWN = ("auc", "f1_macro", "f1_binary", "f1_micro", "brier")
"""Scores in the tables that a notebook shows."""


def _text(score: ScoreSummary) -> str:
    values: ParsedObject = plain(score)
    if values["mean"] is None:
        return "-"
    return f"{score.mean:.3f}" + ("" if values["std"] is None else f" ± {score.std:.3f}")
