"""The checks of `afterword doctor` for a calendar in a folder."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

from afterword.domain.sanitize import for_terminal, pluralize
from afterword.errors import AfterwordError
from afterword.services.doctor.check_result import CheckResult, Verdict
from afterword.services.folders.open_folder import open_folder
from afterword.services.run_context import RunContext
from afterword.system import atomic_files

_A_FEW = 5
PHONE_HINTS = (
    "vdirsyncer brings the folder to a calendar server, Syncthing brings it to an Android phone",
    "khal lists what is in it and does not ring: alarms ring where a calendar app has the events",
)


def check_folder(context: RunContext, path: Path, *, dry_run: bool) -> Iterator[CheckResult]:
    """Yield the results for a folder: it exists, has our events, and can be written.

    Unless `dry_run` is set, a file that no program takes for an event is written and deleted.
    """
    from afterword.formats.ics import ics_patch

    try:
        calendar = open_folder(context, path)
        listed = calendar.listing()
        resources = calendar.fetch(listed.etags)
    except AfterwordError as error:
        yield CheckResult("folder", Verdict.WRONG, error.message, error.notes)
        return
    ours = sum(bool(ics_patch.marks_of(resource.body)) for resource in resources.values())
    display = for_terminal(str(path))
    counts = f"{pluralize(len(listed.etags), 'event')}, {ours:,} of them by afterword"
    yield CheckResult("folder", Verdict.OK, f"{display} has {counts}")
    if calendar.left_alone:
        names = [f"{for_terminal(name)} {why}" for name, why in calendar.left_alone.items()]
        more = len(names) - _A_FEW
        yield CheckResult(
            "files",
            Verdict.LOOK,
            f"{pluralize(len(names), 'file')} in it cannot be synced, and left alone",
            (*names[:_A_FEW], *[f"and {more:,} more"] * (more > 0)),
        )
    if context.settings.calendar_url and context.settings.calendar_folder:
        yield CheckResult(
            "settings",
            Verdict.LOOK,
            "calendar.folder is used, and calendar.url is not",
            ("for the calendar on the server: afterword settings unset calendar.folder",),
        )
    if not dry_run:
        yield _try_to_write(calendar.path)


def _try_to_write(directory: Path) -> CheckResult:
    probe = directory / f".afterword-{secrets.token_hex(8)}.tmp"
    try:
        atomic_files.write_atomically(probe, [b"written by afterword doctor\n"])
        atomic_files.remove(probe)
    except AfterwordError as error:
        return CheckResult("a try", Verdict.WRONG, error.message, error.notes)
    return CheckResult("a try", Verdict.OK, "a file was put there and taken away again")
