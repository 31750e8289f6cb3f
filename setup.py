"""Builds the compiled edge operations; everything else is in pyproject.toml.

The library is optional: without a C++ compiler, or where it cannot be built, forcelaw installs
and runs without it.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from setuptools import Extension, setup

NATIVE = "src/forcelaw/graph/native"


def extensions() -> list[Extension]:
    """The library of loops, or nothing where the headers that jaxlib brings are missing."""
    jaxlib = find_spec("jaxlib")
    if jaxlib is None or not jaxlib.submodule_search_locations:
        print("forcelaw: no compiled edge operations, jaxlib is missing", file=sys.stderr)
        return []
    include = str(Path(jaxlib.submodule_search_locations[0], "include"))
    if sys.platform == "win32":
        flags = ["/std:c++17", "/O2", "/I", include]
    else:
        flags = ["-std=c++17", "-O3", "-g0", "-Wno-psabi", "-isystem", include]
    # Built for the baseline of the processor family; the sources pick better loops at run time.
    sources = ["plain.cc", "avx2.cc", "avx512.cc", "handlers.cc"]
    headers = ["kernels.h", "loops.h", "parallel.h"]
    return [
        Extension(
            "forcelaw.graph._kernels",
            sources=[f"{NATIVE}/{name}" for name in sources],
            depends=[f"{NATIVE}/{name}" for name in headers],
            extra_compile_args=flags,
            language="c++",
            optional=True,
        )
    ]


setup(ext_modules=extensions())
