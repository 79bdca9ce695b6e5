"""The values that the rules of planning and the merge read are plain."""

from __future__ import annotations

import inspect
from types import ModuleType

import attrs
import pytest

from afterword.domain import model
from afterword.domain.merge import three_way
from afterword.domain.planning import context, plan, timeline


@pytest.mark.parametrize(
    "module", [model, timeline, context, plan, three_way], ids=lambda m: m.__name__
)
def test_attributes_are_read_without_a_hook(module: ModuleType) -> None:
    """A cached property makes attrs add a `__getattr__`, which slows each attribute."""
    classes = [value for _, value in inspect.getmembers(module, attrs.has)]

    assert [each.__name__ for each in classes if hasattr(each, "__getattr__")] == []
    assert classes
