"""The examples of `--help` are commands that the program takes."""

import shlex

import pytest
import typer

from forcelaw.cli.app import app
from forcelaw.cli.examples import EXAMPLES

TREE = typer.main.get_command(app)


def commands(group, path=""):
    for name, below in group.commands.items():
        if hasattr(below, "commands"):
            yield from commands(below, f"{path}{name} ")
        else:
            yield f"{path}{name}", below


COMMANDS = dict(commands(TREE))


def test_every_command_has_one_and_no_other():
    assert set(COMMANDS) == set(EXAMPLES)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_parser_takes_it(name, tmp_path, monkeypatch):
    example = EXAMPLES[name]
    assert example.arguments.startswith(name)
    monkeypatch.chdir(tmp_path)
    for word in ("run", "network", "law", "trust"):
        (tmp_path / word).mkdir()
    (tmp_path / "pairs.csv").touch()
    words = shlex.split(example.arguments)[len(name.split()) :]
    COMMANDS[name].make_context(name, words)
    assert example.arguments in COMMANDS[name].epilog
    assert example.duration in COMMANDS[name].epilog
