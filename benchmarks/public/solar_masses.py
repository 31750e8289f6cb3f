"""Masses of the solar system and the power of gravity, from motion in which no mass is given.

python -m benchmarks run public/solar_masses
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from benchmarks.harness import Case, Record, table
from forcelaw.particles import discover, infer_masses
from forcelaw.particles.systems.solar_system import GM, solar

SMOKE = ["--years", "4"]


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--years", nargs="+", type=float, default=[20.0])


def cases(options: argparse.Namespace) -> Iterator[Case]:
    for years in options.years:
        yield Case({"years": years})


def measure(case: Case, options: argparse.Namespace) -> dict[str, Any]:
    """Relative errors of all masses, and the law with these."""
    del options
    weighed = infer_masses(solar(years=case.arguments["years"]))
    mass = weighed.attributes["mass"].mean(axis=0)
    errors = {
        name: float(abs(mass[place] / GM[name] - 1)) for place, name in enumerate(weighed.bodies)
    }
    found = discover(weighed)
    text = found.formula.pair.text(8)
    return {"errors": errors, "law": text, "verdict": found.verdict, "notes": list(found.notes)}


def figures(records: Sequence[Record]) -> dict[str, str]:
    names = list(records[0].figures["errors"]) if records else []
    rows = [
        [name, *(f"{record.figures['errors'][name]:.0e}" for record in records)] for name in names
    ]
    laws = ["law", *(f"`{record.figures['law']}`" for record in records)]
    head = " | ".join(["body", *(f"{record.arguments['years']:g} years" for record in records)])
    return {"table": table(head, [*rows, laws])}
