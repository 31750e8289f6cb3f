"""Bodies on which nothing acts, alone of their kind, or in a box that is too small: plain words."""

import numpy as np
import pytest

from forcelaw.errors import InvalidSetting
from forcelaw.particles.data import Recordings
from forcelaw.particles.data.given_recordings import recordings_from_arrays
from forcelaw.particles.matter import discover_recordings

DRAW = np.random.default_rng(0)
TIME = 0.05 * np.arange(200)
START, VELOCITY = DRAW.uniform(0, 5, (6, 2)), DRAW.normal(size=(6, 2))
STRAIGHT = START + VELOCITY * TIME[:, None, None]
WALK = START + np.cumsum(DRAW.normal(0, 0.1, (200, 6, 2)), axis=0)


def given(position, **more) -> Recordings:
    return recordings_from_arrays(position[None], time=TIME, **more)


@pytest.mark.parametrize(
    "position", [STRAIGHT, 1e3 + STRAIGHT, STRAIGHT.round(6)], ids=["near", "far", "digits"]
)
def test_bodies_that_move_on_have_no_law(position):
    found = discover_recordings(given(position))
    assert not found.law.pairs and not found.law.one_body
    assert found.verdict == "none" and not found.causes
    assert any("act on" in note for note in found.notes)


def test_bodies_that_chance_alone_moves_do_not_act_on_each_other():
    found = discover_recordings(given(WALK))
    assert found.order.order.number == 1 and not found.law.pairs and not found.law.one_body
    (diffusion,) = found.law.diffusions
    assert diffusion is not None
    assert diffusion.value == pytest.approx(0.1, abs=3 * diffusion.error + 0.005)
    assert found.notes[0].startswith("bodies do not act on each other")


def test_a_body_alone_of_its_kind_at_rest_spoils_no_law():
    """Planets of small weight around a sun: of each kind is said what is known."""
    radius = np.linspace(1, 3, 5)
    phase = DRAW.uniform(0, 6, 5) + radius**-1.5 * TIME[:, None]
    planets = radius[:, None] * np.stack([np.cos(phase), np.sin(phase)], axis=-1)
    sun = np.zeros((len(TIME), 1, 2))
    position = np.concatenate([sun, planets], axis=1)
    data = given(position, species=["sun", *["planet"] * 5])
    found = discover_recordings(data, order="second")
    assert [one.verdict for one in found.judgements] == ["law", "none"]
    assert found.verdict == "law" and found.explained == pytest.approx(1)
    assert {(one.receiver, one.sender) for one in found.law.pairs} == {("planet", "sun")}
    assert any("nothing acts on 'sun'" in note for note in found.notes)
    assert any("of kind 'sun' there is only one body" in note for note in found.notes)


def test_a_box_of_less_than_two_cutoffs_is_refused_by_names():
    position = DRAW.uniform(0, 3, (200, 8, 2))
    with pytest.raises(InvalidSetting, match="a cutoff of 2 in a box that is 3 wide") as told:
        discover_recordings(given(position, box=[3.0, 4.0]), cutoff=2.0)
    assert "two cutoffs at least" in str(told.value) and "1.5 at most" in str(told.value)
