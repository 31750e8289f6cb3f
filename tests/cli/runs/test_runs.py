"""Runs on disk: new, unfinished, finished, changed, locked."""

import json
import os
import subprocess
import sys

import pytest

from forcelaw.errors import InputError
from forcelaw.storage import RunStatus, atomic_write, open_run, read_run
from forcelaw.storage.run import first_difference

CONFIG = {"command": "signed fit", "seed": 0, "model": {"dim": 2, "stages": [1, 2]}, "ö": None}


def test_life_of_a_run(tmp_path):
    folder = tmp_path / "deep" / "run"
    with open_run(folder, CONFIG) as run:
        assert run.status is RunStatus.NEW
        assert run.results() is None
        run.log({"epoch": 1, "loss": 0.5})
    with open_run(folder, CONFIG) as run:
        assert run.status is RunStatus.UNFINISHED
        run.log({"epoch": 2, "loss": 0.4})
        assert [line["epoch"] for line in run.metrics()] == [1, 2]
        run.finish({"kind": "signed"})
    with open_run(folder, CONFIG) as run:
        assert run.status is RunStatus.FINISHED
        assert run.results() == {"kind": "signed"}
    assert read_run(folder).config == CONFIG
    assert read_run(folder).status is RunStatus.FINISHED


def test_another_configuration_is_refused_and_force_starts_again(tmp_path):
    with open_run(tmp_path / "run", CONFIG) as run:
        run.finish({})
    changed = {**CONFIG, "model": {"dim": 3, "stages": [1, 2]}}
    with pytest.raises(InputError, match=r"model\.dim = 2, expected model\.dim = 3"):  # noqa: SIM117
        with open_run(tmp_path / "run", changed):
            pass
    (tmp_path / "run" / "notes.txt").write_text("mine")
    with open_run(tmp_path / "run", changed, force=True) as run:
        assert run.status is RunStatus.NEW
        assert run.results() is None
    assert (tmp_path / "run" / "notes.txt").read_text() == "mine"


def test_wrong_input_that_did_no_work_does_not_claim_the_folder(tmp_path):
    folder = tmp_path / "run"
    with pytest.raises(InputError, match="wrong"), open_run(folder, CONFIG):
        raise InputError("wrong")
    with open_run(folder, {"command": "another"}) as run:
        assert run.status is RunStatus.NEW
        run.log({"epoch": 1})
    with pytest.raises(InputError, match="wrong"), open_run(folder, {"command": "another"}):
        raise InputError("wrong")
    assert read_run(folder).metrics() == [{"epoch": 1}]


def test_a_folder_that_is_no_run_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    for force in (False, True):
        with pytest.raises(InputError, match="found files but no config"):  # noqa: SIM117
            with open_run(tmp_path, CONFIG, force=force):
                pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]
    with pytest.raises(InputError, match="found a file"):  # noqa: SIM117
        with open_run(tmp_path / "thesis.tex", CONFIG):
            pass


def test_metrics_survive_a_crash_and_a_resume(tmp_path):
    with open_run(tmp_path / "run", CONFIG) as run:
        for epoch in range(1, 6):
            run.log({"epoch": epoch})
        with run.metrics_file.open("a") as file:
            file.write('{"epoch": 6, "lo')
        assert len(run.metrics()) == 5
        run.forget_metrics("epoch", 3)
        run.log({"epoch": 4, "again": True})
        assert [line["epoch"] for line in run.metrics()] == [1, 2, 3, 4]


def test_reading_what_is_no_run(tmp_path):
    with pytest.raises(InputError, match="found nothing"):
        read_run(tmp_path / "absent")
    with pytest.raises(InputError, match="no run"):
        read_run(tmp_path)
    (tmp_path / "config.yaml").write_text("!!python/object/apply:os.system ['true']")
    with pytest.raises(InputError, match="is not plain YAML"):
        read_run(tmp_path)
    (tmp_path / "config.yaml").write_text("- 1")
    with pytest.raises(InputError, match="found list"):
        read_run(tmp_path)


def test_one_writer_at_a_time_and_stale_locks_stop_nobody(tmp_path):
    code = (
        "import sys; from forcelaw.storage.run import open_run\n"
        "with open_run(sys.argv[1], {'a': 1}):\n"
        "    print('open', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "run")]
    with subprocess.Popen(command, stdin=-1, stdout=-1) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(InputError, match=f"open in process {other.pid}"):  # noqa: SIM117
            with open_run(tmp_path / "run", {"a": 1}):
                pass
        other.kill()
    assert (tmp_path / "run" / ".lock").exists()
    with open_run(tmp_path / "run", {"a": 1}) as run:
        assert run.status is RunStatus.UNFINISHED
        assert (run.folder / ".lock").read_text() == f"{os.getpid()}\n"


def test_first_difference():
    assert first_difference({"a": {"b": 1}}, {"a": {"b": 1}}) is None
    assert first_difference({"a": {"b": 1}}, {"a": {"b": 2}}) == ("a.b", "1", "2")
    assert first_difference({"a": 1, "c": 2}, {"a": 1}) == ("c", "2", "'(absent)'")


def test_atomic_write_keeps_the_old_content_on_failure(tmp_path, monkeypatch):
    path = tmp_path / "new" / "file.json"
    atomic_write(path, b"old")

    def fail(handle):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        atomic_write(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.json"]


def test_atomic_write_obeys_the_umask(tmp_path):
    atomic_write(tmp_path / "file", b"x")
    (tmp_path / "other").write_bytes(b"x")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_results_must_be_json(tmp_path):
    with open_run(tmp_path / "run", CONFIG) as run:
        with pytest.raises(ValueError, match="Out of range"):
            run.finish({"loss": float("nan")})
        assert run.results() is None
        run.finish({"loss": 1.0})
        assert json.loads((run.folder / "results.json").read_text()) == {"loss": 1.0}
