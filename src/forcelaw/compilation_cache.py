"""Compiled programs in the user's cache folder, so that a second run need not compile again."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from pathlib import Path

LARGEST = 64 * 2**20
"""Bytes; the entries that were not used for longest make room. One run of a law keeps 1 MB. JAX
looks at every entry when it adds one: of thousands that would take longer than it saves."""
_LEAST_SECONDS = 0.03
"""Of compilation, from which a program is kept: to read one takes 5 ms, and most that are quicker
are made once, so that they would crowd the folder."""
_OFF = ("0", "n", "no", "f", "false", "off")
_LOCK_SECONDS = 5.0
"""What another process needs to read or write an entry takes milliseconds."""


def use_compilation_cache(folder: str | Path | None = None) -> Path | None:
    """From now on JAX keeps what it compiles, and takes from there what it compiled before.

    The command line calls this itself. In a program of your own call it before the first
    computation, and best before JAX is imported: afterwards XLA cannot be told not to log, for
    every program it reads, that preferences in tuning are no features of this machine. It sets
    JAX's own settings for the whole process, and leaves those alone that the environment gives
    (`JAX_COMPILATION_CACHE_DIR`; `JAX_ENABLE_COMPILATION_CACHE=0` turns all of it off). Processes
    may share the folder: entries are written and read under a lock.

    **Arguments:** `folder` by default `forcelaw/compiled` in the user's cache folder. Below it each
    kind of processor has a folder of its own, since a program may use instructions that another
    lacks.

    **Returns** the folder, or `None` where nothing can be kept there. What lies in it is machine
    code: it is made for its owner alone, and belongs in no folder that others may write.
    """
    if os.environ.get("JAX_ENABLE_COMPILATION_CACHE", "1").lower() in _OFF:
        return None
    if os.environ.get("JAX_COMPILATION_CACHE_DIR"):
        return Path(os.environ["JAX_COMPILATION_CACHE_DIR"])
    base = _default_folder() if folder is None else Path(folder)
    place = base / _processor()
    if not _prepared(place):
        return None
    _set(
        {
            "jax_compilation_cache_dir": str(place),
            "jax_compilation_cache_max_size": LARGEST,
            "jax_persistent_cache_min_compile_time_secs": _LEAST_SECONDS,
        }
    )
    return place


def _default_folder() -> Path:
    import platformdirs

    return platformdirs.user_cache_path("forcelaw") / "compiled"


def _processor() -> str:
    """A name for what instructions this machine knows."""
    known = [platform.machine(), platform.processor()]
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8", errors="replace").splitlines()
        known += sorted({line for line in lines if line.startswith(("flags", "Features"))})
    except OSError:
        # Not Linux: the processor's name has to do.
        pass
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:16]


def _prepared(place: Path) -> bool:
    """Whether entries can be kept there; those that a killed process left torn are removed."""
    import filelock

    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        # JAX takes the same lock.
        with filelock.FileLock(place / ".lockfile", timeout=_LOCK_SECONDS):
            # JAX writes an entry's time after the entry is whole.
            for entry in place.glob("*-cache"):
                time = entry.with_name(f"{entry.name.removesuffix('-cache')}-atime")
                if not time.is_file() or time.stat().st_size != 8:
                    entry.unlink(missing_ok=True)
                    time.unlink(missing_ok=True)
            (place / ".writable").touch()
    except (OSError, filelock.Timeout):
        return False
    return True


def _set(settings: dict[str, str | float]) -> None:
    """By the environment where JAX is not imported yet: importing it takes a second."""
    # XLA logs of every program that it reads that preferences in tuning are no features of this
    # machine; what really fails is raised.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if "jax" in sys.modules:
        import jax

        for name, value in settings.items():
            if name.upper() not in os.environ:
                jax.config.update(name, value)
        return
    for name, value in settings.items():
        os.environ.setdefault(name.upper(), str(value))
