"""The program as a whole: help, exit codes, streams."""

import json
import os
import shlex
import sys
from pathlib import Path

import pytest
import typer

from forcelaw.cli.app import app
from forcelaw.cli.examples import EXAMPLES


def groups(command, path=()):
    """Every group of commands by its path, with the names of what it holds."""
    if not hasattr(command, "commands"):
        return {}
    found = {path: tuple(command.commands)}
    for name, inner in command.commands.items():
        found |= groups(inner, (*path, name))
    return found


COMMANDS = groups(typer.main.get_command(app))
DOCUMENTED = Path(__file__).parents[2] / "docs" / "command-line.md"


@pytest.mark.parametrize("group", COMMANDS, ids=" ".join)
def test_help_names_every_command(forcelaw, group):
    result = forcelaw(*group, "--help")
    assert result.code == 0
    for command in COMMANDS[group]:
        assert command in result.out


@pytest.mark.parametrize(
    "command", [(*group, name) for group, names in COMMANDS.items() for name in names], ids=" ".join
)
def test_every_command_has_help(forcelaw, command):
    result = forcelaw(*command, "--help")
    assert result.code == 0
    assert "Usage" in result.out


def test_every_command_has_an_example():
    assert set(EXAMPLES) == {
        " ".join((*group, name))
        for group, names in COMMANDS.items()
        for name in names
        if (*group, name) not in COMMANDS
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_commands_that_the_parser_takes(name, tmp_path, monkeypatch):
    command = typer.main.get_command(app)
    for word in name.split():
        command = getattr(command, "commands", {})[word]
    example = EXAMPLES[name]
    assert example.arguments.startswith(name)
    monkeypatch.chdir(tmp_path)
    for word in ("run", "network", "law", "trust"):
        (tmp_path / word).mkdir()
    (tmp_path / "pairs.csv").touch()
    command.make_context(name, shlex.split(example.arguments)[len(name.split()) :])
    assert command.epilog is not None
    assert example.arguments in command.epilog and example.duration in command.epilog


@pytest.mark.slow
def test_examples_of_networks_run_one_after_the_other(forcelaw, tmp_path, monkeypatch):
    if not (Path(os.environ.get("FORCELAW_DATA", "nowhere")) / "congress.txt").exists():
        pytest.skip("public networks are not here")
    monkeypatch.chdir(tmp_path)
    Path("pairs.csv").write_text("source,target\n1,2\n")
    for name, example in EXAMPLES.items():
        if name.startswith("signed "):
            # The smallest network, in place of one whose fit takes a minute.
            done = forcelaw(*shlex.split(example.arguments.replace("bitcoin-alpha", "congress")))
            # Congress has no ratings.
            assert done.code == (2 if name == "signed ratings" else 0), (name, done.err)


@pytest.mark.parametrize("group", COMMANDS, ids=" ".join)
def test_every_command_is_documented(group):
    text = DOCUMENTED.read_text()
    for name in COMMANDS[group]:
        assert " ".join(("$ forcelaw", *group, name)) in text, name


@pytest.mark.parametrize(
    ("command", "heavy"),
    [
        (["--help"], {"jax", "jaxlib", "numpy", "scipy", "sklearn", "sympy", "matplotlib"}),
        (["datasets", "list"], {"jax", "jaxlib", "sklearn", "sympy", "matplotlib"}),
    ],
    ids=["help", "datasets list"],
)
def test_what_computes_nothing_does_not_import_jax(process, command, heavy):
    result = process(*command, env=_environment(PYTHONPROFILEIMPORTTIME="1"))
    assert result.code == 0
    imported = {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in result.err.splitlines()}
    assert "typer" in imported
    assert not imported & heavy


def test_version(forcelaw):
    from forcelaw import __version__

    assert forcelaw("--version").out == f"forcelaw {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("signed", "fit", "--no-such-option"),
        ("signed", "evaluate", "tribes"),
        ("signed", "evaluate", "tribes", "--protocol", "other"),
        ("datasets", "list", "--precision", "32"),
        ("signed", "fit", "x", "--seed", "one"),
    ],
)
def test_wrong_usage_exits_with_2(forcelaw, arguments):
    result = forcelaw(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("signed", "fit", "tribess"), "did you mean 'tribes'?"),
        (("signed", "fit", "absent.csv"), "absent.csv: no such file"),
        (("signed", "fit", "."), "found a folder"),
        (("signed", "fit", "tribes", "--seed", "-1"), "--seed: found -1"),
        (("signed", "fit", "tribes", "--precision", "16"), "--precision: found 16"),
        (("signed", "law", "absent"), "absent: found nothing"),
        (("datasets", "fetch", "tribs"), "did you mean 'tribes'?"),
        (("report", "absent"), "absent: found no run"),
    ],
)
def test_wrong_input_exits_with_2_and_one_line(forcelaw, arguments, message):
    result = forcelaw(*arguments, "--quiet")
    assert result.code == 2
    assert result.out == ""
    assert message in result.err
    assert result.err.count("\n") == 1
    assert result.err.startswith("forcelaw: ")
    assert "Traceback" not in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ("particles", "fit", "spring", "--model", "pari"),
            "--model: found 'pari', expected message, pair, hamiltonian; did you mean 'pair'?",
        ),
        (("particles", "fit", "spring", "--bodies", "two"), "--bodies: expected a valid integer"),
        (
            ("particles", "fit", "spring", "--set", "network.hiden=64"),
            "--set network.hiden=64: found no setting 'hiden' of the network of the model 'pair', "
            "expected one of one_body, hidden, activation, formula; did you mean 'hidden'?",
        ),
        (("sined",), "did you mean 'signed'?"),
        (("particles", "fit"), "missing argument 'SOURCE'"),
        (("signed", "evaluate", "x"), "--protocol: found none, expected pairs"),
        (("signed", "evaluate", "x", "--protocol", "pairs", "--seed", "3"), "--seeds"),
    ],
)
def test_wrong_usage_is_one_line_that_says_what_to_choose(forcelaw, arguments, message):
    result = forcelaw(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("forcelaw: ") and result.err.count("\n") == 1
    assert message.lower() in result.err.lower()


def test_wrong_usage_is_json_where_json_was_asked_for(forcelaw):
    result = forcelaw("particles", "fit", "spring", "--model", "pari", "--json")
    assert json.loads(result.err)["exit_code"] == 2


def test_wrong_networks_are_named_as_typed_and_claim_no_folder(forcelaw, tmp_path):
    file, out = tmp_path / "one.csv", tmp_path / "run"
    file.write_text("a,b,1\nb,c,1\nc,a,1\n")
    for command in (
        ("signed", "fit", file, "--out", out),
        ("signed", "evaluate", file, "--protocol", "pairs", "--out", out),
    ):
        result = forcelaw(*command)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"forcelaw: {file}: found only positive edges (3)")
        assert not out.exists()


