"""Golden files for an editor: forty letters, and all events of three applications."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

import attrs
import pytest

from afterword.domain.build_events import build_events
from afterword.domain.calendar_model import EventRole
from afterword.domain.model import Answer, Application, Person, StepKind
from afterword.domain.planning import planner
from afterword.domain.planning.plan import Plan, StepState
from afterword.domain.policy import Policy
from afterword.messages.compose import compose_drafts, compose_situation
from afterword.messages.draft_model import Draft
from afterword.messages.event_description import EventTextBuilder
from afterword.messages.i18n import get_language
from afterword.messages.message_context import UNPLANNED_SITUATIONS
from afterword.messages.template_store import first_letter
from afterword.messages.tone import CheckedDrafts, find_similar_letters
from afterword.settings.loader import Settings
from tests.messages.sample_applications import (
    DAY,
    FORMS,
    NOW,
    PIET,
    SAM,
    STORIES,
    THANDI,
    answer_entry,
    draft_settings,
    log_entry,
    make_application,
    make_interview,
    plan_of,
)
from tests.messages.translated_facts import FACTS, in_language

ENGLISH = get_language("en")
ZOLA = Person(
    name="DLAMINI, Zola",
    call="Zola",
    email="zola@nordlicht.example",
    discussed=("We talked about the new picture desk!!", "how do you choose a cover?"),
    fit=("ran a picture desk for two years",),
)
KAROO = attrs.evolve(
    make_application(make_interview(people=(THANDI, PIET))),
    short="Karoo",
    role="Marketing Manager (m/f/x) - Remote",
)
NORDLICHT = attrs.evolve(
    make_application(
        make_interview(people=(ZOLA,), decision_by=DAY(2026, 12, 4)),
        log=(log_entry(DAY(2026, 11, 25), sent=StepKind.THANK_YOU),),
    ),
    id="nordlicht-editor",
    company="Nordlicht Verlag GmbH",
    role="Picture Editor, Ref. no. 2201",
)
MUSEUM = attrs.evolve(
    make_application(
        make_interview(people=()),
        make_interview("second", DAY(2026, 12, 8), (attrs.evolve(THANDI, email=None),)),
        log=(answer_entry(DAY(2026, 12, 2), Answer.POSITIVE),),
    ),
    id="museum-guide",
    company="Museum of the City of Cape Town (Pty) Ltd",
    role="Guide",
)
in_each_form = pytest.mark.parametrize("form", [f for f in FORMS if f == "en" or f[:2] in FACTS])
APPLICATIONS = {"karoo": KAROO, "nordlicht": NORDLICHT, "museum": MUSEUM}


def _code(form: str) -> str:
    return form.partition(" ")[0]


def _suffix(form: str) -> str:
    """Return the end of a file name: "" for English, "-de-du" for informal German."""
    return "" if form == "en" else f"-{form.replace(' ', '-')}"


def _plan(application: Application, zone: str = "Africa/Johannesburg") -> Plan:
    return planner.plan(
        application,
        now=NOW,
        zone=ZoneInfo(zone),
        is_working_day=lambda day: day.weekday() < 5,
        policy=Policy(),
    )


def _events_page(application: Application, zone: str, form: str, *, synced: bool) -> str:
    builder = EventTextBuilder(
        settings=draft_settings(form=form),
        policy=Policy(),
        synced=synced,
        resources=(*Settings().books, *Settings().courses),
    )
    plan = _plan(application, zone)
    pages = []
    for event in build_events(plan, builder, Policy()):
        start = event.start
        if isinstance(start, dt.datetime):
            start = start.astimezone(plan.zone)
        pages.append(f"==== {event.summary}\n{start}\n\n{event.description}\n")
    return "\n".join(pages)


@in_each_form
@pytest.mark.parametrize("name", APPLICATIONS)
def test_all_events_of_an_application(
    name: str, form: str, golden: Callable[[str | bytes, str], None]
) -> None:
    application = in_language(APPLICATIONS[name], _code(form))
    page = _events_page(application, "Africa/Johannesburg", form, synced=False)
    golden(page, f"events-{name}{_suffix(form)}.txt")


@in_each_form
def test_all_events_of_an_application_that_is_synced_from_far_away(
    form: str, golden: Callable[[str | bytes, str], None]
) -> None:
    page = _events_page(in_language(KAROO, _code(form)), "America/Los_Angeles", form, synced=True)
    golden(page, f"events-karoo-synced-far{_suffix(form)}.txt")


def _titles(application: Application, form: str) -> Iterator[tuple[str, str]]:
    builder = EventTextBuilder(settings=draft_settings(form=form), policy=Policy())
    plan = _plan(application)
    for step in plan.steps:
        for role in step.uids:
            if step.state is not StepState.WITHDRAWN and not (step.sent_at and role != "act"):
                title = builder(plan, step, EventRole(role)).summary
                yield f"{step.interview} {step.episode}", title


@in_each_form
def test_every_title_of_three_applications(
    form: str, golden: Callable[[str | bytes, str], None]
) -> None:
    lines = []
    for application in APPLICATIONS.values():
        titles = list(_titles(application, form))
        lines += [application.company, *(f"  {title}" for _, title in titles), ""]
        for _, group in itertools.groupby(titles, key=lambda pair: pair[0]):
            starts = [title[:14] for _, title in group]
            assert len(starts) == len(set(starts))
    golden("\n".join(lines), f"titles{_suffix(form)}.txt")


def _letters(form: str) -> Iterator[tuple[str, Draft]]:
    """Yield letters of every situation, for applications that start with different ones."""
    settings = draft_settings(form=form)
    for number, (story, (log, facts)) in enumerate(STORIES.items()):
        application = attrs.evolve(
            make_application(make_interview(people=(THANDI,), **facts), log=log),  # type: ignore[arg-type]
            id=f"karoo-{number}",
        )
        plan = plan_of(in_language(application, _code(form)))
        for step in plan.steps:
            if step.state is not StepState.WITHDRAWN:
                for draft in compose_drafts(plan, step, settings):
                    yield story, draft
        for situation in UNPLANNED_SITUATIONS if number < 3 else ():
            for draft in compose_situation(plan, situation, settings, send_date=DAY(2026, 11, 26)):
                yield story, draft


@in_each_form
def test_forty_letters_for_an_editor(form: str, golden: Callable[[str | bytes, str], None]) -> None:
    pages = {
        draft.body: f"==== {story}: {draft.name}\nSubject: {draft.subject}\n\n{draft.body}\n"
        for story, draft in _letters(form)
        if not draft.to_oneself
    }
    assert len(pages) >= 40
    golden("\n".join(list(pages.values())), f"letters{_suffix(form)}.txt")


def test_what_a_colleague_or_a_second_application_reads_differs() -> None:
    applications = [attrs.evolve(make_application(), id=f"karoo-{n}") for n in range(30)]
    starts = {first_letter(application) % 5 for application in applications}
    assert starts == set(range(5))
    client = attrs.evolve(make_application(), applicant=attrs.evolve(SAM, name="Cleo Client"))
    assert first_letter(client) != first_letter(make_application())


def _all_letters(application: Application) -> CheckedDrafts:
    plan = plan_of(application)
    drafts = [d for s in plan.steps for d in compose_drafts(plan, s, draft_settings())]
    letters = tuple(draft for draft in drafts if not draft.to_oneself)
    return CheckedDrafts(application=application, letters=letters)


@pytest.mark.parametrize(
    ("second_id", "company", "reported"),
    [
        pytest.param("karoo", "Karoo Analytics Ltd", True, id="same letters, same company"),
        pytest.param("karoo-7", "Karoo Analytics", False, id="other letters"),
        pytest.param("karoo", "Acme", False, id="other company"),
    ],
)
def test_letters_that_read_alike_are_reported(second_id: str, company: str, reported: bool) -> None:
    first = make_application()
    other = Person(name="Jane Okafor", email="jane@other.example")
    second = attrs.evolve(
        make_application(make_interview(people=(other,))), company=company, id=second_id
    )
    if not reported and company == "Karoo Analytics":
        assert first_letter(second) % 20 != first_letter(first) % 20
    found = list(find_similar_letters([_all_letters(first), _all_letters(second)], ENGLISH))
    assert bool(found) is reported
