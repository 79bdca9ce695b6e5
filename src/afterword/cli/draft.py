"""`afterword draft`: the message of a step, ready to send."""

from __future__ import annotations

import click

from afterword.cli import options
from afterword.cli.book import Book, on_one
from afterword.cli.command import Command
from afterword.cli.console import say, show, styled
from afterword.cli.here import Here
from afterword.cli.news import next_step
from afterword.cli.planning import desk_of
from afterword.core import logbook
from afterword.core.model import Application, Plan, Step, StepKind
from afterword.drafts.draft import Draft
from afterword.drafts.writing import drafts
from afterword.errors import UsageError


@click.command(
    cls=Command,
    example="""
    afterword draft karoo
    afterword draft karoo thank-you --to Pieter
    """,
)
@on_one
@click.argument("step", type=options.STEP, required=False)
@click.option("--to", "recipient", metavar="NAME", help="The draft for this one of a panel.")
def draft(
    book: Book, application: Application, step: StepKind | None, recipient: str | None
) -> None:
    """Print the draft of a step: the next one, or STEP."""
    plan = book.plan(application)
    found = logbook.about(plan, step, book.here.now) if step else next_step(plan)
    if found is None:
        raise UsageError(f"{application.company}: nothing is left to write; name a step")
    to = logbook.person(application, recipient).name if recipient else None
    show_draft(plan, found, book.here, to=to)


def show_draft(plan: Plan, step: Step, here: Here, *, to: str | None = None) -> None:
    """Print the drafts of a step, or the one to a person; questions go to stderr."""
    written = drafts(plan, step, desk_of(plan.application, here))
    chosen = [d for d in written if to is None or (d.to and d.to.name == to)]
    if not chosen:
        raise UsageError(f"the {step.kind} is not written to {to}")
    for number, one in enumerate(chosen):
        if number:
            show("\n---\n")
        _show(one)


def _show(draft: Draft) -> None:
    if draft.to is not None:
        address = f" <{draft.to.email}>" if draft.to.email else ""
        show(styled(f"To: {draft.to.name}{address}", bold=True))
    if not draft.to_oneself:
        show(styled(f"Subject: {draft.subject}", bold=True), "\n")
    show(draft.body)
    for question in draft.questions:
        say(f"- {question}")
