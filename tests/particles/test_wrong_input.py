"""What `forcelaw particles discover FILE` says of files that hold no law, or no motion."""

import json

import numpy as np
import pytest

from forcelaw.cli import main

DRAW = np.random.default_rng(0)
TIME = np.arange(20) * 0.1
START, VELOCITY = DRAW.normal(size=(2, 20, 1, 3, 2))
FREE = START + VELOCITY * TIME[None, :, None, None]


def run(tmp_path, capsys, changes, *more):
    """Exit code, stdout and stderr of a discovery from free motion with some arrays changed."""
    arrays = {"position": FREE, "velocity": VELOCITY + 0 * FREE, "time": TIME} | changes
    np.savez(tmp_path / "data.npz", **arrays)
    arguments = ["particles", "discover", tmp_path / "data.npz", "--out", tmp_path / "run", *more]
    with pytest.raises(SystemExit) as exit:
        main([*map(str, arguments), "--quiet"])
    return exit.value.code or 0, *capsys.readouterr()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"position": FREE[:, :, [0, 0, 2]]}, "bodies '0' and '1' at the same position"),
        ({"time": np.where(np.arange(20) == 5, 0.4, TIME)}, "time 0.4 at step 5 after 0.4"),
        ({"time": TIME[::-1]}, "increasing times"),
        (
            {"position": FREE[:, :1], "velocity": FREE[:, :1], "time": TIME[:1]},
            "a single time step",
        ),
        (
            {"position": FREE[:1, :4], "velocity": FREE[:1, :4], "time": TIME[:4]},
            "4 snapshots, too few to split",
        ),
        (
            {"position": FREE[:, :, :1], "velocity": FREE[:, :, :1]},
            "found one body, expected at least two",
        ),
        ({"edges": np.zeros((0, 2), int)}, "found no edges, expected at least one"),
    ],
)
def test_wrong_files_get_one_message(tmp_path, capsys, changes, words):
    code, out, err = run(tmp_path, capsys, changes)
    assert code == 2
    assert out == ""
    assert words in err
    assert "data.npz" in err
    assert "Traceback" not in err


@pytest.mark.slow
def test_bodies_that_never_interact_have_no_law(tmp_path, capsys):
    changes = {"acceleration": 0 * FREE, "mass": np.full((20, 3), 2.0)}
    code, out, err = run(tmp_path, capsys, changes, "--json", "--set", "stages.0.epochs=1")
    assert code == 0, err
    document = json.loads(out)
    assert document["formula"]["pair"] == "0"
    assert document["formula"]["self"] == "0"
    assert any("no body is ever accelerated" in note for note in document["notes"])
    assert any(note.startswith("mass is 2 throughout") for note in document["notes"])


def test_what_was_understood_of_a_file_is_said(tmp_path, capsys):
    from forcelaw.cli.particles import particles_settings
    from forcelaw.cli.session import Session
    from forcelaw.particles.runs import read_data

    rows = [f"{t},{name},{k + 0.1 * t**2},{k}" for t in range(30) for k, name in enumerate("ab")]
    (tmp_path / "a.csv").write_text("frame,particle,x,y\n" + "\n".join(rows))
    session = Session()
    settings = particles_settings(session, str(tmp_path / "a.csv"), {}, {})
    read_data(settings, reporter=session)
    said = capsys.readouterr().err
    assert "a.csv: 1 trajectory of 2 bodies in 2 dimensions, 30 times from 0 to 29" in said
    assert "note: columns: 'frame' is the time, 'particle' is the body" in said
    assert "note: velocity and acceleration estimated from the position by" in said
