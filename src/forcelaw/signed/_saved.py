"""A fitted embedding on disk: the law, and beside it what prediction needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import numpy as np

from forcelaw.errors import InputError
from forcelaw.training import load, load_arrays, read_document, save, save_arrays

from ._decoder import GEOMETRY
from ._embedding import SpringEmbedding
from ._ensemble import Ensemble
from ._network import SignedNetwork
from ._presets import Preset
from ._views import decoder_features

COLUMNS = ("source", "target", "sign", "rating", "time", "unknown")


class Saved(eqx.Module):
    """All arrays of a fitted embedding but those of its law."""

    ensemble: Ensemble
    position: np.ndarray
    network: dict[str, np.ndarray]


def save_embedding(model: SpringEmbedding, folder: str | Path, **facts: Any) -> None:
    """Writes `law.safetensors`, `law.json` and `model/embedding.safetensors`."""
    network = model.network_
    columns = {name: getattr(network, name) for name in COLUMNS}
    columns = {name: column for name, column in columns.items() if column is not None}
    described = {"dataset": network.name, "content_hash": network.content_hash}
    save(folder, model.law_, seed=model.seed, **{**described, **facts})
    document = {
        "dim": model.dim,
        "seed": model.seed,
        "preset": model.preset if isinstance(model.preset, str) else None,
        "settings": model.settings_.settings(),
        "threshold": model.threshold_,
        "prior": model.prior_,
        "decoder": {
            "features": int(model.ensemble_.standard.shift.shape[0]),
            "hidden": int(model.ensemble_.members.outer.shape[1]),
            "members": int(model.ensemble_.members.outer.shape[0]),
        },
        "network": {
            "names": list(network.names),
            "directed": network.directed,
            "name": network.name,
            "content_hash": network.content_hash,
            "columns": {name: [str(c.dtype), list(c.shape)] for name, c in columns.items()},
        },
        "positions": list(model._position.shape),
    }
    save_arrays(_file(folder), Saved(model.ensemble_, model._position, columns), document)


def load_embedding(folder: str | Path) -> SpringEmbedding:
    """What `save_embedding` wrote. Raises `InputError` naming the file."""
    path = _file(folder)
    law = load(folder)
    document = read_document(path)
    try:
        model = _rebuilt(path, document)
    except (KeyError, TypeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"{path}: does not describe an embedding ({error}); restore it or fit again"
        ) from None
    model.law_ = law
    return model


def _rebuilt(path: Path, document: dict[str, Any]) -> SpringEmbedding:
    described = document["network"]
    settings = Preset.from_settings(document["settings"])
    like = Saved(
        Ensemble.untrained(**document["decoder"], key=jax.random.key(0)),
        np.empty(document["positions"], np.float32),
        {name: np.empty(shape, dtype) for name, (dtype, shape) in described["columns"].items()},
    )
    saved, _ = load_arrays(path, like)
    check_features(path, described["directed"], settings, document["decoder"]["features"])
    model = SpringEmbedding(
        document["dim"], seed=document["seed"], preset=document["preset"] or settings
    )
    model.settings_ = settings
    model.ensemble_ = saved.ensemble
    model.threshold_, model.prior_ = document["threshold"], document["prior"]
    model._position = saved.position
    model.network_ = SignedNetwork(
        names=tuple(described["names"]),
        directed=described["directed"],
        name=described["name"],
        content_hash=described["content_hash"],
        source=saved.network["source"],
        target=saved.network["target"],
        sign=saved.network["sign"],
        rating=saved.network.get("rating"),
        time=saved.network.get("time"),
        unknown=saved.network["unknown"],
    )
    return model


def check_features(path: Path, directed: bool, settings: Preset, found: int) -> None:
    """**Raises** `InputError` if the decoder was fitted on other columns than today's."""
    expected = decoder_columns(directed) if settings.features else 1
    if found != expected:
        raise InputError(
            f"{path}: found a decoder of {found} features, expected {expected}: it was saved by "
            "another version of forcelaw; fit again"
        )


def decoder_columns(directed: bool) -> int:
    """How many columns a decoder with features sees, counted on the smallest network."""
    smallest = SignedNetwork.from_edges(
        ["a", "b", "c"], ["b", "c", "a"], np.array([1.0, -1.0, 1.0]), directed=directed
    )
    return GEOMETRY + decoder_features(smallest, smallest.edges[:1]).shape[1]


def _file(folder: str | Path) -> Path:
    return Path(folder) / "model" / "embedding.safetensors"
