"""What several commands do with an application: plan it, and write its events."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import attrs

from afterword.cli.here import Here
from afterword.core import around, events, planner
from afterword.core.around import Around
from afterword.core.event import Event, EventText
from afterword.core.model import Application, Plan
from afterword.drafts import own, reminders
from afterword.drafts.language import Language, language
from afterword.drafts.shelf import Title
from afterword.drafts.templates import Text
from afterword.drafts.wording import Wording
from afterword.drafts.writing import Desk
from afterword.workdays import is_working_day


def plan_of(application: Application, here: Here) -> Plan:
    """Return the plan of an application as it stands now."""
    return planner.plan(
        application,
        now=here.now,
        zone=here.zone,
        is_working_day=is_working_day(application.country),
        policy=here.settings.policy,
    )


def events_of(plan: Plan, here: Here) -> tuple[Event, ...]:
    """Return the calendar events of a plan, each with its draft."""
    words = _wording(here, *_tongue(plan.application))
    found = (
        *events.compose(plan, words, here.settings.policy),
        *around.compose(plan, here.settings.reminders, functools.partial(_around, here)),
    )
    if here.settings.private:
        # The category names a job search to everybody who sees the calendar.
        return tuple(attrs.evolve(event, categories=()) for event in found)
    return found


def _around(here: Here, plan: Plan, which: Around) -> EventText:
    say = reminders.before if which is Around.BEFORE else reminders.after
    return say(plan, readers_language(here), private=here.settings.private)


def readers_language(here: Here) -> Language:
    """Return the language of what the person reads."""
    return language(here.settings.language, informal=here.settings.informal)


def desk_of(application: Application, here: Here) -> Desk:
    """Return what the drafts of an application are written with."""
    return _desk(here, *_tongue(application))


def _tongue(application: Application) -> tuple[str | None, str | None]:
    """Return the language of the messages, if stated, and the country that shapes it."""
    return application.language, application.country


@functools.lru_cache(maxsize=256)
def _wording(here: Here, tag: str | None, country: str | None) -> Wording:
    return Wording(
        desk=_desk(here, tag, country), policy=here.settings.policy, private=here.settings.private
    )


@functools.lru_cache(maxsize=256)
def _desk(here: Here, tag: str | None, country: str | None) -> Desk:
    settings = here.settings
    return Desk(
        applicant=settings.applicant,
        language=language(tag or settings.language, country=country, informal=settings.informal),
        reader=readers_language(here),
        own=own_texts(here),
    )


@functools.lru_cache(maxsize=8)
def own_texts(here: Here) -> Mapping[Title, Text]:
    """Return the person's own texts. Raises DraftError with all their mistakes."""
    return own.read(texts_folder(here))


def texts_folder(here: Here) -> Path:
    """Return where the person's own texts are: beside the settings."""
    return here.locations.settings.parent / "drafts"
