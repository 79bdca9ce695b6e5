"""`afterword doctor`: check for problems that keep reminders from ringing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.calendar_questions import calendar_options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo, echo_json, status, styled, terminal_width, wrap_text
from afterword.errors import ExitCode
from afterword.services.calendars.calendar_login import Access
from afterword.services.calendars.diagnosis import CheckResult, Verdict, phone_hints, run_checks
from afterword.services.calendars.open_folder import chosen_folder
from afterword.services.run_context import RunContext

# The keys are the names in the JSON document, which stay.
_LABELS = {"facts": "applications", "zone rules": "time-zone data", "a try": "test event"}
_INDENT = 14
_COLORS = {Verdict.OK: "green", Verdict.LOOK: "yellow", Verdict.WRONG: "red"}


@command("afterword doctor")
@calendar_options
@click.option("--dry-run", is_flag=True, help="Do not write the test event.")
@options.with_context
@options.json
def doctor(
    context: RunContext,
    calendar_url: str | None,
    folder: Path | None,
    dry_run: bool,
    as_json: bool,
    access: Access,
) -> None:
    """Check for problems that keep reminders from ringing.

    Settings, time zone, the server's name and certificate, clock, login, and
    the calendar, where an event is written, read and deleted again; of a
    folder whether it can be read and written. Exits with 3 if something is
    wrong.
    """
    url = calendar_url or context.settings.calendar_url
    folder = chosen_folder(context, folder=folder, calendar_url=calendar_url)
    results = list[CheckResult]()
    for result in run_checks(context, url, access, dry_run=dry_run, folder=folder):
        results.append(result)
        if not as_json:
            _print_result(result)
    hints = phone_hints(url, folder)
    if as_json:
        echo_json(_document(results, hints))
    else:
        status("On your phone:")
        for hint in hints:
            status(f"  {hint}")
    if any(result.verdict is Verdict.WRONG for result in results):
        click.get_current_context().exit(ExitCode.PARTLY)


def _print_result(result: CheckResult) -> None:
    verdict = styled(f"{result.verdict:<{_INDENT}}", fg=_COLORS[result.verdict], bold=True)
    width = terminal_width()
    room = None if width is None else max(width - _INDENT, _INDENT)
    label = _LABELS.get(result.about, result.about)
    texts = [f"{label}: {result.message}", *result.steps]
    first, *more = [line for text in texts for line in wrap_text(text, room)]
    echo(verdict, first)
    for line in more:
        echo(f"{'':{_INDENT}}{line}")


def _document(results: list[CheckResult], hints: tuple[str, ...]) -> dict[str, Any]:
    return {
        "findings": [
            {
                "about": result.about,
                "verdict": result.verdict.name.lower(),
                "told": result.message,
                "steps": list(result.steps),
            }
            for result in results
        ],
        "phone": list(hints),
    }
