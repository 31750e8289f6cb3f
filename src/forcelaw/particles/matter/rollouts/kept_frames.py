"""The frames of a motion that are kept while it goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from forcelaw.errors import InvalidSetting
from forcelaw.files import many

_State = TypeVar("_State", bound=tuple[Any, ...])


def check_steps(steps: int, dt: float, every: int) -> None:
    """**Raises** `InvalidSetting` for steps that are not positive or fewer than two frames."""
    for name, value in (("steps", steps), ("dt", dt), ("every", every)):
        if not (np.isfinite(value) and value > 0):
            raise InvalidSetting(f"rollout: found {name}={value}, expected a positive number")
    if steps % every or steps < 2 * every:
        raise InvalidSetting(
            f"rollout: found {many(steps, 'step')} of which one in {every} is kept, expected at "
            f"least two frames; choose a multiple of {every}"
        )


def keep_frames(
    step: Callable[[_State], _State],
    state: _State,
    *,
    steps: int,
    dt: float,
    every: int,
    name: str,
) -> list[_State]:
    """The first state and one of so many that follow it.

    **Arguments:** `state` with the positions first; `name` of the recording.

    **Raises** `InvalidSetting` where motion becomes infinite.
    """
    kept = [state]
    with np.errstate(all="ignore"):
        for index in range(1, steps + 1):
            state = step(state)
            if not np.isfinite(state[0]).all():
                raise InvalidSetting(
                    f"{name}: found that the rollout is no longer finite at time {index * dt:g}, "
                    f"expected bodies to stay near; choose a shorter step than {dt:g}"
                )
            if index % every == 0:
                kept.append(state)
    return kept
