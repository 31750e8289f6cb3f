"""What bodies and pairs may differ in although nothing in the data says so."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from forcelaw.particles.diagnosis.settings import DIAGNOSIS, DiagnosisSettings
from forcelaw.particles.equations import (
    Design,
    Regression,
    evaluate_splines,
    gather_forces,
    spline_knots,
)


class Told(NamedTuple):
    """Groups that motion tells apart, in words, and the accelerations that they allow."""

    words: str
    columns: list[Float[np.ndarray, "row body dim"]]
    choices: int
    """How many bodies or pairs were put into groups."""


def body_attribute_columns(
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    *,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force, larger or smaller at every body that feels it, and from every body."""
    messages = force[..., None] * design.direction
    found = []
    for end in (design.receiver, design.sender):
        for body in range(min(design.position.shape[1], settings.causes.bodies)):
            found.append(gather_forces(design, messages * (end == body)[:, None]))
    return found


def product_attribute_columns(
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    one_body: Float[np.ndarray, "sample body dim"],
    *,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force times a property of the receiver and one of the sender, as charges are.

    The best product of two numbers, one of either body, in place of the factor of every pair;
    nothing where pairs are too many.
    """
    pairs = pairs_of(design)
    count = int(pairs.max(initial=-1)) + 1
    if not 0 < count <= settings.causes.pairs:
        return []
    bodies = design.position.shape[1]
    known = np.zeros((bodies, bodies), bool)
    known[design.receiver, design.sender] = True
    shapes = evaluate_splines(design.length, spline_knots(design.length, settings.causes.coarse))
    shape, alone, found = force, [design.observe(one_body)], []
    for _ in range(settings.causes.product_rounds):
        columns = [_on_edges(design, shape, pairs == pair) for pair in range(count)]
        factors = Regression.of(design, [*alone, *columns], settings=settings.equations).factors()[
            1:
        ]
        product = np.zeros((bodies, bodies))
        product[design.receiver, design.sender] = factors[pairs]
        product = _rank_one(product, known, settings)[design.receiver, design.sender]
        # The force that they multiply was taken for that of all pairs alike.
        found = [design.pair_acceleration(product * one) for one in shapes]
        factors = Regression.of(design, [*alone, *found], settings=settings.equations).factors()[1:]
        shape = np.tensordot(factors, shapes, 1)
    return found


def _rank_one(
    table: Float[np.ndarray, "body body"],
    known: Bool[np.ndarray, "body body"],
    settings: DiagnosisSettings,
) -> Float[np.ndarray, "body body"]:
    """The best product of two vectors in place of the known entries."""
    whole = product = table
    for _ in range(settings.causes.fill_rounds):
        left, size, right = np.linalg.svd(whole)
        product = size[0] * np.outer(left[:, 0], right[0])
        whole = np.where(known, table, product)
    return product


def pair_attribute_columns(
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    *,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> list[Float[np.ndarray, "row body dim"]]:
    """A known force, larger or smaller between every pair, and of another form where they are few.

    The same in both directions. None where pairs are too many.
    """
    pairs = pairs_of(design)
    count = int(pairs.max(initial=-1)) + 1
    if not 0 < count <= settings.causes.pairs:
        return []
    forces = [force]
    if count <= settings.causes.shaped_pairs:
        forces += list(
            evaluate_splines(design.length, spline_knots(design.length, settings.causes.single))
        )
    return [_on_edges(design, one, pairs == pair) for pair in range(count) for one in forces]


def hidden_groups(
    design: Design,
    force: Float[np.ndarray, "sample edge"],
    base: list[Float[np.ndarray, "row body dim"]],
    *,
    settings: DiagnosisSettings = DIAGNOSIS,
) -> tuple[Told | None, Told | None]:
    """Two kinds of bodies, and two kinds of pairs, that the forces along single pairs tell apart.

    The same bodies in all trajectories. Pairs whose forces are alike are grouped (Ward, J. Am.
    Stat. Assoc. 58, 236, 1963), bodies by their forces with all others.
    """
    pairs = pairs_of(design)
    count = int(pairs.max(initial=-1)) + 1
    bodies = design.position.shape[1]
    if not 3 <= count <= settings.causes.pairs or bodies < 3:
        return None, None
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    columns = pair_attribute_columns(design, force, settings=settings)
    regression = Regression.of(design, [*base, *columns], settings=settings.equations)
    factors = (regression.factors() * regression.size)[len(base) :]
    feature = factors.reshape(count, -1)
    group = fcluster(linkage(feature, "ward"), 2, "maxclust")
    bonds = None
    if group.min() < group.max():
        some = min((1, 2), key=lambda g: int((group == g).sum()))
        chosen = np.flatnonzero(group == some)
        named = ", ".join(
            "-".join(map(str, _ends(design, pairs, int(pair)))) for pair in chosen[:8]
        )
        words = (
            f"other forces between {len(chosen)} of the {count} pairs "
            f"({named}{', ...' if len(chosen) > 8 else ''})"
        )
        bonds = Told(words, _grouped(design, group[pairs], settings), count)
    apart = np.zeros((bodies, bodies))
    table = np.zeros((bodies, bodies, feature.shape[1]))
    table[design.receiver, design.sender] = feature[pairs]
    for i in range(bodies):
        for k in range(i):
            others = [m for m in range(bodies) if m not in (i, k)]
            apart[i, k] = apart[k, i] = np.sqrt(np.mean((table[i, others] - table[k, others]) ** 2))
    kind = fcluster(linkage(squareform(apart), "average"), 2, "maxclust")
    if kind.min() == kind.max():
        return None, bonds
    listed = " and ".join(
        ", ".join(map(str, np.flatnonzero(kind == which)[:12])) for which in (1, 2)
    )
    words = f"two kinds of bodies that are not given, and other forces between them ({listed})"
    ends = np.sort([kind[design.receiver], kind[design.sender]], axis=0)
    return Told(words, _grouped(design, ends[0] + 3 * ends[1], settings), bodies), bonds


def pairs_of(design: Design) -> Int[np.ndarray, " edge"]:
    """The number of the pair that an edge is one direction of."""
    ends = np.sort(np.stack([design.receiver, design.sender]), axis=0)
    return np.unique(ends, axis=1, return_inverse=True)[1].ravel()


def _ends(design: Design, pairs: np.ndarray, pair: int) -> tuple[int, int]:
    edge = int(np.argmax(pairs == pair))
    first, last = sorted((int(design.receiver[edge]), int(design.sender[edge])))
    return first, last


def _grouped(
    design: Design, group: Int[np.ndarray, " edge"], settings: DiagnosisSettings
) -> list[Float[np.ndarray, "row body dim"]]:
    """Any force along the line, another one for each group of edges."""
    hats = evaluate_splines(design.length, spline_knots(design.length, settings.causes.coarse))
    return [
        design.pair_acceleration(hat * (group == one)) for one in np.unique(group) for hat in hats
    ]


def _on_edges(
    design: Design, force: Float[np.ndarray, "sample edge"], chosen: np.ndarray
) -> Float[np.ndarray, "row body dim"]:
    """The acceleration by a force along few edges."""
    total = np.zeros_like(design.position)
    for edge in np.flatnonzero(chosen):
        body = design.receiver[edge]
        total[:, body] += force[:, edge, None] * design.direction[:, edge]
    return design.observe(total / design.mass[..., None])
