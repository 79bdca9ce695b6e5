"""Derive the plan of an application from its interviews and its log.

The current time decides only the state of a step: plans made on day 3 and on
day 20 from the same application have the same steps and the same dates.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, Application, Interview, IsWorkingDay, StepKind
from afterword.domain.planning import windows, withdrawal
from afterword.domain.planning.context import EpisodeView, PlanningContext
from afterword.domain.planning.plan import Plan, Step, StepState, TranslatableText, UserChoice
from afterword.domain.planning.timeline import TimelineEntry, build_timeline
from afterword.domain.planning.windows import ScheduledStep
from afterword.domain.policy import Policy

_KINDS = list(StepKind)


class _Outcome(NamedTuple):
    """The move and the sending of a step in the log, or the reason why it is withdrawn."""

    moved_to: dt.datetime | None
    sent: TimelineEntry | None
    why_not: TranslatableText | None
    restored: int


def plan(
    application: Application,
    *,
    now: dt.datetime,
    zone: ZoneInfo,
    is_working_day: IsWorkingDay,
    policy: Policy,
) -> Plan:
    """Return the plan of an application, withdrawn steps included.

    `zone` is the user's: reminders ring and local times of the log are in it.
    `is_working_day` follows the calendar of the employer's country.
    """
    timeline = build_timeline(application, zone)
    context = PlanningContext(
        application=application,
        timeline=timeline,
        policy=policy,
        zone=zone,
        is_working_day=is_working_day,
        now=now,
        today=datemath.day_of(now, timeline.employer_zone),
    )
    return Plan(
        application=application,
        zone=zone,
        employer_zone=timeline.employer_zone,
        timeline=timeline,
        steps=_steps(context),
        changed=_last_change(context),
    )


def _last_change(context: PlanningContext) -> dt.datetime | None:
    added = map(context.added_at, context.timeline.interviews)
    logged = (entry.at for entry in context.timeline.log)
    return max((*logged, *filter(None, added)), default=None)


def _steps(context: PlanningContext) -> tuple[Step, ...]:
    """Return the steps ordered by interview, episode and time."""
    steps = [*_steps_of_episodes(context), *_replies(context)]
    order = {interview.id: n for n, interview in enumerate(context.timeline.interviews)}
    steps.sort(key=lambda s: (order[s.interview], s.episode, s.send_at, _KINDS.index(s.kind)))
    return tuple(steps)


def _steps_of_episodes(context: PlanningContext) -> Iterator[Step]:
    for episode in itertools.chain(*context.timeline.episodes):
        view = context.view(episode)
        thanks = windows.schedule_thank_you(view) if episode.number == 0 else None
        if thanks:
            yield _episode_step(view, thanks)
        for kind in (*FOLLOW_UPS[: episode.follow_ups], StepKind.MOVE_ON):
            scheduled = windows.schedule_step(view.at_sending(kind), kind)
            if kind is StepKind.FIRST and episode.number == 0 and thanks is None:
                scheduled = scheduled._replace(folds_thanks=True)
            yield _episode_step(view, scheduled)
    for chosen in context.timeline.keep_in_touch_entries()[-1:]:
        view = context.view(context.timeline.episodes[chosen.interview][0])
        at_sending = view.at_sending(StepKind.KEEP_IN_TOUCH)
        yield _episode_step(view, windows.schedule_step(at_sending, StepKind.KEEP_IN_TOUCH))


def _episode_step(view: EpisodeView, scheduled: ScheduledStep) -> Step:
    kind = scheduled.kind
    log = view.of_step(kind)
    outcome = _Outcome(
        moved_to=windows.moved_to(view.up_to(log.sent), kind),
        sent=log.sent,
        why_not=None if log.sent else withdrawal.why_step_withdrawn(view, kind),
        restored=log.restored,
    )
    return _step(view.context, view.interview, view.episode.number, scheduled, outcome)


def _replies(context: PlanningContext) -> Iterator[Step]:
    numbers = defaultdict[int, int](int)
    for answer in context.timeline.answers:
        about = context.timeline.reply_entries(answer)
        sent = next((e for e in about if e.entry.sent), None)
        why_not = withdrawal.why_reply_withdrawn(context.timeline, answer, about)
        outcome = _Outcome(
            moved_to=_reply_moved_to(context, answer, about, sent),
            sent=sent,
            why_not=None if sent else why_not,
            restored=sum(1 for e in about if e.entry.restored),
        )
        interview = context.timeline.interviews[answer.interview]
        scheduled = windows.schedule_reply(context, answer)
        yield _step(context, interview, numbers[answer.interview], scheduled, outcome)
        numbers[answer.interview] += 1


def _reply_moved_to(
    context: PlanningContext,
    answer: TimelineEntry,
    about: Sequence[TimelineEntry],
    sent: TimelineEntry | None,
) -> dt.datetime | None:
    """Return the last move of a reply before its sending, unless its interview moved since."""
    seen = sent.order + 1 if sent else len(context.timeline.log)
    moves = [e for e in about if e.entry.moved and e.order < seen]
    if not moves or context.timeline.is_rescheduled(
        answer.interview, after=moves[-1].order, seen=seen
    ):
        return None
    return moves[-1].to


def _step(
    context: PlanningContext,
    interview: Interview,
    episode: int,
    scheduled: ScheduledStep,
    outcome: _Outcome,
) -> Step:
    """Return a step moved, done or withdrawn, as the log has it, with its state now."""
    send_at, recommended, reason = scheduled.send_at, scheduled.recommended, scheduled.reason
    note = None
    if outcome.moved_to:
        send_at, recommended = outcome.moved_to, context.employer_day(outcome.moved_to)
        text = "you moved it to {date}"
        reason = TranslatableText(text, {"date": recommended}, choice=UserChoice.MOVED)
        note = _out_of_window(scheduled, send_at, recommended)
    return Step(
        application=context.application.id,
        interview=interview.id,
        kind=scheduled.kind,
        episode=episode,
        state=_state(context, scheduled, outcome),
        opens=scheduled.opens,
        closes=scheduled.closes,
        recommended=recommended,
        send_at=send_at,
        sent_at=outcome.sent.at if outcome.sent else None,
        reason=outcome.why_not or reason,
        note=note,
        answer=scheduled.answer,
        folds_thanks=scheduled.folds_thanks,
        unlogged=scheduled.unlogged,
        thanked=scheduled.thanked,
        generation=outcome.restored,
    )


def _out_of_window(
    scheduled: ScheduledStep, moment: dt.datetime, day: dt.date
) -> TranslatableText | None:
    at: dt.date = moment if isinstance(scheduled.opens, dt.datetime) else day
    if at < scheduled.opens:
        return TranslatableText("that is before its window opens")
    if at > scheduled.closes:
        return TranslatableText("that is after its window closes")
    return None


def _state(context: PlanningContext, scheduled: ScheduledStep, outcome: _Outcome) -> StepState:
    if outcome.sent:
        return StepState.DONE
    if outcome.why_not:
        return StepState.WITHDRAWN
    opens, closes = scheduled.opens, scheduled.closes
    at: dt.date = context.now if isinstance(opens, dt.datetime) else context.today
    over = at >= closes if isinstance(closes, dt.datetime) else at > closes
    if over:
        return StepState.OVERDUE
    if scheduled.late:
        return StepState.LATE
    return StepState.UPCOMING if at < opens else StepState.OPEN
