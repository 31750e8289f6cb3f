"""How laws of matter are scored, and how schools of fish are read and predicted."""

import numpy as np
import pytest
from scipy.io import savemat

from benchmarks.particles import matter, rival, worlds
from benchmarks.particles.schools import kernels
from benchmarks.particles.schools import recorded as schools
from benchmarks.particles.scores import Fit, Task, no_force, score


def test_the_truth_has_no_error_and_no_force_all_of_it():
    world = worlds.brownian_yukawa(bodies=10, snapshots=50, box=6.0)
    task = Task(world.recordings, world)
    assert score(task, Fit(lambda states: world.drift[states.part]))["nmse"] == 0
    assert score(task, no_force(task))["nmse"] == 1


def test_drag_is_no_part_of_the_error_of_the_force():
    world = worlds.langevin_yukawa(bodies=10, snapshots=50, box=6.0, velocities=True)
    (part,) = world.recordings
    assert world.drag is not None and part.velocity is not None
    force = world.drift[0] + world.drag * part.velocity
    found = score(Task(world.recordings, world), Fit(lambda states: force))
    error = found["nmse"]
    assert isinstance(error, float) and error > 0.05
    assert found["nmse_force"] == pytest.approx(0, abs=1e-20)


def test_absent_bodies_do_not_count():
    world = worlds.brownian_yukawa(bodies=10, snapshots=50, box=6.0, come_and_go=True)
    (part,) = world.recordings
    seen = np.where(part.present[..., None], world.drift[0], 1e9)
    assert score(Task(world.recordings, world), Fit(lambda states: seen))["nmse"] == 0


@pytest.mark.parametrize("name", matter.PROBLEMS)
def test_the_rival_has_a_dictionary_of_that_name(name):
    assert matter.PROBLEMS[name].dictionary in {"", *rival.DICTIONARIES}


def test_gaps_are_bridged_by_lines_that_are_not_fitted():
    present = np.array([[True], [False], [True], [True], [True], [False]])
    state = np.where(present, np.arange(6.0)[:, None] ** 2, np.nan)[..., None]
    made = rival.bridged(state, present)
    np.testing.assert_array_equal(made["X"][:5, 0, 0], [0, 2, 4, 9, 16])
    np.testing.assert_array_equal(made["mask"][:, 0], [1, 1, 1, 1, 1, 0])
    np.testing.assert_array_equal(made["dynamic_mask"][:, 0], [0, 0, 0, 1, 0, 0])


def test_schools_are_read_by_fish_with_velocities_along_their_headings(tmp_path):
    rng = np.random.default_rng(0)
    position = np.cumsum(rng.standard_normal((30, 4, 2)), axis=0)
    step = np.gradient(position, axis=0)
    heading = step / np.linalg.norm(step, axis=-1, keepdims=True)
    rows = {
        name: a.transpose(1, 2, 0).reshape(8, 30)
        for name, a in zip("xv", (position, heading), strict=True)
    }
    savemat(tmp_path / "fish-4.mat", rows)
    school = schools.load(4, tmp_path)
    (part,) = school.recordings
    np.testing.assert_array_equal(part.position, position[1:-1])
    assert part.velocity is not None
    speed = np.linalg.norm(part.velocity, axis=-1, keepdims=True)
    np.testing.assert_allclose(part.velocity, speed * school.heading, atol=1e-12)


def test_what_is_predicted_better_is_likelier():
    rng = np.random.default_rng(1)
    velocity = [rng.standard_normal((6, 2))]
    for _ in range(200):
        velocity.append(0.8 * velocity[-1] + 0.1 * rng.standard_normal((6, 2)))
    early, late = schools.steps_of(np.cumsum(velocity, axis=0))
    assert len(early.change) == 158 and len(late.change) == 41
    drag = schools.least_squares(schools.one_body, early)
    known = schools.likelihood(lambda steps: -0.2 * steps.velocity, early, late)
    found = schools.likelihood(drag, early, late)
    nothing = schools.likelihood(lambda steps: np.zeros_like(steps.change), early, late)
    assert known["test"] == pytest.approx(-np.log(2 * np.pi * 0.01) - 1, abs=0.15)
    assert nothing["test"] < found["test"] < known["test"] + 0.05


def test_kernels_of_a_school_predict_better_than_no_interaction():
    made = worlds.milling(parts=1, snapshots=120, bodies=20).recordings.parts[0].position
    early, late = schools.steps_of(made)
    alone = schools.least_squares(schools.one_body, early)
    shapes = [kernels.Shape(pieces, kernels.FEW, 1e-4, 0.0) for pieces in (0, 3)]
    learned = kernels.learn(early, shapes)
    assert learned.shape.pieces == 3
    without, found = (schools.likelihood(one, early, late)["test"] for one in (alone, learned))
    assert found > without
    names = [kernel.name for kernel in learned.kernels()]
    assert names == ["pair", "alignment"]
    assert all((kernel.error > 0).all() for kernel in learned.kernels())
