"""`forcelaw particles discover` of motion in boxes, with chance: from a file to a rollout."""

import numpy as np
import pytest
from matter_laws import law, pair, recorded

from forcelaw.cli import main
from forcelaw.particles import read, simulate, write
from forcelaw.particles.networks import roll_out
from forcelaw.particles.networks.fitted_files import load_fitted


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Brownian bodies that repel each other in a box; the file holds wrapped positions."""
    known = law(pair("-6*exp(-r)/r", reach=2.0), order=1, diffusion=1e-3)
    data = recorded(known, bodies=9, size=4.0, box=4.0, recordings=8, steps=30, dt=0.01)
    path = tmp_path_factory.mktemp("recordings") / "colloids.npz"
    position = np.stack([part.position for part in data]) % 4.0
    np.savez(path, time=data.parts[0].time, position=position)
    return path


@pytest.fixture(scope="module")
def options(source):
    """Of a small discovery."""
    return [source, "--box", "4,4", "--cutoff", "2", "--out", source.parent / "run"]


@pytest.fixture(scope="module")
def run(options):
    """The folder of the discovery."""
    with pytest.raises(SystemExit) as exit:
        main(["particles", "discover", *map(str, options), "--quiet", "--json"])
    assert not exit.value.code
    return options[-1]


def test_results_are_shown_again_as_text(run, options, forcelaw):
    shown = forcelaw("particles", "discover", *options)
    assert shown.code == 0, shown.err
    assert "finished before, shown again" in shown.err
    for label in ("pair ", "verdict ", "order ", "first order: the part of velocities"):
        assert label in shown.out


def test_the_document_has_the_keys_that_are_promised(run, options, forcelaw):
    document = forcelaw("particles", "discover", *options, "--json").document
    assert document["order"] == 1 and document["formula"]["pair"].startswith("-")
    r = np.linspace(1.0, 1.6, 8)
    curve = document["curve"]
    truth = -6 * np.exp(-r) / r
    np.testing.assert_allclose(np.interp(r, curve["r"], curve["force"]), truth, atol=0.2)
    assert {"r", "force", "low", "high"} <= document["curve"].keys()
    assert document["pair_curves"][0]["text"] == document["formula"]["pair"]
    points = document["pair_curves"][0]["measured"]
    held = np.abs(np.array(points["y"]) - np.interp(points["x"], curve["r"], curve["force"]))
    assert np.mean(held < points["error"]) > 0.8 and min(points["pairs"]) > 10
    assert "diffusion" in document and document["temperature"] is None
    assert document["cutoff"] == 2.0
    assert document["formula"].keys() >= {"pairs", "self", "alignment", "friction", "transverse"}


def test_the_report_draws_the_curve_with_its_band_and_the_formula(run):
    page = (run / "report.html").read_text("utf-8")
    for words in (
        "band s1",
        'class="bars"',
        "Measured: what the motion says of",
        "Force on body i from body j",
        "First order",
        "cutoff",
    ):
        assert words in page
    assert "None" not in page.partition("<details")[0]


def test_a_rollout_goes_on_from_the_run(run, forcelaw, tmp_path):
    first, again = (
        forcelaw("particles", "rollout", run, "--steps", "6", "--out", tmp_path / f"{k}.npz")
        for k in range(2)
    )
    assert first.code == again.code == 0, first.err
    assert "energy drift   unknown" in first.out
    one, two = (read(tmp_path / f"{k}.npz") for k in range(2))
    assert [part.n_times for part in one] == [7] * 8
    np.testing.assert_array_equal(one.parts[0].position, two.parts[0].position)
    assert one.parts[0].cell is not None
    last = tmp_path / "3.npz"
    drawn = forcelaw("particles", "rollout", run, "--steps", "6", "--seed", "3", "--out", last)
    assert drawn.code == 0, drawn.err
    other = read(last).parts[0].position
    np.testing.assert_array_equal(one.parts[0].position[0], other[0])
    assert not np.array_equal(one.parts[0].position, other)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--box", "4"), "--box|lengths|2 positive"),
        (("--box", "4,x"), "--box: found '4,x'.*expected lengths with commas"),
        (("--cutoff", "far"), "--cutoff: found 'far'.*expected a positive distance, or auto"),
        (("--cutoff", "3"), "found a cutoff of 3 in a box that is 4 wide.*choose a cutoff of 2"),
        (("--order", "third"), "--order: found 'third', expected first, second, auto"),
        (("--species", "colour"), "no array 'colour'"),
    ],
)
def test_wrong_options_are_named(source, forcelaw, tmp_path, given, words):
    import re

    how = [] if "--box" in given else ["--box", "4,4"]
    done = forcelaw("particles", "discover", source, *how, *given, "--out", tmp_path / "run")
    assert done.code == 2
    assert re.search(words, done.err), done.err


@pytest.mark.slow
def test_a_network_is_trained_on_recordings_and_moves_them(source, forcelaw, tmp_path):
    run, out = tmp_path / "run", tmp_path / "moved.npz"
    how = ["--box", "4,4", "--cutoff", "2", "--set", "network.hidden=8"]
    stages = ["--set", "stages.0.epochs=2", "--set", "stages.0.learning_rate=0.01"]
    done = forcelaw("particles", "fit", source, *how, *stages, "--out", run)
    assert done.code == 0, done.err
    assert "R² of velocities, held out" in done.out and "cutoff 2" in done.out
    page = (run / "report.html").read_text("utf-8")
    assert "Force against distance" in page
    moved = forcelaw("particles", "rollout", run, "--steps", "6", "--out", out)
    assert moved.code == 0, moved.err
    assert "law: network" in moved.out
    found, given = read(out), read(source, box=(4.0, 4.0))
    assert [part.n_times for part in found] == [7] * 8
    network = load_fitted(run)
    assert network.order.number == 1 and network.cutoff == 2.0
    part = given.parts[0]
    dt = float(part.time[1] - part.time[0])
    expected = roll_out(network, part, steps=30, dt=dt / 5, every=5)
    np.testing.assert_allclose(found.parts[0].position, expected.position, atol=1e-6)


def test_networks_of_recordings_are_told_what_they_cannot_learn(source, forcelaw, tmp_path):
    how = ["--box", "4,4", "--target", "trajectory", "--out", tmp_path / "run"]
    done = forcelaw("particles", "fit", source, *how)
    assert done.code == 2
    assert "target: found 'trajectory'" in done.err


@pytest.fixture(scope="module")
def springs(tmp_path_factory):
    """Two files of springs, of three bodies and of four."""
    folder = tmp_path_factory.mktemp("springs")
    return [
        write(
            simulate("spring", bodies=3 + k, trajectories=3, steps=40, seed=k), folder / f"{k}.csv"
        )
        for k in range(2)
    ]


def test_several_files_are_one_data_set(springs, forcelaw, tmp_path):
    out = tmp_path / "run"
    done = forcelaw("particles", "discover", *springs, "--out", out, "--json")
    assert done.code == 0, done.err
    assert done.document["formula"]["pair"] in ("2*(r - 1)", "2*r - 2")
    assert (done.document["trajectories"], done.document["verdict"]) == (6, "law")
    assert done.document["source"] == f"{springs[0]} and 1 more file"
    assert "shown again" in forcelaw("particles", "discover", *springs, "--out", out).err
    springs[1].write_text(springs[1].read_text() + "\n")
    again = forcelaw("particles", "discover", *springs, "--out", out)
    assert again.code == 2, again.err


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("spring", "spring: found beside other sources, expected files"),
        ("gone.csv", "gone.csv: no such file"),
        ("same", "found the same content as in"),
    ],
)
def test_what_is_no_further_file_is_refused(springs, forcelaw, tmp_path, more, words):
    given = springs[0] if more == "same" else more
    done = forcelaw("particles", "discover", springs[0], given, "--out", tmp_path / "run")
    assert done.code == 2
    assert words in done.err
