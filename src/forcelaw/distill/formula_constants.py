"""All constants of a formula at once, fitted through the accelerations they cause."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from forcelaw.distill.expression_constants import Loss, least_squares, tamed
from forcelaw.errors import InputError
from forcelaw.graph import Graph
from forcelaw.laws import Formula, attribute_name, numbers, with_numbers, writer

_OUTLIER = 0.1
"""Error, relative to the size of an acceleration, from which it is an outlier in the first fit."""
_USUAL = 3.0
"""An error of so many times the median one, or standard deviations, is an outlier."""
_MANY = 2000
"""Edges of a snapshot above which, equally many at each receiver, they are added in rows."""
_EXACT = 1e-6
"""Median relative error below which a fit has no noise to tell outliers by, only rounding."""


def refit_formula(
    formula: Formula,
    position: np.ndarray,
    velocity: np.ndarray,
    acceleration: np.ndarray,
    attributes: Mapping[str, np.ndarray],
    *,
    graph: Graph | None = None,
    relative: bool = True,
    loss: Loss = "soft_l1",
    observe: Callable[[np.ndarray], np.ndarray] | None = None,
    scale: np.ndarray | None = None,
) -> Formula:
    """The formula with the constants of its pair and one-body force fitted jointly, in float64.

    **Arguments:** `position`, `velocity`, `acceleration` `[sample, node, dim]`; `attributes`
    `[sample, node]`; `graph` all pairs unless given; `relative` measures each acceleration's error
    against its size (plus the median size), and `loss` bounds what an outlier counts: close
    encounters have heavy tails in both. What an outlier is follows from the errors that a first
    fit leaves. `observe` is the linear map from accelerations to what was measured of them, if
    that is something else (`acceleration` holds its values then), and `scale` the standard
    deviation of each number measured, in place of relative errors.
    """
    problem = _Problem(
        formula, position, velocity, acceleration, attributes, graph, relative, observe, scale
    )
    return problem.formula(problem.solve(loss))


class _Problem:
    """Accelerations as a NumPy function of the constants; geometry is computed once."""

    def __init__(
        self,
        formula: Formula,
        position: np.ndarray,
        velocity: np.ndarray,
        acceleration: np.ndarray,
        attributes: Mapping[str, np.ndarray],
        graph: Graph | None,
        relative: bool,
        observe: Callable[[np.ndarray], np.ndarray] | None = None,
        scale: np.ndarray | None = None,
    ) -> None:
        from scipy.sparse import csr_array

        position, velocity, acceleration = (
            np.asarray(part, np.float64) for part in (position, velocity, acceleration)
        )
        self.nodes = nodes = position.shape[1]
        graph = Graph.complete_graph(nodes) if graph is None else graph
        real = np.asarray(graph.edge_mask)
        sender, receiver = (np.asarray(end)[real] for end in (graph.sender, graph.receiver))
        known = {name: np.asarray(value, np.float64) for name, value in attributes.items()}
        difference = position[:, sender] - position[:, receiver]
        length = np.maximum(np.linalg.norm(difference, axis=-1), formula.core)
        self.direction, self.dim = difference / length[..., None], position.shape[2]
        self.gather = csr_array(
            (np.ones(len(receiver)), (receiver, np.arange(len(receiver)))),
            shape=(nodes, len(receiver)),
        )
        incoming = np.bincount(receiver, minlength=nodes)
        observed = int((incoming > 0).sum())
        regular = observed and incoming[0] == incoming[:observed].min() == incoming.max()
        self.regular = observed if regular and len(receiver) > _MANY else 0
        self.pair_inputs = _pair_inputs(formula, length, known, sender, receiver)
        self.one_body_inputs = _one_body_inputs(formula, position, velocity, known)
        self.mass = known.get("mass", np.ones(position.shape[:2]))[..., None]
        self.parts = (formula.pair, *formula.one_body)
        self.original = formula
        self.start, self.written = numbers(formula), writer(formula)
        self.target = acceleration
        size = np.linalg.norm(acceleration, axis=-1, keepdims=True)
        typical = float(np.median(size)) or 1.0
        self.scale = size + typical if relative else np.full_like(size, typical)
        self.observe = observe or (lambda acceleration: acceleration)
        self.outlier = _OUTLIER
        if scale is not None:
            self.scale, self.outlier = scale, _USUAL

    def residuals(self, constants: np.ndarray) -> np.ndarray:
        pair, *one_body = self.written(constants)
        force = self._pulled(self.parts[0].at(self.pair_inputs, pair))
        for axis, part in self._axes():
            value = self.parts[1 + part].at(self.one_body_inputs[axis], one_body[part])
            force[..., axis] += value
        error = (self.observe(force / self.mass) - self.target) / self.scale
        return np.nan_to_num(error, nan=1e12, posinf=1e12, neginf=-1e12).ravel()

    def slopes(self, constants: np.ndarray) -> np.ndarray:
        """The derivatives of `residuals`, `[residual, constant]`."""
        pair, *one_body = self.written(constants)
        # Every written constant is one of the fitted numbers, up to its sign.
        written = [self.written(unit) for unit in np.eye(len(constants))]
        scalar = self.parts[0].slopes_at(self.pair_inputs, pair)
        alone = [
            (
                axis,
                part,
                self.parts[1 + part].slopes_at(self.one_body_inputs[axis], one_body[part]),
            )
            for axis, part in self._axes()
        ]
        found = []
        for pair_factors, *own_factors in written:
            force = self._pulled(np.tensordot(pair_factors, scalar, 1))
            for axis, part, slope in alone:
                force[..., axis] += np.tensordot(own_factors[part], slope, 1)
            found.append((self.observe(force / self.mass) / self.scale).ravel())
        return tamed(np.stack(found, axis=1))

    def _axes(self) -> list[tuple[int, int]]:
        """Every component of the one-body force, and which of its expressions gives it."""
        count = len(self.parts) - 1
        return [(axis, axis if count > 1 else 0) for axis in range(self.dim if count else 0)]

    def _pulled(self, scalar: np.ndarray) -> np.ndarray:
        """The force on every body, `[sample, body, dim]`, of a scalar along every edge."""
        if self.regular:
            shape = (len(self.direction), self.regular, -1)
            force, scalar = np.zeros((shape[0], self.nodes, self.dim)), scalar.reshape(shape)
            direction = self.direction.reshape(*scalar.shape, self.dim)
            force[:, : self.regular] = np.einsum("sbk,sbkd->sbd", scalar, direction)
            return force
        messages = scalar[..., None] * self.direction
        samples, edges, dim = messages.shape
        summed = self.gather @ messages.transpose(1, 0, 2).reshape(edges, -1)
        return summed.reshape(-1, samples, dim).transpose(1, 0, 2)

    def solve(self, loss: Loss) -> np.ndarray:
        """The best constants, with outliers measured by the median error of a first fit."""
        how = (self.residuals, self.slopes)
        first = least_squares(*how, self.start, loss, outlier=self.outlier)
        usual = float(np.median(np.abs(self.residuals(first))))
        if loss == "linear" or not _EXACT < usual < _OUTLIER / _USUAL:
            return first
        return least_squares(*how, first, loss, outlier=_USUAL * usual)

    def formula(self, constants: np.ndarray) -> Formula:
        return with_numbers(self.original, constants)


def _pair_inputs(
    formula: Formula,
    length: np.ndarray,
    known: Mapping[str, np.ndarray],
    sender: np.ndarray,
    receiver: np.ndarray,
) -> dict[str, np.ndarray]:
    """What the pair force reads, `[sample, edge]`."""
    inputs = {"r": length}
    for name in formula.pair.variables:
        stem, _, end = name.rpartition("_")
        attribute = attribute_name(stem, known)
        if attribute is not None and end in ("i", "j"):
            inputs[name] = known[attribute][:, receiver if end == "i" else sender]
        elif name != "r":
            raise _unknown(formula.pair.text(), name, known)
    return inputs


def _one_body_inputs(
    formula: Formula,
    position: np.ndarray,
    velocity: np.ndarray,
    known: Mapping[str, np.ndarray],
) -> list[dict[str, np.ndarray]]:
    """What the one-body force reads for each component, `[sample, node]`."""
    inputs = {"speed": np.linalg.norm(velocity, axis=-1)}
    for axis, letter in zip(range(position.shape[-1]), "xyz", strict=False):
        inputs |= {letter: position[..., axis], f"v{letter}": velocity[..., axis]}
    for part in formula.one_body:
        for name in part.variables:
            attribute = attribute_name(name, known)
            if attribute is not None and name not in inputs:
                inputs[name] = known[attribute]
            elif name not in inputs and name != "v":
                raise _unknown(part.text(), name, known)
    return [inputs | {"v": velocity[..., axis]} for axis in range(position.shape[-1])]


def _unknown(text: str, name: str, known: Mapping[str, np.ndarray]) -> InputError:
    return InputError(
        f"formula {text!r}: no value for {name!r}; given are the attributes {sorted(known)}"
    )
