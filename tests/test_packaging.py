"""The packaging data and the workflows agree with each other and with what was tested."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tomli
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from afterword import __version__

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
TESTED = dict(
    line.split("==")
    for line in (ROOT / ".ci/tested-versions.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
)
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")


def _workflow(path: Path) -> dict[str, Any]:
    # A dependency of caldav, so that it is there wherever the tests run.
    yaml = pytest.importorskip("yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return loaded


def test_the_dev_group_equals_the_dev_extra() -> None:
    assert PYPROJECT["dependency-groups"]["dev"] == PROJECT["optional-dependencies"]["dev"]


def test_the_changelog_describes_this_version() -> None:
    changelog = (ROOT / ".github/CHANGELOG.md").read_text("utf-8")

    assert re.search(rf"^## \[{re.escape(__version__)}\]", changelog, re.MULTILINE)
    assert f"\n[{__version__}]: https://" in changelog


@pytest.mark.parametrize(
    "text", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
)
def test_the_tested_version_is_allowed(text: str) -> None:
    requirement = Requirement(text)
    tested = {canonicalize_name(name): version for name, version in TESTED.items()}

    assert requirement.specifier.contains(tested[canonicalize_name(requirement.name)])


def test_the_oldest_python_is_the_first_classifier() -> None:
    prefix = "Programming Language :: Python :: 3."
    minors = [line.removeprefix(prefix) for line in PROJECT["classifiers"] if prefix in line]

    assert PROJECT["requires-python"] == f">=3.{minors[0]}"
    assert minors == sorted(minors, key=int)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_foreign_actions_are_pinned_to_a_commit(path: Path) -> None:
    uses = re.findall(r"uses: (.+)", path.read_text("utf-8"))
    foreign = [action for action in uses if not action.startswith("./")]

    assert foreign
    assert [action for action in foreign if not PINNED.fullmatch(action)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_only_publishing_may_do_more_than_read(path: Path) -> None:
    workflow = _workflow(path)
    more = {
        name for name, job in workflow["jobs"].items() if job["permissions"] != {"contents": "read"}
    }

    assert workflow["permissions"] == {}
    assert more == ({"publish"} if path.name == "release.yml" else set())


def test_publishing_takes_what_was_built_after_all_tests() -> None:
    jobs = _workflow(ROOT / ".github/workflows/release.yml")["jobs"]

    assert jobs["publish"]["needs"] == "build"
    assert jobs["publish"]["environment"]["name"] == "pypi"
    assert jobs["build"]["needs"] == "ci"
    assert not any("run" in step for step in jobs["publish"]["steps"])


def test_every_classified_python_is_tested() -> None:
    matrix = _workflow(ROOT / ".github/workflows/ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    versions = {f"Programming Language :: Python :: {version}" for version in matrix["python"]}
    classified = {line for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)}

    assert classified
    assert classified <= versions
