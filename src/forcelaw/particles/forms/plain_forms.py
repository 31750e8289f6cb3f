"""More forms that forces are known to have, for plain motion: sums and products of two kinds."""

from __future__ import annotations

from forcelaw.laws.expression import cos, exp, maximum, sin, tanh
from forcelaw.particles.forms.known_forms import (
    FAMILIES,
    ONE,
    RATES,
    REACHES,
    WAVES,
    Form,
    R,
    as_likely,
    power,
    yukawa,
)

_BESIDE = (-13, -12, -7, -6, -5, -4, -3, -2, -1, 1)
"""Whole powers beside one term of another kind."""
_NARROW = (0.5, 2.0, 8.0, 32.0)
"""Half the inverse square of widths, where the typical distance is 1."""

_MORE: tuple[tuple[Form, ...], ...] = (
    tuple(Form(lambda s, p=p: (yukawa(s[0]), power(p)), (RATES,), (-1,)) for p in _BESIDE),
    tuple(
        Form(lambda s, p=p: (exp(-s[0] * R), power(p)), (RATES,), (-1,)) for p in (-13, -12, -5, -4)
    ),
    tuple(
        Form(lambda s, n=n, p=p: (exp(-s[0] * R) / power(n), power(p)), (RATES,), (-1,))
        for n in (1, 2)
        for p in _BESIDE
    ),
    (
        Form(
            lambda s: (R ** s[1] * exp(-s[0] * R),),
            (RATES, (-3.5, -1.5, -0.5, 0.5, 1.5, 3.0)),
            (-1, 0),
        ),
    ),
    (
        Form(lambda s: (exp(-s[1] * (R - s[0]) ** 2),), (REACHES, _NARROW), (1, -2)),
        Form(lambda s: ((R - s[0]) * exp(-s[1] * (R - s[0]) ** 2),), (REACHES, _NARROW), (1, -2)),
    ),
    tuple(Form(lambda s, p=p: (R * exp(-s[0] * R**2), power(p)), (RATES,), (-2,)) for p in _BESIDE),
    (Form(lambda s: (maximum(0, s[0] - R) ** s[1],), (REACHES, (0.5, 1.2, 2.5)), (1, 0)),),
    (
        Form(
            lambda s: (ONE - tanh(s[1] * (R - s[0])) ** 2,),
            (REACHES, (1.0, 2.5, 6.0, 15.0)),
            (1, -1),
        ),
    ),
    tuple(
        Form(lambda s, w=wave, p=p: (w(s[0] * R) / power(p),), (WAVES,), (-1,))
        for wave in (cos, sin)
        for p in (1, 2, 3, 4)
    ),
    (Form(lambda s: (cos(s[0] * R) / R**4, sin(s[0] * R) / R**4), (WAVES,), (-1,)),),
)
"""Screened charges beside a power, of Derjaguin, Landau, Verwey and Overbeek (1941, 1948), and
other screened forces beside one; an exponential beside more powers, or times one; shells, and the
force of a Gaussian beside a power; contacts of any power; the slope of a logistic step, of Woods
and Saxon (1954); oscillations that begin at a crest."""

PLAIN_FORMS = as_likely((*FAMILIES, *_MORE))
"""These and those that all motion is tried with."""
