"""The valid inputs of readers of motion that are damaged; `make_corpus.py` writes them."""

import io

import numpy as np
from fuzz_readers import CORPUS

from forcelaw import particles


def write(name: str, content: str | bytes) -> None:
    """One file of the corpus."""
    place = CORPUS / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content if isinstance(content, bytes) else content.encode())


def motion() -> None:
    data = particles.simulate("charge", bodies=3, dim=2, trajectories=2, steps=5, seed=0)
    for name in ("csv/charge.csv", "npz/charge.npz"):
        (CORPUS / name).parent.mkdir(exist_ok=True)
        particles.write(data, CORPUS / name, force=True)
    lines = (CORPUS / "csv/charge.csv").read_text().split("\n")
    rows = [line.split(",") for line in lines if line]
    kept = [[rows[0].index(name) for name in ("trajectory", "time", "body", "x", "y")]]
    write("csv/positions.csv", "".join(",".join(row[i] for i in kept[0]) + "\n" for row in rows))
    write(
        "csv/names.csv",
        '# edges (sender, receiver): [["Earth", "Moon"], ["Moon", "Earth"]]\n'
        "trajectory,time,body,x,y,z,mass\n"
        + "".join(
            f'0,{t},"{body}",{k + t * 0.1},{k},{t * t},{k + 1}\n'
            for t in range(4)
            for k, body in enumerate(("Earth", "Moon"))
        ),
    )
    arrays = np.load(CORPUS / "npz/charge.npz")
    for name, keys in (
        ("positions", ("position", "time")),
        ("edges", ("position", "time", "edges")),
    ):
        file = io.BytesIO()
        found = {key: arrays[key] for key in keys if key in arrays}
        if name == "edges":
            found["edges"] = np.array([[0, 1], [1, 2], [2, 0]])
        np.savez(file, **found)
        write(f"npz/{name}.npz", file.getvalue())
    dumps()


def dumps() -> None:
    """Texts of simulations: bodies that leave a tilted box."""
    lammps, xyz = [], []
    for t in range(5):
        lammps += ["ITEM: TIMESTEP", str(10 * t), "ITEM: NUMBER OF ATOMS", "3"]
        lammps += ["ITEM: BOX BOUNDS xy xz yz pp pp ff", "0 7 1", "0 6 0", "0 5 0"]
        lammps += ["ITEM: ATOMS id type x y z vx vy vz ix iy iz q"]
        xyz += ["3", f'Lattice="6 0 0 1 6 0 0 0 5" Properties=species:S:1:pos:R:3 Time={t / 10}']
        for k in range(3):
            x, y, z = (k + 0.7 * t) % 6, k * 1.5, 0.1 * t * k
            lammps.append(f"{k + 1} {k % 2 + 1} {x} {y} {z} 0.7 0 {0.1 * k} 0 0 0 {k - 1}")
            xyz.append(f"{'AB'[k % 2]} {x} {y} {z}")
    write("dumps/a.lammpstrj", "\n".join(lammps) + "\n")
    write("dumps/a.xyz", "\n".join(xyz) + "\n")
    head = "frame,particle,x,y,mass,size,ecc\n"
    rows = [
        f"{t},{k},{k + t * 0.1},{k * t},{t},2,0\n" for t in range(6) for k in range(3) if t != k
    ]
    write("dumps/tracks.csv", head + "".join(rows))
