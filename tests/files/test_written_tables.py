"""Tables that forcelaw writes read back cell by cell as they were."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forcelaw.errors import UnreadableFile
from forcelaw.files import read_rows, write_rows

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=8)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=6))
def test_any_text_comes_back(rows):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.csv"
        with file.open("w", newline="", encoding="utf-8") as stream:
            write_rows(stream, ["one", "two"], rows)
        found = [tuple(row.values()) for _, row in read_rows(file, ["one"], then="write it again")]
    assert found == rows


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one,one\n", "a.csv:1: found the columns one, one, expected one"),
        ("two\n", "a.csv:1: found the columns two, expected one"),
        ("one,two\na\n", "a.csv:2: found 1 cell, expected 2, as in the header; write it again"),
        ('one\n"a', "found a damaged table"),
    ],
)
def test_a_damaged_table_is_named(tmp_path, text, words):
    file = tmp_path / "a.csv"
    file.write_text(text)
    with pytest.raises(UnreadableFile) as error:
        list(read_rows(file, ["one"], then="write it again"))
    assert words in str(error.value)
