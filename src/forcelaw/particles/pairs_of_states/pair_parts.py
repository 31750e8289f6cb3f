"""Pairs to learn from and pairs to choose by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forcelaw.errors import NotEnoughData
from forcelaw.particles.pairs_of_states.state_pairs import StatePairs


@dataclass(frozen=True, eq=False)
class PairParts:
    """Two thirds and one third, the shortest stretches first."""

    learn: StatePairs
    check: StatePairs
    """Some of the held-out third, of all stretches."""

    @classmethod
    def of(cls, pairs: StatePairs, seed: int, *, least: int, held: int) -> PairParts:
        """Drawn by the seed.

        **Arguments:** `least` pairs to choose by, and twice as many to learn from; `held` to
        choose by, at most.

        **Raises** `NotEnoughData` for fewer.
        """
        order = pairs.shortest_first(seed)
        check, learn = order[::3], np.delete(order, slice(None, None, 3))
        spread = np.linspace(0, len(check) - 1, min(len(check), held))
        if len(learn) < 2 * least:
            raise NotEnoughData(
                f"{pairs.name}: found {len(pairs)} pairs of states, expected at least "
                f"{3 * least}; give more"
            )
        return cls(pairs.only(learn), pairs.only(check[spread.astype(int)]))
