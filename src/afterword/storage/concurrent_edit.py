"""Merge a change into an application that was edited in the meantime."""

from __future__ import annotations

from typing import Any

import attrs

from afterword.domain.model import Application
from afterword.errors import ConflictError
from afterword.formats.application_file.application_editor import same_content


def merge_concurrent_edit(
    before: Application, after: Application, current: Application
) -> Application:
    """Return `current` with the changes that lead from `before` to `after`.

    New log entries follow those that were added meanwhile. Raises ConflictError
    if the same field was changed on both sides.
    """
    fields = {
        field.name: _merge_field(field.name, before, after, current)
        for field in attrs.fields(Application)
    }
    return Application(**fields)


def _merge_field(name: str, before: Application, after: Application, current: Application) -> Any:
    base, desired, observed = (getattr(each, name) for each in (before, after, current))
    if same_content(desired, base) or same_content(desired, observed):
        return observed
    if name == "log" and same_content(desired[: len(base)], base):
        return observed + desired[len(base) :]
    if same_content(observed, base):
        return desired
    raise ConflictError(
        f"{before.id}: {name} was changed by another program meanwhile; "
        "look at it and give your command again"
    )
