"""A found law on disk, exactly, and what was recorded where a rollout may begin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from forcelaw.documents import ParsedObject, described, read_json
from forcelaw.laws import Expression
from forcelaw.particles.data import Recordings
from forcelaw.particles.kernels import Coupling, OneBody, PairTerm
from forcelaw.particles.matter.force_law import (
    ForceLaw,
    KernelCurve,
    Measured,
    OneBodyForce,
    PairForce,
    ShapedForce,
)
from forcelaw.particles.matter.rollouts.starts import Start
from forcelaw.particles.shaped_terms import read_term, write_term
from forcelaw.storage import atomic_write, plain

LAW_FILE = "matter.json"
"""The file of a run that holds the law of recordings."""
_STARTS = 8
"""Recordings whose starts are kept, at most."""


def write_law(folder: Path, law: ForceLaw, data: Recordings) -> None:
    """Writes the law and the starts of some recordings into the folder of a run."""
    import json

    document = {
        "law": law_to_json(law),
        "starts": [Start.of(part, law.order).to_json() for part in data.parts[:_STARTS]],
    }
    atomic_write(folder / LAW_FILE, json.dumps(document, allow_nan=False).encode())


def read_law(folder: Path) -> tuple[ForceLaw, tuple[Start, ...]]:
    """What `write_law` wrote.

    **Raises** `InputError` naming the file where it is damaged.
    """
    path = folder / LAW_FILE
    document = read_json(path)
    with described(path, "a law of recordings", "restore it, or run again with --force"):
        law = law_from_json(document["law"])
        return law, tuple(Start.from_json(start) for start in document["starts"])


def law_to_json(law: ForceLaw) -> ParsedObject:
    """All of it, constants to the last digit."""
    return {
        "order": law.order,
        "kinds": list(law.kinds),
        "pairs": [
            {
                "receiver": force.receiver,
                "sender": force.sender,
                "term": force.term.key,
                "coupling": [list(force.coupling.receiver), list(force.coupling.sender)],
                "formula": force.formula.text(None),
                "reach": force.reach,
                "curve": plain(force.curve),
                "others": list(force.others),
                "bonded": force.bonded,
                "errors": plain(force.errors),
                "answer": force.answer,
            }
            for force in law.pairs
        ],
        "one_body": [
            {
                "receiver": one.receiver,
                "kind": one.term.kind,
                "axis": one.term.axis,
                "attribute": one.term.attribute,
                "frequency": one.term.frequency,
                "factor": plain(one.factor),
            }
            for one in law.one_body
        ],
        "diffusions": plain(law.diffusions),
        "temperatures": plain(law.temperatures),
        "rotational_diffusions": plain(law.rotational_diffusions),
        "shaped": [
            {
                "receiver": one.receiver,
                "term": write_term(one.term),
                "factor": plain(one.factor),
                "errors": plain(one.errors),
            }
            for one in law.shaped
        ],
    }


def law_from_json(document: ParsedObject) -> ForceLaw:
    """What `law_to_json` wrote."""
    terms = {kind.key: kind for kind in PairTerm.__subclasses__()}
    return ForceLaw(
        int(document["order"]),
        tuple(map(str, document["kinds"])),
        tuple(
            PairForce(
                str(force["receiver"]),
                str(force["sender"]),
                terms[force["term"]](),
                Coupling(*(tuple(map(str, names)) for names in force["coupling"])),
                Expression.parse(force["formula"], variables=("r",)),
                float(force["reach"]),
                _curve(force["curve"]),
                tuple(map(str, force["others"])),
                bool(force["bonded"]),
                tuple(float("nan") if e is None else float(e) for e in force["errors"]),
                "curve" if force["answer"] == "curve" else "formula",
            )
            for force in document["pairs"]
        ),
        tuple(
            OneBodyForce(
                str(one["receiver"]),
                OneBody(
                    one["kind"],
                    int(one["axis"]),
                    str(one["attribute"]),
                    float(one.get("frequency", 0)),
                ),
                _measured(one["factor"]),
            )
            for one in document["one_body"]
        ),
        diffusions=_of_kinds(document["diffusions"]),
        temperatures=_of_kinds(document["temperatures"]),
        rotational_diffusions=_of_kinds(document["rotational_diffusions"]),
        shaped=tuple(
            ShapedForce(
                str(one["receiver"]),
                read_term(one["term"]),
                _measured(one["factor"]),
                tuple(float("nan") if e is None else float(e) for e in one["errors"]),
            )
            for one in document.get("shaped", ())
        ),
    )


def _of_kinds(document: list[ParsedObject | None]) -> tuple[Measured | None, ...]:
    return tuple(map(_perhaps, document))


def _perhaps(document: ParsedObject | None) -> Measured | None:
    return None if document is None else _measured(document)


def _measured(document: ParsedObject) -> Measured:
    error = document["error"]
    return Measured(float(document["value"]), float("nan") if error is None else float(error))


def _curve(document: dict[str, Any]) -> KernelCurve:
    r, force, low, high = (
        np.asarray(document[name], float) for name in ("r", "force", "low", "high")
    )
    return KernelCurve(r, force, low, high)
