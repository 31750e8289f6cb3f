"""Constants of a formula are one number where they were one parameter, whatever their values."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forcelaw.distill import simplify_formula
from forcelaw.errors import InputError
from forcelaw.laws import Formula, Units, numbers, with_numbers
from forcelaw.laws.expression import Parameter, Variable

R, X, Y = (Variable(name) for name in ("r", "x", "y"))
SIZES = st.sampled_from([0.5, 1.0, 2.0, 3.25])
SIGNED = st.tuples(SIZES, st.sampled_from([-1.0, 1.0])).map(lambda t: t[0] * t[1])


@settings(max_examples=60, deadline=None)
@given(st.lists(SIGNED, min_size=2, max_size=4), st.data())
def test_one_object_is_one_number_and_equal_values_are_two(values, data):
    known = [Parameter(value) for value in values]
    places = data.draw(st.lists(st.integers(0, len(known) - 1), min_size=1, max_size=6))
    turned = data.draw(st.lists(st.booleans(), min_size=len(places), max_size=len(places)))
    terms = [-known[k] if t else known[k] for k, t in zip(places, turned, strict=True)]
    tree = reduce(lambda total, term: total + term * X, terms[1:], terms[0] * Y)
    formula = Formula.of_trees(Parameter(0.5) * R, [tree, terms[0] * Y])
    assert len(numbers(formula)) == 1 + len(set(places))
    assert (numbers(formula) > 0).all()
    new = 7.0 + np.arange(len(numbers(formula)))
    moved = with_numbers(formula, new)
    np.testing.assert_array_equal(numbers(moved), new)
    written = [round(abs(value)) for value in moved.one_body[0].numbers()]
    expected = dict(zip(dict.fromkeys(places), range(8, 20), strict=False))
    assert written == [expected[k] for k in places]


def test_a_number_stays_itself_when_two_become_equal():
    formula = Formula.parse("r", ("-2*(x - 1)", "-3*(y - 1)"))
    np.testing.assert_array_equal(numbers(formula), [2.0, 1.0, 3.0])
    equal = with_numbers(formula, [2.0, 1.0, 2.0])
    assert len(numbers(equal)) == 3
    assert with_numbers(equal, [2.0, 1.0, 5.0]).one_body_text() == "(-2*(x - 1), -5*(y - 1))"


def test_other_units_keep_what_is_one_number():
    size, place = Parameter(-2.0), Parameter(3.0)
    trees = [size * (X - place), Parameter(-2.0) * (Y - place)]
    formula = Formula.of_trees(Parameter(1.0) / R, trees)
    there = formula.rescaled(Units(10.0, 2.0))
    assert len(numbers(formula)) == len(numbers(there)) == 4
    back = there.rescaled(Units(10.0, 2.0).inverse)
    assert back.one_body_text() == formula.one_body_text()
    np.testing.assert_allclose(numbers(back), numbers(formula))


def test_simplifying_keeps_what_is_one_number():
    size = Parameter(1.5)
    drag = Parameter(0.0)
    trees = [size * (X - 2) + drag * Variable("vx"), size * (Y + 2) + drag * Variable("vy")]
    formula = simplify_formula(Formula.of_trees(Parameter(1.0) / R, trees))
    assert formula.one_body_text() == "(1.5*(x - 2), 1.5*(y + 2))"
    assert with_numbers(formula, [1.0, 4.0, 2.0, 2.0]).one_body_text() == "(4*(x - 2), 4*(y + 2))"
    none = Formula.of_trees(Parameter(1.0) / R, [drag * Variable("v")])
    assert simplify_formula(none).one_body == ()


def test_what_is_one_number_is_saved():
    equal = with_numbers(Formula.parse("2*r", ("-2*x", "-3*y", "3*z - 0")), [2.0, 2.0, 2.0])
    again = Formula.from_settings(equal.settings())
    assert again.text(None) == equal.text(None)
    np.testing.assert_array_equal(numbers(again), numbers(equal))
    first_release = {key: value for key, value in equal.settings().items() if key != "shared"}
    assert len(numbers(Formula.from_settings(first_release))) == 2
    with pytest.raises(InputError, match="2 places of numbers for 4"):
        Formula.from_settings({**equal.settings(), "shared": [0, 1]})
    each = Formula(equal.pair, equal.one_body)
    assert len(numbers(Formula.from_settings(each.settings()))) == len(numbers(each)) == 4
