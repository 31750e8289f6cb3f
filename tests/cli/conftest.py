"""How the tests run the program."""

import json
import subprocess
import sys
from typing import NamedTuple

import pytest

from forcelaw.cli import main


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self):
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)


@pytest.fixture
def forcelaw(capsys, monkeypatch):
    """`forcelaw("datasets", "list")` in this process."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit:
            main([str(argument) for argument in arguments])
        return Result(int(exit.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def process():
    """`process("--help")` in a process of its own, without a terminal."""

    def run(*arguments, **options):
        command = [sys.executable, "-m", "forcelaw", *map(str, arguments)]
        settings = {"stdin": subprocess.DEVNULL, "timeout": 300, **options}
        done = subprocess.run(command, capture_output=True, text=True, check=False, **settings)
        return Result(done.returncode, done.stdout, done.stderr)

    return run


def camps():
    """Two camps, friends within and enemies between them."""
    pairs = [(i, j) for i in range(12) for j in range(i + 1, 12) if (i * 7 + j * 3) % 4]
    lines = [f"n{i},n{j},{1 if i % 2 == j % 2 else -1}" for i, j in pairs]
    return "source,target,sign\n" + "\n".join(lines) + "\n"


@pytest.fixture
def network(tmp_path):
    """A small signed network in a file."""
    path = tmp_path / "camps.csv"
    path.write_text(camps())
    return path


SMALL = ("--dim", "2", "--set", "model.folds=2", "--set", "model.stages.0.epochs=2",
         "--set", "model.stages.0.steps=4", "--set", "model.steps=4",
         "--set", "model.trainings=6", "--set", "model.choices=6")  # fmt: skip


@pytest.fixture(scope="session")
def small():
    """Options that make a signed fit a matter of seconds."""
    return SMALL


@pytest.fixture(scope="session")
def fitted(tmp_path_factory):
    """A finished small run of `signed fit` and its network, for whoever only reads it."""
    folder = tmp_path_factory.mktemp("fitted")
    (folder / "camps.csv").write_text(camps())
    with pytest.raises(SystemExit) as exit:
        main(["signed", "fit", str(folder / "camps.csv"), "--out", str(folder / "run"),
              "--protocol", "pairs", *SMALL, "--quiet", "--json"])  # fmt: skip
    assert not exit.value.code
    return folder / "run", folder / "camps.csv"
