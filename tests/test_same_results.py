"""The same seed finds the same: keys and values of two small results, one of each application.

What is compared with was written by the first release, whose documents had no `schema`. Run as a
program, this file writes it anew, which only a deliberate change of what is found can justify.
"""

import dataclasses
import json
import time
from pathlib import Path

import pytest

from forcelaw import particles, signed
from forcelaw.distill import LibrarySearch
from forcelaw.signed.forces import PRESETS
from forcelaw.training import Stage

RECORD = Path(__file__).with_name("same_results.json")
MEASURED = ("seconds", "peak_memory_mb")
"""What no seed decides: their keys are compared, their values are not."""
TRAINED = (".baselines.network.", ".curves.", ".r2.")
"""What a trained network says: training grows the rounding of a processor's instructions, to 6 %
on one other than that which wrote the record."""
RENAMED = {"; self: ": "; one-body: "}
"""Words of the first release in texts that are read by people, and what they are now."""
SHOWN = 6
"""Values that stand for a long list."""


def digest(value):
    """Small enough to keep: of a long list its length, and values from all over it."""
    if isinstance(value, dict):
        return {key: digest(inner) for key, inner in value.items()}
    if isinstance(value, list) and len(value) > 2 * SHOWN:
        step = -(-len(value) // SHOWN)
        return {"length": len(value), "some": [digest(inner) for inner in value[::step]]}
    if isinstance(value, list):
        return [digest(inner) for inner in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def unmeasured(document):
    """Without what a clock or the system says."""
    kept = {key: value for key, value in document.items() if key not in MEASURED}
    phases = sorted(document["seconds"])
    keys = sorted(key for key in document if key != "schema")
    return {**kept, "seconds": phases, "keys": keys}


def discovered(data):
    found = particles.discover(
        data,
        seed=0,
        stages=(Stage(epochs=4, learning_rate=1e-2),),
        batch=64,
        hidden=(16, 16),
        searchers=(LibrarySearch(),),
    )
    return found.to_json()


def discovery():
    return discovered(
        particles.simulate("charge", bodies=3, dim=2, trajectories=16, steps=30, dt=0.02, seed=0)
    )


def discovery_from_noisy_positions():
    data = particles.simulate(
        "spring", bodies=2, dim=2, trajectories=12, steps=30, dt=0.02, noise=0.02, seed=0
    )
    return discovered(data)


def evaluation():
    network = signed.synthetic(60, degree=10.0, noise=0.05, seed=0)
    quick = dataclasses.replace(
        PRESETS["default"],
        stages=(Stage(2, 8, 0.1, 1.7, 0.02),),
        steps=8,
        dt=0.1,
        folds=3,
        starts=1,
        trainings=2,
        choices=2,
    )
    document = signed.evaluate(network, "pairs", seeds=2, preset=quick, dim=4).to_json()
    # The law that ships was scored later.
    for scored in (document, document["reliability"], document["seconds"]):
        assert isinstance(scored, dict)
        del scored["default"]
    return document


JOBS = {
    "discovery": discovery,
    "discovery_from_noisy_positions": discovery_from_noisy_positions,
    "evaluation": evaluation,
}


def same(found, expected, place=""):
    """Numbers within a thousandth, a trained network's within 15 %, all else exactly."""
    if isinstance(expected, dict):
        assert set(found) == set(expected), place
        for key, value in expected.items():
            same(found[key], value, f"{place}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), place
        for index, value in enumerate(expected):
            same(found[index], value, f"{place}[{index}]")
    elif isinstance(expected, float):
        trained = any(part in f"{place}." for part in TRAINED)
        # A share may be near 0, where a ratio says nothing.
        share = trained and place.endswith(".explained")
        near = pytest.approx(expected, rel=0.15 if trained else 1e-3, abs=0.05 if share else 1e-6)
        assert found == near, place
    elif place.endswith(".tried"):
        # Rounding decides whether a fit that changes nothing is followed by another.
        assert found == pytest.approx(expected, rel=0.02), place
    elif isinstance(expected, str):
        for former, now in RENAMED.items():
            expected = expected.replace(former, now)
        assert found == expected, place
    else:
        assert type(found) is type(expected) and found == expected, place


@pytest.mark.slow
@pytest.mark.parametrize("job", ["discovery", "evaluation", "discovery_from_noisy_positions"])
@pytest.mark.usefixtures("optimised")
def test_the_same_seed_finds_what_the_first_release_found(job):
    found = json.loads(json.dumps(digest(unmeasured(JOBS[job]())), allow_nan=False))
    assert found.pop("schema") == 1
    # What reports play was added later.
    for drawn in ("motion", "compared"):
        found.get("curves", {}).pop(drawn, None)
    same(found, json.loads(RECORD.read_text("utf-8"))[job])


if __name__ == "__main__":
    written = {}
    for name, job in JOBS.items():
        began = time.perf_counter()
        written[name] = digest(unmeasured(job()))
        print(name, time.perf_counter() - began)
    RECORD.write_text(json.dumps(written, indent=1, allow_nan=False) + "\n", "utf-8")
