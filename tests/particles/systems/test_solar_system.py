"""The ephemeris as trajectories, held against Newton's law."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from forcelaw.errors import InputError
from forcelaw.particles import solar

installed = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("jplephem", "skyfield_data")),
    reason="the extra [solar] is not installed",
)


@pytest.fixture(scope="module")
def data():
    return solar(years=5.0)


@installed
def test_newton_explains_the_accelerations(data):
    from forcelaw.particles.systems.solar_system import GM

    gm = np.array([GM[name] for name in data.bodies])
    x, a = data.position[0], data.acceleration[0]
    between = x[:, None] - x[:, :, None]
    distance = np.linalg.norm(between, axis=-1) + np.diag(np.full(len(gm), np.inf))
    newton = np.einsum("j,tijd->tid", gm, between / distance[..., None] ** 3)
    error = np.linalg.norm(newton - a, axis=-1) / np.linalg.norm(a, axis=-1)
    planets = [k for k, name in enumerate(data.bodies) if name != "sun"]
    assert error[:, planets].max() < 1e-6
    assert np.median(error[:, planets], axis=0).max() < 3e-7
    # The Sun's own acceleration is a millionth of the Earth's.
    assert error[:, data.bodies.index("sun")].max() < 1e-5


@installed
def test_velocities_and_accelerations_are_derivatives(data):
    step = 0.25
    fine = solar(years=8 * step / 365.25, step=step)
    x, v, a = fine.position[0], fine.velocity[0], fine.acceleration[0]
    first = (x[:-4] - 8 * x[1:-3] + 8 * x[3:-1] - x[4:]) / (12 * step)
    second = (v[:-4] - 8 * v[1:-3] + 8 * v[3:-1] - v[4:]) / (12 * step)
    np.testing.assert_allclose(first, v[2:-2], atol=1e-9)
    np.testing.assert_allclose(second, a[2:-2], atol=1e-10)


@installed
def test_units_names_and_the_lack_of_masses(data):
    assert data.bodies[0] == "sun"
    assert data.n_bodies == 11
    assert not data.attributes
    place = dict(zip(data.bodies, np.moveaxis(data.position[0], 1, 0), strict=True))
    distance = np.linalg.norm(place["earth"] - place["sun"], axis=1)
    assert 0.983 < distance.min() < distance.max() < 1.017
    moon = np.linalg.norm(place["moon"] - place["earth"], axis=1) * 149_597_870.7
    assert 356_000 < moon.min() < moon.max() < 407_000
    assert np.isclose(np.diff(data.time), 5).all()


@installed
@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"bodies": ("sun", "vulcan")}, "found 'vulcan'"),
        ({"years": 200.0}, "choose another start or fewer years"),
        ({"start": 0.0}, "choose another start"),
        ({"step": 0.0}, "expected positive numbers"),
    ],
)
def test_wrong_settings_are_named(settings, words):
    with pytest.raises(InputError, match=words):
        solar(**settings)


@pytest.mark.parametrize("module", ["jplephem.spk", "skyfield_data"])
def test_a_missing_package_names_the_extra(monkeypatch, module):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=r"pip install 'forcelaw\[solar\]'"):
        solar()


@installed
def test_the_planets_are_weighed(data):
    from forcelaw.particles import infer_masses
    from forcelaw.particles.systems.solar_system import GM

    found = infer_masses(data)
    assert "r**-2 " in found.notes[-1]
    mass = dict(zip(found.bodies, found.attributes["mass"][0], strict=True))
    for name in ("sun", "mercury", "venus", "earth", "moon", "mars", "jupiter", "saturn"):
        assert mass[name] == pytest.approx(GM[name], rel=1e-4)
