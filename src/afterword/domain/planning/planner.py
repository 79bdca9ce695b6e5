"""Derive the plan of an application from its interviews and its log.

The current time decides only the state of a step: plans made on day 3 and on
day 20 from the same application have the same steps and the same dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, Answer, Application, IsWorkingDay, StepKind, When
from afterword.domain.planning import timeline, windows, withdrawal
from afterword.domain.planning.context import EpisodeView, PlanningContext
from afterword.domain.planning.plan import Plan, Step, StepState, TranslatableText, UserChoice
from afterword.domain.planning.timeline import TimelineEntry
from afterword.domain.policy import Policy

_KINDS = list(StepKind)
_REPLY_LIMIT = 24 * datemath.HOUR


class _ScheduledStep(NamedTuple):
    """A step as the rules schedule it, before the log moves, completes or withdraws it."""

    kind: StepKind
    opens: When
    closes: When
    recommended: dt.date
    send_at: dt.datetime
    reason: TranslatableText
    late: bool = False
    answer: Answer | None = None
    folds_thanks: bool = False
    unlogged: dt.date | None = None
    thanked: tuple[str, ...] = ()


class _Outcome(NamedTuple):
    """A step's move and sending in the log, or the reason why it is withdrawn."""

    move: TimelineEntry | None
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
    employer_zone = timeline.employer_zone(application, zone)
    context = PlanningContext(
        application=application,
        timeline=timeline.build_timeline(application, zone=zone, employer_zone=employer_zone),
        policy=policy,
        zone=zone,
        employer_zone=employer_zone,
        is_working_day=is_working_day,
        now=now,
        today=datemath.day_of(now, employer_zone),
    )
    return Plan(
        application=application,
        zone=zone,
        employer_zone=employer_zone,
        timeline=context.timeline,
        steps=_steps(context),
        changed=_last_change(context),
    )


def _last_change(context: PlanningContext) -> dt.datetime | None:
    added = (context.added_at(n) for n in range(len(context.timeline.interviews)))
    logged = (entry.at for entry in context.timeline.log)
    return max((*logged, *filter(None, added)), default=None)


def _steps(context: PlanningContext) -> tuple[Step, ...]:
    """Return the steps ordered by interview, episode and time."""
    steps: list[tuple[int, Step]] = []
    for number, episodes in enumerate(context.timeline.episodes):
        for episode in episodes:
            steps += [(number, step) for step in _episode_steps(context.view(episode))]
    steps += [(answer.interview, _reply(context, answer)) for answer in context.timeline.answers]
    steps += _keep_in_touch(context)
    steps.sort(key=lambda n: (n[0], n[1].episode, n[1].send_at, _KINDS.index(n[1].kind)))
    return tuple(step for _, step in steps)


def _episode_steps(view: EpisodeView) -> Iterator[Step]:
    thanks = _thank_you(view) if view.episode.number == 0 else None
    if thanks:
        yield thanks
    for kind in FOLLOW_UPS[: view.episode.follow_ups]:
        folds = kind is StepKind.FIRST and view.episode.number == 0 and thanks is None
        yield _follow_up(view, kind, folds_thanks=folds)
    yield _move_on(view)


def _thank_you(view: EpisodeView) -> Step | None:
    sent = view.log.of_step(StepKind.THANK_YOU).sent
    window = windows.thank_you_window(view, sent=sent is not None)
    if window is None:
        return None
    text = (
        "added after the first 24 hours; still worth sending"
        if window.late
        else "within 24 hours of the interview"
    )
    scheduled = _ScheduledStep(
        kind=StepKind.THANK_YOU,
        opens=window.opens,
        closes=window.closes,
        recommended=view.context.employer_day(window.send_at),
        send_at=window.send_at,
        reason=TranslatableText(text),
        late=window.late,
        thanked=() if sent else view.log.thanked_interviewers(),
    )
    return _episode_step(view, scheduled)


def _follow_up(view: EpisodeView, kind: StepKind, *, folds_thanks: bool) -> Step:
    window = windows.follow_up_window(_view_at_sending(view, kind), kind)
    scheduled = _ScheduledStep(
        kind=kind,
        opens=window.opens,
        closes=window.closes,
        recommended=window.recommended,
        send_at=windows.send_at(view.context, kind, window.recommended),
        reason=window.reason,
        folds_thanks=folds_thanks,
        unlogged=window.waits_for,
    )
    return _episode_step(view, scheduled)


def _move_on(view: EpisodeView) -> Step:
    day, reason = windows.move_on_window(_view_at_sending(view, StepKind.MOVE_ON))
    scheduled = _scheduled_on(view.context, StepKind.MOVE_ON, day, reason)
    return _episode_step(view, scheduled)


