"""Which order the law has is told from the motion, whatever spoils single snapshots."""

import numpy as np

from forcelaw.particles import Trajectories
from forcelaw.particles.matter.candidate_terms import find_candidates
from forcelaw.particles.matter.order_choice import choose_order


def test_a_few_quick_encounters_do_not_hide_first_order():
    """Bodies that start next to each other fly apart faster than snapshots follow."""
    chance = np.random.default_rng(0)
    x, frames = chance.uniform(-2, 2, (10, 8, 2)), []
    for step in range(1000):
        if step % 20 == 0:
            frames.append(x)
        line = x[:, None] - x[:, :, None]
        r = np.linalg.norm(line, axis=-1, keepdims=True) + 1e9 * np.eye(8)[..., None]
        x = x + 0.002 * (-(line / r**3).sum(axis=2) - 0.3 * x)
    data = Trajectories(np.stack(frames, axis=1), time=0.04 * np.arange(50)).recordings
    assert choose_order(data, find_candidates(data)).order.number == 1


def test_velocities_that_hardly_change_are_no_motion_of_first_order():
    """What hardly changes in one flock, any functions of distance and mass reproduce."""
    mass = np.array([1.0, 2, 3, 1.5, 0.7, 2.2])
    chance = np.random.default_rng(3)
    place, speed = 1.5 * chance.normal(size=(6, 2)), chance.normal(size=(6, 2))
    frames = []
    for step in range(1200):
        if step % 4 == 0:
            frames.append(place)
        line = place - place[:, None]
        weight = 1 / (1 + (line**2).sum(axis=-1))
        pull = (weight[..., None] * (speed - speed[:, None])).sum(axis=1)
        speed = speed + 0.005 * pull / mass[:, None]
        place = place + 0.005 * speed
    position = np.stack(frames)[None]
    data = Trajectories(position, time=0.02 * np.arange(300), mass=mass).recordings
    found = choose_order(data, find_candidates(data))
    assert found.explained > 0.98
    assert found.order.number == 2


def test_recorded_velocities_that_steps_follow_tell_second_order():
    """Of bodies that friction stops within a few snapshots, while chance pushes them."""
    chance, dt, speed, moved = np.random.default_rng(5), 0.05, np.zeros((12, 2)), np.zeros((12, 2))
    time, places, speeds = dt * np.arange(400), [], []
    for step in range(4000):
        if step % 10 == 0:
            places.append(moved)
            speeds.append(speed)
        speed = speed - dt / 10 * 11 * speed + np.sqrt(22 * dt / 10) * chance.normal(size=(12, 2))
        moved = moved + dt / 10 * speed
    place = chance.uniform(0, 4, (12, 2)) + np.stack(places)[None]
    data = Trajectories(place, np.stack(speeds)[None], time=time).recordings
    found = choose_order(data, find_candidates(data))
    assert found.order.number == 2 and "recorded velocities" in found.sentence
    # Differences of positions that chance moves are no velocities.
    walk = chance.normal(size=place.shape).cumsum(axis=1)
    data = Trajectories(walk, np.gradient(walk, dt, axis=1), time=time).recordings
    assert choose_order(data, find_candidates(data)).order.number == 1
