"""The endings of files that hold trajectories: of those that are read and those written."""

WRITTEN: tuple[str, ...] = (".npz", ".csv")
"""Of files that `write` writes; what writes each stands in `files.py`, in this order."""
READ: tuple[str, ...] = (*WRITTEN, ".tsv")
"""Of files that `read` reads; what reads each stands in `files.py`, in this order."""
A_FILE = f"a {' or '.join(WRITTEN)} file"
"""How a file of trajectories is called in help and in errors."""
