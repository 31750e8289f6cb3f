"""What a training reports: to the run's metrics and to the progress bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from forcelaw.cli._document import plain
from forcelaw.cli._progress import Progress

if TYPE_CHECKING:
    from forcelaw.training import Epoch
    from forcelaw.training._run import Run


def training_log(progress: Progress, run: Run | None = None) -> Callable[[Epoch], None]:
    """A callback for `train(report=...)`.

    A resumed training reports again the epochs after its last checkpoint: their old lines in the
    metrics are dropped.
    """
    first = True

    def report(epoch: Epoch) -> None:
        nonlocal first
        metrics = plain(epoch.metrics)
        if run is not None:
            if first:
                run.forget_metrics("epoch", epoch.epoch - 1)
            run.log({"epoch": epoch.epoch, "stage": epoch.stage, **metrics})
        first = False
        shown = {key: value for key, value in metrics.items() if value and key != "skipped"}
        progress.update(epoch.epoch, epoch.epochs, **dict(list(shown.items())[:2]))

    return report
