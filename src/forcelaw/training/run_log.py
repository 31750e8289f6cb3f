"""What a training reports: to the metrics of its run, and to whom it may concern."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from forcelaw.storage import plain
from forcelaw.training.reporting import Progress

if TYPE_CHECKING:
    from forcelaw.storage import Run
    from forcelaw.training.checkpoint import Epoch


_COUNTS = ("skipped", "rollbacks")


def counted(history: Sequence[Epoch]) -> dict[str, int]:
    """What went wrong in a training: `skipped` updates and `rollbacks`."""
    last = history[-1].metrics if history else {}
    return {name: int(last.get(name, 0)) for name in _COUNTS}


def training_log(progress: Progress, run: Run | None = None) -> Callable[[Epoch], None]:
    """A callback for `train(report=...)`.

    A resumed training reports again the epochs after its last checkpoint, one that was rolled back
    those after its last good one: their old lines in the metrics are dropped.
    """
    last: int | None = None

    def report(epoch: Epoch) -> None:
        nonlocal last
        metrics = plain(epoch.metrics)
        if run is not None:
            if last is None or epoch.epoch <= last:
                run.forget_metrics("epoch", epoch.epoch - 1)
            run.log({"epoch": epoch.epoch, "stage": epoch.stage, **metrics})
        last = epoch.epoch
        shown = {key: value for key, value in metrics.items() if value and key not in _COUNTS}
        progress.update(epoch.epoch, epoch.epochs, **dict(list(shown.items())[:2]))

    return report
