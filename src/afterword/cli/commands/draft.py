"""`afterword draft`: the message of a step, ready to send."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import status
from afterword.cli.ui.views import print_drafts
from afterword.cli.ui.workspace_options import with_application
from afterword.domain import log_validation
from afterword.domain.agenda import next_step
from afterword.domain.model import Application, Channel
from afterword.domain.planning.plan import Plan
from afterword.errors import ExitCode, UsageError
from afterword.messages import compose
from afterword.messages.draft_model import Draft
from afterword.messages.links import message_link
from afterword.messages.message_context import UNPLANNED_SITUATIONS, Situation
from afterword.services.application_plan import employer_today
from afterword.services.date_format import reader_locale
from afterword.services.planned_events import draft_settings_for
from afterword.services.workspace import Workspace

_BESIDES = tuple(s.value for s in UNPLANNED_SITUATIONS)


@click.command(
    cls=CommandWithExample,
    example="""
    afterword draft karoo
    afterword draft karoo thank-you --to Pieter --copy
    afterword draft karoo no-show --channel phone
    """,
)
@with_application
@click.argument("what", metavar="[STEP]", required=False)
@click.option("--to", "recipient", metavar="NAME", help="The draft for this one of a panel.")
@click.option("--channel", type=options.CHANNEL, help="For this channel.")
@click.option("--deadline", metavar="DAY", help="With competing-offer: the day to answer it by.")
@click.option("--copy", is_flag=True, help="Copy it to the clipboard, too.")
@click.option("--open", "opens", is_flag=True, help="Open your mail program with it, too.")
def draft(
    workspace: Workspace,
    application: Application,
    what: str | None,
    recipient: str | None,
    channel: Channel | None,
    deadline: str | None,
    copy: bool,
    opens: bool,
) -> None:
    """Print the draft of a step: the next one, or STEP.

    Besides the steps, STEP may be reply-offer, next-round, no-show,
    technical-failure, competing-offer or feedback-request: messages for what
    is in no plan, and which count as no follow-up.
    """
    plan = workspace.plan(application)
    written = _written(plan, what, deadline, channel, workspace)
    if recipient:
        to = log_validation.find_interviewer(application, recipient).name
        written = tuple(d for d in written if d.to and d.to.name == to)
        if not written:
            raise UsageError(f"this is not written to {to}; leave out --to")
    if channel and channel not in {one.channel for one in written}:
        status(f"there is no text of this for {channel}; this is the one for {written[0].channel}")
    print_drafts(written)
    copied = _copied(written[0]) if copy else True
    if opens:
        _open(written[0], workspace)
    if not copied:
        click.get_current_context().exit(ExitCode.PARTLY)


def _written(
    plan: Plan,
    what: str | None,
    deadline: str | None,
    channel: Channel | None,
    workspace: Workspace,
) -> tuple[Draft, ...]:
    desk, today = (
        draft_settings_for(plan.application, workspace.context),
        employer_today(plan, workspace.context),
    )
    if what is not None and what in _BESIDES:
        return compose.compose_situation(
            plan,
            Situation(what),
            desk,
            send_date=today,
            deadline=workspace.parse_future_day(deadline) if deadline else None,
            channel=channel,
        )
    if what is None:
        step = next_step(plan)
    else:
        step = log_validation.open_step(
            plan, options.STEP.convert(what, None, None), workspace.context.now
        )
    if step is None:
        raise UsageError(f"{plan.application.company}: nothing is left to write; name a step")
    return compose.compose_drafts(plan, step, desk, channel=channel, send_date=today)


def _copied(one: Draft) -> bool:
    """Put a draft on the clipboard, or tell why it is not there."""
    import pyperclip

    try:
        pyperclip.copy(f"{one.subject}\n\n{one.body}" if one.subject else one.body)
    except pyperclip.PyperclipException:
        status(
            "not copied: no program that reaches the clipboard is here; on Linux install "
            "wl-clipboard (Wayland) or xclip (X11). The draft is printed above"
        )
        return False
    status("copied to the clipboard")
    return True


def _open(one: Draft, workspace: Workspace) -> None:
    address = message_link(one, full=True, language=reader_locale(workspace.context))
    if address is None:
        raise UsageError("no address is known to open; afterword edit adds it")
    if click.launch(address) != 0:
        raise UsageError("nothing here opens such links; use --copy, or the text above")
