"""How much memory the device and this process have."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

import jax

SHARE = 0.6
"""Of what is free, that training takes unless told otherwise."""
UNKNOWN = 4 * 10**9
"""Taken for free where the system does not say."""
COMPILER = 100 * 10**6
"""What compiling a training step takes of the machine's memory (measured: 75 MB), in bytes."""
LARGE = 4 * 2**20
"""Bytes from which a block of memory is the system's own again once it is freed."""
MMAP_THRESHOLD = -3
"""glibc's name for that, of `mallopt`."""
CGROUP = Path("/sys/fs/cgroup")


def default_budget() -> int:
    """What is held already and the share `SHARE` of what is free, in bytes."""
    return held_memory() + int(SHARE * free_memory())


def free_memory() -> int:
    """Bytes that arrays can still take: of the accelerator, or of the machine or container."""
    stats = _device_stats()
    if stats is not None and "bytes_limit" in stats:
        return max(stats["bytes_limit"] - stats["bytes_in_use"], 0)
    known = [size for size in (_machine_free(), container_free()) if size is not None]
    return min(known, default=UNKNOWN)


def held_memory() -> int:
    """Bytes in use: of the accelerator by arrays, or of the machine by this process."""
    stats = _device_stats()
    if stats is not None and "bytes_in_use" in stats:
        return stats["bytes_in_use"]
    return _status("/proc/self/status", "VmRSS") or 0


def compiler_memory() -> int:
    """Bytes that the compiler takes beside the arrays: none on an accelerator."""
    return COMPILER if _device_stats() is None else 0


def release_memory() -> None:
    """Give back what was freed, and large arrays from now on as soon as they are freed.

    glibc keeps the compiler's memory for later requests, and comes to keep freed blocks of up to
    32 MB, between which others no longer fit: a planned step took a quarter more than its arrays.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            allocator = ctypes.CDLL(None)
            allocator.mallopt(MMAP_THRESHOLD, LARGE)
            allocator.malloc_trim(0)


def _device_stats() -> dict[str, int] | None:
    """None on CPUs."""
    return jax.local_devices()[0].memory_stats()


def _machine_free() -> int | None:
    available = _status("/proc/meminfo", "MemAvailable")
    if available is not None or not hasattr(os, "sysconf"):
        return available
    if not {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= set(os.sysconf_names):
        return None
    # macOS tells only how much there is; half of it is a fair guess at what is free.
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


def container_free() -> int | None:
    """What the control group (version 2 or 1) leaves; None without a limit."""
    for limit, usage, idle in (
        ("memory.max", "memory.current", "memory.stat"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes", "memory/memory.stat"),
    ):
        try:
            # "max" where there is no limit.
            most, used = int((CGROUP / limit).read_text()), int((CGROUP / usage).read_text())
            stat = dict(line.split()[:2] for line in (CGROUP / idle).read_text().splitlines())
        except (OSError, ValueError):
            continue
        # Cached files count as used, and make room when it is needed.
        cached = int(stat.get("inactive_file", stat.get("total_inactive_file", 0)))
        return max(most - used + cached, 0)
    return None


def _status(path: str, name: str) -> int | None:
    """A line `name: 123 kB` of a file of the Linux kernel, in bytes."""
    try:
        for line in Path(path).read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return None
