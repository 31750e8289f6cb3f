"""Laws that were learned before: as they ship, or of a run in its folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import equinox as eqx
import jax

from forcelaw.errors import InvalidSetting
from forcelaw.signed.forces import Forces
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.model.model_files import load_learned

DEFAULT = "default"
"""The name of the law that ships with the package."""
SHIPPED = Path(__file__).parents[1] / "shipped"
"""The folder of that law."""


def load_pretrained(law: str | Path, *, directed: bool = False) -> Learned:
    """What was learned by a run in its folder, or, by the name `"default"`, as it ships.

    **Arguments:** `directed` chooses between the two decoders of the law that ships.

    **Raises** `InputError` naming the file for anything missing or damaged.
    """
    if str(law) == DEFAULT:
        return load_learned(SHIPPED / ("directed" if directed else "undirected"))
    return load_learned(law)


def begin_with(
    law: str | Path | None,
) -> tuple[Callable[[Forces], Forces], tuple[tuple[str, str], ...]]:
    """What puts a learned law into untrained forces, and the networks that it was trained on.

    Without a law the forces stay as they are. What is returned **raises** `InputError` if the law
    is of another family or of other sizes.
    """
    if law is None:
        return lambda forces: forces, ()
    found = load_pretrained(law)

    def begin(forces: Forces) -> Forces:
        kinds = (found.law.family(), forces.law.family())
        if kinds[0] != kinds[1]:
            raise InvalidSetting(
                f"start_from: found a law {kinds[0]} in {law}, expected {kinds[1]} as in the "
                "preset; choose the preset that it was trained with"
            )
        sizes = [jax.tree.map(lambda leaf: leaf.shape, tree) for tree in (found.law, forces.law)]
        if jax.tree.leaves(sizes[0]) != jax.tree.leaves(sizes[1]):
            raise InvalidSetting(
                f"start_from: found a law of other sizes in {law}, expected those of the preset; "
                "choose the settings that it was trained with"
            )
        return eqx.tree_at(lambda tree: tree.law, forces, found.law)

    return begin, found.trained_on
