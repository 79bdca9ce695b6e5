"""`afterword show` and `list`: one application whole, or all of them in a line each."""

from __future__ import annotations

import click

from afterword.cli import options
from afterword.cli.book import Book, on_one, on_the_store
from afterword.cli.command import Command
from afterword.cli.console import columns, say, show, show_json, styled
from afterword.cli.news import moment, next_step
from afterword.cli.plan import show_plan
from afterword.cli.planning import readers_language
from afterword.cli.table import table
from afterword.core import history, stats
from afterword.core.model import Application, Person, Plan
from afterword.formats import facts_text, plan_json

_ENDED = {stats.Outcome.CLOSED, stats.Outcome.REJECTED}


@click.command("show", cls=Command, example="afterword show karoo")
@on_one
@options.json
def show_application(book: Book, application: Application, as_json: bool) -> None:
    """Show one application: its facts, its log, its plan."""
    plan = book.plan(application)
    language = readers_language(book.here)
    if as_json:
        document = plan_json.document([plan], zone=book.here.zone, say=language.say)
        show_json(document)
        return
    show_plan(plan, language)
    for person in _people(application):
        show(f"  {person.name}", f" <{person.email}>" if person.email else "")
        for point in person.discussed:
            show(f"    talked about {point}")
    read = history.read(application, zone=plan.zone, employer_zone=plan.employer_zone)
    if read.log:
        show(styled("Log", bold=True))
    for logged in read.log:
        said = ", ".join(
            f"{key} {value}"
            for key, value in facts_text.entry_keys(logged.entry).items()
            if key != "at"
        )
        show(f"  {moment(logged.at, plan, language)}  {said}")


def _people(application: Application) -> list[Person]:
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.insert(0, application.contact)
    return list({person.name: person for person in people}.values())


@click.command("list", cls=Command, example="afterword list --all")
@on_the_store
@click.option("--all", "everything", is_flag=True, help="Those that are closed or rejected, too.")
@options.json
def list_applications(book: Book, everything: bool, as_json: bool) -> None:
    """List the applications with their next step."""
    plans = [book.plan(application) for application in book.all()]
    language = readers_language(book.here)
    rows, documents, hidden = [], [], 0
    for plan in sorted(plans, key=_by_next):
        outcome, coming = _outcome(plan, book), next_step(plan)
        if outcome in _ENDED and coming is None and not everything:
            hidden += 1
            continue
        application = plan.application
        when = f"{coming.kind}, {moment(coming.send_at, plan, language)}" if coming else "nothing"
        rows.append([application.id, application.company, application.role, str(outcome), when])
        documents.append(
            {
                "id": application.id,
                "company": application.company,
                "role": application.role,
                "state": outcome.value,
                "next": coming
                and plan_json.step_document(coming, zone=book.here.zone, say=language.say),
            }
        )
    if as_json:
        show_json({"version": 1, "zone": book.here.zone.key, "applications": documents})
        return
    for line in table(rows, width=columns()) if rows else ():
        show(*line)
    if hidden:
        say(f"{hidden} closed or rejected; --all shows them too")
    if not rows and not hidden:
        say('nothing is kept yet; begin with: afterword add "COMPANY" "ROLE" --at WHEN')


def _by_next(plan: Plan) -> tuple[bool, object]:
    coming = next_step(plan)
    return coming is None, coming.send_at if coming else plan.application.id


def _outcome(plan: Plan, book: Book) -> stats.Outcome:
    read = history.read(plan.application, zone=plan.zone, employer_zone=plan.employer_zone)
    return stats.outcome(plan.application, read, now=book.here.now)
