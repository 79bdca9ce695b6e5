"""The check of `afterword doctor` for the user's own calendars that each sync reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from afterword.domain.sanitize import pluralize
from afterword.errors import AfterwordError
from afterword.services.doctor.check_result import CheckResult, Verdict
from afterword.services.interview_search import calendar_sources, suggestions
from afterword.services.run_context import RunContext

if TYPE_CHECKING:
    from afterword.dav.interface import Calendar

_ABOUT = "watch"


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
        yield CheckResult(_ABOUT, Verdict.WRONG, error.message, error.notes)
        return
    if texts.failures:
        message = f"not all of calendar.watch can be read: {texts.failures[0]}"
        steps = (*texts.failures[1:], "to change the names: afterword settings edit")
        yield CheckResult(_ABOUT, Verdict.WRONG, message, steps)
        return
    names = ", ".join(texts.names)
    count = pluralize(len(texts.texts), "event")
    message = f"each sync reads {names} ({count}) and writes nothing there"
    yield CheckResult(_ABOUT, Verdict.OK, message)
