"""A law on disk: `law.safetensors` beside `law.json`, its manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from forcelaw.documents import ParsedObject, described, read_json
from forcelaw.errors import UnreadableFile, suggest
from forcelaw.laws import Law, families
from forcelaw.storage.arrays import build_sized, load_arrays, require_file, save_arrays
from forcelaw.storage.atomic_files import atomic_write

SCHEMA = 1


def save(folder: str | Path, law: Law, **facts: Any) -> None:
    """Save a law into a folder, which is made if need be.

    **Arguments:** `facts` go into the manifest: seed, dataset name and hash, split, and whatever
    else JSON can hold.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = folder / "law.safetensors"
    save_arrays(arrays, law, {"family": law.family()})
    manifest = {
        "schema": SCHEMA,
        "family": law.family(),
        "settings": law.settings(),
        "sha256": hashlib.sha256(arrays.read_bytes()).hexdigest(),
        "versions": software_versions(),
        **facts,
    }
    text = json.dumps(manifest, indent=2, sort_keys=True, allow_nan=False) + "\n"
    atomic_write(folder / "law.json", text.encode())


def software_versions() -> dict[str, str]:
    """Of this package and of what its numbers depend on most."""
    return {name: version(name) for name in ("forcelaw", "jax", "jaxlib", "equinox")}


def load(folder: str | Path, *, own: Iterable[type[Law]] = ()) -> Law:
    """The law that `save` wrote; nothing in the files is ever executed.

    **Arguments:** `own` law classes of the caller beside those of `forcelaw.laws`.

    **Raises** `UnreadableFile` naming the file for anything missing, damaged or unknown.
    """
    folder = Path(folder)
    manifest = load_manifest(folder)
    known = families(own)
    family = manifest["family"]
    if not isinstance(family, str) or family not in known:
        raise UnreadableFile(
            f"{folder / 'law.json'}: unknown law family {family!r}; {suggest(str(family), known)}; "
            "a class of your own is given as own=[...]"
        )
    settings, arrays = manifest["settings"], folder / "law.safetensors"
    require_file(arrays)
    with described(folder / "law.json", f"a {family}", "restore it or fit again"):
        like = build_sized(arrays, settings, lambda: known[family].from_settings(settings))
    law, _ = load_arrays(arrays, like)
    if hashlib.sha256(arrays.read_bytes()).hexdigest() != manifest["sha256"]:
        raise UnreadableFile(
            f"{arrays}: does not match law.json beside it; restore both or fit again"
        )
    return law


def load_manifest(folder: str | Path) -> ParsedObject:
    """The manifest beside a saved law.

    **Raises** `InputError` naming the file if it is missing, damaged or of a later version.
    """
    path = Path(folder) / "law.json"
    try:
        manifest = read_json(path)
    except (FileNotFoundError, NotADirectoryError):
        raise UnreadableFile(f"{path}: no such file; expected a folder with a saved law") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: is not readable ({error.strerror}); restore it") from None
    keys = {"schema", "family", "settings", "sha256"}
    if not isinstance(manifest, dict) or keys - set(manifest):
        raise UnreadableFile(f"{path}: is not a law's manifest; expected keys {sorted(keys)}")
    if manifest["schema"] != SCHEMA:
        raise UnreadableFile(
            f"{path}: is of schema {manifest['schema']}, expected {SCHEMA}; use the forcelaw "
            "version that wrote it"
        )
    return manifest
