"""What a crash, a signal, a read-only disk or an odd terminal must not cost."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from forcelaw.cli.session import Session
from forcelaw.errors import InputError
from forcelaw.report import read_back
from forcelaw.storage import (
    RunStatus,
    atomic_write,
    carry_out,
    open_run,
    read_run,
    temporary_folder,
)
from forcelaw.storage.atomic_files import sweep

CONFIG = {"command": "a fit"}
TIMES = ("seconds", "peak_memory_mb")
FORMULAS = ("formulas", "formula_r2", "formula_reach")


@pytest.fixture
def crashed(fitted, tmp_path, small):
    """A copy of a finished run to damage, and the command that made it."""
    run = tmp_path / "run"
    shutil.copytree(fitted[0], run)
    return run, ("signed", "fit", fitted[1], "--out", run, "--protocol", "pairs", *small)


def results(run):
    found = json.loads((run / "results.json").read_text())
    # Another test may have asked for the formulas of the run that is copied.
    return {key: value for key, value in found.items() if key not in {*TIMES, *FORMULAS}}


@pytest.fixture
def dead():
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_damaged_results_and_metrics_are_named_set_aside_and_made_again(crashed, forcelaw):
    run, command = crashed
    whole, lines = results(run), (run / "metrics.jsonl").read_bytes()
    (run / "results.json").write_bytes(b'{"kind": "sig')
    (run / "metrics.jsonl").write_bytes(lines + b'{"epoch": 99, "lo')
    said = forcelaw("signed", "law", run).err
    assert "results.json: is not readable JSON" in said
    assert "give the run's command again: it sets the file aside" in said
    result = forcelaw(*command)
    assert result.code == 0, result.err
    assert "results.json: found no whole JSON object; set aside as" in result.err
    number = lines.count(b"\n") + 1
    assert f"metrics.jsonl:{number}: found a line that is cut off" in result.err
    assert results(run) == whole
    assert (run / "metrics.jsonl").read_bytes() == lines
    assert (run / "results.json.damaged-1").read_bytes() == b'{"kind": "sig'
    assert (run / "metrics.jsonl.damaged-1").read_bytes().startswith(lines)


@pytest.mark.parametrize("damage", [b"\x00" * 40 + b"\n", b"[1]\n", b"[" * 9999 + b"\n", b"\xff\n"])
def test_a_damaged_line_in_the_middle_costs_that_line(tmp_path, damage):
    with open_run(tmp_path / "run", CONFIG) as run:
        run.log({"epoch": 1})
        with run.metrics_file.open("ab") as file:
            file.write(damage)
        run.log({"epoch": 2})
    for _ in range(2):
        with open_run(tmp_path / "run", CONFIG) as run:
            assert [line["epoch"] for line in run.metrics()] == [1, 2]
            with run.metrics_file.open("ab") as file:
                file.write(damage)
    aside = sorted(path.name for path in (tmp_path / "run").glob("*.damaged-*"))
    assert aside == ["metrics.jsonl.damaged-1", "metrics.jsonl.damaged-2"]


def test_damaged_results_are_no_finished_run(tmp_path):
    with open_run(tmp_path / "run", CONFIG) as run:
        run.finish({"kind": "signed"})
        run.results_file.write_bytes(b"\x00\x00")
        with pytest.raises(InputError, match="give the run's command again"):
            run.results()
    with pytest.raises(InputError, match="give the run's command again"):
        read_run(tmp_path / "run")
    with open_run(tmp_path / "run", CONFIG) as run:
        assert run.status is RunStatus.UNFINISHED
        assert len(run.notes) == 1


@pytest.mark.parametrize("missing", [True, False])
def test_a_finished_run_without_its_report_writes_it(crashed, forcelaw, missing):
    run, command = crashed
    report = run / "report.html"
    if missing:
        report.unlink()
    else:
        # Results were written anew, and the report was not.
        os.utime(report, (1, 1))
    before = (run / "results.json").read_bytes()
    assert forcelaw(*command).code == 0
    assert "Written by forcelaw" in report.read_text()
    assert report.stat().st_mtime >= (run / "results.json").stat().st_mtime
    assert (run / "results.json").read_bytes() == before


def test_a_strange_report_is_refused_before_the_work(tmp_path):
    (tmp_path / "config.yaml").write_text("command: a fit\n")
    (tmp_path / "report.html").write_text("mine")
    with pytest.raises(InputError, match="move it away"):
        carry_out(
            tmp_path,
            CONFIG,
            lambda run: pytest.fail("worked"),
            check=read_back,
            opened=Session().check_run,
        )
    assert (tmp_path / "report.html").read_text() == "mine"


def test_temporary_files_of_dead_processes_are_swept(tmp_path, dead):
    run = tmp_path / "run"
    (run / "checkpoints").mkdir(parents=True)
    (run / "config.yaml").write_text("command: a fit\n")
    left = [run / f".results.json.{dead}-abc.tmp", run / "checkpoints" / f".x.{dead}-1_.tmp"]
    living = run / f".results.json.{os.getppid()}-abc.tmp"
    mine = run / ".hidden.tmp"
    for path in (*left, living, mine):
        path.write_bytes(b"half")
    with open_run(run, CONFIG):
        assert [path.exists() for path in (*left, living, mine)] == [False, False, True, True]


def test_writing_sweeps_what_it_left_itself(tmp_path, dead):
    leftover, other = (tmp_path / f".{name}.{dead}-abc.tmp" for name in ("out.csv", "other.csv"))
    leftover.write_bytes(b"half")
    other.mkdir()
    atomic_write(tmp_path / "out.csv", b"whole")
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, "out.csv"]
    with temporary_folder(tmp_path / "split") as folder:
        (folder / "train.csv").write_bytes(b"half")
        sweep(tmp_path)
        assert (folder / "train.csv").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


@pytest.fixture
def read_only(monkeypatch):
    """From now on nothing new can be opened for writing below a folder."""

    def below(folder):
        original = os.open

        def refuse(path, flags, *rest, **more):
            if str(path).startswith(str(folder)) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
            return original(path, flags, *rest, **more)

        monkeypatch.setattr(os, "open", refuse)

    return below


@pytest.mark.slow
def test_a_finished_run_on_a_read_only_disk_is_shown(crashed, forcelaw, read_only):
    run, command = crashed
    (run / "report.html").unlink()
    read_only(run)
    result = forcelaw(*command)
    assert result.code == 0, result.err
    assert "feature baseline" in result.out
    assert "no report" in result.err
    assert forcelaw("signed", "law", run, "--json").document["formulas"]
    result = forcelaw(*command, "--force")
    assert result.code == 2 and "nothing can be written there" in result.err
    result = forcelaw(*command, "--seed", "1")
    assert result.code == 2 and "seed = 0, expected seed = 1" in result.err
    (run / "results.json").unlink()
    result = forcelaw(*command)
    assert result.code == 2 and "nothing can be written there" in result.err


def test_an_output_that_cannot_be_written_is_refused_before_the_work(
    crashed, forcelaw, read_only, monkeypatch, tmp_path
):
    run, _ = crashed
    locked = tmp_path / "locked"
    locked.mkdir()
    read_only(locked)
    work = "forcelaw.particles.simulate", "forcelaw.signed.read_pairs", "forcelaw.signed.layout"
    for name in work:
        monkeypatch.setattr(name, lambda *_, **__: pytest.fail("worked"))
    for command in (
        ("particles", "simulate", "spring", "--out", locked / "a.npz"),
        ("particles", "fit", "spring", "--out", locked / "run"),
        ("signed", "predict", run, tmp_path / "pairs.csv", "--out", locked / "a.csv"),
        ("signed", "layout", "tribes", "--out", locked / "a.csv"),
        ("signed", "split", "tribes", "--protocol", "pairs", "--out", locked / "split"),
    ):
        result = forcelaw(*command)
        assert (result.code, result.out) == (2, ""), command
        assert "nothing can be written there" in result.err


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0"},
        pytest.param({"PYTHONIOENCODING": "ascii"}, marks=pytest.mark.slow),
        pytest.param({"PYTHONIOENCODING": "cp1252"}, marks=pytest.mark.slow),
    ],
)
@pytest.mark.slow
def test_any_encoding_shows_a_finished_run(crashed, process, environment):
    run, command = crashed
    found = json.loads((run / "results.json").read_text())
    (run / "results.json").write_text(json.dumps(found | {"dataset": "réseau → 2²"}))
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHONIO"))}
    result = process(*command, env={**env, **environment}, encoding="cp1252")
    assert result.code == 0, result.err
    assert "-> 2" in result.out
    result = process(*command, "--json", env={**env, **environment})
    assert result.document["dataset"] == "réseau → 2²"


def test_a_file_name_that_is_not_text_is_refused_before_the_work(tmp_path):
    odd = "caf\udce9.csv"
    with (
        pytest.raises(InputError, match="rename the file"),
        open_run(tmp_path / "other", {"source": odd}),
    ):
        pass


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_signal_ends_a_training_with_130_and_a_checkpoint(start_process, finish, tmp_path):
    run = tmp_path / "run"
    small = ("--trajectories", "20", "--set", "simulation.steps=10", "--set", "network.hidden=8")
    child = start_process([sys.executable, "-m", "forcelaw", "particles", "fit", "spring", *small,
                           "--set", "stages.0.epochs=100000", "--out", run])  # fmt: skip
    metrics = run / "metrics.jsonl"
    while not (metrics.exists() and metrics.read_bytes().count(b"\n") > 2):
        assert child.poll() is None
        time.sleep(0.05)
    child.send_signal(signal.SIGTERM)
    code, _, err = finish(child)
    assert code == 130, err
    assert "same command again" in err
    assert (run / "checkpoints" / "latest.safetensors").exists()
    assert not list(run.rglob("*.tmp"))
