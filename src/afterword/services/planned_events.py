"""What several commands do with an application: plan it, and write its events."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from pathlib import Path

import attrs

from afterword.domain import datemath
from afterword.domain.events import build_events, interview_reminders
from afterword.domain.events.event import Event, EventText
from afterword.domain.events.interview_reminders import InterviewReminder
from afterword.domain.model import Application
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan
from afterword.messages import event_description, template_store
from afterword.messages.compose import DraftSettings
from afterword.messages.event_description import EventTextBuilder
from afterword.messages.i18n import Language, get_language
from afterword.messages.template_store import TemplateKey
from afterword.messages.templates import MessageTemplate
from afterword.services.run_context import RunContext
from afterword.system.business_days import is_working_day


def plan_application(application: Application, context: RunContext) -> Plan:
    """Return the plan of an application as it stands now."""
    return planner.plan(
        application,
        now=context.now,
        zone=context.zone,
        is_working_day=is_working_day(application.country),
        policy=context.settings.policy,
    )


def build_calendar_events(plan: Plan, context: RunContext) -> tuple[Event, ...]:
    """Return the calendar events of a plan, each with its draft."""
    words = _event_texts(context, *_message_language(plan.application))
    found = (
        *build_events.build_events(plan, words, context.settings.policy),
        *interview_reminders.build_interview_reminders(
            plan, context.settings.reminders, functools.partial(_around, context)
        ),
    )
    if context.settings.private:
        # The category names a job search to everybody who sees the calendar.
        return tuple(attrs.evolve(event, categories=()) for event in found)
    return found


def _around(context: RunContext, plan: Plan, which: InterviewReminder) -> EventText:
    say = (
        event_description.before_interview_text
        if which is InterviewReminder.BEFORE
        else event_description.after_interview_text
    )
    return say(plan, reader_locale(context), private=context.settings.private)


def reader_locale(context: RunContext) -> Language:
    """Return the language of what the person reads."""
    return get_language(context.settings.language, informal=context.settings.informal)


def draft_settings_for(application: Application, context: RunContext) -> DraftSettings:
    """Return what the drafts of an application are written with."""
    return _draft_settings(context, *_message_language(application))


def _message_language(application: Application) -> tuple[str | None, str | None]:
    """Return the language of the messages, if stated, and the country that shapes it."""
    return application.language, application.country


@functools.lru_cache(maxsize=256)
def _event_texts(context: RunContext, tag: str | None, country: str | None) -> EventTextBuilder:
    return EventTextBuilder(
        settings=_draft_settings(context, tag, country),
        policy=context.settings.policy,
        private=context.settings.private,
    )


@functools.lru_cache(maxsize=256)
def _draft_settings(context: RunContext, tag: str | None, country: str | None) -> DraftSettings:
    settings = context.settings
    return DraftSettings(
        applicant=settings.applicant,
        language=get_language(
            tag or settings.language, country=country, informal=settings.informal
        ),
        reader=reader_locale(context),
        user_templates=user_templates(context),
    )


@functools.lru_cache(maxsize=8)
def user_templates(context: RunContext) -> Mapping[TemplateKey, MessageTemplate]:
    """Return the person's own texts. Raises DraftError with all their mistakes."""
    return template_store.read_user_templates(templates_folder(context))


def templates_folder(context: RunContext) -> Path:
    """Return where the person's own texts are: beside the settings."""
    return context.locations.settings.parent / "drafts"


def employer_today(plan: Plan, context: RunContext) -> dt.date:
    """Return today's date at the employer's, where messages are read."""
    return datemath.day_of(context.now, plan.employer_zone)
