"""The calendar events of a plan, and the settings that their drafts are written with.

These functions are called for each application of a run, so what only depends on the run, a
language and a country is cached.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from afterword.domain import build_events
from afterword.domain.build_events import EventTexts
from afterword.domain.calendar_model import BusyTimes, Event, EventText
from afterword.domain.model import Application, Channel, Interview
from afterword.domain.planning.plan import Plan, Step
from afterword.domain.policy import InterviewReminder
from afterword.formats.calendar_apps import ExportProfile
from afterword.messages.i18n import get_language
from afterword.services.application_plan import employer_today
from afterword.services.run_context import RunContext

if TYPE_CHECKING:
    from afterword.messages.compose import DraftSettings
    from afterword.messages.draft_model import Draft
    from afterword.messages.event_description import EventTextBuilder
    from afterword.messages.template_store import TemplateKey
    from afterword.messages.templates import MessageTemplate

CachedTexts = Callable[[Plan, Callable[[], EventTexts]], EventTexts]
"""Returns the texts of a plan, given how to build them."""


def build_calendar_events(
    plan: Plan,
    context: RunContext,
    *,
    synced: bool = False,
    profile: ExportProfile | None = None,
    busy: BusyTimes | None = None,
    cached: CachedTexts | None = None,
) -> tuple[Event, ...]:
    """Return the calendar events of a plan, each with its draft.

    `synced` events explain how to log in the calendar, exported ones do not. `profile` is of
    the app that an export is for; `busy` is when the user's own calendars are busy. `cached`
    may return texts that were built before.
    """
    settings = context.settings
    build = functools.partial(_texts_for, plan, context, synced=synced, profile=profile, busy=busy)
    texts = build() if cached is None else cached(plan, build)
    events = (
        *build_events.build_events(plan, texts, settings.policy),
        *build_events.build_interview_reminders(
            plan, settings.reminders, functools.partial(_reminder_text, context)
        ),
    )
    if profile is not None:
        events = tuple(_events_for_app(events, profile))
    if settings.private:
        # The category would show a job search to everybody who sees the calendar.
        return tuple(attrs.evolve(event, categories=()) for event in events)
    return events


def build_events_of_all(
    plans: Sequence[Plan], context: RunContext, *, profile: ExportProfile | None = None
) -> list[tuple[Event, ...]]:
    """Return the calendar events of each of many plans, for an export.

    The drafts of all of them are composed first, then the descriptions written: the code and data
    of one kind of work are still in the processor's caches for the next plan, which saves a tenth
    of the time of an export (measured).
    """
    texts = [_texts_for(plan, context, profile=profile) for plan in plans]
    for each, plan in zip(texts, plans, strict=True):
        each.compose_ahead(plan)
    for each, plan in zip(texts, plans, strict=True):
        each.describe_ahead(plan)
    return [build_calendar_events(plan, context, profile=profile) for plan in plans]


def _events_for_app(events: Iterable[Event], profile: ExportProfile) -> Iterator[Event]:
    """Yield the events that an app needs."""
    for event in events:
        if profile.windows or isinstance(event.start, dt.datetime):
            yield event if profile.alarms else attrs.evolve(event, alarm=None)


def _reminder_text(
    context: RunContext, plan: Plan, interview: Interview, reminder: InterviewReminder
) -> EventText:
    from afterword.messages import event_description

    language, private = context.language, context.settings.private
    if reminder is InterviewReminder.BEFORE:
        return event_description.before_interview_text(plan, interview, language, private=private)
    return event_description.after_interview_text(plan, language, private=private)


_MessageLanguage = tuple[str | None, str | None, bool | None]
"""The language, the country and the form of address, as an application states them."""


def _message_language(application: Application) -> _MessageLanguage:
    return application.language, application.country, application.informal


def _texts_for(
    plan: Plan,
    context: RunContext,
    *,
    synced: bool = False,
    profile: ExportProfile | None = None,
    busy: BusyTimes | None = None,
) -> EventTextBuilder:
    language = _message_language(plan.application)
    return _event_texts(context, language, synced=synced, profile=profile, busy=busy)


@functools.lru_cache(maxsize=256)
def _event_texts(
    context: RunContext,
    language: _MessageLanguage,
    *,
    synced: bool,
    profile: ExportProfile | None,
    busy: BusyTimes | None,
) -> EventTextBuilder:
    from afterword.messages.event_description import EventTextBuilder
    from afterword.messages.event_title import AppImport

    settings = context.settings
    app_import = None
    if profile is not None:
        app_import = AppImport(app=profile.app.value, updates=profile.updates)
    return EventTextBuilder(
        settings=_draft_settings(context, language),
        policy=settings.policy,
        private=settings.private,
        synced=synced,
        resources=(*settings.books, *settings.courses, *settings.sites),
        app_import=app_import,
        busy=busy,
    )


def draft_settings_for(application: Application, context: RunContext) -> DraftSettings:
    """Return the settings for the drafts of an application."""
    return _draft_settings(context, _message_language(application))


def step_drafts(
    plan: Plan, step: Step, context: RunContext, channel: Channel | None = None
) -> tuple[Draft, ...]:
    """Return the drafts of a step as they would be sent today, for a channel if there is any."""
    from afterword.messages import compose

    settings, today = draft_settings_for(plan.application, context), employer_today(plan, context)
    return compose.compose_drafts(plan, step, settings, channel=channel, send_date=today)


@functools.lru_cache(maxsize=256)
def _draft_settings(context: RunContext, language: _MessageLanguage) -> DraftSettings:
    from afterword.messages.compose import DraftSettings

    settings = context.settings
    tag, country, informal = language
    return DraftSettings(
        applicant=settings.applicant,
        language=get_language(
            tag or settings.language,
            country=country,
            informal=settings.informal if informal is None else informal,
        ),
        reader=context.language,
        user_templates=user_templates(context),
    )


@functools.lru_cache(maxsize=8)
def user_templates(context: RunContext) -> Mapping[TemplateKey, MessageTemplate]:
    """Return the user's own templates. Raises DraftError with the mistakes in all of them."""
    from afterword.messages import template_store

    return template_store.read_user_templates(templates_directory(context))


def templates_directory(context: RunContext) -> Path:
    """Return the directory of the user's own templates, beside the settings."""
    return context.locations.settings.parent / "drafts"
