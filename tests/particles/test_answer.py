"""Where no formula fits, the force curve leads."""

import json
import re
from dataclasses import replace

import jax
import numpy as np
import pytest
from motions import central, moved, starts
from rich.console import Console

from forcelaw.laws import PairNetwork
from forcelaw.particles import Fitted, judge
from forcelaw.particles.answer import choose_answer, compare_with_curve
from forcelaw.particles.diagnosis import Verdict
from forcelaw.particles.preparation import Sizes, split_and_denoise
from forcelaw.report.particles_part import particles_section
from forcelaw.report.particles_text import show_particles
from forcelaw.report.results import ParticlesResults, parse_results

VERDICT = Verdict("approximation", 0.98, 0.98, 2.0, None, ())


@pytest.fixture(scope="module")
def found():
    """Forces that change sign with the distance, which no searched form does."""
    data = moved(lambda t, x, v: central(x, lambda r: np.sin(r**2)), *starts(speed=0.5))
    split = split_and_denoise(data, 0)
    sizes = Sizes.of(split.train)
    known = {"scale": sizes.for_forces(), "logarithmic": sizes.positive, "hidden": (4,)}
    law = PairNetwork(data.dim, sizes.names, key=jax.random.key(0), **known)
    return judge(data, Fitted(law, "pair", split, sizes, (), 0.0), searchers=())


@pytest.mark.parametrize(
    ("verdict", "formula", "curve", "answer"),
    [
        ("law", 0.9, 1.0, "formula"),
        ("none", 0.3, 0.2, "curve"),
        ("approximation", 0.98, 0.999, "curve"),
        ("approximation", 0.98, 0.985, "formula"),
        ("approximation", 0.9995, 1.0, "formula"),
        ("approximation", 0.8, 0.7, "formula"),
    ],
)
def test_what_leads(verdict, formula, curve, answer):
    assert choose_answer(replace(VERDICT, verdict=verdict, explained=formula), curve) == answer


@pytest.mark.parametrize(
    ("answer", "formula", "curve", "said"),
    [
        ("formula", 0.98, 0.985, "the force curve explains 98.50% of accelerations (R²), the form"),
        ("formula", 0.9995, 1.0, "100.00% of accelerations (R²), the formula 99.95%"),
        ("formula", 0.8, 0.7, ""),
        ("formula", 0.98, 0.98001, ""),
        ("curve", 0.98, 0.999, ""),
    ],
)
def test_a_better_curve_is_said_beside_the_formula(answer, formula, curve, said):
    assert said in "".join(compare_with_curve(answer, formula, curve, "accelerations"))
    assert bool(said) == bool(compare_with_curve(answer, formula, curve, "accelerations"))


def test_the_curve_is_the_answer(found, tmp_path):
    assert found.verdict != "law"
    assert found.answer == found.document["answer"] == "curve"
    assert str(found).startswith("force curve from r = ")
    assert "best formula, not a law" in str(found)
    assert found.document["curve"]["explained"] > 0.95
    moved = found.curve.rollout(found.fitted.split.test.initial, steps=20, dt=0.01)
    assert np.isfinite(moved.state.position).all()


def test_terminal_and_report_lead_with_it(found, tmp_path):
    document = {"kind": "particles", **found.document, "source": "a file"}
    console = Console(record=True, width=100)
    show_particles(console, document, tmp_path)
    text = console.export_text()
    lead, formula = text.index("found          force curve"), text.index("best formula ")
    assert text.index("95 % band") < formula
    assert lead < formula
    assert found.document["formula"]["pair"] in text[formula:]
    assert re.search(r"R² \d\.\d+ of the accelerations on held-out data", text)
    assert "likely cause" in text
    results = parse_results(json.loads(json.dumps(document)), "a file")
    assert isinstance(results, ParticlesResults)
    page = str(particles_section(results, []))
    assert page.index("The answer is the force curve") < page.index("Force curve with 95 % band")
    assert page.index("Force curve with 95 % band") < page.index("Best formula, not a law")
    assert 'class="band s1"' in page
