"""the project rules that a machine can check."""

import ast
import graphlib
import importlib
import inspect
import re
from pathlib import Path

import pytest

import forcelaw

SOURCE = Path(forcelaw.__file__).parent
ROOT = Path(__file__).parents[1]
FILES = sorted(SOURCE.rglob("*.py"))
LAYERS = (
    ("errors", "clock", "compilation_cache", "device_arrays"),
    ("files", "numerics"),
    ("documents",),
    ("graph",),
    ("laws",),
    ("motion",),
    ("storage",),
    ("training",),
    ("distill",),
    ("particles", "signed"),
    ("report",),
    ("cli",),
)
HEIGHT = {name: height for height, names in enumerate(LAYERS) for name in names}
LONGEST = 300
MOST = 14
UNCOUNTED = (".pyi", ".typed", ".pyc", ".so", ".pyd", ".dylib")
"""Of files that nobody reads to know the code: stubs, marks and what was compiled."""
COMMAND_FILES, COMMAND_LINES = 14, 2160
"""A command takes some fifty lines, and one more for its example."""
HEAVY = (
    "sympy",
    "pyoperon",
    "matplotlib",
    "sklearn",
    "pandas",
    "networkx",
    "pymetis",
    "jplephem",
    "pysr",
    "ase",
    "gsd",
    "h5py",
    "MDAnalysis",
    "pyarrow",
    "rebound",
    "igraph",
    "polars",
)


def trees():
    return [pytest.param(file, id=str(file.relative_to(SOURCE))) for file in FILES]


def parsed(file):
    return ast.parse(file.read_text("utf-8"))


def source_of(node, package):
    """The absolute name of the module that `from ... import` reads."""
    above = package[: len(package) - node.level + 1] if node.level else []
    return ".".join([*above, *([node.module] if node.module else [])])


def imported(tree, package):
    """(line, absolute module name) of every import, relative ones resolved."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = source_of(node, package)
            yield node.lineno, module
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def used(tree, package, modules):
    """Which of `modules` a file imports, at its top, late, or for type checkers alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules)
        elif isinstance(node, ast.ImportFrom):
            module = source_of(node, package)
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield from [inner] if inner in modules else [module] if module in modules else []


def package_of(file):
    return ["forcelaw", *file.relative_to(SOURCE).parent.parts]


@pytest.mark.parametrize("file", trees())
def test_floors_import_only_downward(file):
    package = package_of(file)
    layer = package[1] if len(package) > 1 else file.stem
    if layer not in HEIGHT:
        return
    for line, module in imported(parsed(file), package):
        parts = module.split(".")
        if parts[0] == "forcelaw" and len(parts) > 1 and parts[1] in HEIGHT and parts[1] != layer:
            assert HEIGHT[parts[1]] < HEIGHT[layer], f"{file}:{line} imports {module}"


def module_of(file):
    return ".".join([*package_of(file), *(() if file.stem == "__init__" else (file.stem,))])


def test_no_modules_import_each_other_in_a_circle():
    modules = {module_of(file): file for file in FILES}
    uses = {
        name: set(used(parsed(file), package_of(file), modules)) - {name}
        for name, file in modules.items()
    }
    try:
        graphlib.TopologicalSorter(uses).prepare()
    except graphlib.CycleError as error:
        pytest.fail("imports in a circle: " + " <- ".join(error.args[1]))


@pytest.mark.parametrize("file", trees())
def test_files_are_short(file):
    lines = file.read_text("utf-8").count("\n")
    assert lines <= LONGEST, f"{file} has {lines} lines: split it by idea"


@pytest.mark.parametrize("folder", ["tests", "benchmarks", "examples", "docs"])
def test_other_files_are_short(folder):
    lengths = {f: f.read_text("utf-8").count("\n") for f in (ROOT / folder).rglob("*.py")}
    long = [f"{file}: {lines} lines" for file, lines in lengths.items() if lines > LONGEST]
    assert lengths and not long, f"to be split by idea: {', '.join(long)}"


