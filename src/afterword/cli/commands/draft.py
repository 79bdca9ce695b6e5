"""`afterword draft`: the message of a step, ready to send."""

from __future__ import annotations

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import CommandWithExample
from afterword.cli.ui.output import status
from afterword.cli.ui.user_programs import copy_draft, open_draft
from afterword.cli.ui.views import print_drafts
from afterword.cli.ui.workspace_options import with_application
from afterword.domain import log_validation
from afterword.domain.agenda import next_step
from afterword.domain.applications import short_name
from afterword.domain.model import Application, Channel
from afterword.domain.planning.plan import Plan
from afterword.domain.step_names import resolve_step
from afterword.errors import ExitCode, UsageError
from afterword.messages import compose
from afterword.messages.draft_model import Draft
from afterword.messages.message_context import UNPLANNED_SITUATIONS, Situation
from afterword.services.application_plan import employer_today
from afterword.services.planned_events import draft_settings_for
from afterword.services.workspace import Workspace

_TEXTS = {
    Channel.EMAIL: "e-mail",
    Channel.PHONE: "phone script",
    Channel.LINKEDIN: "LinkedIn message",
}
_SITUATIONS = tuple(s.value for s in UNPLANNED_SITUATIONS)


@click.command(
    cls=CommandWithExample,
    example="""
    afterword draft karoo
    afterword draft karoo thank-you --to Pieter --copy
    afterword draft karoo no-show --channel phone
    """,
)
@with_application
@click.argument("step", type=options.StepName(_SITUATIONS), metavar="[STEP]", required=False)
@click.option(
    "--to", "recipient", metavar="NAME", help="The draft for this interviewer of a panel."
)
@click.option("--channel", type=options.CHANNEL, help="The draft for this channel.")
@click.option(
    "--deadline",
    metavar="DAY",
    help="With competing-offer: the day by which you must answer that offer.",
)
@click.option("--copy", is_flag=True, help="Also copy it to the clipboard.")
@click.option("--open", "opens", is_flag=True, help="Also open it in your mail program.")
def draft(
    workspace: Workspace,
    application: Application,
    step: str | None,
    recipient: str | None,
    channel: Channel | None,
    deadline: str | None,
    copy: bool,
    opens: bool,
) -> None:
    """Print the draft of the next step, or of STEP.

    STEP may also be reply-offer, next-round, no-show, technical-failure,
    competing-offer or feedback-request: messages for unplanned situations,
    which do not count as follow-ups.
    """
    plan = workspace.plan(application)
    drafts = _compose(plan, step, deadline, channel, workspace)
    if recipient:
        name = log_validation.find_interviewer(application, recipient).name
        drafts = tuple(d for d in drafts if d.to and d.to.name == name)
        if not drafts:
            raise UsageError(f"this is not written to {name}; leave out --to")
    if channel and channel not in {draft.channel for draft in drafts}:
        status(f"There is no {_TEXTS[channel]} for this; here is the {_TEXTS[drafts[0].channel]}.")
    print_drafts(drafts)
    copied = copy_draft(drafts[0]) if copy else True
    if opens:
        open_draft(drafts[0], workspace.context)
    if not copied:
        click.get_current_context().exit(ExitCode.PARTLY)


def _compose(
    plan: Plan,
    name: str | None,
    deadline: str | None,
    channel: Channel | None,
    workspace: Workspace,
) -> tuple[Draft, ...]:
    """Return the drafts of the step or the situation of that name, or of the next step."""
    context = workspace.context
    settings, today = draft_settings_for(plan.application, context), employer_today(plan, context)
    if name is not None and name in _SITUATIONS:
        return compose.compose_situation(
            plan,
            Situation(name),
            settings,
            send_date=today,
            deadline=workspace.parse_future_day(deadline) if deadline else None,
            channel=channel,
        )
    if name is None:
        step = next_step(plan)
    else:
        kind = resolve_step(name, plan)
        step = log_validation.step_of_kind(plan, kind, context.now)
        if step.sent_at is not None:
            sent_on = workspace.format_moment(step.sent_at)
            status(f"The {step.kind} is already logged as sent on {sent_on}.")
    if step is None:
        name = short_name(plan.application)
        raise UsageError(
            f"{name}: nothing is left to write; to see a draft all the same, name its step: "
            f"afterword draft {plan.application.id} thank-you"
        )
    return compose.compose_drafts(plan, step, settings, channel=channel, send_date=today)
