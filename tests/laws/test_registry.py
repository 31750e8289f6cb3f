"""The closed list of laws that a saved name may stand for."""

import forcelaw.laws
from forcelaw.laws import Law, families


def test_every_public_law_can_be_loaded_by_its_name():
    public = {
        item
        for item in vars(forcelaw.laws).values()
        if isinstance(item, type) and issubclass(item, Law) and item is not Law
    }
    assert public == set(families().values())


def test_the_abstract_law_is_no_family():
    assert "Law" not in families([Law])
