"""A change that was thought out on what is no longer the latest."""

from __future__ import annotations

from typing import Any

import attrs

from afterword.domain.model import Application
from afterword.errors import ConflictError
from afterword.formats.application_file.application_editor import same_facts


def merge_concurrent_edit(
    before: Application, after: Application, current: Application
) -> Application:
    """Return `current` with the changes that lead from `before` to `after`.

    Entries of the log are appended to those that came meanwhile. Raises
    ConflictError where the same was changed in two ways.
    """
    changed = {
        field.name: _part(field.name, before, after, current) for field in attrs.fields(Application)
    }
    return Application(**changed)


def _part(name: str, before: Application, after: Application, current: Application) -> Any:
    was, wanted, now = (getattr(each, name) for each in (before, after, current))
    if same_facts(wanted, was) or same_facts(wanted, now):
        return now
    if name == "log" and same_facts(wanted[: len(was)], was):
        return now + wanted[len(was) :]
    if same_facts(now, was):
        return wanted
    raise ConflictError(
        f"{before.id}: {name} was changed by another program meanwhile; "
        "look at it and give your command again"
    )
