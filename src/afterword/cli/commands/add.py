"""`afterword add` and `round`: add an interview with a few options."""

from __future__ import annotations

import contextlib
import functools
import shlex
from collections.abc import Callable, Iterator, Sequence

import attrs
import click

from afterword.cli.ui import interview_details, options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.interview_details import InterviewOptions
from afterword.cli.ui.output import echo, status, styled
from afterword.cli.ui.prompts import InputEndedError, can_ask
from afterword.cli.ui.setup_questions import offer_reminders, offers_setup
from afterword.cli.ui.views import print_change, print_plan
from afterword.domain.applications import (
    add_interview,
    default_id,
    free_id,
    overlapping_interview,
    same_application,
)
from afterword.domain.model import Application, Channel, Interview, InterviewStatus
from afterword.errors import UsageError
from afterword.formats import validators
from afterword.services.typed_dates import describe_distance
from afterword.services.workspace import Workspace
from afterword.system.assumed_country import describe_assumption, with_assumed_country

_BEFORE_IT_ENDS = """\
Before it ends, three things:
  - ask what the next steps are, and by which day they want to decide
  - say that you will follow up, and ask how they like to be reached
  - note everyone's name, and one thing that each of them cares about"""


@command("""
    afterword add "Karoo Analytics" "Marketing Manager" --at "2026-11-24 14:00"
    afterword add Karoo Designer --at "tue 9:30" --with "Thandi Nkosi"
    """)
@offers_setup
@click.argument("company", type=options.LINE, required=False)
@click.argument("role", type=options.LINE, required=False)
@interview_details.interview_options
@click.option(
    "--country",
    help="The employer's country, for its holidays: ZA, US-CA, DE-BY; none for Monday to Friday. "
    "[default: that of the time zone]",
)
@click.option("--channel", type=options.CHANNEL, help="How you write to them.")
@click.option(
    "--short", type=options.LINE, metavar="NAME", help="The company name as people say it: Karoo."
)
@click.option(
    "--informal/--formal",
    default=None,
    help="Write drafts in the familiar or the polite form (du or Sie in German).",
)
@click.option(
    "--new", is_flag=True, help="Make a separate application, not the next round of one you have."
)
@click.option("--dry-run", is_flag=True, help="Show the plan; save nothing.")
@options.with_workspace
def add(
    workspace: Workspace,
    company: str | None,
    role: str | None,
    given: InterviewOptions,
    country: str | None,
    channel: Channel | None,
    short: str | None,
    informal: bool | None,
    new: bool,
) -> None:
    """Add an interview and show when to write what.

    The interview may be over or still to come. On a terminal the command asks
    for missing values. A second interview for the same company and role is the
    next round of that application.
    """
    context = workspace.context
    country = interview_details.parse_country_option(country)
    company = company or interview_details.ask_or_fail(
        'The company, such as "Karoo Analytics"', "COMPANY", validators.validate_line
    )
    with _resumable(company):
        role = role or interview_details.ask_or_fail(
            'The role, such as "Marketing Manager"', "ROLE", validators.validate_line
        )
    applications = workspace.applications()
    _print_last_lesson(applications)
    before = None if new else same_application(applications, company, role)
    if before is not None:
        status(
            f"You already have {before.id}, so this becomes its next round. "
            "For a separate application add --new."
        )
        _add_round(workspace, before, given)
        return
    with _resumable(company, role):
        interview = interview_details.build_interview(workspace, given, None)
    application = Application(
        id=free_id(default_id(company, role), {a.id.casefold() for a in applications}),
        company=company,
        role=role,
        zone=given.employer_zone or context.zone,
        country=country,
        channel=channel or Channel.EMAIL,
        short=short,
        informal=informal,
    )
    _add(workspace, given, application, interview, is_new=True)


@command('afterword round karoo --at "thu 10:00" --with "Pieter Louw <p@k.example>"', name="round")
@offers_setup
@options.with_application
@interview_details.interview_options
@click.option("--dry-run", is_flag=True, help="Show what would change; save nothing.")
def next_round(workspace: Workspace, application: Application, given: InterviewOptions) -> None:
    """Add the next interview of an application; earlier follow-ups are dropped."""
    _add_round(workspace, application, given)


