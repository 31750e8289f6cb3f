"""Verdicts on laws outside the searched forms, and on the built-in laws with noise.

    python benchmarks/particles/verdicts.py            # all tables, about an hour of one core
    python benchmarks/particles/verdicts.py sine dlvo  # some worlds

Writes benchmarks/results/particles/verdicts.md. The worlds are those of the tests; networks are
trained briefly, since the formulas come from regression. The built-in laws are judged as they are,
and found from the same data: nothing may be said against them.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE.parent / "tests" / "particles"))
SIZES = {
    "judged": {"trajectories": 300, "steps": 200},
    "found": {"trajectories": 100, "steps": 100},
}
LAWS = ("spring", "1/r", "1/r2", "charge", "damped", "discontinuous")


def quick():
    from forcelaw.distill import LibrarySearch
    from forcelaw.training import Stage

    return {
        "stages": (Stage(epochs=3, learning_rate=1e-2),),
        "batch": 64,
        "hidden": (16, 16),
        "searchers": (LibrarySearch(),),
    }


def outside(names):
    from worlds import OUTSIDE

    from forcelaw.particles import discover

    for name in names or OUTSIDE:
        began = time.process_time()
        found = discover(OUTSIDE[name](), **quick())
        text = found.formula.text().replace("\n", "; ")
        causes = ", ".join(found.causes) or "-"
        spent = time.process_time() - began
        yield (
            f"| {name} | `{text[:70]}` | {found.verdict} | {found.explained:.3f} "
            f"| {found.document['curve']['explained']:.3f} | {causes} | {spent:.0f} |"
        )


def inside():
    from forcelaw import particles
    from forcelaw.particles.data import Split
    from forcelaw.particles.diagnosis import pronounce
    from forcelaw.particles.learning import parts
    from forcelaw.particles.preparation import own_units

    def judged(law, dim, data):
        split = parts(data, 0)
        units = own_units(split.train)
        split = Split(*(part.rescaled(units) for part in split))
        return pronounce(particles.LAWS[law].formula(dim=dim).rescaled(units), split)

    def found(law, dim, data):
        return particles.discover(data, **quick())

    yield from _rows("judged", judged)
    yield from _rows("found", found)


def _rows(how, say):
    from forcelaw.particles import simulate

    for law in LAWS:
        for dim in (2, 3):
            cells = []
            for noise in (0.0, 0.001, 0.01):
                data = simulate(law, dim=dim, **SIZES[how], noise=noise)
                answer = say(law, dim, data)
                said = ", ".join(answer.causes)
                cell = f"{answer.verdict}{f' ({said})' if said else ''}"
                if how == "found" and answer.verdict != "law":
                    cell += f": `{answer.formula.text()}`".replace("\n", "; ")
                cells.append(cell)
            yield f"| {law} | {dim} | {how} | {' | '.join(cells)} |"


def main() -> None:
    warnings.simplefilter("ignore")
    lines = [
        "# Verdicts",
        "",
        "Worlds outside the searched forms (`benchmarks/particles/verdicts.py`): the formula",
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
            "The six built-in laws, 4 bodies: the true formula judged on 300 trajectories of 200",
            "steps, and the formula found from 100 of 100 (shown where it is not called law):",
            "",
            "| law | dimensions | formula | no noise | 0.1 % | 1 % |",
            "|---|---|---|---|---|---|",
        ]
        for row in inside():
            print(row, flush=True)
            lines.append(row)
        (HERE / "results" / "particles" / "verdicts.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
