"""JSON and YAML give plain data or the error for wrong input, whatever stands in them."""

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from forcelaw.documents import (
    DEPTH,
    YAML_BYTES,
    described,
    parse_json,
    parse_yaml,
    read_json,
    read_json_lines,
    read_yaml,
)
from forcelaw.errors import InputError

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)
)


@given(VALUES)
def test_plain_values_come_back(value):
    assert parse_json(json.dumps(value), "x") == value
    assert parse_json(json.dumps(value, ensure_ascii=False), "x") == value


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), VALUES, max_size=4))
@example({"a": "2001-01-01", "b": "1_0", "c": "=", "d": "<<", "e": "0x_"})
def test_what_was_written_as_yaml_is_read_back(value):
    assert parse_yaml(yaml.safe_dump(value, allow_unicode=True), "x") == value


@given(st.text(max_size=60) | st.text("[]{}:,-&*!|>'\"# \n0123456789.eEinfnat<", max_size=60))
def test_any_text_is_read_or_refused(text):
    for parse in (parse_json, parse_yaml):
        try:
            parse(text, "x")
        except InputError as error:
            assert str(error).startswith("x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "nested deeper"),
        ("[" * (DEPTH + 2) + "]" * (DEPTH + 2), "nested deeper"),
        ('{"a": NaN}', "NaN is not finite"),
        ("-Infinity", "is not finite"),
        ("1e999", "is not finite"),
        ("9" * 5000, "more than 64 bits"),
        ('{"a": 1, "a": 2}', "'a' stands there twice"),
        ('"\\ud800"', "not readable JSON"),
        ("{", "not readable JSON"),
    ],
)
def test_json_that_is_refused(text, words):
    with pytest.raises(InputError, match=words):
        parse_json(text, "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [x]\nb: [*a, *a]", "x:1: .*anchor or alias"),
        ("a: &a {x: *a}", "anchor or alias"),
        ("a: 1\nb: !!python/object/apply:os.system [true]", "x:2: .*the tag"),
        ("a: !!set {b}", "the tag"),
        ("- " * (DEPTH + 1) + "x", "nested deeper"),
        ("[" * 5000, "x"),
        ("a: .nan", "is not finite"),
        ("a: 1\na: 2", "'a' twice"),
        ("a: 0b_", "not plain YAML"),
        ("a: " + "9" * 5000, "more than 64 bits"),
        ("? [a]\n: 1", "not plain YAML"),
        ("a" * (YAML_BYTES + 1), "found more than"),
    ],
)
def test_yaml_that_is_refused(text, words):
    with pytest.raises(InputError, match=words):
        parse_yaml(text, "x")


def test_dates_and_bytes_stay_text():
    assert parse_yaml("a: 2001-01-01\nb: 1e-3", "x") == {"a": "2001-01-01", "b": "1e-3"}


def test_what_is_not_finite_is_read_where_it_may_stand():
    assert parse_json("[1e999, -Infinity]", "x", finite=False) == [float("inf"), -float("inf")]


def test_files_name_the_line(tmp_path):
    file = tmp_path / "metrics.jsonl"
    file.write_text('{"epoch": 1}\n\n{"epoch": 2}\n{"epo')
    assert read_json_lines(file) == [{"epoch": 1}, {"epoch": 2}]
    file.write_text('{"epoch": 1}\n[1]\n')
    with pytest.raises(InputError, match=r"metrics.jsonl:2: found a list"):
        read_json_lines(file)
    file.write_bytes(b"{\n\xff}")
    for read in (read_json, read_yaml):
        with pytest.raises(InputError, match="byte 0xff in line 2"):
            read(file)
    with pytest.raises(FileNotFoundError):
        read_json(tmp_path / "absent")


def adds_a_word():
    return 1 + "a"  # pyright: ignore[reportOperatorIssue]


def test_a_document_of_another_shape_is_wrong_input():
    ways = (lambda: {}["a"], [].pop, adds_a_word, lambda: int("x"), lambda: 1 // 0)
    for use in ways:
        with pytest.raises(InputError, match=r"f: does not describe a run .*; restore it"):  # noqa: SIM117
            with described("f", "a run", "restore it"):
                use()
    with pytest.raises(InputError, match="as it is"), described("f", "a run", "restore it"):
        raise InputError("as it is")
    with pytest.raises(KeyboardInterrupt), described("f", "a run", "restore it"):
        raise KeyboardInterrupt