def _add_round(workspace: Workspace, before: Application, given: InterviewOptions) -> None:
    check = functools.partial(_refuse_overlap, workspace, before)
    interview = interview_details.build_interview(workspace, given, before, check=check)
    _add(workspace, given, before, interview)


@contextlib.contextmanager
def _resumable(*answers: str) -> Iterator[None]:
    """On Ctrl-C in the block, print the command that goes on with the answers before it."""
    try:
        yield
    except click.Abort:
        status(f"To go on with your answers: afterword add {shlex.join(answers)}")
        raise


def _add(
    workspace: Workspace,
    given: InterviewOptions,
    before: Application,
    interview: Interview,
    *,
    is_new: bool = False,
) -> None:
    """Ask for the rest, save the application with the interview, and print its plan.

    Raises click.Abort if the questions were stopped; what was answered is saved then, too.
    """
    context = workspace.context
    assumed = with_assumed_country(before, context.zone) if is_new else before
    after, finished = _with_interview(workspace, given, assumed, interview)
    if is_new:
        after = workspace.add(after)
    else:
        workspace.save(before, after)
    _print_added(workspace, None if is_new else before, after, interview)
    if assumed.country != before.country:
        status(describe_assumption(after, context.zone))
    interview_details.print_fact_remarks(after, (*given.discussed, *given.fit), workspace)
    if not finished:
        status(
            "What you answered is saved. To add the rest: "
            f"afterword debrief {after.id}, or afterword edit {after.id}"
        )
        raise click.Abort
    if interview.end > context.now and not workspace.dry_run:
        offer_reminders(context)


def _with_interview(
    workspace: Workspace, given: InterviewOptions, application: Application, interview: Interview
) -> tuple[Application, bool]:
    """Return the application with the interview, and False if Ctrl-C ended its questions.

    They ask for the country, the interviewers and the messages that were sent before.
    """

    def with_messages(after: Application) -> Application:
        messages = interview_details.past_messages(workspace, given, after, interview)
        return attrs.evolve(after, log=(*after.log, *messages))

    after = add_interview(application, interview)
    questions: tuple[Callable[[Application], Application], ...] = (
        lambda a: interview_details.complete_country(a, workspace),
        lambda a: interview_details.complete_panel(a, interview.id, workspace),
        lambda a: interview_details.complete_addresses(a, interview.id),
        with_messages,
    )
    for question in questions:
        try:
            after = question(after)
        except InputEndedError:
            continue
        except click.Abort:
            return after, False
    return after, True


def _refuse_overlap(workspace: Workspace, application: Application, interview: Interview) -> None:
    """Raise UsageError for an interview that exists: its follow-ups would begin anew."""
    existing = overlapping_interview(application, interview)
    if existing is None:
        return
    start = workspace.format_moment(existing.start)
    message = f"You already added the {application.company} interview of {start} ({existing.id})"
    if existing.status is InterviewStatus.CANCELLED:
        back = f"afterword move {application.id} {existing.id} --to WHEN brings it back"
        raise UsageError(f"{message}, and it was cancelled; {back}")
    raise UsageError(f"{message}. To add another round, give its time with --at.")


def _print_added(
    workspace: Workspace, before: Application | None, after: Application, interview: Interview
) -> None:
    distance = describe_distance(interview.start, workspace.context)
    echo(
        styled("Understood: ", bold=True), f"{workspace.format_moment(interview.start)}, {distance}"
    )
    if before is None:
        print_plan(workspace.plan(after), workspace.context.formatter)
    else:
        print_change(workspace, before, after)
    if interview.end > workspace.context.now:
        echo(_BEFORE_IT_ENDS)
    if workspace.dry_run:
        status("Dry run: nothing was saved.")
    else:
        status(f"Saved as {after.id}.")
    if not can_ask():
        interview_details.report_missing(after, interview.id)


def _print_last_lesson(applications: Sequence[Application]) -> None:
    lessons = [e.lesson for a in applications for e in a.log if e.lesson]
    if lessons:
        status(f"Your lesson from last time: {lessons[-1]}")
    interviews = [i for a in applications for i in a.interviews if i.do_differently]
    if interviews:
        latest = max(interviews, key=lambda i: i.start)
        status(f"You wanted to do differently: {'; '.join(latest.do_differently)}")
