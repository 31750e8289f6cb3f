"""A network that was trained on recordings, on disk: a saved law, whose manifest says the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from forcelaw.documents import described
from forcelaw.errors import UnreadableFile
from forcelaw.laws import Units
from forcelaw.particles.kernels import FirstOrder, SecondOrder
from forcelaw.particles.networks.fitted import FittedRecordings
from forcelaw.storage.law_files import load, load_manifest, save

_KEY = "recordings"
"""Of what the manifest says beside the law."""


def save_fitted(folder: Path, fitted: FittedRecordings, **facts: Any) -> None:
    """Saves a network into a folder, which is made if need be; `facts` as in `storage.save`."""
    own = {
        "model": fitted.model,
        "order": fitted.order.number,
        "cutoff": fitted.cutoff,
        "kinds": list(fitted.kinds),
        "attributes": list(fitted.attributes),
        "dim": fitted.dim,
        "length": fitted.units.length,
        "time": fitted.units.time,
        "units": dict(fitted.units.attributes),
    }
    save(folder, fitted.law, **facts, **{_KEY: own})


def has_fitted(folder: Path) -> bool:
    """Whether a folder with a saved law holds one that was trained on recordings."""
    return _KEY in load_manifest(folder)


def load_fitted(folder: Path) -> FittedRecordings:
    """What `save_fitted` wrote, without the history of its training.

    **Raises** `UnreadableFile` naming the file for anything missing or damaged.
    """
    path, manifest = folder / "law.json", load_manifest(folder)
    if _KEY not in manifest:
        raise UnreadableFile(
            f"{path}: found a law without a cutoff, expected one that was trained on recordings; "
            "give another folder"
        )
    law = load(folder)
    with described(path, "a network of recordings", "restore it or fit again"):
        own = manifest[_KEY]
        return FittedRecordings(
            law,
            str(own["model"]),
            FirstOrder() if int(own["order"]) == 1 else SecondOrder(),
            float(own["cutoff"]),
            tuple(map(str, own["kinds"])),
            tuple(map(str, own["attributes"])),
            int(own["dim"]),
            (),
            0.0,
            Units(
                float(own["length"]),
                float(own["time"]),
                {str(name): float(unit) for name, unit in own["units"].items()},
            ),
        )
