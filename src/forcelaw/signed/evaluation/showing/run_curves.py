"""All that the report of a run on a signed network draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forcelaw.signed.evaluation.curves import (
    Curves,
    NetworkDrawing,
    force_curve,
    reliability_curve,
    top_degree_curve,
)
from forcelaw.signed.evaluation.showing.held_out_signs import HeldOutCurves, HeldOutSigns
from forcelaw.signed.evaluation.showing.shown_network import ShownNetwork
from forcelaw.signed.evaluation.showing.told_pairs import ToldPair, tell_pairs
from forcelaw.signed.model import SpringEmbedding
from forcelaw.signed.splits import Split
from forcelaw.storage import ParsedObject, Record


@dataclass(frozen=True, eq=False)
class RunCurves(Record):
    """None stands for what there is not, as where nothing was held back."""

    force: Curves
    embedding: NetworkDrawing
    network: ShownNetwork
    reliability: Curves | None = None
    held_out: HeldOutCurves | None = None
    told: tuple[ToldPair, ...] = ()

    @classmethod
    def of(
        cls,
        model: SpringEmbedding,
        parts: Split | None = None,
        splits: Sequence[HeldOutSigns] = (),
        *,
        reliability: bool = True,
    ) -> RunCurves:
        """Of a model and what was held back from it.

        **Arguments:** `splits` whose signs were told, those of the model's test part first;
        `reliability` whether that of the first is drawn.
        """
        first = splits[0] if splits else None
        return cls(
            force=force_curve(model),
            embedding=top_degree_curve(model.network_),
            network=ShownNetwork.of(model, parts, first),
            reliability=reliability_curve(first.sign, first.probability)
            if first is not None and reliability
            else None,
            held_out=HeldOutCurves.of(splits) if splits else None,
            told=() if parts is None or first is None else tell_pairs(model, parts, first),
        )

    def to_json(self) -> ParsedObject:
        """The fields by their names, without what there is not."""
        return {key: value for key, value in super().to_json().items() if value not in (None, [])}
