"""Where data comes from, a built-in name or a file, and the settings of what reads it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

from forcelaw.cli.session import Session
from forcelaw.documents import JsonObject
from forcelaw.errors import InputError, suggest
from forcelaw.particles.io.endings import READ
from forcelaw.particles.settings import SIMULATION, ParticlesSettings, StageSettings
from forcelaw.signed.settings import ReadingSettings, SignedSettings
from forcelaw.storage.hashes import folder_hash

if TYPE_CHECKING:
    from forcelaw.signed import SignedNetwork, Split, SpringEmbedding

_LOOKS_LIKE_FILE = (
    *READ,
    *(".txt", ".edges"),
    *(".net", ".gml", ".graphml", ".mtx", ".json", ".jsonl"),
    *(".gz", ".bz2", ".xz", ".zip", ".tar"),
)


def source_kind(source: str, known: Iterable[str], what: str) -> str:
    """Either "name", for a built-in name, or "file", for an existing file.

    **Raises** `InputError`: neither; the message suggests the nearest name.
    """
    known = list(known)
    if source in known:
        return "name"
    if Path(source).is_file():
        return "file"
    if Path(source).is_dir():
        raise InputError(f"{source}: found a folder, expected a file or {what}")
    if source.endswith(_LOOKS_LIKE_FILE):
        raise InputError(f"{source}: no such file; expected a file or {what}")
    raise InputError(f"{source}: expected {what} or a file; {suggest(source, known)}")


class _Reading(TypedDict):
    """Arguments of `signed.read` and `signed.read_split`; None where the file decides."""

    scale: tuple[float, float] | None
    directed: bool | None
    bipartite: bool | None


def _arguments(reading: ReadingSettings) -> _Reading:
    return {
        "scale": None if reading.scale is None else (reading.scale[0], reading.scale[1]),
        "directed": False if reading.undirected else None,
        "bipartite": True if reading.bipartite else None,
    }


def signed_network(session: Session, source: str, reading: ReadingSettings) -> SignedNetwork:
    """The built-in dataset, downloaded where need be, or the file of that name."""
    from forcelaw import signed

    if source_kind(source, signed.DATASETS, "a dataset") == "file":
        return signed.read(source, **_arguments(reading))
    for name, value in reading:
        if value:
            raise InputError(f"--{name}: found a dataset, {source}, expected a file; leave it out")
    return signed.dataset(source, note=session.note)


def asked_pairs(
    pairs: Path, run: str, source: str | None, reading: ReadingSettings
) -> list[tuple[str, str]]:
    """The pairs of a file, named as the network of the run or the other one names its nodes."""
    from forcelaw import signed
    from forcelaw.signed.evaluation.finished_fits import keeps_apart

    apart = reading.bipartite or (source is None and keeps_apart(run))
    return signed.read_pairs(pairs, bipartite=apart)


def fitted_model(
    session: Session, run: str, source: str | None, reading: ReadingSettings
) -> SpringEmbedding:
    """Of a run on its own network, or moved to another one."""
    from forcelaw import signed

    if source is None:
        return signed.SpringEmbedding.load(run)
    return signed.apply(run, signed_network(session, source, reading))


def signed_source(
    session: Session, source: str, reading: ReadingSettings
) -> tuple[SignedNetwork, Split | None]:
    """The network of a dataset or file; of a folder of parts the training part and the parts."""
    from forcelaw import signed

    if source in signed.DATASETS or not Path(source).is_dir():
        return signed_network(session, source, reading), None
    if not (Path(source) / "train.csv").is_file():
        raise InputError(
            f"{source}: found a folder without train.csv, expected a file, a dataset or a folder "
            "with train.csv and test.csv; check the path"
        )
    parts = signed.read_split(source, **_arguments(reading))
    return parts.train, parts


@contextmanager
def named_as_given(network: SignedNetwork, source: str) -> Iterator[None]:
    """Errors about the network name the file as the user typed it."""
    try:
        yield
    except InputError as error:
        name = f"{network.name}: "
        if not str(error).startswith(name):
            raise
        raise InputError(f"{source}: {str(error).removeprefix(name)}") from None


def ask_source() -> str:
    """Asks the user of a terminal for a dataset.

    **Raises** `InputError`: there is no terminal to ask in.
    """
    import sys

    from forcelaw.signed import DATASETS

    if not sys.stdin.isatty():
        names = ", ".join(DATASETS)
        raise InputError(f"found no SOURCE, expected a file or one of {names}; name one")
    from rich.console import Console
    from rich.prompt import Prompt

    console = Console(stderr=True)
    return Prompt.ask("Which dataset", choices=list(DATASETS), console=console)


def particles_settings(
    session: Session,
    source: str,
    options: Mapping[str, object],
    simulation: Mapping[str, object],
    also: Sequence[str] = (),
) -> ParticlesSettings:
    """The settings of a command: defaults of source and model, then the user's; `also` more files.

    **Raises** `InputError`: an unknown source or setting, or simulation options for what is not
    simulated.
    """
    from forcelaw.particles import LAWS
    from forcelaw.particles.io import hash_files
    from forcelaw.particles.learning import BATCH, STAGES, network_arguments

    known, every = [*LAWS, "solar"], (source, *also)
    named = [one for one in every if source_kind(one, known, "a built-in law") == "name"]
    if named and also:
        raise InputError(f"{named[0]}: found beside other sources, expected files; leave it out")
    simulated = bool(named) and source != "solar"
    wanted = [name for name, value in simulation.items() if value is not None]
    if wanted and not simulated:
        raise InputError(
            f"--{wanted[0]}: found it beside {source}, expected it only with a built-in law; "
            "leave it out"
        )
    nested = {f"simulation.{name}": value for name, value in simulation.items()}
    asked = session.given("particles", {**options, **nested})
    if asked.get("simulation", None) and not simulated:
        raise InputError(
            f"{asked.place('simulation')}: found it beside {source}, expected it only with a "
            "built-in law; leave it out"
        )
    model = asked.get("model", "pair")
    if model not in STAGES:
        raise InputError(
            f"{asked.place('model')}: found {model!r}, expected {', '.join(STAGES)}; "
            f"{suggest(str(model), STAGES)}"
        )
    stages = [dataclasses.asdict(stage) for stage in STAGES[model]]
    defaults: JsonObject = {
        "simulation": SIMULATION.model_dump() if simulated else None,
        "batch": BATCH[model],
        "stages": [{key: stage[key] for key in StageSettings.model_fields} for stage in stages],
        # The Sun outweighs the Earth's pull on the Moon 300,000 times: float32 has no digits left.
        "precision": 64 if source == "solar" else 32,
    }
    facts = {"source": source, "also": [*also], "content_hash": "" if named else hash_files(*every)}
    settings = asked.resolve(ParticlesSettings, defaults, facts)
    network_arguments(
        settings.model, settings.network, place=lambda name: asked.place(f"network.{name}")
    )
    return settings


def signed_settings(
    session: Session,
    network: SignedNetwork,
    options: Mapping[str, object],
    *,
    parts: Split | None = None,
    folder: str = "",
) -> SignedSettings:
    """The settings of a command: the preset's, then the file's, the options', and --set's.

    **Arguments:** `parts` the split that was read from `folder`, whose protocol is not to choose.
    """
    from forcelaw.signed import PRESETS
    from forcelaw.signed.evaluation.runs import model_settings

    asked = session.given("signed", options)
    preset = asked.get("preset", "default")
    if preset not in PRESETS:
        raise InputError(
            f"{asked.place('preset')}: found {preset!r}, expected {', '.join(PRESETS)}; "
            f"{suggest(str(preset), PRESETS)}"
        )
    facts = {"source": network.name, "content_hash": network.content_hash}
    defaults: JsonObject = {"model": model_settings(preset).model_dump()}
    if parts is not None:
        held = {"protocol": parts.protocol, "transductive": parts.transductive, "validation": 0.0}
        # The settings of an earlier run on these parts say what the parts say.
        chosen = next((n for n, own in held.items() if asked.get(n, own) not in (own, None)), "")
        if chosen:
            raise InputError(
                f"{asked.place(chosen)}: found it beside the parts in {folder}, expected none: "
                "what is held back is given; leave it out"
            )
        facts["content_hash"] = folder_hash(folder)
        defaults |= {"protocol": parts.protocol, "transductive": parts.transductive}
    return asked.resolve(SignedSettings, defaults, facts)
