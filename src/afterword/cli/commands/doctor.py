"""`afterword doctor`: what could keep a reminder from ringing, each with the next step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.calendar_options import calendar_options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import echo, echo_json, status, styled
from afterword.dav import providers
from afterword.errors import AfterwordError, ExitCode
from afterword.services.calendar_login import Access
from afterword.services.diagnosis import CheckResult, Verdict, local_checks, network_checks
from afterword.services.run_context import RunContext

_LOOKS = {Verdict.OK: "green", Verdict.LOOK: "yellow", Verdict.WRONG: "red"}


@click.command(cls=CommandWithExample, example="afterword doctor")
@calendar_options
@click.option("--dry-run", is_flag=True, help="Put no event on the server, not even for a moment.")
@options.with_context
@options.json
def doctor(
    context: RunContext, calendar_url: str | None, dry_run: bool, as_json: bool, **flags: Any
) -> None:
    """Look for what could keep a reminder from ringing.

    Settings, time zone, the server's name and certificate, clock, login, and
    the calendar, where an event is put, read and taken away again. Ends with 3
    where something is wrong.
    """
    url = calendar_url or context.settings.calendar_url
    findings = list[CheckResult]()
    for finding in _all(context, url, Access(**flags), dry_run=dry_run):
        findings.append(finding)
        if not as_json:
            _show(finding)
    hints = _hints(url)
    if as_json:
        echo_json(_document(findings, hints))
    else:
        status("on the phone:")
        for hint in hints:
            status(f"  {hint}")
    if any(finding.verdict is Verdict.WRONG for finding in findings):
        click.get_current_context().exit(ExitCode.PARTLY)


def _hints(url: str | None) -> tuple[str, ...]:
    """Return what the phone needs; a provider that is refused has been told of already."""
    try:
        return providers.provider_for(url).phone if url else providers.OTHER.phone
    except AfterwordError:
        return providers.OTHER.phone


def _all(
    context: RunContext, url: str | None, access: Access, *, dry_run: bool
) -> Iterator[CheckResult]:
    yield from local_checks(context)
    if url is None:
        steps = ("`afterword calendars` chooses one; files need none",)
        yield CheckResult("calendar", Verdict.LOOK, "none on a server is chosen", steps)
        return
    yield from network_checks(context, url, access, dry_run=dry_run)


def _show(finding: CheckResult) -> None:
    verdict = styled(f"{finding.verdict:<12}", fg=_LOOKS[finding.verdict], bold=True)
    echo(verdict, f"  {finding.about}: {finding.message}")
    for step in finding.steps:
        echo(f"{'':14}{step}")


def _document(findings: list[CheckResult], hints: tuple[str, ...]) -> dict[str, Any]:
    return {
        "version": 1,
        "findings": [
            {
                "about": finding.about,
                "verdict": finding.verdict.name.lower(),
                "told": finding.message,
                "steps": list(finding.steps),
            }
            for finding in findings
        ],
        "phone": list(hints),
    }
