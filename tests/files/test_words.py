"""Words for what stands in a file."""

import pytest

from forcelaw.files import many


@pytest.mark.parametrize(
    ("number", "noun", "words"),
    [
        (1, "body", "1 body"),
        (2, "body", "2 bodies"),
        (0, "trajectory", "0 trajectories"),
        (1, "trajectory", "1 trajectory"),
        (12_000, "node", "12,000 nodes"),
        (3, "key", "3 keys"),
        (2, "enemy", "2 enemies"),
    ],
)
def test_a_noun_agrees_with_its_number(number, noun, words):
    assert many(number, noun) == words
