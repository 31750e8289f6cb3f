"""`forcelaw particles discover` of pairs of states: from a file to the law."""

import json

import numpy as np
import pytest

from forcelaw.particles.pairs_of_states.forces.forms_of_forces import FORMS_TRIED


@pytest.fixture
def source(tmp_path):
    """Two bodies on a spring, and where they are a unit of time later."""
    rng = np.random.default_rng(0)
    start, velocity = 2 * rng.normal(size=(40, 2, 2)), rng.normal(size=(40, 2, 2))
    apart, moving = start[:, 1] - start[:, 0], velocity[:, 1] - velocity[:, 0]
    later = apart * np.cos(2) + moving * np.sin(2) / 2
    middle = (start + velocity).mean(axis=1)
    end = middle[:, None] + later[:, None] * np.array([-0.5, 0.5])[:, None]
    np.savez(tmp_path / "pairs.npz", position=start, velocity=velocity, end=end, stretch=1.0)
    return tmp_path / "pairs.npz"


def test_a_law_is_found_from_a_file_of_pairs(source, forcelaw, tmp_path, monkeypatch):
    for name in set(FORMS_TRIED) - {"spring"}:
        monkeypatch.delitem(FORMS_TRIED, name)
    options = ("particles", "discover", source, "--out", tmp_path / "run")
    done = forcelaw(*options, "--json")
    assert done.code == 0, done.err
    assert "40 pairs of states of 2 bodies in 2 dimensions" in done.err
    document = done.document
    assert document["verdict"] == "law" and document["formula"]["pair"].startswith("2*")
    assert document["trajectories"] == 40 and document["model"] is None
    shown = forcelaw(*options).out
    assert "of displacements over the whole stretch" in shown
    assert "motion was followed in" in shown
    page = (tmp_path / "run" / "report.html").read_text("utf-8")
    for words in ("Force against distance", "pairs of states", "usual miss", "Predicted against"):
        assert words in page
    kept = json.loads((tmp_path / "run" / "results.json").read_text("utf-8"))
    drawn = kept["curves"]["compared"]["predicted"]["dots"]
    np.testing.assert_allclose(drawn["x"], drawn["y"], atol=1e-3)
    again = forcelaw("particles", "rollout", tmp_path / "run", "--out", tmp_path / "later.npz")
    assert again.code == 2 and "expected for rollout motion with the snapshots" in again.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--cutoff", "2"], "cutoff: found 2.0 for pairs of states, expected none"),
        (["--infer", "mass"], "infer: found 'mass' for pairs of states, expected none"),
        (["other.npz"], "pairs.npz: found pairs of states beside other files, expected them alone"),
    ],
)
def test_what_needs_snapshots_between_is_refused(source, forcelaw, tmp_path, more, words):
    np.savez(tmp_path / "other.npz", position=np.zeros((3, 2, 2)))
    more = [tmp_path / one if one.endswith(".npz") else one for one in more]
    done = forcelaw("particles", "discover", source, *more, "--out", tmp_path / "run")
    assert done.code == 2 and words in done.err


def test_a_network_is_not_fitted_to_pairs_on_the_way_of_motion(source, forcelaw, tmp_path):
    done = forcelaw("particles", "fit", source, "--out", tmp_path / "run")
    assert done.code == 2 and "found pairs of states, expected for fit motion" in done.err
