"""Repulsion between all nodes at once, through a mesh: the cost grows with nodes alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Complex, Float
from scipy import fft

from forcelaw.signed.drawing.settings import LAYOUT_SETTINGS, LayoutSettings


@dataclass(frozen=True, eq=False)
class Mesh:
    """The transformed force of a unit charge in one cell on all cells around it, for each axis.

    Particle-mesh method: Hockney and Eastwood, Computer Simulation Using Particles, 1988.
    """

    kernel: Complex[np.ndarray, "axis ..."]
    cells: int
    """Along each axis."""
    room: float
    """See `LayoutSettings.mesh_room`."""

    @classmethod
    def of(cls, dim: int, settings: LayoutSettings = LAYOUT_SETTINGS) -> Mesh:
        """For Coulomb's force in `dim` dimensions, 2 or 3: one over distance to `dim - 1`."""
        cells = settings.cells[dim - 2]
        steps = fft.fftfreq(2 * cells, 1 / (2 * cells))
        offset = np.stack(np.meshgrid(*[steps] * dim, indexing="ij"))
        # Half a cell of softening: charges of one cell do not push each other apart without end.
        fields = offset / ((offset**2).sum(axis=0) + 0.5) ** (dim / 2)
        kernel = np.asarray(fft.rfftn(fields, axes=range(1, dim + 1)))
        return cls(kernel, cells, settings.mesh_room)

    def repulsion(self, position: Float[np.ndarray, "node dim"]) -> Float[np.ndarray, "node dim"]:
        """The force on each node from all nodes together, whose charges sum up to one.

        Charges are shared between the corners of a cell in proportion to nearness, forces are
        read off in the same way.
        """
        nodes, dim = position.shape
        cells = self.cells
        half = self.room * float(np.abs(position).max()) or 1.0
        size = 2 * half / cells
        place = np.clip((position + half) / size - 0.5, 0, cells - 1.001)
        corner = place.astype(np.int64)
        share = place - corner
        steps = np.stack(np.meshgrid(*[[0, 1]] * dim, indexing="ij"), axis=-1).reshape(-1, dim)
        weight = np.stack(
            [np.prod(np.where(step == 1, share, 1 - share), axis=1) for step in steps]
        )
        cell = np.stack(
            [np.ravel_multi_index(tuple((corner + step).T), (cells,) * dim) for step in steps]
        )
        charge = np.bincount(cell.ravel(), weight.ravel(), minlength=cells**dim) / nodes
        # Twice the cells, so that the far side of the mesh is not a neighbour.
        padded = (2 * cells,) * dim
        spectrum = fft.rfftn(charge.reshape((cells,) * dim), s=padded)
        inside = (slice(cells),) * dim
        force = [
            (weight * fft.irfftn(spectrum * kernel, s=padded)[inside].ravel()[cell]).sum(axis=0)
            for kernel in self.kernel
        ]
        return np.stack(force, axis=1) / size ** (dim - 1)