def folders():
    inside = {
        file.parent
        for top in (SOURCE, *(ROOT / name for name in ("tests", "benchmarks", "examples", "docs")))
        for file in top.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    return [pytest.param(folder, id=str(folder.relative_to(ROOT))) for folder in sorted(inside)]


@pytest.mark.parametrize("folder", folders())
def test_folders_are_small(folder):
    files = [f for f in folder.iterdir() if f.is_file() and f.suffix not in UNCOUNTED]
    assert len(files) <= MOST, f"{folder} has {len(files)} files: make rooms by kind"


@pytest.mark.parametrize("application", ["particles", "signed"])
def test_tests_lie_in_folders_named_as_the_rooms_that_they_test(application):
    inside = {f.parent.name for f in (ROOT / "tests" / application).glob("*/*.py")} - {"helpers"}
    rooms = {f.parent.name for f in (SOURCE / application).glob("*/*.py")}
    assert inside and inside <= rooms, f"no rooms of {application}: {sorted(inside - rooms)}"


def test_the_command_line_is_thin():
    files = list((SOURCE / "cli").glob("*.py"))
    lines = sum(file.read_text("utf-8").count("\n") for file in files)
    assert len(files) <= COMMAND_FILES, f"cli has {len(files)} files: move work to lower layers"
    assert lines <= COMMAND_LINES, f"cli has {lines} lines: move work to lower layers"
    matching = [f.name for f in files if "re" in dict(_named(parsed(f)))]
    assert matching == ["streams.py"], "messages are not taken apart by regular expressions"


def _named(tree):
    """(module, line) of every plain import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)


def test_every_file_has_a_public_name():
    private = [str(f) for f in FILES if f.stem.startswith("_") and not f.stem.startswith("__")]
    assert not private, "files named as if nobody may read them: " + ", ".join(private)


@pytest.mark.parametrize("file", trees())
def test_nothing_executes_what_it_reads(file):
    tree = parsed(file)
    for line, module in imported(tree, package_of(file)):
        assert module.split(".")[0] not in ("pickle", "dill", "cloudpickle", "joblib", "marshal"), (
            f"{file}:{line} imports {module}"
        )
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        place = f"{file}:{node.lineno}: {called}"
        assert called not in ("eval", "exec", "compile", "__import__"), place
        assert not called.endswith(("sympify", "parse_expr", "eval_expr", "os.system")), place
        assert not re.search(r"\byaml\.(load|full_load|unsafe_load|dump)$", called), place
        for keyword in node.keywords:
            assert keyword.arg != "allow_pickle" or ast.unparse(keyword.value) == "False", place
            assert keyword.arg != "shell", place


@pytest.mark.parametrize("file", trees())
def test_delimited_text_is_read_and_written_in_one_place(file):
    named = {module for _, module in imported(parsed(file), package_of(file))}
    assert file.parent.name == "files" or "csv" not in named, "use forcelaw.files"


@pytest.mark.parametrize("file", trees())
def test_heavy_modules_are_imported_late(file):
    tree = parsed(file)
    at_top: list[ast.stmt] = [
        node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    for line, module in imported(ast.Module(at_top, []), package_of(file)):
        assert module.split(".")[0] not in HEAVY, f"{file}:{line} imports {module} at the top"


@pytest.mark.parametrize("file", trees())
def test_no_state_at_module_level(file):
    for node in ast.walk(parsed(file)):
        assert not isinstance(node, ast.Global), f"{file}:{node.lineno}: global"


def public_objects():
    for layer in (name for names in LAYERS for name in names):
        module = importlib.import_module(f"forcelaw.{layer}")
        assert module.__doc__, f"forcelaw.{layer} has no docstring"
        for name in sorted({*dir(module), *getattr(module, "__all__", ())}):
            value = getattr(module, name, None)
            ours = getattr(value, "__module__", "") or ""
            if not name.startswith("_") and ours.startswith("forcelaw") and callable(value):
                yield f"forcelaw.{layer}.{name}", value


def test_no_face_gives_something_else_the_name_of_one_of_its_files():
    """`from room import name` and `import room.name` would be two things."""
    twice = []
    for face in sorted((*SOURCE.rglob("__init__.py"), *SOURCE.rglob("__init__.pyi"))):
        package = package_of(face)
        files = {file.stem for file in face.parent.glob("*.py")} - {"__init__"}
        for node in ast.walk(parsed(face)):
            # The file itself may be given.
            if isinstance(node, ast.ImportFrom) and source_of(node, package) != ".".join(package):
                given = {alias.asname or alias.name for alias in node.names}
                twice += [f"{face}: {name}" for name in sorted(given & files)]
    assert not twice, f"named as a file beside them: {', '.join(twice)}"


@pytest.mark.parametrize("file", trees())
def test_sections_of_docstrings_are_written_in_one_way(file):
    other = re.findall(
        r"^ *(?:Args|Returns|Raises|Yields|Attributes):$", file.read_text("utf-8"), re.MULTILINE
    )
    assert not other, f"write **Arguments:**, **Returns** and **Raises** in place of {other}"


def test_everything_public_has_a_docstring():
    missing = []
    for name, value in public_objects():
        if not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        if not (value.__doc__ or "").strip():
            missing.append(name)
        if inspect.isclass(value):
            for inner, member in vars(value).items():
                if inner.startswith("_") or not inspect.isfunction(member):
                    continue
                if not inspect.getdoc(getattr(value, inner)):
                    missing.append(f"{name}.{inner}")
    assert not missing, "without a docstring: " + ", ".join(sorted(missing))


@pytest.mark.parametrize("name", dir(forcelaw))
def test_every_name_promised_at_the_top_exists(name):
    assert getattr(forcelaw, name) is not None


def test_the_product_knows_nothing_of_its_makers():
    others = {ending: list(SOURCE.rglob(f"*{ending}")) for ending in (".cc", ".css")}
    assert all(others.values()), f"no files to look at: {others}"
    for file in (*FILES, *others[".cc"], *others[".css"]):
        text = file.read_text("utf-8")
        assert "../shared" not in text, file
        assert "/work/" not in text, file
