"""Which law a saved name stands for: a closed list, so that loading runs nothing from a file."""

from __future__ import annotations

from collections.abc import Iterable

from forcelaw.laws._law import Law


def families(own: Iterable[type[Law]] = ()) -> dict[str, type[Law]]:
    """Every law family by its class name: those of `forcelaw.laws` and the caller's `own`."""
    import forcelaw.laws

    exported = vars(forcelaw.laws).values()
    known = [item for item in exported if isinstance(item, type) and issubclass(item, Law)]
    return {family.family(): family for family in [*known, *own] if family is not Law}
