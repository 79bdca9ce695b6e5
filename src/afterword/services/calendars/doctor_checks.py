"""The checks of `afterword doctor` for a folder, a login to Google and watched calendars."""

from __future__ import annotations

import enum
import importlib.metadata
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from afterword.domain.sanitize import for_terminal, pluralize
from afterword.errors import AfterwordError, UsageError
from afterword.services import calendar_sources, suggestions
from afterword.services.calendars import google_login
from afterword.services.calendars.open_folder import open_folder
from afterword.services.run_context import RunContext
from afterword.system import atomic_files, clock

_A_FEW = 5
PHONE_HINTS = (
    "vdirsyncer brings the folder to a calendar server, Syncthing brings it to an Android phone",
    "khal lists what is in it and does not ring: alarms ring where a calendar app has the events",
)

_LOG_IN = "log in: afterword calendars --server google"


class Verdict(enum.StrEnum):
    """The verdict of a check."""

    OK = "ok"
    LOOK = "look at this"
    WRONG = "wrong"


@attrs.frozen
class CheckResult:
    """The result of a check; `steps` are the user's next steps."""

    about: str
    verdict: Verdict
    message: str
    steps: tuple[str, ...] = ()


def check_folder(context: RunContext, path: Path, *, dry_run: bool) -> Iterator[CheckResult]:
    """Yield the results for a folder: it exists, has our events, and can be written.

    Unless `dry_run` is set, a file that no program takes for an event is written and deleted.
    """
    from afterword.formats import ics_patch

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


def check_google(context: RunContext, user: str) -> Iterator[CheckResult]:
    """Yield the results for library, client and permission; nothing is sent."""
    from afterword.dav import google_oauth

    try:
        google_oauth.check_installed()
    except UsageError as error:
        yield CheckResult("google", Verdict.WRONG, error.message, error.notes)
        return
    version = importlib.metadata.version("google-auth-oauthlib")
    yield CheckResult("google", Verdict.OK, f"google-auth-oauthlib {version} is installed")
    client_id = context.settings.client_id
    permission, problem = google_login.saved_permission(user)
    if client_id:
        yield CheckResult("client", Verdict.OK, f"the client id is {client_id}")
    else:
        steps = ("create one (README, Google Calendar)", _LOG_IN)
        yield CheckResult("client", Verdict.LOOK, "no client id of your own is set", steps)
    if permission is None:
        message = problem or f"there is none for {user}"
        yield CheckResult("permission", Verdict.WRONG, message, (_LOG_IN,))
        return
    granted = permission.granted.astimezone(context.zone)
    if permission.ends is None:
        message = f"granted on {granted:%Y-%m-%d}, and Google named no end"
        yield CheckResult("permission", Verdict.OK, message)
        return
    is_over = permission.ends <= clock.now()
    ends = f"{permission.ends.astimezone(context.zone):%Y-%m-%d %H:%M}"
    yield CheckResult(
        "permission",
        Verdict.WRONG if is_over else Verdict.LOOK,
        f"{'ended' if is_over else 'ends'} on {ends}",
        (google_oauth.TESTING,),
    )


if TYPE_CHECKING:
    from afterword.dav.interface import Calendar

_WATCH = "watch"


def check_watched(context: RunContext, calendar: Calendar) -> Iterator[CheckResult]:
    """Yield the result for the watched calendars beside the chosen calendar, if there are any."""
    if not context.settings.watch:
        return
    span = suggestions.date_range(context.now, None)
    try:
        texts = calendar_sources.read_user_calendars(
            calendar, context.settings.watch, span, strict=False
        )
    except AfterwordError as error:
        yield CheckResult(_WATCH, Verdict.WRONG, error.message, error.notes)
        return
    if texts.failures:
        message = f"not all of calendar.watch can be read: {texts.failures[0]}"
        steps = (*texts.failures[1:], "to change the names: afterword settings edit")
        yield CheckResult(_WATCH, Verdict.WRONG, message, steps)
        return
    names = ", ".join(texts.names)
    count = pluralize(len(texts.texts), "event")
    message = f"each sync reads {names} ({count}) and writes nothing there"
    yield CheckResult(_WATCH, Verdict.OK, message)
