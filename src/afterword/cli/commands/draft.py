"""`afterword draft` and `drafts`: print the draft of a step; show and edit the texts of drafts."""

from __future__ import annotations

from pathlib import Path

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command, command_group, run_default
from afterword.cli.ui.output import echo, status
from afterword.cli.ui.user_programs import (
    copy_draft,
    edit_in_editor,
    open_draft,
    save_rejected_text,
)
from afterword.cli.ui.views import print_drafts
from afterword.domain import log_validation
from afterword.domain.agenda import next_step
from afterword.domain.applications import short_name
from afterword.domain.model import Application, Channel
from afterword.domain.planning.plan import Plan
from afterword.domain.step_names import resolve_step
from afterword.errors import DraftError, ExitCode, UsageError
from afterword.messages import compose, template_store, template_variables
from afterword.messages.draft_model import Draft
from afterword.messages.message_context import UNPLANNED_SITUATIONS, Situation
from afterword.messages.template_store import TemplateKey
from afterword.messages.templates import MessageTemplate, template_errors
from afterword.services.application_plan import employer_today
from afterword.services.planned_events import (
    draft_settings_for,
    step_drafts,
    templates_directory,
    user_templates,
)
from afterword.services.run_context import RunContext
from afterword.services.workspace import Workspace
from afterword.system import atomic_files

_TEXTS = {
    Channel.EMAIL: "e-mail",
    Channel.PHONE: "phone script",
    Channel.LINKEDIN: "LinkedIn message",
}
_SITUATIONS = tuple(s.value for s in UNPLANNED_SITUATIONS)


@command("""
    afterword draft karoo
    afterword draft karoo thank-you --to Pieter --copy
    afterword draft karoo no-show --channel phone
    """)
@options.with_application
@click.argument("step", type=options.step_name(*_SITUATIONS), metavar="[STEP]", required=False)
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
    if name is not None and name in _SITUATIONS:
        return compose.compose_situation(
            plan,
            Situation(name),
            draft_settings_for(plan.application, context),
            send_date=employer_today(plan, context),
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
    return step_drafts(plan, step, context, channel)


class _TemplateName(click.ParamType[str]):
    """The name of a text."""

    name = "name"

    @property
    def completes(self) -> tuple[str, ...]:
        """The names of the texts that afterword has, for completion."""
        return tuple(map(str, template_store.shipped_keys()))


@command_group(
    """
    afterword drafts
    afterword drafts edit thank-you
    """,
    name="drafts",
)
@options.context_options
@click.pass_context
def drafts(ctx: click.Context, /, **_: object) -> None:
    """List the texts that drafts are made from, and write your own.

    A file of yours with the name of one of ours, in your settings folder, is
    used in its place. Without a command it lists the texts in your language.
    """
    if ctx.invoked_subcommand is None:
        run_default(list_texts, ctx)


@drafts.command("list", example="afterword drafts list")
@click.option("--all", "everything", is_flag=True, help="Also other versions, and other languages.")
@options.with_context
def list_texts(everything: bool, context: RunContext) -> None:
    """List the texts in your language; a * is before your own."""
    own = user_templates(context)
    folder = template_store.template_folder(context.language)
    keys = tuple(template_store.shipped_keys())
    listed = [
        key
        for key in keys
        if everything or key in own or (key.folder == folder and not key.is_variant)
    ]
    for key in listed:
        echo(f"{'*' if key in own else ' '} {key}")
    if rest := len(keys) - len(listed):
        status(
            f"{rest:,} more, other versions of these and other languages:  "
            "afterword drafts list --all"
        )
    status(f"Your own texts are in {templates_directory(context)}")


@drafts.command("show", example="afterword drafts show thank-you")
@click.argument("name", type=_TemplateName())
@click.option("--names", is_flag=True, help="Also list the variables that a text may use.")
@options.with_context
def show_text(name: str, names: bool, context: RunContext) -> None:
    """Print the text in use."""
    key = template_store.parse_template_name(name, context.language)
    echo(template_store.template_source(key, user_templates(context)).rstrip("\n"))
    if names:
        status("A text may use these variables:")
        for variable, meaning in template_variables.describe_variables().items():
            status(f"  {variable}: {meaning}")


@drafts.command("edit", example="afterword drafts edit thank-you")
@click.argument("name", type=_TemplateName())
@options.with_context
def edit_text(name: str, context: RunContext) -> None:
    """Open a text in your editor; the saved text is used from then on."""
    key = template_store.parse_template_name(name, context.language)
    before = template_store.template_source(key, user_templates(context))
    path = template_store.template_path(templates_directory(context), key)
    after = edit_in_editor(before, path)
    if after is None or after == before:
        status("Nothing was changed.")
        return
    _check_template(key, path, after, context)
    atomic_files.make_directory(path.parent, private=True)
    atomic_files.write_atomically(path, [after.encode()], mode=atomic_files.PRIVATE)
    status(f"Saved as {path}.")


@drafts.command("reset", example="afterword drafts reset thank-you")
@click.argument("name", type=_TemplateName())
@options.with_context
def reset_text(name: str, context: RunContext) -> None:
    """Delete your own text, so that ours is used again."""
    key = template_store.parse_template_name(name, context.language)
    path = template_store.template_path(templates_directory(context), key)
    if not path.exists():
        raise UsageError(f"you have no text of your own for {name}; the built-in one is used")
    atomic_files.remove(path)
    status(f"Removed {path}")


def _check_template(key: TemplateKey, path: Path, source: str, context: RunContext) -> None:
    text = MessageTemplate(filename=str(path), source=source, has_subject=key.channel == "email")
    errors = list(template_errors(text))
    if errors:
        saved = save_rejected_text(context.locations.state, path.name, source)
        raise DraftError(
            "the text has mistakes and is not used:", [*errors, f"your text is saved in {saved}"]
        )
