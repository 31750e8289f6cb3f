"""Compiled programs in the user's cache folder, so that a second run need not compile again."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
from pathlib import Path

LARGEST = 256 * 2**20
"""Bytes; the entries that were not used for longest make room. One run of a law keeps 2 MB."""
_LOCK_SECONDS = 5.0
"""What another process needs to read or write an entry takes milliseconds."""


def use_compilation_cache(folder: str | Path | None = None) -> Path | None:
    """From now on JAX keeps what it compiles, and takes from there what it compiled before.

    The command line calls this itself. In a program of your own call it before the first
    computation; it sets JAX's own settings for the whole process, and leaves those alone that
    the environment gives (`JAX_COMPILATION_CACHE_DIR`; `JAX_ENABLE_COMPILATION_CACHE=0` turns
    all of it off). Processes may share the folder: entries are written and read under a lock.

    **Arguments:** `folder` by default `forcelaw/compiled` in the user's cache folder. Below it each
    kind of processor has a folder of its own, since a program may use instructions that another
    lacks.

    **Returns** the folder, or `None` where nothing can be kept there. What lies in it is machine
    code: it is made for its owner alone, and belongs in no folder that others may write.
    """
    if "JAX_COMPILATION_CACHE_DIR" in os.environ:
        return Path(os.environ["JAX_COMPILATION_CACHE_DIR"])
    base = _default_folder() if folder is None else Path(folder)
    place = base / _processor()
    if not _prepared(place):
        return None
    _set(
        {
            "jax_compilation_cache_dir": str(place),
            "jax_compilation_cache_max_size": LARGEST,
            # Even small programs take longer to compile than to read.
            "jax_persistent_cache_min_compile_time_secs": 0.0,
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
    if "jax" in sys.modules:
        import jax

        for name, value in settings.items():
            jax.config.update(name, value)
        return
    for name, value in settings.items():
        os.environ.setdefault(name.upper(), str(value))