def test_wrong_trajectories_keep_an_earlier_run_despite_force(forcelaw, tmp_path):
    file, out = tmp_path / "one.csv", tmp_path / "run"
    file.write_text("trajectory,time,body,x,y\n0,0,a,1,1\n")
    out.mkdir()
    (out / "config.yaml").write_text("command: particles fit\n")
    (out / "results.json").write_text("{}")
    result = forcelaw("particles", "fit", file, "--out", out, "--force")
    assert result.code == 2 and "single time step" in result.err
    assert (out / "results.json").exists()


def test_an_output_folder_that_cannot_be_made_is_wrong_input(forcelaw, tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "two.csv").write_text("a,b,1\nb,c,-1\nc,a,1\n")
    result = forcelaw("signed", "fit", tmp_path / "two.csv", "--out", tmp_path / "file" / "run")
    assert result.code == 2 and "nothing can be written there" in result.err


def test_json_errors_go_to_stderr(forcelaw):
    result = forcelaw("report", "absent", "--json")
    assert result.code == 2
    assert result.out == ""
    assert json.loads(result.err)["exit_code"] == 2


def test_debug_shows_the_traceback(forcelaw):
    result = forcelaw("report", "absent", "--debug")
    assert result.code == 2
    assert "Traceback" in result.err


def test_a_failure_exits_with_1_and_a_hint(forcelaw, monkeypatch):
    def fail(run):
        raise RuntimeError("it broke\nin two lines")

    monkeypatch.setattr("forcelaw.report.report", fail)
    result = forcelaw("report", ".")
    assert result.code == 1
    assert result.err == "forcelaw: RuntimeError: it broke in two lines (--debug shows where)\n"
    assert "Traceback" in forcelaw("report", ".", "--debug").err


def test_an_interruption_exits_with_130(forcelaw, monkeypatch):
    def stop(run):
        raise KeyboardInterrupt

    monkeypatch.setattr("forcelaw.report.report", stop)
    result = forcelaw("report", ".")
    assert result.code == 130
    assert "same command again" in result.err


def test_warnings_are_one_line(forcelaw, monkeypatch):
    import warnings
    from pathlib import Path

    def warn(run):
        warnings.simplefilter("always")
        warnings.warn("mind\nthis", stacklevel=1)
        warnings.warn("mind this", stacklevel=1)
        return Path("report.html")

    monkeypatch.setattr("forcelaw.report.report", warn)
    result = forcelaw("report", ".")
    assert result.out == "report.html\n"
    assert result.err == "warning: mind this\n"


def test_datasets_list(forcelaw):
    plain = forcelaw("datasets", "list")
    assert plain.code == 0
    assert "bitcoin-otc" in plain.out
    names = [row["name"] for row in forcelaw("datasets", "list", "--json").document["datasets"]]
    assert "slashdot" in names


def test_a_closed_pipe_is_no_error(process):
    import subprocess

    command = f"{sys.executable} -m forcelaw datasets list | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr


def _environment(**more):
    import os

    return {**os.environ, **more}
