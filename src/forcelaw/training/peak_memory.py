"""The most memory this process has held."""

from __future__ import annotations

import sys


def peak_memory_mb() -> float | None:
    """Peak resident memory of this process in MB (1e6 bytes); None where the system is silent."""
    try:
        import resource
    except ImportError:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # macOS counts bytes, Linux KiB.
    return round(peak * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)
