"""Programs are compiled once for all processes of a user, and a damaged cache stops nobody."""

import os
import subprocess
import sys

import pytest

from forcelaw.compilation_cache import use_compilation_cache

PROGRAM = """
import os, sys
from forcelaw.compilation_cache import use_compilation_cache
place = use_compilation_cache(sys.argv[1])
import jax, jax.numpy as jnp
from jax import monitoring
events = []
monitoring.register_event_listener(lambda name, **_: events.append(name))
print(float(jax.jit(lambda x: jnp.sin(x) @ jnp.cos(x))(jnp.arange(7.0))))
print(sum("cache_hits" in name for name in events), sum("cache_misses" in name for name in events))
"""


def run(folder, program=PROGRAM):
    # JAX, which pytest has imported, sets the level of XLA's log.
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JAX_", "TF_"))}
    # However quick this machine compiles.
    environment["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(folder)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert not found.stderr, "what is read from the cache is not talked about"
    result, counts = found.stdout.split("\n")[:2]
    return result, [int(count) for count in counts.split()]


def test_a_second_process_compiles_nothing(tmp_path):
    first, (hits, misses) = run(tmp_path)
    assert hits == 0 and misses > 0
    second, (hits, misses) = run(tmp_path)
    assert second == first
    assert hits > 0 and misses == 0


def test_entries_that_a_killed_process_left_torn_are_made_anew(tmp_path):
    first, (_, compiled) = run(tmp_path)
    entries = sorted(tmp_path.glob("*/*-cache"))
    for entry in entries:
        entry.write_bytes(entry.read_bytes()[:10])
        entry.with_name(entry.name.replace("-cache", "-atime")).unlink()
    again, (hits, misses) = run(tmp_path)
    assert again == first
    assert hits == 0 and misses == compiled
    assert sorted(tmp_path.glob("*/*-cache")) == entries


def test_the_folder_of_the_environment_stays(tmp_path, monkeypatch):
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(tmp_path / "mine"))
    assert use_compilation_cache(tmp_path / "other") == tmp_path / "mine"
    assert not (tmp_path / "other").exists()


def test_what_the_environment_turns_off_is_off(tmp_path, monkeypatch):
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    monkeypatch.setenv("JAX_ENABLE_COMPILATION_CACHE", "0")
    assert use_compilation_cache(tmp_path / "other") is None
    assert not (tmp_path / "other").exists()


def test_a_folder_that_cannot_be_written_means_no_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    (tmp_path / "file").write_text("no folder")
    assert use_compilation_cache(tmp_path / "file") is None


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_may_look_into_the_cache(tmp_path):
    run(tmp_path / "new")
    (place,) = (tmp_path / "new").iterdir()
    assert place.stat().st_mode & 0o077 == 0
