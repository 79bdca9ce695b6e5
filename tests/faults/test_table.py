"""Every case of the list of faults has a test, or a reason why it does not apply."""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import pytest

from tests.faults.table import COVERED, NOT_APPLICABLE

TESTS = Path(__file__).parents[1]
CASES = [str(number) for number in range(1, 166)] + [f"F{number}" for number in range(1, 26)]


@functools.cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text("utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return frozenset(node.name for node in functions if node.name.startswith("test_"))


def test_the_table_has_every_case_once() -> None:
    assert sorted([*COVERED, *NOT_APPLICABLE]) == sorted(CASES)


@pytest.mark.parametrize("case", [pytest.param(case, id=f"case-{case}") for case in COVERED])
def test_the_tests_of_a_case_are_there(case: str) -> None:
    references = COVERED[case]

    assert references
    for reference in references:
        file, _, name = reference.partition("::")
        assert f"test_{name}" in functions_of(file), reference
