"""Networks trained on whatever motion is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, overload

from forcelaw.errors import InvalidSetting
from forcelaw.particles.data import Recording, Recordings, Trajectories
from forcelaw.particles.learning import Fitted
from forcelaw.particles.learning import fit as fit_trajectories
from forcelaw.particles.networks.fitted import FittedRecordings
from forcelaw.particles.networks.fitting import fit_recordings
from forcelaw.particles.preparation import Prepared
from forcelaw.particles.settings import OrderName
from forcelaw.training import Epoch, Stage


@overload
def fit(data: Trajectories | Prepared, **options: Any) -> Fitted: ...


@overload
def fit(data: Recording | Recordings, **options: Any) -> FittedRecordings: ...


def fit(
    data: Trajectories | Prepared | Recording | Recordings,
    *,
    model: str = "pair",
    regularise: str | None = None,
    order: OrderName = "auto",
    cutoff: float | None = None,
    stages: Sequence[Stage] | None = None,
    batch: int | None = None,
    seed: int = 0,
    folder: str | Path | None = None,
    report: Callable[[Epoch], None] | None = None,
    **more: Any,
) -> Fitted | FittedRecordings:
    """Train a law on motion: on the training part of `Trajectories`, or on `Recordings`.

    **Arguments:**

    - `model` is `pair` (a scalar force along the line between two bodies), `message` (free
      messages) or `hamiltonian` (a pair energy). `more` are arguments of that class (`hidden`,
      `activation`, `one_body`, `message`) and `settings` of type `LearningSettings`, for
      recordings `NetworkSettings`.
    - `regularise` is how a message network keeps its messages few: `none`, `l1`, `kl`,
      `bottleneck`. By default `l1`, and of recordings `bottleneck`: among dozens of neighbours a
      penalty silences messages before they are learned.
    - `stages` and `batch` (snapshots; of recordings stretches of single bodies) replace the
      schedule; an epoch has 100 updates, unless `settings` say otherwise.
    - `folder` keeps checkpoints; the same call resumes.

    Of trajectories alone, by more arguments:

    - `target` is `acceleration` (by default), `next_state` or `trajectory`. `objective` replaces
      it and the loss by one of your own, of states in the scales of the data: powers of ten, 1
      where sizes are about 1.
    - `start` is a law to train on from where it is: a fitted one, a `Formula`, or a network with a
      formula inside (`insert_formula`); `formula` one inside of a new network.

    Trajectories are split by trajectory, and noisy ones smoothed in time. Of the batches of a
    message network one half is drawn evenly from classes of strength.

    Of recordings alone: `order` of the law, `first` (velocities), `second` (accelerations), or
    found; `cutoff` the distance beyond which nothing acts, by default half the least width of the
    box. Changes of positions, or of velocities where these are recorded, are explained as means of
    the law over the snapshots around, as `discover` does. Bodies act at their nearest images;
    absent ones act on nobody; where there are edges, these alone act. The kind of a body is a
    learned vector. Time is split into twenty stretches, of which every five hold one of validation
    and one of the test. Headings are not read.

    The law with the smallest validation error is kept.

    **Raises** `InvalidSetting` for unknown names; `NotEnoughData` for data in which no body acts on
    another, too few snapshots, or a target that needs more of them.
    """
    same: dict[str, Any] = {
        "model": model,
        **({} if regularise is None else {"regularise": regularise}),
        "stages": stages,
        "batch": batch,
        "seed": seed,
        "folder": folder,
        "report": report,
        **more,
    }
    if isinstance(data, Recording):
        data = Recordings((data,), data.name)
    if isinstance(data, Recordings):
        return fit_recordings(data, order=order, cutoff=cutoff, **same)
    if order == "first" or cutoff is not None:
        raise InvalidSetting(
            f"fit: found order {order!r} and cutoff {cutoff} for trajectories, expected 'auto' or "
            "'second' and none, as their laws have; give their `recordings`"
        )
    return fit_trajectories(data, **same)
