"""The facts of an application as JSON: the keys of its file, dates and times in ISO 8601."""

from __future__ import annotations

import datetime as dt
from typing import Any

from afterword.core.model import Application
from afterword.formats import facts_text


def document(application: Application) -> dict[str, Any]:
    """Return what the file of an application says, as it is written there."""
    interviews = [
        facts_text.interview_keys(interview, application.zone)
        | {"interviewer": [facts_text.person_keys(person) for person in interview.interviewers]}
        for interview in application.interviews
    ]
    people = {"applicant": application.applicant, "contact": application.contact}
    stated = {name: facts_text.person_keys(person) for name, person in people.items() if person}
    return {
        key: _plain(value)
        for key, value in {
            **facts_text.application_keys(application),
            **stated,
            "interview": interviews,
            "log": [facts_text.entry_keys(entry) for entry in application.log],
        }.items()
    }


def _plain(value: Any) -> Any:
    match value:
        case dt.date():
            return value.isoformat()
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case _:
            return value
