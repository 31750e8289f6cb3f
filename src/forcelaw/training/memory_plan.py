"""Memory planned before training, from the compiler's own estimate against a budget.

Two things are chosen. *Segments*: how many states of a rollout are kept for its gradient. Keeping
every step is fastest (each is computed twice); keeping about the square root of them needs least
(each is computed three times); numbers in between are as slow as the second and take more memory.
*Parts*: into how many subgraphs the graph is divided, which come one after the other; the more,
the less memory, and the more the parts' halos are repeated.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

from forcelaw.errors import InvalidSetting, wrong_input
from forcelaw.training.available_memory import (
    compiler_memory,
    default_budget,
    held_memory,
    release_memory,
)

CompileFor = Callable[[int, int], Any]
"""`compile_for(segments, parts)`: the training step of that choice, lowered or compiled."""
UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
SHRINKS = 0.95
"""Twice the parts must need at most this much of the memory, or more parts are no use."""
INTERPOLATIONS = 3


@dataclasses.dataclass(frozen=True)
class StepMemory:
    """What a compiled step needs, in bytes on each device, as the compiler laid it out."""

    arguments: int
    outputs: int
    temporaries: int
    """The largest sum alive at a time, not the total."""
    aliases: int
    """Outputs that take the place of arguments that were donated."""

    @property
    def bytes(self) -> int:
        """All that is alive at the peak: arguments, outputs and temporaries, aliases once."""
        return self.arguments + self.outputs + self.temporaries - self.aliases


@dataclasses.dataclass(frozen=True)
class MemoryPlan:
    """The fastest training step that fits."""

    segments: int
    """For `advance`; as many as steps where all are kept."""
    parts: int
    """For `partition`."""
    bytes: int
    """Needed by the step, its arguments included."""
    held: int
    """Taken beside it: the interpreter, libraries, the compiler, other arrays."""
    budget: int
    steps: int

    def __str__(self) -> str:
        """The plan in one line."""
        kept = "every step" if self.segments >= self.steps else f"{self.segments} states"
        parts = "the graph whole" if self.parts == 1 else f"the graph in {self.parts} parts"
        return (
            f"memory: {format_memory(self.bytes + self.held)} of {format_memory(self.budget)} "
            f"({format_memory(self.bytes)} for a training step, {format_memory(self.held)} held "
            f"beside); {kept} kept of {self.steps}, {parts}"
        )


def plan(
    compile_for: CompileFor,
    *,
    steps: int,
    budget: int | None = None,
    max_parts: int = 1,
    held: int | None = None,
    devices: int = 1,
) -> MemoryPlan:
    """Segments and parts of the fastest training step whose memory stays within the budget.

    With the whole graph: every step kept if that fits, else about the square root of the steps;
    with that, the smallest number of parts that fits. Few candidates are compiled (two for a
    graph that fits whole), none of them twice.

    **Arguments:** `steps` the most steps of a rollout; `budget` in bytes (`parse_memory`), for
    the process as a whole on a CPU, for the device's arrays on others, default `default_budget`;
    `max_parts` how many there may be, 1 where nothing can be divided; `held` bytes that are taken
    beside the step and its arguments. By default what is held now, and on CPUs what the compiler
    takes: call it before the data is on the device, or else subtract the data. `devices` that
    share this memory, as those that a CPU was divided into do.

    **Raises** `InputError` if nothing fits, with the least that would.
    """
    release_memory()
    held = held_memory() + compiler_memory() if held is None else held
    budget = default_budget() if budget is None else budget
    allowed = budget - held
    frugal, fast = max(1, round(math.sqrt(steps))), max(1, steps)
    found: dict[tuple[int, int], int] = {}

    def need(segments: int, parts: int) -> int:
        if (segments, parts) not in found:
            found[segments, parts] = devices * memory_of(compile_for(segments, parts)).bytes
            release_memory()
        return found[segments, parts]

    segments, parts = frugal, 1
    if need(frugal, 1) > allowed:
        parts = _fewest(lambda parts: need(frugal, parts), allowed, max_parts)
    elif need(fast, 1) <= allowed:
        segments = fast
    if parts is None:
        (segments, parts), least = min(found.items(), key=lambda item: item[1])
        raise wrong_input(
            "memory",
            found=f"a budget of {format_memory(budget)}",
            expected=f"at least {format_memory(_round_up(least + held))} "
            f"({format_memory(held)} held beside it, {format_memory(least)} for a training step "
            f"with {segments} states kept of {steps} and {parts} part{'s' * (parts > 1)})",
            then="raise the budget, or take fewer steps or dimensions",
            error=InvalidSetting,
        )
    return MemoryPlan(segments, parts, found[segments, parts], held, budget, steps)


def memory_of(step: Any) -> StepMemory:
    """The compiler's estimate for a lowered or compiled function, of JAX or of Equinox.

    It is complete for arrays: XLA lays out all temporaries of a program before it runs. Not in it
    are the compiler's own memory, the program's code and what native kernels allocate by
    themselves.

    **Raises** `RuntimeError` where the platform has no estimate.
    """
    compiled = step.compile() if hasattr(step, "compile") else step
    compiled = getattr(compiled, "compiled", compiled)
    analysis = compiled.memory_analysis()
    if analysis is None:
        raise RuntimeError("the compiler of this platform estimates no memory; plan without it")
    return StepMemory(
        analysis.argument_size_in_bytes,
        analysis.output_size_in_bytes,
        analysis.temp_size_in_bytes,
        analysis.alias_size_in_bytes,
    )


def parse_memory(text: str | int) -> int:
    """Bytes of `"4GB"`, `"512 MB"`, `"1.5GiB"` or a plain number; `GB` is 10^9, `GiB` 2^30.

    **Raises** `InputError` for anything else.
    """
    plain = str(text).strip().upper().removesuffix("B")
    binary = plain.endswith("I")
    plain = plain.removesuffix("I")
    unit = plain[-1:] if plain[-1:] in UNITS else ""
    try:
        number = float(plain.removesuffix(unit))
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0) or (binary and not unit):
        raise InvalidSetting(
            f"memory: found {str(text)!r}, expected a size such as 4GB, 512MB or 1.5GiB"
        )
    scale = 1024 ** "_KMGT".index(unit) if binary else UNITS[unit]
    return round(number * scale)


def format_memory(size: int) -> str:
    """`"3.21 GB"` or `"321 MB"`; what `parse_memory` reads."""
    return f"{size / 10**9:.2f} GB" if size >= 10**9 else f"{max(size, 0) / 10**6:.0f} MB"


def _round_up(size: int) -> int:
    """To what `format_memory` shows without loss, so that the number shown is enough."""
    digit = 10**7 if size >= 10**9 else 10**6
    return -(-size // digit) * digit


def _fewest(need: Callable[[int], int], allowed: int, most: int) -> int | None:
    """The smallest number of parts above 1 that fits; None if there is none."""
    # Always the same doubling, so that the least found is a budget that will do.
    below, fits = 1, None
    while fits is None:
        parts = min(2 * below, most)
        if parts == below:
            return None
        if need(parts) <= allowed:
            fits = parts
        elif need(parts) > SHRINKS * need(below):
            return None
        else:
            below = parts
    tried = 0
    while fits - below > 1:
        parts = (below + fits) // 2
        if tried < INTERPOLATIONS:
            parts = min(max(_between(need, below, fits, allowed), below + 1), fits - 1)
        tried += 1
        if need(parts) <= allowed:
            fits = parts
        else:
            below = parts
    return fits


def _between(need: Callable[[int], int], few: int, many: int, allowed: int) -> int:
    """Where `constant + share / parts` through two points, too much and enough, fits."""
    share = (need(few) - need(many)) / (1 / few - 1 / many)
    constant = need(few) - share / few
    return math.ceil(share / (allowed - constant))
