"""What README and docs say is true: links lead somewhere, examples run, commands exist."""

import re
import shlex
import warnings
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

import forcelaw
from forcelaw.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# These take minutes or downloads; the others run as they stand.
LONG = (
    "discover(",
    "discover_from_pairs(",
    "particles.fit(",
    'dataset("bitcoin-otc")',
    "SpringEmbedding(",
)


def pages():
    return [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES]


def blocks(*languages):
    return [
        pytest.param(text, id=f"{page.relative_to(ROOT)}-{number}")
        for page in PAGES
        for number, (language, text) in enumerate(BLOCK.findall(page.read_text("utf-8")))
        if language in languages
    ]


def anchors(page):
    titles = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", pages())
def test_links_lead_somewhere(page):
    for target in LINK.findall(page.read_text("utf-8")):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        assert file.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(file), f"{page.name}: {target}"


@pytest.mark.parametrize("text", blocks("python"))
def test_python_examples_run(text, tmp_path, monkeypatch):
    code = compile(text, "example", "exec")
    for path in re.findall(r"\bfl((?:\.[A-Za-z_]\w*)+)", text):
        value = forcelaw
        for name in path.split(".")[1:]:
            value = getattr(value, name)
    if not any(word in text for word in LONG):
        monkeypatch.chdir(tmp_path)
        with warnings.catch_warnings():
            exec(code, {"__name__": "example"})


@pytest.mark.slow
@pytest.mark.parametrize("text", blocks("python"))
def test_long_python_examples_run(text, tmp_path, monkeypatch):
    if 'dataset("bitcoin-otc")' in text or not any(word in text for word in LONG):
        pytest.skip("needs a download" if "dataset(" in text else "runs with the quick ones")
    monkeypatch.chdir(tmp_path)
    exec(compile(text, "example", "exec"), {"__name__": "example"})


def commands():
    for parameter in blocks("console", "bash"):
        for line in str(parameter.values[0]).splitlines():
            found = re.search(r"(?:^\$ |/bin/)(forcelaw .*)$", line)
            if found:
                yield pytest.param(found[1], id=f"{parameter.id}: {found[1][:40]}")


@pytest.mark.parametrize("line", list(commands()))
def test_commands_exist_with_these_options(line):
    words = shlex.split(line)[1:]
    command = typer.main.get_command(app)
    while isinstance(command, TyperGroup):
        assert words, line
        command = command.commands[words.pop(0)]
    context = command.make_context(line, words, resilient_parsing=False)
    assert context.params


def test_every_command_is_documented():
    text = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    for name, command in root.commands.items():
        for inner in getattr(command, "commands", {"": None}):
            assert f"forcelaw {name} {inner}".strip() in text
