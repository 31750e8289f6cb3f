"""Which format a file has: told by its first bytes, else by its name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

from forcelaw.errors import wrong_input
from forcelaw.files import PACKED
from forcelaw.particles.formats.endings import BY_FORMAT
from forcelaw.particles.formats.libraries import check_installed
from forcelaw.particles.snapshots import Source

_HEAD = 64
"""Bytes that tell one format from another."""
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"ITEM: ", "lammps"),
    (b"\x89HDF\r\n\x1a\n", "h5md"),
    (b"\xdf\x65\xdf\x65\xdf\x65\xdf\x65", "gsd"),
    (b"- of Ulm", "ase"),
    (b"REBOUND Binary File", "rebound"),
)
"""By the bytes that a file begins with."""
_ENDINGS = {ending: name for name, endings in BY_FORMAT.items() for ending in endings}
_BOTH = ".pdb"
"""Coordinates that say themselves what the bodies are."""
_READERS = {
    "lammps": ("lammps_format", "read_lammps"),
    "xyz": ("xyz_format", "read_xyz"),
    "h5md": ("h5md_format", "read_h5md"),
    "gsd": ("gsd_format", "read_gsd"),
    "ase": ("ase_format", "read_ase"),
    "rebound": ("rebound_format", "read_rebound"),
    "mdanalysis": ("mdanalysis_format", "read_mdanalysis"),
}
_CRASHING = {"rebound": "rebound", "mdanalysis": "MDAnalysis"}
"""Read by compiled code that damaged files bring down."""


def tell_format(path: Path, topology: Any = None) -> str | None:
    """The format of a file that is there; None for a table or a NumPy archive.

    With a `topology`, MDAnalysis reads whatever it is.
    """
    if topology is not None:
        return "mdanalysis"
    with path.open("rb") as file:
        head = file.read(_HEAD)
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    if suffixes and suffixes[-1] in PACKED:
        suffixes.pop()
    return _ENDINGS.get(suffixes[-1]) if suffixes else None


def read_snapshots(
    path: Path, form: str, *, species: str | None = None, topology: Any = None
) -> Source:
    """The snapshots of a file of this format (`tell_format`).

    **Raises** `InputError` for a library that is not installed, a topology that is missing, and
    as the file is read.
    """
    if form == "mdanalysis" and topology is None:
        if path.suffix.lower() != _BOTH:
            raise wrong_input(
                path,
                found="coordinates without names of bodies",
                expected="a topology beside them",
                then="give it: --topology FILE (topology=...)",
            )
        topology = path
    module, name = f"forcelaw.particles.formats.{_READERS[form][0]}", _READERS[form][1]
    if form not in _CRASHING:
        return getattr(import_module(module), name)(path, species)
    from forcelaw.particles.formats.apart import read_apart

    check_installed(path, _CRASHING[form], form)
    more = () if topology is None else (topology,)
    return read_apart(path, (module, name), species or "", *more)
