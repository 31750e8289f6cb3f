"""A formula back into the network that it was read off, to be trained on inside it."""

from __future__ import annotations

from forcelaw.errors import check_type
from forcelaw.laws import Expression, Formula, Law
from forcelaw.particles.equations import Design, pair_value
from forcelaw.particles.learning.fitting import Fitted
from forcelaw.particles.learning.learned_force import edge_messages
from forcelaw.particles.learning.settings import LEARNING, LearningSettings


def insert_formula(
    fitted: Fitted, formula: Formula | Expression, *, settings: LearningSettings = LEARNING
) -> Law:
    """The fitted law with a pair force in place of what it learned between two bodies.

    The constants of the formula are parameters of the new law, which keeps everything else as it
    was trained: a pair network its one-body force, a message network its node perceptron, which
    gets the linear image of the force that is nearest to the messages it knows. Train it on with
    `fit(data, start=...)`.

    A law of your own says how by its method `with_pair`.

    **Raises** `InputError` for other laws, and where the law does not read what the formula does.
    """
    check_type("insert_formula", fitted, Fitted, then="give what fl.particles.fit(data) returns")
    check_type("insert_formula", formula, Formula, Expression, then="write Formula.parse(...)")
    pair = formula.pair if isinstance(formula, Formula) else formula
    design = Design.of(fitted.split.train, settings.snapshots)
    messages = edge_messages(fitted.law, design)
    force = pair_value(pair, design)[..., None] * design.direction
    return fitted.law.with_pair(
        pair,
        messages=messages.reshape(-1, messages.shape[-1]),
        force=force.reshape(-1, force.shape[-1]),
    )
