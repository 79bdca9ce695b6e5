"""The questions of `afterword setup`, and of the first command on a terminal that saves."""

from __future__ import annotations

import datetime as dt
import functools
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from afterword.cli.ui import options, prompts
from afterword.cli.ui.output import status
from afterword.errors import AfterwordError, UsageError
from afterword.system import clock

if TYPE_CHECKING:
    from afterword.services.run_context import RunContext
    from afterword.settings.loader import Settings

R = TypeVar("R")

_REMINDERS_QUESTION = "Remind you before each interview what to ask, and afterwards to take notes?"
_FILE, _CALENDAR = "file", "calendar"
_TARGETS = {
    **dict.fromkeys(("f", "file", "a file", "ics"), _FILE),
    **dict.fromkeys(("c", "calendar", "a calendar", "server", "caldav"), _CALENDAR),
}


def offers_setup(command: Callable[..., R]) -> Callable[..., R]:
    """Let a command run the setup first, on a terminal without settings.

    It is the outermost decorator below click's own; dry runs and JSON output are left alone.
    """

    @functools.wraps(command)
    def call_after_setup(*args: Any, **kwargs: Any) -> R:
        if prompts.can_ask() and not (kwargs.get("dry_run") or kwargs.get("as_json")):
            from afterword.settings.loader import is_setup_due
            from afterword.settings.paths import find_locations

            if is_setup_due(find_locations(kwargs["data"]).settings):
                status("Welcome to afterword. A few questions first; Enter skips each.")
                ask_setup(kwargs["now"], kwargs["zone"], kwargs["data"])
                status("")
        return command(*args, **kwargs)

    return call_after_setup


def ask_setup(now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None) -> None:
    """Ask for the settings that everybody needs, and save them.

    What was answered is saved also if the user stops: Ctrl-D skips the rest, Ctrl-C ends the
    program. Raises click.Abort, WriteError.
    """
    from afterword.messages.display_names import language_names
    from afterword.settings import loader
    from afterword.settings.paths import find_locations

    path = find_locations(data).settings
    *others, last = language_names()
    settings, is_new = loader.load_settings(path), loader.is_setup_due(path)
    language = (is_new and _language_of_machine()) or settings.language
    # A further question is a row here.
    questions: Mapping[str, Callable[[], Any]] = {
        "applicant.name": lambda: _ask_setting(
            "applicant.name", "Your name, to sign your messages", settings.applicant.name
        ),
        "applicant.email": lambda: _ask_setting(
            "applicant.email", "Your e-mail address", settings.applicant.email
        ),
        "zone": lambda: _ask_zone(zone or settings.zone or clock.local_zone()),
        "language": lambda: _ask_setting(
            "language", f"Language of messages and events ({', '.join(others)} or {last})", language
        ),
        "reminders": lambda: ask_reminders(settings),
    }
    answers: dict[str, Any] = {}
    try:
        for name, ask in questions.items():
            if (answer := ask()) is not None:
                answers[name] = answer
        target = _ask_target(settings)
    except click.Abort as stop:
        if answers:
            loader.save_settings(path, answers)
            status(f"Saved so far in {path}; `afterword setup` asks for the rest.")
        if isinstance(stop, prompts.InputEndedError):
            return
        raise
    if answers:
        loader.save_settings(path, answers)
        status(f"Saved in {path}. To change it: afterword setup, or afterword settings set.")
    if target == _FILE:
        status("To write the reminders into a calendar file: afterword export -o job-search.ics")
    elif not (settings.calendar_url or settings.calendar_folder):
        _choose_calendar(now, zone, data)


def ask_reminders(settings: Settings) -> list[str]:
    """Ask whether to remind before and after interviews; return the value of `reminders`."""
    from afterword.domain.policy import InterviewReminder

    if not prompts.confirm(_REMINDERS_QUESTION, default=bool(settings.reminders)):
        return []
    return [reminder.value for reminder in settings.reminders or InterviewReminder]


def offer_reminders(context: RunContext) -> None:
    """Offer the reminders around interviews once, on a terminal, and save the answer.

    Whoever does not answer gets none, and is asked again. Raises click.Abort for Ctrl-C.
    """
    from afterword.settings import loader

    path = context.locations.settings
    if not prompts.can_ask() or loader.is_set(path, "reminders"):
        return
    try:
        answer = ask_reminders(context.settings)
    except prompts.InputEndedError:
        return
    loader.save_settings(path, {"reminders": answer})
    if answer:
        status("They come with the next export or sync; to change it: afterword settings edit")


def _ask_setting(name: str, question: str, default: str | None) -> Any:
    """Return a valid value of a setting as TOML has it, None where the user gives none."""
    from afterword.messages.display_names import find_language
    from afterword.settings.loader import find_setting, parse_setting

    spec = find_setting(name)

    def parse(typed: str) -> Any:
        if not typed or (typed != default and prompts.means_nothing(typed)):
            return None
        return parse_setting(spec, [(name == "language" and find_language(typed)) or typed])

    return prompts.ask(question, parse, default=default or "")


def _language_of_machine() -> str | None:
    from afterword.messages.i18n import available_languages

    variables = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    tag = next((value for value in variables if value), "")
    code = tag.partition(".")[0].partition("_")[0].casefold()
    return code if code in available_languages() else None


def _ask_zone(default: ZoneInfo | None) -> str | None:
    """Return the name of a zone to save; an accepted UTC may be the default of a server."""
    key = _ask_setting("zone", "Your time zone", default.key if default else None)
    is_default = default is not None and key == default.key
    return None if key is None or (is_default and key in clock.UTC_NAMES) else str(key)


def _ask_target(settings: Settings) -> str:
    def parse(typed: str) -> str:
        if typed.casefold() in _TARGETS:
            return _TARGETS[typed.casefold()]
        if prompts.means_nothing(typed):
            return _FILE
        raise UsageError('"file" for a calendar file, "calendar" for a calendar on a server')

    status("Where should reminders go: to a calendar file, or to a calendar server such as iCloud?")
    default = _CALENDAR if settings.calendar_url or settings.calendar_folder else _FILE
    return prompts.ask("Reminders (file or calendar)", parse, default=default)


def _choose_calendar(now: dt.datetime | None, zone: ZoneInfo | None, data: Path | None) -> None:
    """Go on with the questions of `afterword calendars`; errors do not end the setup."""
    from afterword.cli.ui.calendar_questions import ask_calendar
    from afterword.services.calendars.calendar_login import Access
    from afterword.services.calendars.calendar_search import CalendarRequest, CalendarSearch

    context = options.terminal_context(now, zone, data)
    search = CalendarSearch(context=context, access=Access(), ask_calendar=ask_calendar)
    try:
        result = search.search(None, CalendarRequest())
        if result.chosen:
            search.save(result.chosen, result.login)
    except AfterwordError as error:
        prompts.explain(error.message, error.notes)
        status("No calendar is set up yet; try again with: afterword calendars")
