"""Whatever damages a file: an error of wrong input, or what is left of it."""

import contextlib
import tempfile
from pathlib import Path

import pytest
from dumps import TILTED, lammps, recording, world, xyz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from library_dumps import (
    written_as_h5md,
    written_by_ase,
    written_by_gsd,
    written_by_mdanalysis,
)

from forcelaw.errors import InputError
from forcelaw.particles.data import Recording

MADE = world(TILTED, frames=6)


def written(folder, kind):
    if kind == ".xtc":
        return written_by_mdanalysis(folder, MADE, kind)
    if kind == "rebound":
        rebound = pytest.importorskip("rebound")
        simulation = rebound.Simulation()
        for a in (None, 1.0, 2.0):
            simulation.add(m=1.0, **({} if a is None else {"a": a}))
        for t in range(6):
            simulation.integrate(0.3 * t)
            simulation.save_to_file(str(folder / "a.bin"))
        return folder / "a.bin", None
    texts = {".dump": lammps(MADE, force=True, images=True), ".xyz": xyz(MADE)}
    path = folder / f"a{kind}"
    if kind in texts:
        path.write_text(texts[kind])
    else:
        {".h5": written_as_h5md, ".gsd": written_by_gsd, ".traj": written_by_ase}[kind](path, MADE)
    return path, None


def damaged(raw, draw):
    """Bytes cut off, changed or said twice."""
    at = st.integers(0, len(raw) - 1)
    how = draw(st.sampled_from(["cut", "change", "change", "repeat"]))
    if how == "cut":
        return raw[: draw(at)]
    found = bytearray(raw)
    if how == "repeat":
        start, length = draw(at), draw(st.integers(1, 200))
        found[draw(at) : draw(at)] = raw[start : start + length]
        return bytes(found)
    for place in draw(st.lists(at, min_size=1, max_size=8)):
        found[place] = draw(st.sampled_from([0, 1, 10, 32, 45, 48, 57, 127, 128, 255]))
    return bytes(found)


@pytest.mark.parametrize("kind", [".dump", ".xyz", ".h5", ".gsd", ".traj"])
def test_damaged_files_are_wrong_input_or_read(kind):
    with tempfile.TemporaryDirectory() as folder:
        path, _ = written(Path(folder), kind)
        raw = path.read_bytes()

        @settings(
            max_examples=40,
            deadline=None,
            suppress_health_check=[HealthCheck.data_too_large, HealthCheck.too_slow],
        )
        @given(st.data())
        def check(data):
            other = path.with_name(f"b{path.suffix}")
            other.write_bytes(damaged(raw, data.draw))
            with contextlib.suppress(InputError):
                assert isinstance(recording(other), Recording)

        check()


@pytest.mark.parametrize("kind", ["rebound", ".xtc"])
def test_what_crashes_a_library_is_wrong_input(tmp_path, kind):
    path, topology = written(tmp_path, kind)
    raw = bytearray(path.read_bytes())
    whole = recording(path, topology=topology)
    assert whole.n_times == 6
    # Sizes that no such file has: the library takes them as they stand.
    for start in (40, 64, 92, len(raw) // 2):
        other = path.with_name(f"b{path.suffix}")
        other.write_bytes(raw[:start] + b"\x7f\xff" * 20 + raw[start + 40 :])
        try:
            assert isinstance(recording(other, topology=topology), Recording)
        except InputError as error:
            assert str(other) in str(error)
