"""The content of `preview` and `links`: plans, drafts, events and logs of applications."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from afterword.domain.agenda import ContactConflict, UnconfirmedStep, Urgency
from afterword.domain.application_stats import (
    SilenceComparison,
    Wait,
    answered_waits,
    application_status,
    compare_wait,
    current_wait,
)
from afterword.domain.calendar_model import Event
from afterword.domain.model import StepKind
from afterword.domain.planning.plan import LIVE_STATES, Plan, Step
from afterword.domain.planning.timeline import TimelineEntry
from afterword.errors import StateError, TryLaterError
from afterword.formats import ics_files
from afterword.messages import compose
from afterword.messages.i18n import DateFormatter
from afterword.page import page_html
from afterword.page.calendar_links import LinkTarget, calendar_link, rest_note
from afterword.page.page_model import (
    PageApplication,
    PageContent,
    PageDraft,
    PageStep,
)
from afterword.services.application_plan import DAYS_AHEAD, DueSteps, employer_today, find_due_steps
from afterword.services.planned_events import build_calendar_events, draft_settings_for
from afterword.services.run_context import RunContext
from afterword.storage.state import sequence_numbers
from afterword.storage.state.database import Database
from afterword.system import atomic_files

Renumber = Callable[[tuple[Event, ...]], tuple[Event, ...]]


@attrs.frozen(kw_only=True)
class PageWording:
    """The phrases that the page shares with other commands."""

    step: Callable[[Step, Plan], str]
    window: Callable[[Step, Plan, DateFormatter], str]
    log_entry: Callable[[TimelineEntry, Plan, DateFormatter], str]
    question: Callable[[Sequence[UnconfirmedStep], DateFormatter], str]
    conflict: Callable[[ContactConflict, DateFormatter], str]
    silence: Callable[[SilenceComparison], str]


def build_page(plans: Sequence[Plan], wording: PageWording, context: RunContext) -> str:
    """Return the page of these plans as HTML."""
    due = find_due_steps(plans, context, days=DAYS_AHEAD)
    with _shared_counters(context) as renumber:
        collector = _Collector(
            context=context,
            wording=wording,
            urgencies={id(item.step): item.urgency for item in due.agenda.items},
            waits=_waits_by_applicant(plans),
            renumber=renumber,
        )
        numbered = enumerate(context.ui.track(plans, "writing"))
        applications = tuple(collector.application(number, plan) for number, plan in numbered)
    content = PageContent(
        now=context.now,
        zone=context.zone,
        formats=context.formatter,
        calendar_name=context.calendar_name,
        applications=applications,
        notices=tuple(_notices(plans, due, wording, context.formatter)),
    )
    return page_html.render_page(content)


def write_page(path: Path, page: bytes, *, force: bool) -> None:
    """Write the page, new or over an earlier page.

    Raises WriteError, with the old content intact, if it cannot be written or, without `force`,
    if the file is not a page that afterword wrote.
    """
    atomic_files.write_atomically(path, [page], ours=None if force else page_html.is_our_page)
    atomic_files.remove_old_leftovers(path.parent, [path.name])


@attrs.frozen(kw_only=True)
class _Collector:
    """Collects applications.

    `urgencies` has those of the steps that are due, by their identity; `waits` the waits that
    ended with an answer, by applicant.
    """

    context: RunContext
    wording: PageWording
    urgencies: dict[int, Urgency]
    waits: dict[tuple[str, str], list[Wait]]
    renumber: Renumber

    def application(self, number: int, plan: Plan) -> PageApplication:
        """Return the content for a plan."""
        context = self.context
        events = self.renumber(build_calendar_events(plan, context))
        log = tuple(
            (logged.at, self.wording.log_entry(logged, plan, context.formatter))
            for logged in plan.timeline.log
        )
        return PageApplication(
            number=number,
            plan=plan,
            status=application_status(plan, now=context.now),
            steps=tuple(
                self._step(f"{number}-{n}", plan, step, events) for n, step in enumerate(plan.steps)
            ),
            log=log,
            events=events,
            silence=self._silence(plan),
        )

    def _silence(self, plan: Plan) -> str | None:
        """Return how the current silence compares with earlier ones of the same applicant."""
        wait = current_wait(plan, now=self.context.now)
        if wait is None:
            return None
        comparison = compare_wait(wait, self.waits[plan.application.applicant_key])
        return self.wording.silence(comparison) if comparison else None

    def _step(self, step_id: str, plan: Plan, step: Step, events: Iterable[Event]) -> PageStep:
        uids = set(step.uids.values())
        urgency = self.urgencies.get(id(step))
        is_to_do = step.state in LIVE_STATES
        return PageStep(
            id=step_id,
            step=step,
            label=self.wording.step(step, plan),
            dates=self.wording.window(step, plan, self.context.formatter),
            urgency=urgency,
            drafts=tuple(self._drafts(step_id, plan, step, urgency)) if is_to_do else (),
            events=tuple(e for e in events if e.uid in uids and not self.context.has_passed(e.end)),
        )

    def _drafts(
        self, step_id: str, plan: Plan, step: Step, urgency: Urgency | None
    ) -> Iterator[PageDraft]:
        """Yield the drafts of a step, dated as those of `draft` if it is due."""
        settings = draft_settings_for(plan.application, self.context)
        day = employer_today(plan, self.context) if urgency else None
        drafts = compose.compose_drafts(plan, step, settings, send_date=day)
        for n, draft in enumerate(drafts):
            language = settings.reader if draft.to_oneself else settings.language
            yield PageDraft(id=f"d{step_id}-{n}", draft=draft, language=language.code)


def _waits_by_applicant(plans: Iterable[Plan]) -> dict[tuple[str, str], list[Wait]]:
    waits: dict[tuple[str, str], list[Wait]] = {}
    for plan in plans:
        waits.setdefault(plan.application.applicant_key, []).extend(answered_waits(plan))
    return waits


def _notices(
    plans: Sequence[Plan], due: DueSteps, wording: PageWording, formatter: DateFormatter
) -> Iterator[tuple[int, str]]:
    """Yield the questions about steps that were not logged, and the conflicts of messages."""
    numbers = {id(plan): number for number, plan in enumerate(plans)}
    by_plan: dict[int, list[UnconfirmedStep]] = {}
    for question in due.agenda.questions:
        by_plan.setdefault(numbers[id(question.plan)], []).append(question)
    for number, questions in by_plan.items():
        yield number, wording.question(questions, formatter)
    for conflict in due.conflicts:
        yield numbers[id(conflict.waits.plan)], wording.conflict(conflict, formatter)


@contextlib.contextmanager
def _shared_counters(context: RunContext) -> Iterator[Renumber]:
    """Provide a function that numbers events as the last export or sync did; it saves nothing.

    So the events of the page are never older than those. Without state, or while it cannot be
    read, events keep the numbers that they come with: a page to look at should not fail for them.
    """
    with contextlib.ExitStack() as stack:
        database = None
        if context.locations.database.is_file():
            with contextlib.suppress(StateError, TryLaterError):
                database = stack.enter_context(Database(context.locations.database))

        def renumber(events: tuple[Event, ...]) -> tuple[Event, ...]:
            if database is None:
                return events
            fingerprint = ics_files.fingerprint_of
            revised = sequence_numbers.assign_sequence(
                database, {}, events, fingerprint, now=context.now
            )
            return tuple(each.event for each in revised)

        yield renumber


@attrs.frozen(kw_only=True)
class EventLinks:
    """An event with its links; `step` is None for a reminder of the interview itself."""

    event: Event
    step: StepKind | None
    links: dict[LinkTarget, str]


def event_links(
    plan: Plan, context: RunContext, *, step: StepKind | None = None
) -> Iterator[EventLinks]:
    """Yield the events to come, by time, with their links; with `step` only those of that step."""
    kinds = {uid: each.kind for each in plan.steps for uid in each.uids.values()}
    events = build_calendar_events(plan, context)
    for event in sorted(events, key=lambda each: each.start.isoformat()):
        kind = kinds.get(event.uid)
        if step in {None, kind} and not context.has_passed(event.end):
            rest = rest_note(plan.application.id, kind)
            links = {target: calendar_link(event, target, rest=rest) for target in LinkTarget}
            yield EventLinks(event=event, step=kind, links=links)
