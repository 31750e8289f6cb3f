import dataclasses
import json
from dataclasses import replace

import numpy as np
import pytest

from forcelaw.distill import LibrarySearch, Searcher
from forcelaw.errors import InputError
from forcelaw.laws import Expression, Formula
from forcelaw.particles import Trajectories, discover, distill_law, fit, simulate
from forcelaw.particles.answer import describe
from forcelaw.particles.caveats import write_caveats
from forcelaw.particles.diagnosis import Verdict
from forcelaw.particles.diagnosis.verdict import Evidence
from forcelaw.particles.equations import Design, formula_acceleration
from forcelaw.particles.prediction import extrapolation_samples, find_true_law, predict_motion
from forcelaw.particles.selection import ConstantEstimate, ResampledChoice, Stability
from forcelaw.storage.law_files import load, save
from forcelaw.training import Stage

QUICK = {
    "stages": (Stage(epochs=8, learning_rate=1e-2),),
    "batch": 64,
    "hidden": (32, 32),
    "searchers": (LibrarySearch(),),
}


@pytest.fixture(scope="module")
def springs():
    return simulate("spring", bodies=3, trajectories=30, steps=40, dt=0.05, seed=0)


@pytest.fixture(scope="module")
def found(springs):
    return discover(springs, seed=0, **QUICK)


def test_springs_are_found_exactly(found):
    assert str(found.formula.sympy()) == "2*r - 2"
    assert found.formula.one_body == ()
    assert found.document["error"]["test"] < 1e-4


def test_the_document_is_json_with_the_promised_keys(found):
    document = json.loads(json.dumps(found.document, allow_nan=False))
    assert set(document["formula"]) == {"pair", "self", "latex"}
    assert document["formula"]["self"] == "0"
    assert {"complexity", "error", "text", "source"} <= set(document["pareto"][0])
    sources = {"none", "network", "library", "network, library"}
    assert {row["source"] for row in document["pareto"]} <= sources
    assert sum(row["chosen"] for row in document["pareto"]) == 1
    names = ["acceleration", "acceleration_trimmed", "force", "force_trimmed"]
    assert sorted(document["r2"]) == names
    assert document["r2"]["force"] > 0.9
    assert set(document["error"]) == {"test", "far"}
    assert document["error"]["far"] < 1e-4
    assert set(document["baselines"]) == {"network", "linear", "power law", "no force"}
    assert document["baselines"]["power law"]["test"] > document["error"]["test"]
    assert 0 <= document["energy_drift"] < 0.05
    assert set(document["seconds"]) == {"fit", "distill", "check"}


def test_the_spread_of_an_exact_law_is_nothing(found):
    spread = found.document["spread"]
    assert [row["value"] for row in spread["constants"]] == [2, 1]
    assert max(row["deviation"] for row in spread["constants"]) < 1e-6
    assert spread["choice"] == [{"text": "2*(r - 1)", "share": 1.0}]


def test_what_the_data_cannot_tell_is_said(found):
    train = Design.of(found.fitted.split.train, 300)
    near = {"forcelaw": 0.2, "network": 0.01, "linear": 0.1, "power law": 0.5}
    stability = Stability(
        as_good=(),
        constants=(ConstantEstimate(2.0, 0.5), ConstantEstimate(3.0, 4.0)),
        choice=(ResampledChoice("r", 0.6), ResampledChoice("r**2", 0.4)),
    )
    doubted = Verdict(
        verdict="approximation",
        explained=0.8,
        explained_of_explainable=0.85,
        residual_to_noise=7.0,
        acceleration_error=0.03,
        evidence=(Evidence("three-body", "a force that depends on third bodies", 0.7),),
    )
    said = "; ".join(
        write_caveats(found.fitted, found.distilled, train, near, stability, doubted, ["3 (+- 4)"])
    )
    for words in (
        "explains 80.00% of the accelerations (R²) and leaves 7 times what noise",
        "likely cause (three-body): a force that depends on third bodies, which would explain 70%",
        "network errs by 1.00%",
        "linear baseline errs less",
        "chosen: r (60%), r**2 (40%)",
        "constants that the data barely pin down: 2 (+- 0.5)",
        "the constant 3 (+- 4) is smaller than its standard error: "
        "such a formula is not called the law",
    ):
        assert words in said
    sure = Stability((), (), (ResampledChoice("r", 1.0),))
    exact = dict.fromkeys(near, 1e-9)
    law = replace(doubted, verdict="law", evidence=())
    assert write_caveats(found.fitted, found.distilled, train, exact, sure, law) == []


def test_it_is_shown_in_a_notebook_with_everything_escaped(found):
    assert repr(found) == "<DiscoveryResult law: 2*(r - 1), R² 1.0000>"
    assert found._repr_latex_().startswith("$F_{ij} = 2")
    named = replace(found, notes=("<script>alert(1)</script>",), explained_of="<b>")
    page = named._repr_html_()
    assert "<script>" not in page and "<b>" not in page
    assert "<li>&lt;script&gt;alert(1)&lt;/script&gt;</li>" in page
    assert "Verdict: law, R² 1.0000 of &lt;b&gt;" in page
    assert "<ul>" not in replace(found, notes=())._repr_html_()


def test_exact_springs_are_the_law(found):
    assert found.verdict == found.document["verdict"] == "law"
    assert found.causes == ()
    assert found.document["causes"] == found.document["evidence"] == []
    assert found.explained == pytest.approx(1, abs=1e-9)
    assert found.document["explained_of_explainable"] == pytest.approx(1, abs=1e-9)
    nothing = found.document["baselines"]["no force"]
    assert nothing["explained"] == 0


