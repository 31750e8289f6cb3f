"""Small tables of motion, in any dialect."""

import warnings

import numpy as np

from forcelaw.particles import read


def motion(trajectories=2, frames=12, names=("a", "b", "c"), **changes):
    """A small table with everything in it, as rows of cells by column."""
    draw = np.random.default_rng(0)
    rate, phase = draw.uniform(0.5, 2, size=(2, trajectories, len(names), 2))
    rows = []
    for i in range(trajectories):
        for t in np.arange(frames) * 0.1:
            for k, name in enumerate(names):
                x, y = np.sin(rate[i, k] * t + phase[i, k])
                vx, vy = rate[i, k] * np.cos(rate[i, k] * t + phase[i, k])
                cells = {"trajectory": i, "time": t, "body": name, "x": x, "y": y}
                rows.append(cells | {"vx": vx, "vy": vy, "mass": 1 + k + 10 * i})
    return [{changes.get(key, key): value for key, value in row.items()} for row in rows]


def table(path, rows, columns=None, delimiter=",", comma=False, quote=False, encoding="utf-8"):
    columns = columns or list(rows[0])

    def cell(value):
        text = repr(float(value)) if isinstance(value, float) else str(value)
        text = text.replace(".", ",") if comma and not isinstance(value, str) else text
        return f'"{text}"' if quote else text

    lines = [delimiter.join(cell(name) for name in columns)]
    lines += [delimiter.join(cell(row[name]) for name in columns) for row in rows]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def quietly(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return read(path)


COLUMNS = list(motion()[0])
