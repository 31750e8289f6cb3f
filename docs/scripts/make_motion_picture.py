"""Draws the README's moving picture: bodies under a found law, and a network that comes to rest.

    python docs/scripts/make_motion_picture.py

Left, bodies on springs: circles are the simulation, dots the motion that the discovered formula
predicts from the same start. Right, the nodes of a made network of three factions under the law
that ships with forcelaw, from places at random, in the plane in which they lie widest at the end.
"""

from __future__ import annotations

from pathlib import Path

import jax.numpy as jnp
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

import forcelaw as fl
from forcelaw.signed.forces import whole_view
from forcelaw.signed.forces.simulation import simulate

PICTURE = Path(__file__).parents[1] / "pictures" / "motion.svg"
FRAMES, SECONDS, SIDE, DIGITS = 60, 8, 300, 1
COLOURS = ("#3b78c2", "#d9822b", "#4c9a6a", "#a4588f", "#8a7a3c", "#c0504d")
ALONE = "#888888"
"""Nodes without friends."""


def main() -> None:
    """Writes the picture."""
    left = "\n".join(bodies())
    right = "\n".join(network())
    size = f'width="{2 * SIDE + 40}" height="{SIDE}" viewBox="0 0 {2 * SIDE + 40} {SIDE}"'
    title = "<title>Bodies under a found law, and a signed network that comes to rest</title>"
    captions = [
        caption(SIDE / 2, "circles: motion; dots: the found law"),
        caption(SIDE * 1.5 + 40, "friends come near, enemies go far"),
    ]
    moved = f'<g transform="translate({SIDE + 40} 0)">\n{right}\n</g>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    PICTURE.write_text("\n".join([head, title, left, moved, *captions, "</svg>", ""]), "utf-8")


def bodies() -> list[str]:
    """Circles for the simulation, dots for the formula."""
    data = fl.particles.simulate("spring", bodies=6, dim=2, trajectories=200, steps=600, seed=3)
    found = fl.particles.discover(data, seed=0)
    true = np.asarray(data.position[0])
    dt = float(data.time[1] - data.time[0])
    told = np.asarray(found.formula.rollout(data.initial, steps=600, dt=dt).state.position)[0]
    shown = slice(0, 600, 600 // FRAMES)
    low, high = true[shown].min(axis=(0, 1)), true[shown].max(axis=(0, 1))
    scale = (SIDE - 30) / (high - low).max()
    middle = (low + high) / 2
    lines = []
    for body, colour in enumerate(COLOURS):
        for place, radius, look in (
            (true, 8, f'fill="none" stroke="{colour}" stroke-width="2"'),
            (told, 4, f'fill="{colour}"'),
        ):
            path = SIDE / 2 + scale * (place[shown, body] - middle)
            # There and back again, so that it has no end.
            lines.append(circle(np.concatenate([path, path[::-1]]), radius, look))
    return lines


def network() -> list[str]:
    """Nodes by the faction that they were made of."""
    made = fl.signed.synthetic(60, factions=3, noise=0, seed=2)
    friends = made.edges[made.sign > 0]
    matrix = coo_array((np.ones(len(friends)), friends.T), shape=(made.n_nodes, made.n_nodes))
    faction = connected_components(matrix, directed=False)[1]
    learned = fl.signed.load_learned_model("default")
    graph, view = whole_view(made, learned.fit_settings.forces.views)
    start = jnp.asarray(np.random.default_rng(0).uniform(-1, 1, (graph.nodes, learned.dim)))
    how = learned.settings
    steps = np.unique(np.linspace(0, how.steps, FRAMES).astype(int))
    places = np.stack(
        [
            np.asarray(
                simulate(
                    learned.law,
                    graph,
                    view,
                    start.astype(jnp.float32),
                    steps=jnp.asarray(step),
                    dt=how.dt,
                    damping=how.damping,
                    capacity=how.steps,
                )
            )[: made.n_nodes]
            for step in steps
        ]
    )
    end = places[-1] - places[-1].mean(axis=0)
    plane = np.linalg.svd(end, full_matrices=False)[2][:2].T
    flat = (places - places[-1].mean(axis=0)) @ plane
    flat *= (SIDE / 2 - 20) / np.abs(flat).max()
    lines = []
    still = [0] * 4 + list(range(len(steps))) + [len(steps) - 1] * 12
    for node in range(made.n_nodes):
        colour = COLOURS[faction[node]] if faction[node] < 3 else ALONE
        path = SIDE / 2 + flat[still, node]
        lines.append(circle(path, 5, f'fill="{colour}" fill-opacity=".8"'))
    return lines


def caption(x: float, text: str) -> str:
    """A line below a picture, legible on light and on dark."""
    place = f'x="{x:.0f}" y="{SIDE - 4}" text-anchor="middle"'
    return f'<text {place} font-family="sans-serif" font-size="13" fill="#888888">{text}</text>'


def circle(path: np.ndarray, radius: int, look: str) -> str:
    """A circle that moves along places."""
    steps = [
        f'<animate attributeName="{name}" dur="{SECONDS}s" repeatCount="indefinite" '
        f'values="{";".join(f"{value:.{DIGITS}f}" for value in path[:, column])}"/>'
        for column, name in enumerate(("cx", "cy"))
    ]
    first = f'cx="{path[0, 0]:.{DIGITS}f}" cy="{path[0, 1]:.{DIGITS}f}"'
    return f'<circle {first} r="{radius}" {look}>{"".join(steps)}</circle>'


if __name__ == "__main__":
    main()
