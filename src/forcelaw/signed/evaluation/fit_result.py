"""What a fit on a signed network found, as `results.json` holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forcelaw import __version__
from forcelaw.signed.evaluation.evaluation_result import MethodScores
from forcelaw.signed.evaluation.showing import RunCurves
from forcelaw.signed.forces import Springs
from forcelaw.signed.network import SignedNetwork
from forcelaw.signed.settings import SignedSettings
from forcelaw.storage import RESULTS_SCHEMA, ParsedObject, Record
from forcelaw.storage.law_files import software_versions


@dataclass(frozen=True)
class RunHead(Record):
    """How every document of a signed network begins."""

    schema: int
    kind: str
    command: str
    version: str
    versions: Mapping[str, str]
    """Of what the numbers depend on most."""
    dataset: str
    content_hash: str
    source_nodes: int
    """Of the whole network, before any split."""
    cleanup: Mapping[str, int]
    """Rows of the file by the rule that dropped or changed them."""
    precision: int
    """32 or 64 bits."""

    @classmethod
    def of(cls, command: str, network: SignedNetwork, settings: SignedSettings) -> RunHead:
        """Of a run of this command on the network."""
        return cls(
            schema=RESULTS_SCHEMA,
            kind="signed",
            command=command,
            version=__version__,
            versions=software_versions(),
            dataset=network.name,
            content_hash=network.content_hash,
            source_nodes=network.n_nodes,
            cleanup={rule: int(count) for rule, count in network.cleanup.items()},
            precision=settings.precision,
        )


@dataclass(frozen=True)
class HeldOutScores(Record):
    """Of three methods on the same pairs that none has learned from."""

    forcelaw: MethodScores
    baseline: MethodScores
    spectral: MethodScores


@dataclass(frozen=True)
class FitResult(Record):
    """What was learned from, how the training went, and the scores on what was held back."""

    head: RunHead
    nodes: int
    """Of the training network."""
    edges: int
    """Of all parts together."""
    positive: float
    """The share of positive ones among these."""
    seed: int
    dim: int
    preset: str
    protocol: str | None
    """None where all edges were learned from."""
    transductive: bool
    training: Mapping[str, int]
    """How often an update was skipped, or the training rolled back."""
    springs: Springs | None
    test: HeldOutScores | None
    """None where nothing was held back, as are the next two."""
    validation: HeldOutScores | None
    reverse_share: float | None
    """How often the opposite edge's sign is known in training."""
    seconds: Mapping[str, float]
    """By phase, and `all`."""
    peak_memory_mb: float | None
    """Peak resident memory of the process in MB (1e6 bytes); None where the system is silent."""
    curves: RunCurves

    def to_json(self) -> ParsedObject:
        """The fields by their names; those of `head` and `test` stand beside the others."""
        document = dict(super().to_json())
        del document["head"], document["test"]
        test = {} if self.test is None else self.test.to_json()
        for key in ("validation", "reverse_share"):
            if document[key] is None:
                del document[key]
        return {**self.head.to_json(), **document, **test}
