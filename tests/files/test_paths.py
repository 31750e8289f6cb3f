"""What a path may lead to: a file or a pipe; everything else is named."""

import os
import threading

import pytest

from forcelaw import particles, signed
from forcelaw.errors import InputError
from forcelaw.files import read_bytes, read_text

EDGES = "a,b,1\nb,c,-1\nc,a,1\n"
MOTION = "time,body,x,y\n" + "".join(
    f"{t},{body},{k + t * t},{k - t}\n" for t in range(5) for k, body in enumerate("ab")
)


@pytest.mark.parametrize("read", [signed.read, particles.read])
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("https://example.org/a.csv", "found a web address, .*; download it"),
        ("HTTP://example.org/a.csv", "found a web address"),
        ("s3://bucket/a.csv", "found a web address"),
        ("absent/a.csv", "found no such file"),
        ("x" * 5000 + ".csv", r"x\.\.\.: found File name too long"),
    ],
)
def test_what_is_no_file_is_named(read, path, words):
    with pytest.raises(InputError, match=words) as caught:
        read(path)
    assert len(str(caught.value)) < 500


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
@pytest.mark.parametrize(("read", "text"), [(signed.read, EDGES), (particles.read, MOTION)])
@pytest.mark.filterwarnings("ignore")
def test_a_pipe_is_read_once(tmp_path, read, text):
    pipe, plain = tmp_path / "pipe.csv", tmp_path / "plain.csv"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(text,), daemon=True)
    writer.start()
    found = read(pipe)
    writer.join(10)
    plain.write_text(text)
    assert found.content_hash == read(plain).content_hash


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no such device")  # noqa: PTH110
def test_a_device_without_an_end_is_refused():
    with pytest.raises(InputError, match="/dev/zero: found a device, expected a file"):
        read_bytes("/dev/zero")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE HTML><p>404", "found a web page"),
        (b"\n<HTML>", "found a web page"),
        (b"{\\rtf1 x}", "found a document of an office program"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
    ],
)
def test_other_programs_files_are_named(tmp_path, content, words):
    for name, read in (("a.txt", read_text), ("a.csv", particles.read), ("a.npz", particles.read)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match=words):
            read(tmp_path / name)
