"""Two reminders around an interview, for those who switch them on; no steps of a plan."""

from __future__ import annotations

from afterword.core.event import EventText
from afterword.core.model import Plan
from afterword.drafts.debrief import QUESTIONS
from afterword.drafts.language import Language, mark
from afterword.drafts.titles import short_company

_BEFORE_IT_ENDS = (
    mark("ask what happens next, and by which day they want to decide"),
    mark("ask how they would like to hear from you, and note the names of all who are there"),
    mark("say that you are interested, and thank them for the conversation"),
)


def before(plan: Plan, language: Language, *, private: bool = False) -> EventText:
    """Return the words of the reminder half an hour before an interview."""
    if private:
        return EventText(summary=language.tell("A look at your notes"), description="")
    company = short_company(plan.application.company)
    heading = language.tell("Three things to do before it ends:")
    things = [f"- {language.translate(thing)}" for thing in _BEFORE_IT_ENDS]
    return EventText(
        summary=language.tell("{company}: three things before it ends", company=company),
        description="\n".join([heading, *things]),
    )


def after(plan: Plan, language: Language, *, private: bool = False) -> EventText:
    """Return the words of the reminder right after an interview."""
    if private:
        return EventText(summary=language.tell("Five minutes for notes"), description="")
    company = short_company(plan.application.company)
    command = f"afterword debrief {plan.application.id}"
    heading = language.tell(
        "While it is fresh, note the answers or run {command}:", command=command
    )
    questions = [f"- {language.translate(question.text)}" for question in QUESTIONS]
    return EventText(
        summary=language.tell("{company}: five minutes to note it down", company=company),
        description="\n".join([heading, *questions]),
    )
