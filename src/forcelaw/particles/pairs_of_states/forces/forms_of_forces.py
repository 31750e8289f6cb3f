"""Functions of the distance that pairs of states are tried with."""

from __future__ import annotations

from forcelaw.laws.expression import Variable, exp, maximum
from forcelaw.particles.forms.known_forms import Form

_R = Variable("r")

FORMS_TRIED: dict[str, Form] = {
    "power": Form(lambda s: (_R ** s[0],), ((-2.5, -1.0, 1.0),), (0,)),
    "softened power": Form(
        lambda s: (_R * (_R**2 + s[0] ** 2) ** -s[1],), ((0.2,), (1.0, 2.0)), (1, 0)
    ),
    "spring": Form(lambda s: (_R, None)),
    "Yukawa": Form(lambda s: (exp(-s[0] * _R) * (_R**-2 + s[0] / _R),), ((0.5,),), (-1,)),
    "screened": Form(lambda s: (exp(-s[0] * _R) / _R,), ((0.5,),), (-1,)),
    "exponential": Form(lambda s: (exp(-s[0] * _R),), ((1.0,),), (-1,)),
    "Gaussian": Form(lambda s: (_R * exp(-s[0] * _R**2),), ((1.0,),), (-2,)),
    "Morse": Form(lambda s: (exp(-(2 * s[0] * _R)), exp(-s[0] * _R)), ((1.5,),), (-1,)),
    "spring and pole": Form(lambda s: (_R, _R**-2)),
    "two poles": Form(lambda s: (_R**-1, _R**-3)),
    "Lennard-Jones": Form(lambda s: (_R**-13, _R**-7)),
    "contact": Form(lambda s: (maximum(0, s[0] - _R),), ((1.0,),), (1,)),
}
"""Each by its name: powers; softened ones, Plummer's among them; springs with a length at rest;
screened forces and that of Yukawa's potential; exponentials, Gaussians and Morse's force; sums of
two; contacts. Their grids are few starts, where the typical distance is 1."""
