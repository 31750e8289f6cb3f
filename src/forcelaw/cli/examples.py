"""One example of every command, with how long it takes: the end of its `--help`."""

from __future__ import annotations

from typing import NamedTuple

import typer


class Example(NamedTuple):
    """A command as it is typed after `forcelaw`, and its time on two cores."""

    arguments: str
    duration: str


EXAMPLES = {
    "demo": Example("demo", "2 min"),
    "report": Example("report run", "2 s"),
    "particles laws": Example("particles laws", "2 s"),
    "particles simulate": Example("particles simulate spring --out springs.npz", "5 s"),
    "particles fit": Example("particles fit spring --out network", "12 s"),
    "particles discover": Example("particles discover tracks.csv --out law", "10 to 40 s"),
    "particles distill": Example("particles distill network", "15 s"),
    "particles benchmark": Example("particles benchmark nri --trajectories 50 --bodies 5", "20 s"),
    "particles rollout": Example("particles rollout law --out future.csv", "8 s"),
    "signed fit": Example("signed fit bitcoin-alpha --out trust", "1.5 min"),
    "signed evaluate": Example("signed evaluate congress --protocol pairs --seeds 1", "40 s"),
    "signed law": Example("signed law trust", "9 s"),
    "signed embed": Example("signed embed trust --out places.csv", "4 s"),
    "signed predict": Example("signed predict trust pairs.csv --out signs.csv", "10 s"),
    "signed explain": Example("signed explain trust pairs.csv", "5 s"),
    "signed suspects": Example("signed suspects trust", "1.5 min"),
    "signed ratings": Example("signed ratings bitcoin-alpha --seeds 1", "50 s"),
    "signed layout": Example("signed layout bitcoin-alpha --out places.html", "4 s"),
    "signed split": Example("signed split bitcoin-alpha --protocol pairs --out split", "1 s"),
    "signed balance": Example("signed balance bitcoin-alpha", "1 min"),
    "signed factions": Example("signed factions bitcoin-alpha", "4 s"),
    "datasets list": Example("datasets list", "1 s"),
    "datasets fetch": Example("datasets fetch bitcoin-alpha", "5 s"),
}
"""By the name of the command."""


def show_examples(app: typer.Typer, group: str = "") -> None:
    """Ends the help of every command of a tree with its example."""
    for command in app.registered_commands:
        example = EXAMPLES[f"{group}{command.name}"]
        command.epilog = f"Example: forcelaw {example.arguments}   ({example.duration})"
    for below in app.registered_groups:
        assert below.typer_instance is not None
        show_examples(below.typer_instance, f"{below.name} ")
