"""What was hidden and is found, as text and on the page."""

import numpy as np
import pytest
from rich.console import Console

from forcelaw.errors import InputError
from forcelaw.particles.hidden.findings import (
    FoundCharges,
    FoundKinds,
    FoundPairs,
    HiddenCharges,
    HiddenEdges,
    HiddenKinds,
)
from forcelaw.report.matter.hidden import hidden_chapter, show_hidden
from forcelaw.report.results import HiddenResults, parse_results

EVIL = "<script>"


def kinds(likely=(0.9, 0.99, 1.0, 0.2)):
    first = np.array(likely)
    found = FoundKinds(
        "run",
        (EVIL, *(f"body {k}" for k in range(1, len(first)))),
        (first < 0.5).astype(int),
        np.stack([first, 1 - first], axis=1),
    )
    return HiddenKinds((found,), 2).to_json()


def charges():
    value, error, likely = np.array([1, -1.0]), np.array([0.1, 0.2]), np.array([0.99, 0.9])
    parts = [FoundCharges(name, ("a", "b"), value, error, likely) for name in ("one", "two")]
    return HiddenCharges(tuple(parts), equal=True).to_json()


def edges():
    found = FoundPairs(
        "run",
        ("a", "b", "c"),
        np.array([0, 0, 1]),
        np.array([1, 2, 2]),
        np.array([0.01, 1.0, 0.98]),
        np.array([0.1, 0.1, 0.1]),
        np.array([0, 1, 1]),
        np.array([[0.97, 0.03], [0.01, 0.99], [0.1, 0.9]]),
    )
    return HiddenEdges(np.array([0, 1.0]), np.array([1, 2]) / 3, 0, True, (found,)).to_json()


def printed(hidden):
    console = Console(width=200)
    with console.capture() as capture:
        show_hidden(console, hidden)
    return [line.split() for line in capture.get().splitlines()]


@pytest.mark.parametrize(
    ("hidden", "groups", "first"),
    [
        (
            kinds(),
            [["A", "3", "0.9633", "1"], ["B", "1", "0.8000", "1"]],
            ["body", "3", "B", "0.8000"],
        ),
        (
            charges(),
            [["negative", "2", "0.9000", "2"], ["positive", "2", "0.9900", "0"]],
            ["one", "b", "-1", "0.2", "0.9000"],
        ),
        (
            edges(),
            [["act", "2", "0.9450", "1"], ["do", "not", "act", "1", "0.9700", "0"]],
            ["b", "c", "yes", "0.98", "0.1", "0.9000"],
        ),
    ],
    ids=["kinds", "charges", "edges"],
)
def test_every_finding_is_told_with_its_probability(hidden, groups, first):
    lines = printed(hidden)
    assert [line for line in lines if line in groups] == groups
    heads = [k for k, line in enumerate(lines) if line[-1:] == ["probability"]]
    assert lines[heads[-1] + 2] == first
    page = str(hidden_chapter(HiddenResults.model_validate(hidden)))
    assert first[-1] in page and groups[0][-2] in page
    assert EVIL not in page


def test_of_many_rows_the_least_probable_are_shown():
    hidden = kinds(np.linspace(0.6, 1, 500))
    lines = printed(hidden)
    assert sum(line[:1] == ["body"] and line[-1].startswith("0.6") for line in lines) == 9
    assert "10 rows shown" in " ".join(lines[-1])
    page = str(hidden_chapter(HiddenResults.model_validate(hidden)))
    assert page.count("<tr") == 201


def test_nothing_is_said_where_nothing_was_looked_for():
    assert printed(None) == []
    assert hidden_chapter(None) is None


def test_rows_of_another_kind_are_refused():
    document = {"schema": 1, "kind": "particles", "hidden": {"what": "edges", "bodies": []}}
    with pytest.raises(InputError, match=r"hidden.*one of edges, charge, kinds with its rows"):
        parse_results(document, "results.json")
