"""Node positions as files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def write_positions(
    out: Path, names: Sequence[str], position: Any, *, spreadsheet_safe: bool = False
) -> None:
    """Writes `node` and `position [node, dim]` to `.npz`, or a line for each node to `.csv`.

    **Arguments:** `spreadsheet_safe` writes names in `.csv` that a spreadsheet would take for
    formulas as text.
    """
    import numpy as np

    from forcelaw.files import spreadsheet_text, write_rows
    from forcelaw.storage import atomic_write

    if out.suffix.lower() == ".npz":
        data = io.BytesIO()
        np.savez(data, node=np.array(names, dtype=np.str_), position=position)
        atomic_write(out, data.getvalue())
        return
    shown = spreadsheet_text if spreadsheet_safe else str
    text = io.StringIO()
    header = ["node", *(f"x{i}" for i in range(position.shape[1]))]
    places = zip(names, position.tolist(), strict=True)
    write_rows(text, header, ([shown(name), *map(str, row)] for name, row in places))
    atomic_write(out, text.getvalue().encode())
