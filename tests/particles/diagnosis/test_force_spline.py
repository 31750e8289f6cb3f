"""The force curve: as good as any formula, and inside its band."""

import jax.numpy as jnp
import numpy as np
import pytest
from motions import central, moved, second_order, seen, starts

from forcelaw.laws import Formula
from forcelaw.particles.diagnosis import ForceSpline, Squares
from forcelaw.particles.diagnosis.lack_of_fit import draw_samples
from forcelaw.particles.equations import observe

NOTHING = Formula.parse("0")


def friedel(r):
    return np.sin(3 * r) / (0.3 + r)


def well(r):
    e = np.exp((r - 1.5) / 0.3)
    return 10 * e / (1 + e) ** 2


def steep(r):
    return 20 * (np.exp(-3 * (r - 0.6)) - 1 / r**9)


def covered(curve, force, data):
    """The share of distances at which the truth is inside, and the usual half width."""
    r = draw_samples(data).length.ravel()
    half = np.interp(r, curve.r, (curve.high - curve.low) / 2)
    off = np.abs(np.asarray(curve.law.pair(jnp.asarray(r))) - force(r))
    return np.mean(off <= half), np.median(half) / np.median(np.abs(force(r)))


@pytest.mark.parametrize("noise", [0.0, 0.005, 0.02])
@pytest.mark.parametrize("force", [friedel, well])
def test_the_truth_lies_in_the_band(force, noise):
    shares, widths = [], []
    for seed in range(4):
        x, v = starts(seed=seed, speed=0.5)
        data = seen(
            *second_order(lambda t, x, v: central(x, force), x, v, steps=60, dt=0.05),
            noise=noise,
            seed=seed,
        )
        share, width = covered(ForceSpline.of(NOTHING, data), force, data)
        shares.append(share)
        widths.append(width)
    assert np.mean(shares) > 0.9
    # A band that says nothing would cover, too.
    assert np.median(widths) < (0.25 if noise else 0.01)


@pytest.mark.parametrize("force", [friedel, well, steep])
def test_it_explains_what_forces_between_pairs_do(force):
    def made(seed):
        start = starts(trajectories=16, seed=seed, speed=0.4)
        return moved(lambda t, x, v: central(x, force), *start)

    curve = ForceSpline.of(NOTHING, made(1))
    other = observe(made(2), 1000)
    assert Squares.of(curve.law, other).explained > 0.99
    distances = draw_samples(made(1)).length
    assert curve.r[[0, -1]] == pytest.approx([distances.min(), distances.max()])


def test_what_acts_on_bodies_alone_is_kept_only_where_it_helps():
    def force(t, x, v):
        return central(x, lambda r: 2 * (r - 1)) - 0.5 * v

    data = moved(force, *starts(trajectories=10))
    right, wrong = (
        ForceSpline.of(Formula.parse("0", text), data) for text in ("-0.5*v", "(3*x, 3*y)")
    )
    assert right.law.alone.one_body_text() == "-0.5*v"
    assert not wrong.law.alone.one_body
    np.testing.assert_allclose(right.law.pair(jnp.ones(1)), 0, atol=1e-2)
