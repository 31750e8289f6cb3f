"""Motion in a box, and writers of it in the text formats of simulations."""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from forcelaw.particles import read
from forcelaw.particles.data import Recordings

TILTED = np.array([[4.0, 0.0, 0.0], [1.2, 5.0, 0.0], [-0.9, 1.5, 6.0]])
GENERAL = np.array([[4.0, 0.3, -0.2], [1.2, 5.0, 0.4], [-0.9, 1.5, 6.0]])
STRAIGHT = np.diag([4.0, 5.0, 6.0])
ORIGIN = np.array([-1.0, 0.5, 2.0])


@dataclass
class World:
    """Smooth motion that leaves the box, with all that a file may hold of it."""

    position: np.ndarray
    velocity: np.ndarray
    force: np.ndarray
    time: np.ndarray
    present: np.ndarray
    mass: np.ndarray
    charge: np.ndarray
    kind: list
    vectors: np.ndarray

    @property
    def image(self):
        return np.floor((self.position - ORIGIN) @ np.linalg.inv(self.vectors))

    @property
    def wrapped(self):
        return self.position - self.image @ self.vectors

    def follows(self, found):
        """Whether a recording tells the same motion, up to the box in which each body begins."""
        np.testing.assert_array_equal(found.present, self.present)
        here = self.present[..., None]
        first = self.present.argmax(axis=0)
        columns = np.arange(len(first))
        shift = found.position[first, columns] - self.position[first, columns]
        whole = shift @ np.linalg.inv(self.vectors)
        np.testing.assert_allclose(whole, np.rint(whole), atol=1e-6)
        expected = np.where(here, self.position + shift, np.nan)
        np.testing.assert_allclose(found.position, expected, atol=1e-6)


def world(vectors=STRAIGHT, bodies=6, frames=40, seed=0, absent=0.0, step=0.05):
    draw = np.random.default_rng(seed)
    time = np.arange(frames) * step
    rate, phase = draw.uniform(0.5, 2, (2, bodies, 3))
    drift, start = draw.uniform(-3, 3, (2, bodies, 3))
    angle = rate * time[:, None, None] + phase
    position = start + drift * time[:, None, None] + np.sin(angle)
    kind = ["Ar" if k % 2 else "Kr" for k in range(bodies)]
    mass = np.array([2.0 if k == "Ar" else 3.5 for k in kind])
    present = draw.random((frames, bodies)) >= absent
    present[:, 0] = True
    present[[0, 1, 2]] = True
    return World(
        position=position,
        velocity=drift + rate * np.cos(angle),
        force=-mass[:, None] * rate**2 * np.sin(angle),
        time=time,
        present=present,
        mass=mass,
        charge=np.where(np.arange(bodies) % 3, 1.0, -1.0),
        kind=kind,
        vectors=vectors,
    )


def lammps_box(vectors, general=False, flags="pp pp pp"):
    """The lines of a box; https://docs.lammps.org/Howto_triclinic.html."""
    if general:
        rows = np.column_stack([vectors, ORIGIN])
        return [f"ITEM: BOX BOUNDS abc origin {flags}", *written(rows)]
    (lx, xy, xz), (ly, yz), lz = vectors[:, 0], vectors[1:, 1], vectors[2, 2]
    low = ORIGIN
    high = low + np.array([lx, ly, lz])
    if not any((xy, xz, yz)):
        return [f"ITEM: BOX BOUNDS {flags}", *written(np.column_stack([low, high]))]
    bounds = [
        (low[0] + min(0, xy, xz, xy + xz), high[0] + max(0, xy, xz, xy + xz), xy),
        (low[1] + min(0, yz), high[1] + max(0, yz), xz),
        (low[2], high[2], yz),
    ]
    return [f"ITEM: BOX BOUNDS xy xz yz {flags}", *written(bounds)]


def written(rows):
    return [" ".join(repr(float(value)) for value in row) for row in rows]


def lammps(
    made, style="", velocity=True, force=False, images=False, general=False, timed=True, seed=None,
    extra=None, units="", flags="pp pp pp",
):  # fmt: skip
    """The text of a dump. `style`: what follows the axis in the names of positions."""
    shuffle = np.random.default_rng(seed)
    inverse = np.linalg.inv(made.vectors)
    given = {
        "": made.wrapped,
        "u": made.position,
        "s": (made.wrapped - ORIGIN) @ inverse,
        "su": (made.position - ORIGIN) @ inverse,
    }[style]
    columns = {"id": None, "type": None, "element": None, "mass": made.mass, "q": made.charge}
    vectors = {f"{{}}{style}": given}
    vectors |= {"v{}": made.velocity} if velocity else {}
    vectors |= {"f{}": made.force} if force else {}
    vectors |= {"i{}": made.image.astype(int)} if images else {}
    names = [*columns, *(p.format(axis) for p in vectors for axis in "xyz"), *(extra or {})]
    lines = ["ITEM: UNITS", units] if units else []
    for t, time in enumerate(made.time):
        rows = np.flatnonzero(made.present[t])
        if seed is not None:
            shuffle.shuffle(rows)
        lines += ["ITEM: TIMESTEP", str(t * 10)]
        lines += ["ITEM: TIME", repr(float(time))] if timed else []
        lines += ["ITEM: NUMBER OF ATOMS", str(len(rows))]
        lines += lammps_box(made.vectors, general, flags)
        lines.append("ITEM: ATOMS " + " ".join(names))
        for k in rows.tolist():
            cells = [k + 1, 1 + (made.kind[k] == "Ar"), made.kind[k]]
            cells += [float(made.mass[k]), float(made.charge[k])]
            cells += [x for value in vectors.values() for x in value[t, k].tolist()]
            cells += [float(value[t, k]) for value in (extra or {}).values()]
            lines.append(" ".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def xyz(
    made, velocity="vel", force=True, ids=True, pbc="T T T", wrapped=True, timed=True, mass=True
):
    """The text of an extended XYZ file; `velocity`: the name of its property, or none."""
    lines = []
    rate = made.velocity * made.mass[:, None] if velocity.startswith("mom") else made.velocity
    for t, time in enumerate(made.time):
        rows = np.flatnonzero(made.present[t]).tolist()
        lattice = " ".join(map(repr, made.vectors.ravel().tolist()))
        properties = "species:S:1:pos:R:3" + (f":{velocity}:R:3" if velocity else "")
        properties += ":forces:R:3" * force + ":id:I:1" * ids + ":masses:R:1" * mass
        comment = f'Lattice="{lattice}" Properties={properties} pbc="{pbc}"'
        lines += [str(len(rows)), comment + (f" Time={float(time)!r}" if timed else "")]
        for k in rows:
            cells = [made.kind[k], *(made.wrapped if wrapped else made.position)[t, k].tolist()]
            cells += rate[t, k].tolist() if velocity else []
            cells += made.force[t, k].tolist() if force else []
            cells += [k + 1] * ids + [float(made.mass[k])] * mass
            lines.append(" ".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def recordings(data) -> Any:
    """What was read, if these are recordings."""
    assert isinstance(data, Recordings)
    return data


def recording(path, **options) -> Any:
    """The only recording of a file, with warnings left to notes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = recordings(read(path, **options))
    assert len(data) == 1
    return data.parts[0]
