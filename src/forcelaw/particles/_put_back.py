"""A formula back into the network that it was read off, to be trained on inside it."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np

from forcelaw.errors import InputError
from forcelaw.laws import Expression, Formula, Law, MessageNetwork, PairNetwork
from forcelaw.particles._design import Design, pair_value
from forcelaw.particles._fit import Fitted
from forcelaw.particles._messages import edge_messages

_INSTANTS = 2000


def put_back(fitted: Fitted, formula: Formula | Expression) -> Law:
    """The fitted law with a pair force in place of what it learned between two bodies.

    The constants of the formula are parameters of the new law, which keeps everything else as it
    was trained: a pair network its self force, a message network its node perceptron, which gets
    the linear image of the force that is nearest to the messages it knows. Train it on with
    `fit(data, start=...)`.

    **Raises** `InputError` for other laws, and where the law does not read what the formula does.
    """
    law = fitted.law
    pair = formula.pair if isinstance(formula, Formula) else formula
    if isinstance(law, PairNetwork):
        return law.with_formula(pair)
    if not isinstance(law, MessageNetwork):
        raise InputError(
            f"put_back: found a {type(law).__name__}, expected a pair or message network; "
            "fit one of these first"
        )
    design = Design.of(fitted.split.train, _INSTANTS)
    messages = edge_messages(law, design)
    messages = messages.reshape(-1, messages.shape[-1])
    force = pair_value(pair, design)[..., None] * design.direction
    force = force.reshape(len(messages), -1) / float(law.reading.scale.acceleration)
    # Close encounters are few and large: without weights they would be all that is fitted.
    weight = 1 / (1 + np.linalg.norm(force, axis=1, keepdims=True))
    inputs = np.concatenate([force, np.ones((len(force), 1))], axis=1)
    image, *_ = np.linalg.lstsq(weight * inputs, weight * messages, rcond=None)
    return law.with_formula(pair, jnp.asarray(image[:-1], float), jnp.asarray(image[-1], float))
