"""Verdicts on laws outside the searched forms, and on the built-in laws with noise.

    python benchmarks/particles_verdicts.py            # both tables, about 40 minutes of one core
    python benchmarks/particles_verdicts.py sine dlvo  # some worlds

Writes benchmarks/results/particles_verdicts.md. The worlds are those of the tests; their networks
are trained briefly, since the formulas come from regression. The built-in laws are judged as they
are: nothing may be said against them.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests" / "particles"))
LAWS = ("spring", "1/r", "1/r2", "charge", "damped", "discontinuous")


def outside(names):
    from worlds import OUTSIDE

    from forcelaw.distill import LibrarySearch
    from forcelaw.particles import discover
    from forcelaw.training import Stage

    quick = {
        "stages": (Stage(epochs=3, learning_rate=1e-2),),
        "batch": 64,
        "hidden": (16, 16),
        "searchers": (LibrarySearch(),),
    }
    for name in names or OUTSIDE:
        began = time.process_time()
        found = discover(OUTSIDE[name](), **quick)
        text = found.formula.text().replace("\n", "; ")
        causes = ", ".join(found.causes) or "-"
        spent = time.process_time() - began
        yield (
            f"| {name} | `{text[:70]}` | {found.verdict} | {found.explained:.3f} "
            f"| {found.document['curve']['explained']:.3f} | {causes} | {spent:.0f} |"
        )


def inside():
    from forcelaw import particles
    from forcelaw.particles import simulate
    from forcelaw.particles._fit import parts
    from forcelaw.particles._scales import own_units
    from forcelaw.particles._trajectories import Split
    from forcelaw.particles._verdict import pronounce

    for law in LAWS:
        for dim in (2, 3):
            cells = []
            for noise in (0.0, 0.001, 0.01):
                split = parts(simulate(law, dim=dim, trajectories=300, steps=200, noise=noise), 0)
                units = own_units(split.train)
                split = Split(*(part.rescaled(units) for part in split))
                formula = particles.LAWS[law].formula(dim=dim).rescaled(units)
                found = pronounce(formula, split)
                said = ", ".join(found.causes)
                cells.append(f"{found.verdict}{f' ({said})' if said else ''}")
            yield f"| {law} | {dim} | {' | '.join(cells)} |"


def main() -> None:
    warnings.simplefilter("ignore")
    lines = [
        "# Verdicts",
        "",
        "Worlds outside the searched forms (`benchmarks/particles_verdicts.py`): the formula",
        "found, the verdict on it, R² of the formula and of the force curve, likely causes, and",
        "processor seconds.",
        "",
        "| world | formula | verdict | R² | R² curve | causes | CPU s |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in outside(sys.argv[1:]):
        print(row, flush=True)
        lines.append(row)
    if not sys.argv[1:]:
        lines += [
            "",
            "The six built-in laws, 4 bodies, 300 trajectories of 200 steps, judged as they are:",
            "",
            "| law | dimensions | no noise | 0.1 % | 1 % |",
            "|---|---|---|---|---|",
        ]
        for row in inside():
            print(row, flush=True)
            lines.append(row)
        (HERE / "results" / "particles_verdicts.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
