"""`afterword check`: read every draft as a kind stranger would, before it is sent."""

from __future__ import annotations

import click

from afterword.cli import options, progress
from afterword.cli.book import Book, on_the_store
from afterword.cli.command import Command
from afterword.cli.console import say, show, show_json
from afterword.cli.planning import desk_of, readers_language
from afterword.core.model import Application, State
from afterword.drafts import tone, writing
from afterword.drafts.foreign import Names, names_of
from afterword.drafts.tone import Finding
from afterword.errors import ExitCode

_LONG = 100


@click.command(cls=Command, example="afterword check karoo")
@click.argument("app", required=False)
@on_the_store
@options.json
def check(book: Book, app: str | None, as_json: bool) -> None:
    """Check the drafts of an application, or of all, for tone and slips.

    Length, phrases that press or complain, more than one question, what was
    left to fill in, names of another application. Your own texts are read too.
    Ends with 3 where there is something to change.
    """
    everything = book.all()
    chosen = [book.find(app)] if app else everything
    names = names_of(everything)
    found = {
        application.id: _findings(application, names, book)
        for application in progress.through(chosen, "checking", long=_LONG)
    }
    if as_json:
        show_json({"version": 1, "applications": [_document(a, found[a.id]) for a in chosen]})
    for application in chosen if not as_json else ():
        for finding in found[application.id]:
            better = f"; better: {finding.better}" if finding.better else ""
            show(
                f"{application.id}, {finding.draft.name}: {finding.found!r}: {finding.why}{better}"
            )
    if any(found.values()):
        click.get_current_context().exit(ExitCode.PARTLY)
    say("nothing to change")


def _findings(application: Application, names: Names, book: Book) -> tuple[Finding, ...]:
    plan = book.plan(application)
    desk = desk_of(application, book.here)
    ended = {State.DONE, State.WITHDRAWN}
    written = [
        draft
        for step in plan.steps
        if step.state not in ended
        for draft in writing.drafts(plan, step, desk)
    ]
    return tone.check(
        application,
        written,
        language=desk.language,
        reader=readers_language(book.here),
        others=names,
    )


def _document(application: Application, found: tuple[Finding, ...]) -> dict[str, object]:
    return {
        "id": application.id,
        "findings": [
            {"draft": f.draft.name, "found": f.found, "why": f.why, "better": f.better or None}
            for f in found
        ],
    }
