"""Everything that reads a file, each as a function of a folder that holds the input."""

import dataclasses
import hashlib
import io
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

CORPUS = Path(__file__).parent / "corpus"
Files = dict[str, bytes]


@dataclasses.dataclass(frozen=True)
class Reader:
    """One reader, the valid inputs that are damaged for it, and its share of all inputs.

    `read` gets the folder, the names of the files in it, and a source of chance for its options;
    `mend` puts checksums right that would otherwise end every reading early.
    """

    name: str
    corpora: tuple[str, ...]
    read: Callable[[Path, list[str], Random], object]
    share: float
    mend: Callable[[Files], Files] = lambda files: files


def inputs(reader: Reader) -> list[Files]:
    """The valid inputs of a reader: files by name."""
    found = []
    for corpus in reader.corpora:
        for entry in sorted((CORPUS / corpus).iterdir()):
            files = sorted(entry.rglob("*")) if entry.is_dir() else [entry]
            base = entry if entry.is_dir() else entry.parent
            found.append(
                {str(file.relative_to(base)): file.read_bytes() for file in files if file.is_file()}
            )
    return found


def _network(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw import signed

    scale = draw.choice((None, None, None, (-10, 10), (1, 5)))
    return signed.read(folder / names[0], scale=scale)


def _as(kind: str):
    def read(folder: Path, names: list[str], draw: Random) -> object:
        from forcelaw import signed

        return signed.read(folder / names[0], format=draw.choice(("auto", kind)))

    return read


def _pairs(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw.signed.evaluation.predictions import read_pairs

    return read_pairs(folder / names[0])


def _motion(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw import particles

    return particles.read(folder / names[0])


def _law(folder: Path, names: list[str], draw: Random) -> object:
    import forcelaw

    return forcelaw.load(folder).settings()


def _formula(folder: Path, names: list[str], draw: Random) -> object:
    import numpy as np

    from forcelaw.laws import Formula

    text = (folder / names[0]).read_text("utf-8", errors="replace")
    pair, _, own = text.partition("\n")
    law = Formula.parse(pair, own.strip() or None)
    texts = [law.text(), law.text(None), law.latex(), law.python()]
    Formula.parse(law.pair.text(None))
    values = {name: np.linspace(0.1, 2, 5) for name in law.pair.variables}
    law.pair.at(values)
    if draw.random() < 0.3:
        texts.append(str(law.sympy()))
    return texts


def _results(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw.report import page, read_runs
    from forcelaw.storage import read_run

    run = read_run(folder)
    run.metrics()
    _shown(run)
    return page(read_runs(folder))


def _shown(run: Any) -> None:
    """What the command line prints of a run."""
    from forcelaw.cli.streams import PlainConsole
    from forcelaw.report import kept_formulas, particles_text, read_back, signed_text

    document, console = read_back(run), PlainConsole(file=io.StringIO(), width=200)
    if document is None:
        return
    if document["kind"] == "particles":
        particles_text.show_particles(console, document, run.folder)
        return
    signed_text.show_fit(console, document, run.folder)
    signed_text.show_scores(console, document)
    found = kept_formulas(run)
    if found is not None:
        curve = {"x": [0.0, 1.0], "series": {"friend": [1.0, 0.0]}}
        signed_text.show_force(console, curve, {**found, "springs": document.get("springs")})


def _metrics(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw.report import read_runs
    from forcelaw.storage import open_run, read_run

    if draw.random() < 0.5:
        return read_runs(folder)
    run = read_run(folder)
    run.metrics()
    with open_run(folder, run.config) as run:
        run.forget_metrics("epoch", 2)
        return run.metrics()


def _split(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw import signed

    return signed.read_split(folder)


def _settings(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw.particles.settings import ParticlesSettings
    from forcelaw.signed.settings import SignedSettings
    from forcelaw.storage import read_run
    from forcelaw.storage.given_settings import Given

    read_run(folder)
    given = Given(file=folder / "config.yaml", options={"seed": 1}, assignments=None)
    kind = SignedSettings if b"content_hash" in (folder / "config.yaml").read_bytes() else None
    return given.resolve(kind or ParticlesSettings, {})


def _assignment(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw.particles.settings import ParticlesSettings
    from forcelaw.storage.given_settings import Given

    texts = (folder / names[0]).read_text("utf-8", errors="replace").split("\n")
    stages = [{"epochs": 1, "learning_rate": 0.1}]
    defaults = {"source": "spring", "batch": 4, "stages": stages}
    return Given(assignments=texts[:3]).resolve(ParticlesSettings, defaults)


def _checkpoint(folder: Path, names: list[str], draw: Random) -> object:
    import jax.numpy as jnp
    import optax

    from forcelaw.laws import Spring
    from forcelaw.training.checkpoint import Checkpoint, restore
    from forcelaw.training.update import start

    model = Spring()
    like = Checkpoint(start(model, optax.scale_by_adam()), model, jnp.asarray(jnp.inf))
    stages = json.loads((CORPUS / "stages.json").read_text())
    return restore(folder / names[0], like, stages)


def _embedding(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw.signed import SpringEmbedding

    return SpringEmbedding.load(folder).get_params()


def _catalogue(folder: Path, names: list[str], draw: Random) -> object:
    from forcelaw.signed.io import fetch

    os.environ["FORCELAW_DATA"] = str(folder)
    name = "wiki-rfa" if any("wiki" in file for file in names) else "tribes"
    return fetch(name)


def _mended(manifest: str, key: str) -> Callable[[Files], Files]:
    """Puts the checksums in a manifest right."""

    def mend(files: Files) -> Files:
        try:
            told = json.loads(files[manifest])
            if isinstance(told[key], str):
                told[key] = _sha256(files, "law.safetensors")
            else:
                told[key] = {name: _sha256(files, name) for name in told[key] if name in files}
            return files | {manifest: json.dumps(told).encode()}
        except (ValueError, KeyError, TypeError, RecursionError):
            return files

    return mend


def _sha256(files: Mapping[str, bytes], name: str) -> str:
    return hashlib.sha256(files[name]).hexdigest()


_LAW = _mended("law.json", "sha256")
_ALL = (
    Reader("edges", ("edges",), _network, 16),
    Reader("konect", ("konect",), _as("konect"), 8),
    Reader("congress", ("congress",), _as("congress"), 8),
    Reader("wiki-rfa", ("wiki",), _as("wiki-rfa"), 8),
    Reader("networks", ("networks",), _network, 6),
    Reader("packed", ("packed",), _network, 6),
    Reader("pairs", ("pairs",), _pairs, 6),
    Reader("trajectories csv", ("csv",), _motion, 6),
    Reader("trajectories npz", ("npz",), _motion, 6),
    Reader("recordings", ("dumps",), _motion, 6),
    Reader("laws", ("law",), _law, 3, _LAW),
    Reader("formulas", ("formula",), _formula, 8),
    Reader("results", ("run",), _results, 6),
    Reader("metrics", ("run",), _metrics, 6),
    Reader("splits", ("split",), _split, 4, _mended("split.json", "sha256")),
    Reader("settings", ("config",), _settings, 6),
    Reader("assignments", ("assignment",), _assignment, 6),
    Reader("checkpoints", ("checkpoint",), _checkpoint, 3),
    Reader("embeddings", ("embedding",), _embedding, 0.3, _LAW),
    Reader("catalogue", ("catalogue",), _catalogue, 4),
)
READERS = {reader.name: reader for reader in _ALL}
# Which files of an input are damaged where not all of them are what the reader is about.
ABOUT = {"results": "results.json", "metrics": "metrics.jsonl"}
