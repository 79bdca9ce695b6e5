"""Check the drafts of applications, and any other text, for tone and slips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs

from afterword.domain.model import Application
from afterword.domain.planning.plan import StepState
from afterword.errors import InputError
from afterword.formats.text_decoding import decode_text
from afterword.messages import compose, facts, tone
from afterword.messages.draft_model import Draft
from afterword.messages.text_check import TextFinding, check_text, detect_language, own_part
from afterword.messages.tone import CheckedDrafts, NameIndex, ToneFinding
from afterword.services import input_files
from afterword.services.application_plan import plan_application
from afterword.services.planned_events import draft_settings_for
from afterword.services.run_context import RunContext

_APPLICATION_FILE = ".toml"
_MAIL_FILES = (".eml", ".emlx")
_TEXT_FILES = (".txt", ".md", *_MAIL_FILES)
_ENDED = {StepState.DONE, StepState.WITHDRAWN}


@attrs.frozen(kw_only=True)
class CheckedText:
    """A text with the language that it was judged in, and its findings."""

    name: str
    language: str
    findings: tuple[TextFinding, ...]


def check_drafts(application: Application, names: NameIndex, context: RunContext) -> CheckedDrafts:
    """Return the findings in the drafts, and in the talking points and experience as typed.

    `names` are those of all applications: a name from another one is a slip.
    """
    drafts = _drafts_to_send(application, context)
    letters = _letters(drafts)
    language, reader = draft_settings_for(application, context).language, context.language
    findings = tone.check_tone(application, drafts, language=language, reader=reader, others=names)
    remarks = (
        ToneFinding(draft=letters[0], excerpt=text, why=why)
        for interview in (application.interviews if letters else ())
        for person in interview.interviewers
        for text, why in facts.fact_remarks(application, person, language=language, reader=reader)
    )
    return CheckedDrafts(application=application, letters=letters, findings=(*findings, *remarks))


def _drafts_to_send(application: Application, context: RunContext) -> tuple[Draft, ...]:
    """Return the drafts of an application that may still be sent."""
    plan = plan_application(application, context)
    settings = draft_settings_for(application, context)
    return tuple(
        draft
        for step in plan.steps
        if step.state not in _ENDED
        for draft in compose.compose_drafts(plan, step, settings)
    )


def _letters(drafts: Iterable[Draft]) -> tuple[Draft, ...]:
    """Return the drafts that go to somebody, without notes to oneself."""
    return tuple(draft for draft in drafts if not draft.to_oneself)


def with_sameness(
    checked: Sequence[CheckedDrafts], everything: Iterable[Application], context: RunContext
) -> list[CheckedDrafts]:
    """Return them with their letters that read like others to the same person or company.

    They are compared with each other and with those of all applications that
    share a reader with one of them.
    """
    ids = {each.application.id for each in checked}
    readers = {name for each in checked for name in tone.readers_of(each.application)}
    others = [
        CheckedDrafts(
            application=application, letters=_letters(_drafts_to_send(application, context))
        )
        for application in everything
        if application.id not in ids and readers & tone.readers_of(application)
    ]
    same: dict[str, list[ToneFinding]] = defaultdict(list)
    for name, finding in tone.find_similar_letters([*others, *checked], context.language):
        same[name].append(finding)
    return [
        attrs.evolve(each, findings=(*each.findings, *same[each.application.id]))
        for each in checked
    ]


def is_text_file(target: str) -> bool:
    """True if a word names a text to check, and no application or application file.

    A text is standard input, or a file with a folder or an ending in its name.
    """
    if target == input_files.STDIN:
        return True
    path = Path(target)
    if path.suffix == _APPLICATION_FILE:
        return False
    return path.suffix.casefold() in _TEXT_FILES or (target != path.stem and path.is_file())


def check_text_file(
    path: str,
    context: RunContext,
    *,
    language: str | None = None,
    application: Application | None = None,
    others: NameIndex | None = None,
) -> CheckedText:
    """Return the findings in a file, or in standard input for `-`. Raises InputError.

    The language is the given one, else that of the application, else the one
    that the text seems to be in. The names in it are judged if the application
    is given; `others` are those of all applications.
    """
    text = own_part(_read_text(path).replace("\r\n", "\n").replace("\r", "\n"))
    reader = context.language
    if language is None and application:
        language = draft_settings_for(application, context).language.code
    language = language or detect_language(text) or reader.code
    applicant = (application and application.applicant) or context.settings.applicant
    findings = check_text(
        text,
        language=language,
        reader=reader.code,
        names=tone.names_of(application, applicant.name or "") if application else None,
    )
    if application and others:
        findings = (*findings, *tone.names_of_others(text, application, others, reader))
    return CheckedText(
        name=input_files.display_name(path),
        language=language,
        findings=tuple(sorted(findings, key=lambda each: each.line)),
    )


def _read_text(path: str) -> str:
    """Return the text of a file, or that of the mail in it."""
    from afterword.importers.invitation import mail_reader

    data = input_files.read_content(path)
    name = input_files.display_name(path)
    if input_files.is_other_program(data):
        raise InputError(f"{name} is no text file; save it as .txt, or the mail as .eml")
    if Path(path).suffix.casefold() in _MAIL_FILES or mail_reader.is_saved_mail(data):
        return mail_reader.read_mail_text(data, source=name)
    return decode_text(data)[0]
