"""The arguments of a network's constructor that a user may choose, checked before any work."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from forcelaw.errors import InvalidSetting, suggest
from forcelaw.laws import Expression, HamiltonianNetwork, MessageNetwork, PairNetwork

NETWORKS: dict[str, type[MessageNetwork | PairNetwork | HamiltonianNetwork]] = {
    "message": MessageNetwork,
    "pair": PairNetwork,
    "hamiltonian": HamiltonianNetwork,
}
NOT_ASKED = {"self", "dim", "names", "key", "logarithmic", "regularise", "power", "scale"}
"""What `fit` decides from the data, the seed and its own arguments."""
_FORMER = {"own": "one_body"}
"""Names of the first release, which stand in configurations of its runs, and what they are now."""


def network_arguments(
    model: str, given: Mapping[str, Any], *, place: Callable[[str], str] = str
) -> Mapping[str, Any]:
    """The given arguments of the model's network as its constructor takes them.

    A number for `hidden` is the width of every hidden layer. `place` says where the user gave an
    argument.

    **Raises** `InputError` for an argument that the constructor does not have, or a wrong kind.
    """
    signature = inspect.signature(NETWORKS[model].__init__)
    known = {n: p.default for n, p in signature.parameters.items() if n not in NOT_ASKED}
    found = {}
    for written, value in given.items():
        name = _FORMER.get(written, written)
        if name not in known:
            raise InvalidSetting(
                f"{place(written)}: found no setting {written!r} of the network of the model "
                f"{model!r}, expected one of {', '.join(known)}; {suggest(name, known)}"
            )
        words, is_right = KINDS[name]
        if not is_right(value):
            raise InvalidSetting(f"{place(written)}: found {value!r}, expected {words}; change it")
        if name in found:
            raise InvalidSetting(
                f"{place(written)}: found {written!r} beside {name!r}, expected one of these names "
                "for the same; leave one out"
            )
        found[name] = value
    if isinstance(found.get("hidden"), int):
        found["hidden"] = (found["hidden"],) * len(known["hidden"])
    return found


def _is_size(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _are_sizes(value: Any) -> bool:
    return _is_size(value) or (
        isinstance(value, list | tuple) and len(value) > 0 and all(map(_is_size, value))
    )


KINDS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "hidden": ("units of every hidden layer, as in 64, or of each, as in [64, 32]", _are_sizes),
    "message": ("a number of components from 1 on", _is_size),
    "one_body": ("true or false", lambda value: isinstance(value, bool)),
    "activation": ("the name of an activation", lambda value: isinstance(value, str)),
    "formula": ("a formula in r", lambda value: isinstance(value, str | Expression)),
}