def test_the_force_curve_is_a_law_with_a_band(found, springs, tmp_path):
    curve = found.curve
    truth = 2 * (curve.r - 1)
    assert (curve.low <= curve.high).all()
    low, high = np.quantile(Design.of(springs, 1000).length, [0.01, 0.99])
    visited = (curve.r > low) & (curve.r < high)
    np.testing.assert_allclose(curve.force[visited], truth[visited], atol=0.05)
    assert found.answer == found.document["answer"] == "formula"
    assert str(found) == found.formula.text()
    assert set(found.document["curve"]) == {"r", "force", "low", "high", "attributes", "explained"}
    save(tmp_path / "curve", curve.law)
    moved, exact = (
        predict_motion(law, springs.initial, steps=20, dt=0.01).state.position
        for law in (load(tmp_path / "curve"), Formula.parse("2*(r - 1)"))
    )
    # Below the distances of the table the curve is flat.
    assert np.quantile(np.abs(np.asarray(moved - exact)), 0.98) < 3e-3


def test_one_body_or_a_handful_of_instants_is_refused(springs):
    alone = Trajectories(springs.position[:, :, :1], springs.velocity[:, :, :1], springs.time)
    with pytest.raises(InputError, match="found one body, expected at least two"):
        fit(alone)
    few = Trajectories(springs.position[:3, :4], springs.velocity[:3, :4], springs.time[:4])
    with pytest.raises(InputError, match="found 4 snapshots to learn from, expected at least 20"):
        fit(few)


@pytest.mark.slow
def test_bodies_that_only_brake_do_not_act_on_each_other():
    draw = np.random.default_rng(0)
    start, velocity = draw.normal(size=(2, 20, 1, 3, 2))
    time = (np.arange(30) * 0.1)[None, :, None, None]
    data = Trajectories(
        position=start + velocity * (1 - np.exp(-time)),
        velocity=velocity * np.exp(-time),
        acceleration=-velocity * np.exp(-time),
        time=time.ravel(),
    )
    found = discover(data, **QUICK).document
    assert found["formula"]["pair"] == "0"
    assert found["formula"]["self"] == "-v"
    assert any(note.startswith("bodies do not act on each other") for note in found["notes"])


@pytest.mark.slow
def test_the_same_seed_finds_the_same(springs, found):
    again = discover(springs, seed=0, **QUICK)
    assert again.formula.text(None) == found.formula.text(None)
    assert again.document["pareto"] == found.document["pareto"]


@pytest.mark.slow
def test_bodies_that_never_interact():
    draw = np.random.default_rng(0)
    start, velocity = draw.normal(size=(2, 20, 1, 3, 2))
    time = np.arange(30) * 0.1
    data = Trajectories(
        position=start + velocity * time[None, :, None, None],
        velocity=np.repeat(velocity, 30, axis=1),
        acceleration=np.zeros((20, 30, 3, 2)),
        time=time,
        attributes={"mass": np.full((20, 3), 2.0)},
    )
    found = discover(data, **QUICK)
    assert found.document["formula"]["pair"] == "0"
    assert any("ever accelerated" in note for note in found.document["notes"])
    assert any(note.startswith("mass is 2 throughout") for note in found.document["notes"])


def test_the_truth_is_unknown_where_the_data_contradict_it(springs):
    truth = find_true_law(springs)
    assert truth is not None and truth.text() == "2*(r - 1)"
    other = Trajectories(
        position=springs.position,
        velocity=springs.velocity,
        acceleration=-springs.acceleration,
        time=springs.time,
        attributes=springs.attributes,
        law="spring",
    )
    assert find_true_law(other) is None


def test_far_worlds_are_far_and_true(springs):
    truth = Formula.parse("2*(r - 1)")
    far = extrapolation_samples(springs, truth)
    assert far.position.shape[1:] == (32, 2)
    assert np.median(far.length) > 2 * np.median(Design.of(springs, 100).length)
    np.testing.assert_allclose(far.acceleration, formula_acceleration(truth, far))


def test_springs_in_rollout_conserve_momentum_and_nearly_energy(springs):
    moved = predict_motion(
        Formula.parse("2*(r - 1)"), springs.initial, steps=200, dt=0.01, every=10
    )
    assert moved.state.position.shape == (30, 21, 3, 2)
    assert moved.momentum_drift < 1e-5
    assert moved.energy_drift is not None and moved.energy_drift < 1e-2
    dragged = predict_motion(Formula.parse("2*(r - 1)", "-v"), springs.initial, steps=20, dt=0.01)
    assert dragged.energy_drift is None


def test_formulas_are_described_for_sympy():
    described = describe(Formula.parse("where(r < 2, 0, m_i*m_j/r**2)", "(0, -9.8*m)"))
    assert described["pair"] == "Piecewise((0, r < 2), (m_i*m_j/r**2, True))"
    assert described["self"] == "(0, -9.8*m)"


@pytest.mark.slow
def test_without_the_library_the_network_is_all_there_is(springs):
    fitted = fit(springs, seed=0, **{k: v for k, v in QUICK.items() if k != "searchers"})
    front = distill_law(fitted, searchers=QUICK["searchers"], library=False).front
    assert {judged.source for judged in front} <= {"none", "network"}


@dataclasses.dataclass(frozen=True)
class OneGuess(Searcher):
    """Proposes one form, whatever the samples are."""

    form: str

    def search(self, samples, *, seed):
        assert samples.variables.keys() == {"r"}
        return [Expression.parse(self.form)]


@pytest.mark.slow
def test_searchers_may_be_given(found):
    guesses = (OneGuess("3*r - 5"), OneGuess("1/r**7"))
    texts = [
        {
            judged.formula.text()
            for judged in distill_law(found.fitted, searchers=some, library=False).front
        }
        for some in (guesses, guesses[1:])
    ]
    assert "2*(r - 1)" in texts[0] - texts[1]
