"""Known laws come back exactly from noisy samples, by every search that can find them."""

import numpy as np
import pytest

from forcelaw.distill import (
    LibrarySearch,
    OperonSearch,
    PiecewiseSearch,
    Samples,
    distill,
    relative_weights,
)
from forcelaw.errors import InputError

COUNT = 1000


def samples(name):
    draw = np.random.default_rng(3)
    r = 1.3 * np.exp(0.5 * draw.normal(size=COUNT))
    m_i, m_j = np.exp(draw.normal(size=(2, COUNT)))
    q_i, q_j = draw.choice([-1.0, 1.0], size=(2, COUNT))
    known = {"r": r, "m_i": m_i, "m_j": m_j, "q_i": q_i, "q_j": q_j}
    names, target = {
        "spring": (["r"], 2 * (r - 1)),
        "gravity": (["r", "m_i", "m_j"], m_i * m_j / r**2),
        "charge": (["r", "q_i", "q_j"], -q_i * q_j / r**2),
        "jump": (["r"], np.where(r < 2, 0, 2 * (r - 1))),
        "screened": (["r"], 3 * np.exp(-1.5 * r) / r),
    }[name]
    noise = 0.01 * draw.normal(size=COUNT)
    noisy = target + noise * (target.std() if name in ("spring", "jump") else target)
    return {key: known[key] for key in names}, noisy


LAWS = {
    "spring": "2*(r - 1)",
    "gravity": "m_i*m_j/r**2",
    "charge": "-q_i*q_j/r**2",
    "jump": "where(r < 2, 0, 2*(r - 1))",
    "screened": "3*exp(-1.5*r)/r",
}


@pytest.mark.parametrize("name", ["spring", "gravity", "charge", "screened"])
def test_library_finds(name):
    variables, target = samples(name)
    weights = None if name == "spring" else relative_weights(target)
    found = distill(variables, target, weights=weights, searchers=[LibrarySearch()])
    assert found.expression.text() == LAWS[name]


def test_threshold_is_found():
    found = distill(*samples("jump"), searchers=[LibrarySearch(), PiecewiseSearch()])
    assert found.expression.text() == LAWS["jump"]


@pytest.mark.parametrize("name", ["spring", "gravity", "charge"])
def test_operon_finds(name):
    pytest.importorskip("pyoperon")
    variables, target = samples(name)
    weights = None if name == "spring" else relative_weights(target)
    searchers = [OperonSearch(evaluations=30_000)]
    found = distill(variables, target, weights=weights, searchers=searchers)
    assert found.expression.text() == LAWS[name]


def test_operon_repeats_itself():
    pytest.importorskip("pyoperon")
    data = Samples.of(*samples("gravity"))
    one, two = (
        [e.text() for e in OperonSearch(evaluations=5000, threads=1).search(data, seed=1)]
        for _ in range(2)
    )
    assert one == two
    assert one


def test_front_is_not_dominated():
    front = distill(*samples("charge"), searchers=[LibrarySearch()]).front
    assert front[0].complexity == 1
    assert all(a.complexity < b.complexity and a.error > b.error for a, b in zip(front, front[1:]))  # noqa: B905, RUF007


def test_wrong_samples_are_named():
    with pytest.raises(InputError, match=r"'m'.*one length"):
        distill({"r": np.ones(3), "m": np.ones(2)}, np.ones(3))
    with pytest.raises(InputError, match="'r' is nan in sample 1"):
        distill({"r": np.asarray([1.0, np.nan])}, np.ones(2))


def test_power_law_beyond_single_precision_is_not_proposed():
    # A wall at 1 that falls off steeply: c*r**a*exp(-k*r) with c beyond 1e38, as in a crystal.
    r = np.linspace(0.5, 0.6, 200)
    steep = np.exp(170.0 + 110.0 * np.log(r) - 197.0 * r)
    found = LibrarySearch().search(Samples.of({"r": r}, steep), seed=0)
    assert found
    assert all(np.isfinite(np.asarray(expression.numbers())).all() for expression in found)
