from __future__ import annotations

import contextlib
import dataclasses
import functools
import gzip
import hashlib
import http.server
import io
import tarfile
import threading

import pytest
from signed_graphs import dataset_file

from forcelaw.errors import InputError
from forcelaw.signed import DATASETS, dataset, fetch
from forcelaw.signed.io import datasets as module
from forcelaw.signed.io.downloads import download

TEXT = b"a,b,1\nb,c,-1\n"
DIGEST = hashlib.sha256(TEXT).hexdigest()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FORCELAW_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def server(tmp_path):
    """A web server on this machine that serves a folder."""
    served = tmp_path / "served"
    served.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format, *args):
            pass

    handler = functools.partial(Quiet, directory=str(served))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield served, f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def register(monkeypatch, **changes):
    entry = dataclasses.replace(
        DATASETS["bitcoin-otc"], name="little", file="little.csv.gz", **changes
    )
    monkeypatch.setattr(module, "DATASETS", {"little": entry})


def test_unknown_name():
    with pytest.raises(InputError, match=r"'bitcoin-oct', .* did you mean 'bitcoin-otc'\?"):
        dataset("bitcoin-oct")


def test_registry():
    assert set(DATASETS) == {
        "bitcoin-alpha", "bitcoin-otc", "slashdot", "epinions", "wiki-rfa", "tribes", "congress"
    }  # fmt: skip
    assert [entry.name for entry in DATASETS.values() if not entry.pinned] == ["wiki-rfa"]


def test_local_copy_is_verified_by_content(folder, monkeypatch):
    register(monkeypatch, content_sha256=DIGEST, url=None)
    (folder / "little.csv.gz").write_bytes(gzip.compress(TEXT, 1))
    network = dataset("little")
    assert network.name == "little" and network.content_hash == DIGEST
    (folder / "little.csv.gz").write_bytes(gzip.compress(TEXT + b"c,a,1\n"))
    other = hashlib.sha256(TEXT + b"c,a,1\n").hexdigest()
    with pytest.raises(InputError, match=f"found sha256 {other}, expected {DIGEST}"):
        dataset("little")
    assert (folder / "little.csv.gz").exists()


def test_unverified_is_said_and_recorded(folder, monkeypatch):
    register(monkeypatch, content_sha256=None, sha256=None, url=None)
    file = folder / "little.csv.gz"
    file.write_bytes(TEXT)
    for _ in range(2):
        with pytest.warns(UserWarning, match=f"unverified, .* found sha256 {DIGEST} .recorded in"):
            dataset("little")
    assert (folder / "little.csv.gz.sha256").read_text().split()[0] == DIGEST
    file.write_bytes(TEXT + b"c,a,1\n")
    with pytest.raises(InputError, match=f"expected {DIGEST} as recorded when it was first read"):
        dataset("little")


def test_download(folder, server, monkeypatch, capfd):
    served, url = server
    (served / "x.csv.gz").write_bytes(gzip.compress(TEXT))
    register(monkeypatch, content_sha256=DIGEST, url=url + "x.csv.gz")
    notes = []
    assert fetch("little", note=notes.append) == folder / "little.csv.gz"
    assert notes == [f"downloading little from {url}x.csv.gz"]
    assert [file.name for file in folder.iterdir()] == ["little.csv.gz"]
    assert dataset("little", note=notes.append).n_edges == 2
    assert len(notes) == 1 and capfd.readouterr() == ("", "")


def test_download_into_the_user_cache(folder, server, monkeypatch):
    served, url = server
    monkeypatch.delenv("FORCELAW_DATA")
    (served / "x.csv.gz").write_bytes(TEXT)
    register(monkeypatch, content_sha256=DIGEST, url=url + "x.csv.gz")
    assert fetch("little").is_relative_to(module.data_folders()[0])


def test_download_of_an_archive_member(folder, server, monkeypatch):
    served, url = server
    with tarfile.open(served / "x.tar.bz2", "w:bz2") as archive:
        member = tarfile.TarInfo("deep/out.little")
        member.size = len(TEXT)
        archive.addfile(member, io.BytesIO(TEXT))
    register(monkeypatch, content_sha256=DIGEST, url=url + "x.tar.bz2", member="deep/out.little")
    assert fetch("little").read_bytes() == TEXT


def test_wrong_download_is_not_kept(folder, server, monkeypatch):
    served, url = server
    (served / "x.csv.gz").write_bytes(b"<html>moved</html>")
    register(monkeypatch, content_sha256=DIGEST, url=url + "x.csv.gz")
    with pytest.raises(InputError, match=f"damaged or has changed.*expected {DIGEST}"):
        fetch("little")
    assert not list(folder.iterdir())


@pytest.fixture
def answering():
    """`answering(respond)`: the address of a server on this machine; `respond(handler)` answers."""
    running = []

    def start(respond):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                with contextlib.suppress(OSError):  # whoever asked may have hung up
                    respond(self)

            def log_message(self, format, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return f"http://127.0.0.1:{server.server_port}/x.csv"

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("scheme", ["http", "ftp", "file"])
def test_downloads_are_https(folder, monkeypatch, scheme):
    register(monkeypatch, content_sha256=DIGEST, url=f"{scheme}://example.invalid/x.csv")
    with pytest.raises(InputError, match="not https, expected https"):
        fetch("little")
    assert not list(folder.iterdir())
    for entry in DATASETS.values():
        assert entry.url is None or entry.url.startswith("https://")


def test_a_redirection_away_from_https_is_not_followed(folder, monkeypatch, answering):
    def respond(handler):
        handler.send_response(302)
        handler.send_header("Location", "http://example.invalid/y.csv")
        handler.end_headers()

    register(monkeypatch, content_sha256=DIGEST, url=answering(respond))
    with pytest.raises(InputError, match=r"example.invalid/y.csv: found an address that is not"):
        fetch("little")
    assert not list(folder.iterdir())


def test_a_download_without_an_end_is_cut_off(folder, tmp_path, answering):
    sent = []

    def respond(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(bytes(10_000))
            sent.append(10_000)

    with pytest.raises(InputError, match="found more than 50,000 bytes"):
        download(answering(respond), tmp_path / "x", most=50_000)
    assert (tmp_path / "x").stat().st_size <= 50_000
    assert sum(sent) < 100_000_000


def test_offline_says_which_file_goes_where(folder, monkeypatch):
    url = "http://127.0.0.1:9/x.csv.gz"
    register(monkeypatch, content_sha256=DIGEST, url=url)
    with pytest.raises(InputError) as caught:
        dataset("little")
    message = str(caught.value)
    assert url in message and str(folder / "little.csv.gz") in message
    register(monkeypatch, content_sha256=DIGEST, url=None)
    with pytest.raises(InputError, match=r"it cannot be downloaded; put little.csv.gz there"):
        dataset("little")


@pytest.mark.parametrize("name", [name for name in DATASETS if name != "wiki-rfa"])
def test_real_datasets(name):
    dataset_file(name)
    network, entry = dataset(name), DATASETS[name]
    assert network.n_nodes == entry.nodes and network.directed == entry.directed
    dropped = sum(network.cleanup[rule] for rule in ("self_loops", "duplicates"))
    assert network.n_edges + dropped == entry.edges
    assert network.positive_share == pytest.approx(entry.positive_share, abs=0.002)
    assert (network.time is not None) == entry.times