def _scheduled_on(
    context: PlanningContext, kind: StepKind, day: dt.date, reason: TranslatableText
) -> _ScheduledStep:
    return _ScheduledStep(
        kind=kind,
        opens=day,
        closes=day,
        recommended=day,
        send_at=windows.send_at(context, kind, day),
        reason=reason,
    )


def _view_at_sending(view: EpisodeView, kind: StepKind) -> EpisodeView:
    """Return the episode with the log that counts for a step: all of it, or up to its sending."""
    return view.up_to(view.log.of_step(kind).sent)


def _episode_step(view: EpisodeView, scheduled: _ScheduledStep) -> Step:
    kind = scheduled.kind
    log = view.log.of_step(kind)
    outcome = _Outcome(
        move=windows.effective_move(view.up_to(log.sent), kind),
        sent=log.sent,
        why_not=None if log.sent else withdrawal.why_step_withdrawn(view, kind),
        restored=log.restored,
    )
    return _step(view.context, view.interview.id, view.episode.number, scheduled, outcome)


def _step(
    context: PlanningContext,
    interview: str,
    episode: int,
    scheduled: _ScheduledStep,
    outcome: _Outcome,
) -> Step:
    """Return a step moved, done or withdrawn, as the log has it, with its state now."""
    send_at, recommended, reason = scheduled.send_at, scheduled.recommended, scheduled.reason
    note = None
    if outcome.move and outcome.move.to:
        send_at, recommended = outcome.move.to, context.employer_day(outcome.move.to)
        text = "you moved it to {date}"
        reason = TranslatableText(text, {"date": recommended}, choice=UserChoice.MOVED)
        note = _out_of_window(scheduled, send_at, recommended)
    return Step(
        application=context.application.id,
        interview=interview,
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
    scheduled: _ScheduledStep, moment: dt.datetime, day: dt.date
) -> TranslatableText | None:
    at: dt.date = moment if isinstance(scheduled.opens, dt.datetime) else day
    if at < scheduled.opens:
        return TranslatableText("that is before its window opens")
    if at > scheduled.closes:
        return TranslatableText("that is after its window closes")
    return None


def _state(context: PlanningContext, scheduled: _ScheduledStep, outcome: _Outcome) -> StepState:
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


def _reply(context: PlanningContext, answer: TimelineEntry) -> Step:
    about = context.timeline.reply_entries(answer)
    sent = next((e for e in about if e.entry.sent is StepKind.REPLY), None)
    send_at = datemath.next_within_hours(answer.at, context.policy.waking, context.zone)
    scheduled = _ScheduledStep(
        kind=StepKind.REPLY,
        opens=answer.at,
        closes=answer.at + _REPLY_LIMIT,
        recommended=context.employer_day(send_at),
        send_at=send_at,
        reason=TranslatableText("within 24 hours of their answer"),
        answer=answer.entry.heard,
    )
    until_sent = [e for e in about if sent is None or e.order <= sent.order]
    outcome = _Outcome(
        move=withdrawal.last_reply_move(context, answer, until_sent),
        sent=sent,
        why_not=None if sent else withdrawal.why_reply_withdrawn(context, answer, about),
        restored=sum(1 for e in about if e.entry.restored),
    )
    interview = context.interview(answer.interview).id
    number = context.timeline.answer_number(answer)
    return _step(context, interview, number, scheduled, outcome)


def _keep_in_touch(context: PlanningContext) -> Iterator[tuple[int, Step]]:
    """Yield the keep-in-touch step with its interview, if a day was chosen for it."""
    kind = StepKind.KEEP_IN_TOUCH
    chosen = [e for e in context.timeline.log if e.entry.keep_in_touch]
    if not chosen:
        return
    last = chosen[-1]
    view = context.view(context.timeline.episodes[last.interview][0])
    log, at_sending = view.log.of_step(kind), _view_at_sending(view, kind)
    decisive = ([e for e in chosen if e.order < at_sending.seen] or chosen)[-1]
    date = decisive.entry.keep_in_touch or decisive.day
    reason = TranslatableText("you chose to keep in touch from {date}", {"date": date})
    scheduled = _scheduled_on(context, kind, context.roll(date), reason)
    outcome = _Outcome(
        move=windows.effective_move(at_sending, kind),
        sent=log.sent,
        why_not=None if log.sent else withdrawal.why_keep_in_touch_withdrawn(view, last),
        restored=log.restored,
    )
    yield last.interview, _step(context, view.interview.id, view.episode.number, scheduled, outcome)
