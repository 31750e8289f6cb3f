"""What was learned on disk: the law, its decoder, and the network that they are at work on."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import numpy as np

from forcelaw.documents import ParsedObject, described
from forcelaw.errors import InputError, UnreadableFile
from forcelaw.signed.decoder import Calibration
from forcelaw.signed.decoder.ensemble import Ensemble
from forcelaw.signed.decoder.geometry_decoder import GEOMETRY
from forcelaw.signed.features import Featurizer
from forcelaw.signed.forces import Preset, ReferenceInputs, Springs, whole_view
from forcelaw.signed.forces.settings import ViewSettings
from forcelaw.signed.model.fitted import Fitted
from forcelaw.signed.model.learned import Learned
from forcelaw.signed.model.settings import FitSettings
from forcelaw.signed.network import SignedNetwork
from forcelaw.storage.arrays import (
    build_sized,
    check_bytes,
    check_sizes,
    load_arrays,
    read_document,
    save_arrays,
)
from forcelaw.storage.law_files import load, save

COLUMNS = ("source", "target", "sign", "rating", "time", "unknown")
_AGAIN = "restore it or fit again"
DIRECTED = "statements/"
"""Format: before the columns of the directed edges behind unordered pairs."""


class Reader(eqx.Module):
    """The arrays of what was learned, beside those of the law."""

    ensemble: Ensemble
    typical: ReferenceInputs
    """The name is part of the format."""


class Place(eqx.Module):
    """The arrays of the network, and where its nodes lie."""

    position: np.ndarray
    network: dict[str, np.ndarray]


def save_fitted(model: Fitted, folder: str | Path, **facts: Any) -> None:
    """Writes the law, `model/learned.safetensors` and `model/network.safetensors`."""
    network = model.network
    described = {"dataset": network.name, "content_hash": network.content_hash}
    save_learned(model.learned, folder, **{**described, **facts})
    columns = {name: getattr(network, name) for name in COLUMNS}
    if network.directed_ratings is not None:
        directed = network.directed_ratings
        columns |= {f"{DIRECTED}{name}": getattr(directed, name) for name in COLUMNS}
    columns = {name: column for name, column in columns.items() if column is not None}
    document = {
        "names": list(network.names),
        "directed": network.directed,
        "forecast": network.forecast,
        "name": network.name,
        "content_hash": network.content_hash,
        "columns": {name: [str(c.dtype), list(c.shape)] for name, c in columns.items()},
        "positions": list(model.position.shape),
        "calibration": list(model.calibration),
    }
    save_arrays(_file(folder, "network"), Place(model.position, columns), document)


def save_learned(learned: Learned, folder: str | Path, **facts: Any) -> None:
    """Writes `law.safetensors`, `law.json` and `model/learned.safetensors`."""
    save(folder, learned.law, seed=learned.seed, **facts)
    members = learned.ensemble.members
    document = {
        "dim": learned.dim,
        "seed": learned.seed,
        "settings": learned.settings.settings(),
        "fit_settings": learned.fit_settings.model_dump(mode="json"),
        "directed": learned.directed,
        "timed": learned.timed,
        "forecast": learned.forecast,
        "threshold": learned.threshold,
        "prior": learned.prior,
        "trained_on": [list(network) for network in learned.trained_on],
        "springs": None if learned.springs is None else learned.springs.to_json(),
        "decoder": {
            "features": int(learned.ensemble.standard.shift.shape[0]),
            "members": int(members.outer.shape[0]),
            "trees": int(learned.ensemble.trees.value.shape[1]),
        },
        "typical": [
            int(learned.reference_inputs.edge.shape[1]),
            int(learned.reference_inputs.node.shape[0]),
        ],
    }
    save_arrays(
        _file(folder, "learned"), Reader(learned.ensemble, learned.reference_inputs), document
    )


def load_fitted(folder: str | Path) -> Fitted:
    """What `save_fitted` wrote. Raises `InputError` naming the file."""
    learned = load_learned(folder)
    path = _file(folder, "network")
    document = read_document(path)
    with described(path, "an embedding", _AGAIN):
        columns = {
            name: (shape, _plain_dtype(dtype))
            for name, (dtype, shape) in document["columns"].items()
        }
        check_sizes(path, [document["positions"], [shape for shape, _ in columns.values()]])
        check_bytes(path, [(document["positions"], np.dtype(np.float32)), *columns.values()])
        like = Place(
            np.empty(document["positions"], np.float32),
            {name: np.empty(shape, dtype) for name, (shape, dtype) in columns.items()},
        )
        saved, _ = load_arrays(path, like)
        _check_finite(path, [saved.position, *saved.network.values(), document["calibration"]])
        try:
            network = _network(document, saved.network)
        except InputError as error:
            raise UnreadableFile(f"{path}: {error}; {_AGAIN}") from None
        calibration = Calibration(*document["calibration"])
    return Fitted(learned, network, saved.position, calibration)


def _check_finite(path: Path, arrays: Iterable[Any]) -> None:
    """**Raises** `InputError` if a number is not finite."""
    if not all(np.isfinite(array).all() for array in arrays):
        raise UnreadableFile(f"{path}: found numbers that are not finite; {_AGAIN}")


def _plain_dtype(name: str) -> np.dtype:
    dtype = np.dtype(name)
    if dtype.kind not in "fiu":
        raise TypeError(f"{name} is no type of numbers")
    return dtype


def _network(described: ParsedObject, columns: dict[str, np.ndarray]) -> SignedNetwork:
    """The training network, and the directed ratings behind it."""

    def network(prefix: str, directed: bool) -> SignedNetwork:
        return SignedNetwork(
            names=tuple(described["names"]),
            directed=directed,
            name=described["name"],
            content_hash=described["content_hash"],
            source=columns[prefix + "source"],
            target=columns[prefix + "target"],
            sign=columns[prefix + "sign"],
            rating=columns.get(prefix + "rating"),
            time=columns.get(prefix + "time"),
            unknown=columns[prefix + "unknown"],
        )

    ratings = network(DIRECTED, True) if f"{DIRECTED}source" in columns else None
    return dataclasses.replace(
        network("", described["directed"]),
        directed_ratings=ratings,
        forecast=bool(described.get("forecast")),
    )


def load_learned(folder: str | Path) -> Learned:
    """What `save_learned` or `save_fitted` wrote. Raises `InputError` naming the file."""
    law = load(folder)
    path = _file(folder, "learned")
    document = read_document(path)
    with described(path, "an embedding", _AGAIN):
        settings = Preset.from_settings(document["settings"])
        # Runs saved before springs were judged have none.
        springs = document.get("springs")
        # Those saved before their settings were kept had today's defaults.
        chosen = FitSettings.model_validate_json(json.dumps(document.get("fit_settings", {})))
        decoder, typical = document["decoder"], document["typical"]
        like = build_sized(
            path,
            [decoder, typical],
            lambda: Reader(
                Ensemble.untrained(**decoder, key=jax.random.key(0)),
                ReferenceInputs.empty(*typical),
            ),
        )
        saved, _ = load_arrays(path, like)
        check_features(path, settings, chosen, document)
        # Thresholds of trees may be infinite.
        if any(np.isnan(leaf).any() for leaf in jax.tree.leaves(eqx.filter(saved, eqx.is_array))):
            raise UnreadableFile(f"{path}: found numbers that are not finite; {_AGAIN}")
        return Learned(
            law=law,
            ensemble=saved.ensemble,
            settings=settings,
            dim=document["dim"],
            seed=document["seed"],
            directed=document["directed"],
            timed=bool(document.get("timed")),
            forecast=bool(document.get("forecast")),
            threshold=document["threshold"],
            prior=document["prior"],
            reference_inputs=saved.typical,
            trained_on=tuple((name, content) for name, content in document["trained_on"]),
            springs=None if springs is None else Springs.from_json(springs),
            fit_settings=chosen,
        )


def check_features(
    path: Path, settings: Preset, chosen: FitSettings, document: ParsedObject
) -> None:
    """**Raises** `InputError` if law or decoder were fitted on other columns than today's."""
    directed, timed, forecast = (
        bool(document.get(name)) for name in ("directed", "timed", "forecast")
    )
    decoder, edge = column_counts(directed, timed, forecast, chosen.forces.views)
    decoder = decoder if settings.features else 1
    for what, found, expected in (
        ("a decoder", document["decoder"]["features"], decoder),
        ("a law", document["typical"][0], edge),
    ):
        if found != expected:
            raise UnreadableFile(
                f"{path}: found {what} of {found} features, expected {expected}: it was saved by "
                "another version of forcelaw; fit again"
            )


def column_counts(
    directed: bool, timed: bool, forecast: bool, settings: ViewSettings
) -> tuple[int, int]:
    """How many columns a decoder and a law see, counted on the smallest network."""
    ones = np.array([1.0, -1.0, 1.0])
    smallest = SignedNetwork.from_edges(
        ["a", "b", "c"], ["b", "c", "a"], ones, ones if timed else None, directed=directed
    )
    smallest = dataclasses.replace(smallest, forecast=forecast)
    decoder = GEOMETRY + len(Featurizer.fit(smallest, settings.features).names)
    return decoder, whole_view(smallest, settings)[1].edge.shape[1]


def _file(folder: str | Path, name: str) -> Path:
    return Path(folder) / "model" / f"{name}.safetensors"
