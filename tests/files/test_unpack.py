"""Compressed files and archives: read, or named, within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tracemalloc
import zipfile
from typing import Literal

import pytest

from forcelaw.errors import InputError
from forcelaw.files import read_bytes, read_text

TEXT = b"a,b,1\nb,c,-1\n"


def zipped(members, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def tarred(members, mode: Literal["w", "w:gz", "w:xz", "w:bz2"] = "w"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            if name.endswith("/"):
                info.type = tarfile.DIRTYPE
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


PACKED = {
    "gzip": gzip.compress(TEXT),
    "gzip in two members": gzip.compress(TEXT[:6]) + gzip.compress(TEXT[6:]),
    "bzip2": bz2.compress(TEXT),
    "xz": lzma.compress(TEXT),
    "xz in two streams": lzma.compress(TEXT[:6]) + b"\x00" * 4 + lzma.compress(TEXT[6:]),
    "zip": zipped({"edges.csv": TEXT}),
    "zip, stored": zipped({"edges.csv": TEXT}, zipfile.ZIP_STORED),
    "zip of macOS": zipped({"a/": b"", "a/e.csv": TEXT, "__MACOSX/a/._e.csv": b"x", ".DS": b"x"}),
    "zip of gzip": zipped({"edges.csv.gz": gzip.compress(TEXT)}),
    "tar": tarred({"edges.csv": TEXT}),
    "tar.gz": tarred({"edges.csv": TEXT}, "w:gz"),
    "tar.xz": tarred({"edges.csv": TEXT}, "w:xz"),
    "KONECT": tarred({"n/": b"", "n/README.n": b"x", "n/meta.n": b"x", "n/out.n": TEXT}, "w:bz2"),
    "long names": tarred({"d" * 90 + "/" + "e" * 60 + "/edges.csv": TEXT}),
}


@pytest.mark.parametrize("kind", PACKED)
def test_packed_files_are_read(tmp_path, kind):
    file = tmp_path / "edges"
    file.write_bytes(PACKED[kind])
    assert read_bytes(file) == TEXT


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zip", "tar.gz", "zip of gzip"])
def test_truncated_and_damaged_files_are_named(tmp_path, kind):
    packed = PACKED[kind]
    for damaged in (packed[: len(packed) // 2], packed[:30] + b"\xff" * 9 + packed[39:]):
        file = tmp_path / "edges"
        file.write_bytes(damaged)
        try:
            # A damaged name or date leaves the content whole.
            assert read_bytes(file) == TEXT
        except InputError as problem:
            assert "truncated or damaged" in str(problem) and "\n" not in str(problem)


BOMBS = {
    "gzip": gzip.compress(b"0 1 1\n" * 12_000_000),
    "bzip2": bz2.compress(b"\x00" * 70_000_000),
    "xz": lzma.compress(b"\x00" * 70_000_000, preset=0),
    "zip": zipped({"edges.csv": b"\x00" * 70_000_000}),
    "gzip of gzip": gzip.compress(gzip.compress(b"\x00" * 70_000_000)),
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_is_refused_in_little_memory(tmp_path, kind):
    file = tmp_path / "edges"
    file.write_bytes(BOMBS[kind])
    tracemalloc.start()
    with pytest.raises(InputError, match=r"a packed file that grows beyond 32 MiB"):
        read_bytes(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100e6


def test_a_large_file_may_grow_a_hundredfold(tmp_path):
    text = b"".join(b"%d %d 1\n" % (i, i * i % 9973) for i in range(2_400_000))
    assert len(text) > 33 * 2**20
    file = tmp_path / "edges.gz"
    file.write_bytes(gzip.compress(text, 1))
    assert read_bytes(file) == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            zipped({"a.csv": TEXT, "b.csv": TEXT}),
            r"an archive of 2 files \('a.csv', 'b.csv'\), exp",
        ),
        (zipped({}), "found an empty archive, expected one file"),
        (zipped({"[Content_Types].xml": b"", "xl/a.xml": b""}), "a workbook .*; save the table as"),
        (zipped({"position.npy": b"x", "time.npy": b"x"}), r"found NumPy arrays \(.npz\)"),
        (zipped({"a.csv": TEXT}, zipfile.ZIP_LZMA), r"damaged zip file \(method 14\)"),
        (b"7z\xbc\xaf\x27\x1c\x00", "found a 7z archive, expected plain text; unpack"),
        (b"\x28\xb5\x2f\xfdabc", "found a Zstandard file"),
        (b"PAR1\x15\x04", "found a Parquet file"),
        (b"\x80\x04\x95\x00", "found a Python pickle"),
        (b"<!DOCTYPE html><p>Not found", "found a web page, .* download the file itself"),
        (b'<?xml version="1.0"?>\n<gexf>', "found a GEXF file"),
        (gzip.compress(gzip.compress(gzip.compress(gzip.compress(TEXT)))), "archives in archives"),
        (b"a,b,1\nb\x00,c,1\n", r":2: found a zero byte, expected UTF-8 text"),
        ("a,b,1\n".encode("utf-16")[:-1], r"found damaged UTF-16 text \(truncated data\)"),
        (b"\xef\xbb\xbf \n", "found an empty file, expected a table"),
    ],
    # Packed bytes hold the time, which the processes of one run of tests do not share.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_named(tmp_path, content, message):
    file = tmp_path / "edges.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_text(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(tmp_path, encoding, end):
    file = tmp_path / "edges.csv"
    file.write_bytes(f"Ünal,b,1{end}b,c,-1".encode(encoding))
    assert read_text(file).text == "Ünal,b,1\nb,c,-1"


def test_names_that_begin_like_another_format_are_text(tmp_path):
    file = tmp_path / "edges.csv"
    for start in ("PAR1", "RDX2", "BZh9", "7z", "MATLAB"):
        file.write_text(f"{start},b,1\n")
        assert read_text(file).text.startswith(start)
