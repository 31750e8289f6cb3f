"""Numbers that decide how a picture of a signed network looks."""

from __future__ import annotations

from forcelaw.storage.settings import Count, Positive, Settings


class LayoutSettings(Settings):
    """Of `layout`; lengths in radii of the picture."""

    friend: Positive = 8.0
    """Strength of attraction, against the repulsion between any two nodes."""
    enemy: Positive = 16.0
    """Strength of repulsion of enemies, against that between any two nodes."""
    reach: Positive = 1.2
    """Distance from which enemies no longer push."""
    start_iterations: Count = 60
    """Simultaneous iterations of the eigenvectors that nodes start from, which need not settle."""
    steps: Count = 300
    """Of the descent."""
    step_size: Positive = 0.3
    """Of the descent, in forces per mass."""
    momentum: Positive = 0.8
    """How much of a step the next one keeps."""
    cells: tuple[int, int] = (128, 24)
    """Cells of the mesh of repulsion along each axis, in the plane and in space."""
    mesh_room: Positive = 1.05
    """That mesh reaches so many times as far as the farthest node."""
    filled_area: Positive = 0.15
    """Share of the disc that markers cover, at most."""
    filled_volume: Positive = 0.05
    """Share of the ball that markers fill, at most: more would hide those behind."""
    widest: Positive = 0.08
    """The largest diameter of a marker."""
    rounds: Count = 400
    """Rounds in which nodes that lie on each other move apart, at most."""


LAYOUT_SETTINGS = LayoutSettings()
"""Those of every picture."""
