"""What stands around the code agrees with it: architecture, version, release notes, forms, CI."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

import forcelaw

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "forcelaw"
FORMS = sorted(ROOT.glob(".github/ISSUE_TEMPLATE/[!c]*.yml"))


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def plain(path):
    return yaml.safe_load((ROOT / path).read_text("utf-8"))


def test_every_package_is_named_in_the_architecture_and_no_other():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.findall(r"^\| `([\w/]+)/` \|", text, re.MULTILINE)
    packages = {
        str(file.parent.relative_to(SOURCE))
        for file in SOURCE.rglob("__init__.py")
        if file.parent != SOURCE
    }
    assert set(named) == packages
    assert len(named) == len(packages), "a package is named twice"
    for file in re.findall(r"`([\w/]+\.py)`", text):
        assert (SOURCE / file).is_file(), file


def test_neighbours_to_read_are_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    files = re.findall(r"`([\w/]+/\w+\.py)`", text.split("## Adding things")[1])
    assert len(files) > 10
    for file in files:
        assert ((ROOT if file.startswith("benchmarks/") else SOURCE) / file).is_file(), file


def test_the_version_is_stated_once_and_released():
    stated = project()["project"]
    assert "version" not in stated
    assert stated["dynamic"] == ["version"]
    where = project()["tool"]["setuptools"]["dynamic"]["version"]
    assert where == {"attr": "forcelaw.__version__"}
    assert not re.search(r"^version:", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    notes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    releases = re.findall(r"^## (\d+\.\d+\.\d+)", notes, re.MULTILINE)
    assert releases[0] == forcelaw.__version__
    assert releases == sorted(releases, key=lambda text: [*map(int, text.split("."))], reverse=True)


def renamed():
    """(old, new) public names in the tables of the release notes; a package stands once a cell."""
    notes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    for row in re.findall(r"^\| (`fl\.[^|]*) \| ([^|]*) \|$", notes, re.MULTILINE):
        old, new = (re.findall(r"`([\w.]+)`", cell) for cell in row)
        if old and len(old) == len(new):
            home = old[0].rpartition(".")[0]
            full = [[f"{home}.{name.rpartition('.')[2]}" for name in names] for names in (old, new)]
            yield from zip(*full, strict=True)


def found(path):
    value = forcelaw
    for name in path.split(".")[1:]:
        value = getattr(value, name, None)
    return value


def test_release_notes_name_what_exists():
    for old, new in renamed():
        assert found(old) is None, f"{old} is still there"
        assert found(new) is not None, new


def test_the_workflow_runs_the_whole_check_on_every_version_of_python():
    job = plain(".github/workflows/ci.yml")["jobs"]["check"]
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    promised = [
        text.rsplit(" ", 1)[1]
        for text in project()["project"]["classifiers"]
        if re.search(r"Python :: 3\.\d+$", text)
    ]
    assert job["strategy"]["matrix"]["python"] == promised


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_forms_for_issues_are_whole(form):
    content = plain(form)
    assert content["name"]
    assert content["description"]
    fields = [field for field in content["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["label"] for field in fields)
    assert any(field.get("validations", {}).get("required") for field in fields)


def test_the_site_asks_nobody_for_anything():
    """Material would fetch fonts, a script for its search, and a repository's stars."""
    site = plain("mkdocs.yml")
    assert site["theme"]["font"] is False and "repo_url" not in site
    (script,) = site["extra"]["polyfills"]
    assert "iframe-worker" in script and (ROOT / "docs" / script).is_file()


def test_there_are_forms_for_bugs_questions_and_features():
    assert {form.stem for form in FORMS} == {"bug", "question", "feature"}
    bug = {field.get("id"): field for field in plain(".github/ISSUE_TEMPLATE/bug.yml")["body"]}
    assert "forcelaw --version" in bug["version"]["attributes"]["description"]
    assert bug["shape"]["validations"]["required"]


def test_hooks_before_a_commit_are_those_of_the_check():
    hooks = [
        hook["id"] for repository in plain(".pre-commit-config.yaml")["repos"]
        for hook in repository["hooks"]
    ]  # fmt: skip
    assert hooks == ["ruff-check", "ruff-format", "pyright", "layers"]
