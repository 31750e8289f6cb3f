"""The endings of files that hold trajectories: of those that are read and those written."""

from forcelaw.particles.formats.endings import ENDINGS

WRITTEN: tuple[str, ...] = (".npz", ".csv")
"""Of files that `write` writes; what writes each stands in `files.py`, in this order."""
TABLES: tuple[str, ...] = (*WRITTEN, ".tsv", ".parquet", ".pq")
"""Of arrays and tables that `read` reads; what reads each stands in `files.py`, in this order."""
READ: tuple[str, ...] = (*TABLES, *ENDINGS)
"""Of all files that `read` reads."""
A_FILE = f"a {' or '.join(WRITTEN)} file"
"""How a file of trajectories is called in help and in errors."""
SOURCE_FILES = (
    f"{A_FILE}, several being one data set; a .npz file with the array end holds pairs of states"
)
"""What `fit` and `discover` learn from, in help."""
