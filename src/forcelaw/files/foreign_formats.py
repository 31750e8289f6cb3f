"""Files of other programs, known by their first bytes and named in an error."""

from __future__ import annotations

import os

from forcelaw.errors import unreadable

FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and name the file inside"),
    (b"Rar!\x1a\x07", "a RAR archive", "unpack it and name the file inside"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file", "unpack it by: unzstd FILE"),
    (b"\x04\x22\x4d\x18", "an LZ4 file", "unpack it by: unlz4 FILE"),
    (b"\x1f\x9d", "a file of compress (.Z)", "unpack it by: uncompress FILE"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", "save the table as CSV"),
    (b"\x93NUMPY", "a NumPy array (.npy)", "write the rows to a CSV file"),
    (b"PAR1\x15", "a Parquet file", "write it as CSV: pandas.read_parquet(FILE).to_csv(...)"),
    (b"ARROW1\x00", "an Arrow or Feather file", "write it as CSV by pandas"),
    (b"\x89HDF", "an HDF5 file", "write the table as CSV"),
    (b"MATLAB 5.0 MAT-file", "a MATLAB file", "write the table as CSV: writematrix"),
    (b"SQLite format 3\x00", "an SQLite database", "export the table as CSV"),
    (b"RDX3\nX\n", "a file of R", "write the table as CSV: write.csv"),
    (b"%PDF-", "a PDF document", "find the table as text"),
    (b"\x7fELF", "a program", "check the path"),
    (b"\x89PNG", "a picture", "check the path"),
    (b"{\\rtf", "a document of an office program (.rtf)", "save the table as CSV"),
    (b"version https://git-lfs", "a pointer to a file that Git LFS keeps", "get it: git lfs pull"),
    (b"<gexf", "a GEXF file", "export it from Gephi as GraphML or as a table of edges (CSV)"),
)
PICKLES = tuple(bytes((0x80, version)) for version in (2, 3, 4, 5))
GEXF = b"<gexf"
WEB_PAGE = (b"<!doctype html", b"<html")


def refuse_foreign(path: str | os.PathLike[str], raw: bytes, expected: str = "plain text") -> None:
    """Raises `InputError` for bytes of another program, with the way to make a text of them."""
    start = raw[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<?xml") and GEXF in start:
        start = GEXF
    for magic, what, then in FOREIGN:
        if start.startswith(magic):
            raise unreadable(path, found=what, expected=expected, then=then)
    if start[:20].lower().startswith(WEB_PAGE):
        raise unreadable(
            path, found="a web page", expected=expected, then="download the file itself"
        )
    if start.startswith(PICKLES):
        raise unreadable(
            path,
            found="a Python pickle",
            expected=expected,
            then="write it as CSV where you trust it; loading a pickle runs what it says",
        )
