"""`afterword check`: check drafts, or any text, for tone and slips before they are sent."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from afterword.cli.ui import options
from afterword.cli.ui.command_help import command
from afterword.cli.ui.output import echo, echo_json, status
from afterword.cli.ui.prompts import track_progress
from afterword.domain.model import Application
from afterword.domain.sanitize import pluralize
from afterword.errors import ExitCode, UsageError
from afterword.messages.text_check import TextFinding
from afterword.messages.tone import CheckedDrafts, ToneFinding, build_name_index
from afterword.messages.tone_rules import tone_languages
from afterword.services import input_files
from afterword.services.check_drafts import (
    CheckedText,
    check_drafts,
    check_text_file,
    is_text_file,
    with_sameness,
)
from afterword.services.input_files import InvitationHints
from afterword.services.workspace import Workspace

_LONG = 100


@command("""
    afterword check karoo
    afterword check mail.txt --to karoo
    """)
@click.argument(
    "targets",
    type=options.completed("target", "@application", "@file"),
    nargs=-1,
    metavar="[APP|FILE]...",
)
@click.option("--to", metavar="APP", help="The application a text is for; checks names in it.")
@click.option(
    "--language",
    metavar="LANG",
    help="Language of a text, such as de.  [default: that of APP, or of the text]",
)
@options.with_workspace
@options.json
def check(
    workspace: Workspace,
    targets: tuple[str, ...],
    to: str | None,
    language: str | None,
    as_json: bool,
) -> None:
    """Check drafts, or any text, for tone and slips.

    FILE is a text such as a mail that you wrote yourself (.txt, or .eml as a
    mail program saves it), or the file of an application (.toml); - is standard
    input. Without APP or FILE the drafts of all applications are checked.

    Reported are pressure, deadlines, reproaches, begging, apologies for writing,
    shouting, more than one question, unfilled placeholders, wrong names and
    mixed languages, each with the reason and a better wording; talking points
    that do not fit into a letter; and letters to one person or company that read
    alike. Exits with 3 if there is something to change.
    """
    files = [target for target in targets if is_text_file(target)]
    if (to or language) and not files:
        raise UsageError("--to and --language are for a text; name a FILE, or - for standard input")
    others = [target for target in targets if target not in files]
    texts = _check_texts(files, workspace, to, language)
    checked = _check_applications(others, workspace) if others or not files else []
    lines = [
        f'{text.name}, line {finding.line}: "{finding.quote}": {_reason(finding)}'
        for text in texts
        for finding in text.findings
    ]
    lines += [
        f'{each.application.id}, {finding.draft.name}: "{finding.excerpt}": {_reason(finding)}'
        for each in checked
        for finding in each.findings
    ]
    read = len(texts) + sum(len(each.letters) for each in checked)
    if as_json:
        document = {"texts": list(map(_text_document, texts))} if files else {}
        if others or not files:
            document["applications"] = list(map(_drafts_document, checked))
        echo_json({**document, "read": read})
    else:
        for line in lines:
            echo(line)
    counted = pluralize(read, "text" if files else "draft")
    if lines:
        status(f"Found {pluralize(len(lines), 'problem')} in {counted}.")
        click.get_current_context().exit(ExitCode.PARTLY)
    status(f"No problems found in {counted}.")


def _check_texts(
    files: list[str], workspace: Workspace, to: str | None, language: str | None
) -> list[CheckedText]:
    code = language.replace("_", "-").partition("-")[0].lower() if language else None
    if code and code not in tone_languages():
        supported = ", ".join(tone_languages())
        raise UsageError(f"--language: {language!r} cannot be checked; choose one of {supported}")
    application = workspace.find_application(to) if to else None
    names = build_name_index(workspace.applications()) if application else None
    return [
        check_text_file(
            path, workspace.context, language=code, application=application, others=names
        )
        for path in files
    ]


def _check_applications(targets: list[str], workspace: Workspace) -> list[CheckedDrafts]:
    everything, context = workspace.applications(), workspace.context
    named = [each for target in targets for each in _applications(target, workspace)]
    chosen = named if targets else everything
    names = build_name_index([*everything, *chosen])
    checked = [
        check_drafts(application, names, context)
        for application in track_progress(chosen, "checking", long=_LONG)
    ]
    languages = {letter.language for each in checked for letter in each.letters}
    for code in sorted(languages - set(tone_languages())):
        status(
            f'There are no tone rules for "{code}" yet: only length, capitals, questions, '
            "placeholders and names were checked."
        )
    return with_sameness(checked, everything, context)


def _applications(target: str, workspace: Workspace) -> Iterable[Application]:
    """Return the application that a word names, or those of an application file."""
    if Path(target).suffix != ".toml":
        return [workspace.find_application(target)]
    return list(input_files.load_applications([target], InvitationHints(), workspace.context))


def _reason(finding: TextFinding | ToneFinding) -> str:
    return finding.why + (f' Better: "{finding.better}"' if finding.better else "")


def _text_document(text: CheckedText) -> dict[str, Any]:
    return {
        "file": text.name,
        "language": text.language,
        "findings": [
            {
                "kind": finding.kind,
                "line": finding.line,
                "found": finding.quote,
                "why": finding.why,
                "better": finding.better or None,
            }
            for finding in text.findings
        ],
    }


def _drafts_document(checked: CheckedDrafts) -> dict[str, Any]:
    return {
        "id": checked.application.id,
        "findings": [
            {"draft": f.draft.name, "found": f.excerpt, "why": f.why, "better": f.better or None}
            for f in checked.findings
        ],
    }
