"""The layout and the language of the source: sizes, unique names, words to avoid.

`.github/CONTRIBUTING.md` says why. The rules are checked over the syntax tree,
so that they hold for modules that no other test imports.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

import afterword

SOURCE = Path(afterword.__file__).parent
MODULES = sorted(SOURCE.rglob("*.py"))
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

SHORTEST, LONGEST = 20, 400
MOST_FILES = 22

# Words that say too little: one may be anything, a way is a method, a function or an address.
AVOIDED = frozenset(
    {"told", "tell", "tells", "said", "heard", "found", "kept", "known", "one", "what", "way"}
    | {"place", "places", "matter", "meant", "shown", "whoever", "therein"}
)
AVOIDED_IN_PROSE = re.compile(
    r"\b(told|tells? of|said|heard|found|kept|known|one|what|way|place|matter|meant|shown"
    r"|whoever|therein|let go|by itself|of its own|as it is|for good|comes to)\b",
    re.IGNORECASE,
)
BAD_OPENING = re.compile(r"(What|Whether|How|Where|Who)\b")
# `heard` is a key of the log in users' files, and a command; "not found" is HTTP's term.
ALLOWED_NAMES = frozenset({"heard", "NotFoundError"})
TOO_BARE = frozenset({"read", "find", "of", "when", "moment", "day", "said", "told"})


def relative(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def bound_names(tree: ast.Module) -> Iterator[str]:
    """Yield every identifier that a module gives to something."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                yield name
            case ast.alias(asname=str(name)) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case _:
                pass


def is_command(node: ast.AST) -> bool:
    """True for the function of a click command, whose docstring is its help."""
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(part, ast.Name) and part.id == "click"
        for decorator in node.decorator_list
        for part in ast.walk(decorator)
    )


def words_of(name: str) -> set[str]:
    parts = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+", name)
    return {part.casefold() for part in parts}


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_names_are_standard_terms(path: Path) -> None:
    names = set(bound_names(TREES[path])) - ALLOWED_NAMES
    assert sorted(name for name in names if words_of(name) & AVOIDED) == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_the_first_line_of_each_docstring_is_plain(path: Path) -> None:
    documented = (
        node
        for node in ast.walk(TREES[path])
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and not is_command(node)
    )
    lines = [(ast.get_docstring(node) or "").partition("\n")[0] for node in documented]
    lines = [re.sub("`.*?`", "", line) for line in lines]
    assert [
        line for line in lines if AVOIDED_IN_PROSE.search(line) or BAD_OPENING.match(line)
    ] == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_is_one_idea(path: Path) -> None:
    if path.name == "__main__.py":
        return
    if path.name == "__init__.py":
        allowed = ast.Expr | ast.Assign if path.parent == SOURCE else ast.Expr
        assert all(isinstance(node, allowed) for node in TREES[path].body)
        return
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert SHORTEST <= lines <= LONGEST


def test_a_room_can_be_overlooked() -> None:
    rooms = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    crowded = {relative(room): count for room, count in rooms.items() if count > MOST_FILES}
    assert set(crowded) <= {"cli/commands"}


def test_a_class_has_a_name_of_its_own() -> None:
    classes = Counter(
        node.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    )
    assert {name for name, count in classes.items() if count > 1} == set()


def test_a_module_has_a_name_of_its_own() -> None:
    commands = SOURCE / "cli" / "commands"
    names = [path.stem for path in MODULES if path.parent != commands]
    assert {name for name, count in Counter(names).items() if count > 1} <= {"__init__"}

    dependencies = set(metadata.packages_distributions()) - {"afterword"}
    taken = (dependencies | sys.stdlib_module_names) - {"__main__", "__init__"}
    assert set(names) & taken == set()


def test_public_functions_say_what_they_do() -> None:
    public = [
        f"{relative(path)}:{node.name}"
        for path, tree in TREES.items()
        for node in functions(tree)
        if node.name in TOO_BARE
    ]
    assert public == []


def test_functions_are_short() -> None:
    lengths = [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for tree in TREES.values()
        for node in functions(tree)
    ]
    assert statistics.quantiles(lengths, n=20)[-1] <= 26


def test_the_guide_for_contributors_is_short() -> None:
    guide = Path(__file__).parents[1] / ".github" / "CONTRIBUTING.md"

    assert len(guide.read_text(encoding="utf-8").splitlines()) <= 120
