"""Motion by laws that are in none of the forms that are searched, made in NumPy alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from forcelaw.particles import Trajectories
from forcelaw.particles._estimate import estimate_missing

FINE = 8
"""Steps of the integrator between two frames."""

Force = Callable[[float, np.ndarray, np.ndarray], np.ndarray]
"""From time, positions and velocities `[trajectory, body, dim]` to accelerations."""


def apart(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`x_j - x_i` at `[..., i, j, :]`, and distances with ones on the diagonal."""
    difference = x[..., None, :, :] - x[..., :, None, :]
    length = np.linalg.norm(difference, axis=-1)
    return difference, length + np.eye(x.shape[-2])


def central(x: np.ndarray, force: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
    """Sums of a force along the lines, attraction positive."""
    difference, length = apart(x)
    size = force(length) / length
    off = 1 - np.eye(x.shape[-2])
    return np.einsum("...ij,...ijd->...id", size * off, difference)


def second_order(force: Force, x, v, *, steps: int, dt: float):
    """Frames of `x'' = force` by the classical Runge-Kutta method."""
    frames, h, t = [(x, v)], dt / FINE, 0.0
    for _ in range(steps):
        for _ in range(FINE):
            a1 = force(t, x, v)
            a2 = force(t + h / 2, x + h / 2 * v, v + h / 2 * a1)
            a3 = force(t + h / 2, x + h / 2 * v + h * h / 4 * a1, v + h / 2 * a2)
            a4 = force(t + h, x + h * v + h * h / 2 * a2, v + h * a3)
            x = x + h * v + h * h / 6 * (a1 + a2 + a3)
            v = v + h / 6 * (a1 + 2 * a2 + 2 * a3 + a4)
            t += h
        frames.append((x, v))
    position, velocity = (np.stack(part, axis=1) for part in zip(*frames, strict=True))
    return position, velocity, dt * np.arange(steps + 1)


def first_order(force: Force, x, *, steps: int, dt: float):
    """Frames of `x' = force`."""
    frames, h, t = [x], dt / FINE, 0.0
    for _ in range(steps):
        for _ in range(FINE):
            k1 = force(t, x, x)
            k2 = force(t + h / 2, x + h / 2 * k1, x)
            k3 = force(t + h / 2, x + h / 2 * k2, x)
            k4 = force(t + h, x + h * k3, x)
            x = x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            t += h
        frames.append(x)
    return np.stack(frames, axis=1), dt * np.arange(steps + 1)


def seen(position, velocity, time, *, noise=0.0, seed=9, name="world", edges=None, **attributes):
    """Trajectories as they are read from a file of positions, and velocities unless None.

    Noise is a share of the spread of positions.
    """
    draw = np.random.default_rng(seed)
    size = noise * position.std()
    position = position + size * draw.normal(size=position.shape)
    if noise:
        velocity = None
    done = estimate_missing(position, velocity, None, time)
    whole = Trajectories(
        done.position, done.velocity, time, attributes, edges, done.acceleration, name=name
    )
    return replace(
        whole,
        estimated=done.estimated,
        ends=done.ends,
        reliable=done.reliable,
        measured=done.measured or {},
        notes=done.notes,
    )


def starts(trajectories=24, bodies=4, dim=2, *, seed=0, spread=1.0, speed=1.0):
    draw = np.random.default_rng(seed)
    shape = (trajectories, bodies, dim)
    # Nobody starts on another.
    x = spread * draw.normal(size=shape)
    for _ in range(200):
        _, length = apart(x)
        close = (length + 9 * np.eye(bodies)).min(axis=(1, 2)) < 0.5 * spread
        if not close.any():
            break
        x[close] = spread * draw.normal(size=(close.sum(), bodies, dim))
    return x, speed * draw.normal(size=shape)


def moved(force: Force, x, v, *, steps=60, dt=0.05, noise=0.0, name="world", **more):
    position, velocity, time = second_order(force, x, v, steps=steps, dt=dt)
    return seen(position, velocity, time, noise=noise, name=name, **more)


def of_pairs(pair, *, noise=0.0, steps=60, dt=0.05, name="pair", **start):
    """Central forces alone."""
    return moved(
        lambda t, x, v: central(x, pair),
        *starts(**start),
        steps=steps,
        dt=dt,
        noise=noise,
        name=name,
    )


# Forces along the line, of other forms.
def buckingham(noise=0.0):
    return of_pairs(
        lambda r: -(40 * np.exp(-2.5 * r) * 2.5 - 6 * 4 * r / (r**2 + 0.5) ** 4),
        noise=noise,
        name="buckingham",
        speed=0.5,
    )


def dlvo(noise=0.0):
    return of_pairs(
        lambda r: -(3 * np.exp(-2 * r) * (2 / r + 1 / r**2) - 0.6 / (r + 0.3) ** 2),
        noise=noise,
        name="dlvo",
        speed=0.4,
    )


def woods_saxon(noise=0.0):
    def force(r):
        e = np.exp((r - 1.5) / 0.3)
        return 3 * e / (1 + e) ** 2 / 0.3

    return of_pairs(force, noise=noise, name="woods-saxon", speed=0.5)


def friedel(noise=0.0):
    return of_pairs(lambda r: np.sin(3 * r) / (0.3 + r), noise=noise, name="friedel", speed=0.5)


def sine(noise=0.0):
    return of_pairs(lambda r: np.sin(3 * r), noise=noise, name="sine", speed=0.5)


def hertz(noise=0.0):
    def force(r):
        return -8 * np.maximum(1.5 - r, 0) ** 1.5 + 0.4 * r

    return of_pairs(force, noise=noise, name="hertz")


def fene(noise=0.0):
    return of_pairs(
        lambda r: r / (1 - np.minimum(r / 6, 0.98) ** 2) - 0.8 * np.exp(-r) * r**-0.5,
        noise=noise,
        name="fene",
        speed=0.5,
    )


# Velocities.
def pair_friction():
    def force(t, x, v):
        d, r = apart(x)
        u = d / r[..., None]
        w = v[..., None, :, :] - v[..., :, None, :]
        along = np.sum(w * u, axis=-1)
        off = 1 - np.eye(x.shape[-2])
        return central(x, lambda r: 2 * (r - 1)) + np.einsum(
            "...ij,...ijd->...id", 0.3 * np.exp(-r) * along * off, u
        )

    return moved(force, *starts(), name="pair friction")


def cucker_smale():
    def force(t, x, v):
        _, r = apart(x)
        w = v[..., None, :, :] - v[..., :, None, :]
        return np.einsum("...ij,...ijd->...id", 1 / (1 + r**2) * (1 - np.eye(x.shape[-2])), w)

    return moved(force, *starts(bodies=6), name="cucker-smale")


def alignment_and_springs():
    def force(t, x, v):
        _, r = apart(x)
        w = v[..., None, :, :] - v[..., :, None, :]
        aligned = np.einsum("...ij,...ijd->...id", 0.2 * np.exp(-r) * (1 - np.eye(x.shape[-2])), w)
        return central(x, lambda r: 2 * (r - 1)) + aligned

    return moved(force, *starts(), name="alignment and springs")


def active():
    def force(t, x, v):
        speed = np.linalg.norm(v, axis=-1, keepdims=True)
        return central(x, lambda r: 2 * (r - 1)) + (1.5 - 0.7 * speed**1.5) * v / (0.3 + speed)

    return moved(force, *starts(), name="active")


def saturating_drag():
    def force(t, x, v):
        speed = np.linalg.norm(v, axis=-1, keepdims=True)
        return central(x, lambda r: 1 / r**1.0 * (r > 0)) - v / (0.2 + speed**2)

    return moved(force, *starts(spread=1.5), dt=0.02, name="saturating drag")


# Across the line, third bodies.
def across():
    def force(t, x, v):
        d, r = apart(x)
        turned = np.stack([-d[..., 1], d[..., 0]], axis=-1) / r[..., None]
        off = (1 - np.eye(x.shape[-2]))[..., None]
        return central(x, lambda r: 2 * (r - 1)) + (0.3 * np.exp(-r)[..., None] * off * turned).sum(
            -2
        )

    return moved(force, *starts(), name="across")


def three_body(strength=0.6):
    """Axilrod and Teller's energy, softened, by finite differences."""

    def energy(x):
        _, r2 = apart(x)
        n = x.shape[-2]
        total = 0.0
        for i in range(n):
            for j in range(i + 1, n):
                for k in range(j + 1, n):
                    a, b, c = (r2[..., p, q] ** 2 + 0.3 for p, q in ((i, j), (j, k), (i, k)))
                    cosines = (a + b - c) * (b + c - a) * (c + a - b) / (8 * a * b * c)
                    total = total + (1 + 3 * cosines) / (a * b * c) ** 1.5
        return strength * total

    def force(t, x, v):
        found, h = np.zeros_like(x), 1e-4
        for body in range(x.shape[-2]):
            for axis in range(x.shape[-1]):
                step = np.zeros_like(x)
                step[..., body, axis] = h
                found[..., body, axis] = -(energy(x + step) - energy(x - step)) / (2 * h)
        return found + central(x, lambda r: 2 * (r - 1))

    return moved(force, *starts(trajectories=16, bodies=4), name="axilrod-teller")


def embedded():
    """An energy that grows with the root of the neighbours' density."""

    def force(t, x, v):
        _, r = apart(x)
        off = 1 - np.eye(x.shape[-2])
        density = (np.exp(-r) * off).sum(-1)
        slope = -1.5 / np.sqrt(density)
        d, _ = apart(x)
        pull = -(slope[..., :, None] + slope[..., None, :]) * -np.exp(-r) * off / r
        return np.einsum("...ij,...ijd->...id", -pull, d) + central(
            x, lambda r: -np.exp(-2 * r) * 8
        )

    return moved(force, *starts(bodies=5), name="embedded")


def bent():
    """A chain whose angles are stiff: springs along it, and a force on the middle of three."""
    edges = [(k, k + 1) for k in range(4)]

    def force(t, x, v):
        found = np.zeros_like(x)
        for i, j in edges:
            d = x[:, j] - x[:, i]
            r = np.linalg.norm(d, axis=-1, keepdims=True)
            found[:, i] += 5 * (r - 1) * d / r
            found[:, j] -= 5 * (r - 1) * d / r
        for k in range(1, 4):
            bow = x[:, k - 1] - 2 * x[:, k] + x[:, k + 1]
            found[:, k - 1] -= bow
            found[:, k + 1] -= bow
            found[:, k] += 2 * bow
        return found

    x, v = starts(bodies=5)
    x = x * 0.2
    x[..., 0] += np.arange(5)
    return moved(force, x, 0.5 * v, name="bent chain")


# Who acts on whom.
def hidden_edges():
    draw = np.random.default_rng(3)
    bonds = np.triu(draw.random((5, 5)) < 0.5, 1)
    bonds = (bonds | bonds.T).astype(float)

    def force(t, x, v):
        d, r = apart(x)
        return np.einsum("...ij,...ijd->...id", bonds * 2 * (r - 1) / r, d)

    return moved(force, *starts(bodies=5), name="hidden edges")


def hidden_edges_that_vary():
    draw = np.random.default_rng(3)
    bonds = np.triu(draw.random((24, 5, 5)) < 0.5, 1)
    bonds = (bonds | bonds.swapaxes(1, 2)).astype(float)

    def force(t, x, v):
        d, r = apart(x)
        return np.einsum("...ij,...ijd->...id", bonds * 2 * (r - 1) / r, d)

    return moved(force, *starts(bodies=5), steps=120, name="edges that vary")


def polymer():
    """Bonds along a chain, repulsion of all pairs."""
    chain = np.eye(6, k=1) + np.eye(6, k=-1)

    def force(t, x, v):
        d, r = apart(x)
        bonds = np.einsum("...ij,...ijd->...id", chain * 20 * (r - 1) / r, d)
        return bonds + central(x, lambda r: -1 / (r**2 + 0.2))

    x, v = starts(bodies=6)
    x = 0.3 * x
    x[..., 0] += np.arange(6)
    return moved(force, x, v, dt=0.03, name="polymer")


def hidden_charges():
    charge = np.array([1.0, -1.0, 2.0, -0.5, 1.5])

    def force(t, x, v):
        d, r = apart(x)
        both = charge[:, None] * charge * (1 - np.eye(5))
        return np.einsum("...ij,...ijd->...id", -both / (r**2 + 0.1) / r, d)

    return moved(force, *starts(bodies=5), name="hidden charges")


def hidden_masses():
    mass = np.array([1.0, 3.0, 0.4, 2.0])

    def force(t, x, v):
        return central(x, lambda r: 2 * (r - 1)) / mass[:, None]

    return moved(force, *starts(), name="hidden masses")


def mixture(kinds=True):
    """Two kinds: like ones repel, others attract."""
    kind = np.array([0.0, 0, 0, 1, 1, 1])

    def force(t, x, v):
        d, r = apart(x)
        same = (kind[:, None] == kind) * (1 - np.eye(6))
        size = same * -2 * np.exp(-r) + (kind[:, None] != kind) * 1.0 * (r - 1.2)
        return np.einsum("...ij,...ijd->...id", size / r, d)

    x, v = starts(bodies=6)
    more = {"kind": np.tile(kind, (24, 1))} if kinds else {}
    return moved(force, x, v, name="mixture", **more)


def predators():
    """Prey flees, predators follow: not mutual."""
    kind = np.array([0.0, 0, 0, 0, 1, 1])

    def force(t, x, v):
        d, r = apart(x)
        off = 1 - np.eye(6)
        prey, hunter = 1 - kind, kind
        size = prey[:, None] * prey * (1 - 1 / r) * 0.5
        size = size - prey[:, None] * hunter * 2 / r
        size = size + hunter[:, None] * prey * 1.5 / r
        return np.einsum("...ij,...ijd->...id", size * off / r, d) - 0.5 * v

    x, v = starts(bodies=6)
    return moved(force, x, v, name="predators", kind=np.tile(kind, (24, 1)))


def one_sided():
    """Everybody is pulled by the charge of the other only."""
    draw = np.random.default_rng(2)
    charge = draw.uniform(0.3, 2, (24, 4))

    def force(t, x, v):
        d, r = apart(x)
        off = 1 - np.eye(4)
        return np.einsum("...ij,...ijd->...id", charge[:, None, :] * off * (r - 1) / r, d)

    return moved(force, *starts(), name="one-sided", charge=charge)


# Time and frames.
def growing():
    def force(t, x, v):
        return (1 + 0.5 * np.sin(1.3 * t)) * central(x, lambda r: 2 * (r - 1))

    return moved(force, *starts(), steps=100, name="growing")


def heliocentric():
    """Planets seen from a star that is not in the file."""
    draw = np.random.default_rng(0)
    mass = np.array([0.02, 0.03, 0.01])

    def force(t, x, v):
        r = np.linalg.norm(x, axis=-1, keepdims=True)
        star = -x / r**3
        common = -(mass[:, None] * x / r**3).sum(axis=-2, keepdims=True)
        d, s = apart(x)
        pull = np.einsum("...ij,...ijd->...id", mass * (1 - np.eye(3)) / s**3, d)
        return star + common + pull

    a = np.array([1.0, 1.8, 2.9])
    phase = draw.uniform(0, 2 * np.pi, (12, 3))
    x = np.stack([np.cos(phase), np.sin(phase)], -1) * a[:, None]
    v = np.stack([-np.sin(phase), np.cos(phase)], -1) / np.sqrt(a)[:, None]
    v = v * draw.uniform(0.9, 1.1, (12, 3, 1))
    return moved(force, x, v, steps=150, dt=0.1, name="heliocentric", mass=np.tile(mass, (12, 1)))


def shaken():
    def force(t, x, v):
        shake = np.array([np.sin(2 * t), 0.6 * np.cos(1.1 * t)])
        return central(x, lambda r: 2 * (r - 1)) + shake

    return moved(force, *starts(), steps=120, name="shaken")


def channel():
    """A field that is none of those searched."""

    def force(t, x, v):
        field = np.stack([np.sin(1.5 * x[..., 1]), -np.cos(x[..., 0])], axis=-1)
        return central(x, lambda r: 2 * (r - 1)) + field

    return moved(force, *starts(), name="channel")


def delayed():
    """Springs that act a while later."""
    late = 0.4

    def force(t, x, v):
        before = x - late * v
        old = before[..., None, :, :] - x[..., :, None, :]
        length = np.linalg.norm(old, axis=-1) + np.eye(x.shape[-2])
        off = 1 - np.eye(x.shape[-2])
        return np.einsum("...ij,...ijd->...id", 2 * (length - 1) * off / length, old)

    return moved(force, *starts(), name="delayed")


# Boxes.
def periodic(wrapped=True):
    box = 6.0

    def force(t, x, v):
        d, _ = apart(x)
        d = d - box * np.round(d / box)
        r = np.linalg.norm(d, axis=-1) + np.eye(x.shape[-2])
        off = (1 - np.eye(x.shape[-2])) * (r < box / 2)
        size = -4 * np.exp(-1.5 * r)
        return np.einsum("...ij,...ijd->...id", size * off / r, d)

    draw = np.random.default_rng(0)
    x = draw.uniform(0, box, (16, 6, 2))
    v = draw.normal(size=x.shape)
    position, velocity, time = second_order(force, x, v, steps=120, dt=0.05)
    return seen(position % box if wrapped else position, velocity, time, name="periodic")


# First order.
def overdamped():
    x, _ = starts(bodies=4)
    position, time = first_order(
        lambda t, x, v: central(x, lambda r: -1 / (r**2 + 0.1)) - 0.3 * x, x, steps=60, dt=0.05
    )
    return seen(position, None, time, name="overdamped")


def vortices():
    def force(t, x, v):
        d, r = apart(x)
        turned = np.stack([-d[..., 1], d[..., 0]], axis=-1) / r[..., None] ** 2
        return (turned * (1 - np.eye(x.shape[-2]))[..., None]).sum(-2)

    x, _ = starts(bodies=5)
    position, time = first_order(force, x, steps=80, dt=0.04)
    return seen(position, None, time, name="vortices")


def kuramoto():
    draw = np.random.default_rng(0)
    own = draw.normal(size=8)

    def force(t, x, v):
        d, _ = apart(x)
        return own[:, None] + 1.5 / 8 * np.sin(d).sum(-2)

    position, time = first_order(force, draw.uniform(0, 6, (10, 8, 1)), steps=100, dt=0.05)
    return seen(position, None, time, name="kuramoto")


# Chance.
def langevin(friction=0.5, temperature=0.5):
    draw = np.random.default_rng(0)
    x, v = starts()
    h, frames = 0.005, [(x, v)]
    for step in range(1, 60 * 10 + 1):
        kick = np.sqrt(2 * friction * temperature * h) * draw.normal(size=x.shape)
        v = v + h * (central(x, lambda r: 2 * (r - 1)) - friction * v) + kick
        x = x + h * v
        if step % 10 == 0:
            frames.append((x, v))
    position, velocity = (np.stack(part, axis=1) for part in zip(*frames, strict=True))
    return seen(position, velocity, 0.05 * np.arange(61), name="langevin")


def brownian():
    draw = np.random.default_rng(0)
    x, _ = starts()
    h, frames = 0.005, [x]
    for step in range(1, 100 * 10 + 1):
        x = x + h * central(x, lambda r: 2 * (r - 1)) + np.sqrt(0.2 * h) * draw.normal(size=x.shape)
        if step % 10 == 0:
            frames.append(x)
    return seen(np.stack(frames, axis=1), None, 0.05 * np.arange(101), name="brownian")


def capped():
    """The total force on a body never exceeds a limit."""

    def force(t, x, v):
        total = central(x, lambda r: 1 / r)
        size = np.linalg.norm(total, axis=-1, keepdims=True)
        return total / np.maximum(1, size / 1.2)

    return moved(force, *starts(spread=1.5), name="capped")


def dipoles():
    """Forces that depend on the angle of the line to a fixed axis."""

    def force(t, x, v):
        d, r = apart(x)
        cosine = d[..., 0] / r
        size = (1 - 3 * cosine**2) / (r**2 + 0.3) ** 1.5 * (1 - np.eye(x.shape[-2]))
        return np.einsum("...ij,...ijd->...id", -size / r, d)

    return moved(force, *starts(), name="dipoles")


def hidden_body():
    """A heavy body that moves about and is not in the file."""

    def force(t, x, v):
        d, r = apart(x)
        mass = np.array([1.0, 1, 1, 6])
        return np.einsum("...ij,...ijd->...id", mass * (1 - np.eye(4)) / (r**2 + 0.1) / r, d)

    x, v = starts()
    position, velocity, time = second_order(force, x, v, steps=80, dt=0.04)
    return seen(position[:, :, :3], velocity[:, :, :3], time, name="hidden body")


OUTSIDE = {
    "buckingham": buckingham,
    "buckingham, noise": lambda: buckingham(0.005),
    "dlvo": dlvo,
    "dlvo, noise": lambda: dlvo(0.005),
    "woods-saxon": woods_saxon,
    "woods-saxon, noise": lambda: woods_saxon(0.005),
    "friedel": friedel,
    "sine": sine,
    "hertz": hertz,
    "fene": fene,
    "pair friction": pair_friction,
    "cucker-smale": cucker_smale,
    "alignment and springs": alignment_and_springs,
    "active": active,
    "saturating drag": saturating_drag,
    "across": across,
    "three-body": three_body,
    "embedded": embedded,
    "bent": bent,
    "hidden edges": hidden_edges,
    "edges that vary": hidden_edges_that_vary,
    "polymer": polymer,
    "hidden charges": hidden_charges,
    "hidden masses": hidden_masses,
    "mixture": mixture,
    "mixture without kinds": lambda: mixture(False),
    "predators": predators,
    "one-sided": one_sided,
    "growing": growing,
    "heliocentric": heliocentric,
    "shaken": shaken,
    "channel": channel,
    "delayed": delayed,
    "periodic, wrapped": periodic,
    "periodic, unwrapped": lambda: periodic(False),
    "overdamped": overdamped,
    "vortices": vortices,
    "kuramoto": kuramoto,
    "langevin": langevin,
    "brownian": brownian,
    "capped": capped,
    "dipoles": dipoles,
    "hidden body": hidden_body,
}
