"""Derive the plan of an application from its interviews and its log.

The current time decides only the state of a step: plans made on day 3 and on
day 20 from the same application have the same steps and the same dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, Application, IsWorkingDay, StepKind
from afterword.domain.planning import timeline, windows, withdrawal
from afterword.domain.planning.context import EpisodeView, PlanningContext
from afterword.domain.planning.plan import Plan, Step, StepState, TranslatableText, UserChoice
from afterword.domain.planning.timeline import TimelineEntry
from afterword.domain.policy import Policy

_KINDS = list(StepKind)
_REPLY_LIMIT = 24 * datemath.HOUR


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
    )
    return Plan(
        application=application,
        zone=zone,
        employer_zone=employer_zone,
        timeline=context.timeline,
        steps=tuple(_with_state(context, step, now) for step in _steps(context)),
        changed=_last_change(context),
    )


def _last_change(context: PlanningContext) -> dt.datetime | None:
    added = (context.added_at(n) for n in range(len(context.timeline.interviews)))
    logged = (entry.at for entry in context.timeline.log)
    return max((*logged, *filter(None, added)), default=None)


def _with_state(context: PlanningContext, step: Step, now: dt.datetime) -> Step:
    state = _state(context, step, now)
    return step if state is step.state else attrs.evolve(step, state=state)


def _state(context: PlanningContext, step: Step, now: dt.datetime) -> StepState:
    """Return the state of a step at `now`; done and withdrawn steps keep theirs."""
    if step.state is StepState.DONE or step.state is StepState.WITHDRAWN:
        return step.state
    at: dt.date = now if isinstance(step.opens, dt.datetime) else context.employer_day(now)
    over = at >= step.closes if isinstance(step.closes, dt.datetime) else at > step.closes
    if over:
        return StepState.OVERDUE
    if step.state is StepState.LATE:
        return StepState.LATE
    return StepState.UPCOMING if at < step.opens else StepState.OPEN


def _steps(context: PlanningContext) -> Iterator[Step]:
    """Yield the steps ordered by interview, episode and time."""
    steps: list[tuple[int, Step]] = []
    for number, episodes in enumerate(context.timeline.episodes):
        for episode in episodes:
            steps += [(number, step) for step in _episode_steps(context.view(episode))]
    steps += [(answer.interview, _reply(context, answer)) for answer in context.timeline.answers]
    steps += _keep_in_touch(context)
    steps.sort(key=lambda n: (n[0], n[1].episode, n[1].send_at, _KINDS.index(n[1].kind)))
    return (step for _, step in steps)


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
    reason = TranslatableText("within 24 hours of the interview")
    if window.late:
        reason = TranslatableText("added after the first 24 hours; still worth sending")
    step = Step(
        application=view.context.application.id,
        interview=view.interview.id,
        kind=StepKind.THANK_YOU,
        episode=0,
        state=StepState.LATE if window.late else StepState.UPCOMING,
        opens=window.opens,
        closes=window.closes,
        recommended=view.context.employer_day(window.send_at),
        send_at=window.send_at,
        reason=reason,
        thanked=() if sent else view.log.thanked_interviewers(),
        generation=view.log.of_step(StepKind.THANK_YOU).restored,
    )
    return _apply_log(view, step)


def _follow_up(view: EpisodeView, kind: StepKind, *, folds_thanks: bool) -> Step:
    window = windows.follow_up_window(_view_at_sending(view, kind), kind)
    step = Step(
        application=view.context.application.id,
        interview=view.interview.id,
        kind=kind,
        episode=view.episode.number,
        state=StepState.UPCOMING,
        opens=window.opens,
        closes=window.closes,
        recommended=window.recommended,
        send_at=windows.send_at(view.context, kind, window.recommended),
        reason=window.reason,
        folds_thanks=folds_thanks,
        unlogged=window.waits_for,
        generation=view.log.of_step(kind).restored,
    )
    return _apply_log(view, step)


def _move_on(view: EpisodeView) -> Step:
    day, reason = windows.move_on_window(_view_at_sending(view, StepKind.MOVE_ON))
    return _apply_log(view, _day_step(view, StepKind.MOVE_ON, day, reason))


def _day_step(view: EpisodeView, kind: StepKind, day: dt.date, reason: TranslatableText) -> Step:
    return Step(
        application=view.context.application.id,
        interview=view.interview.id,
        kind=kind,
        episode=view.episode.number,
        state=StepState.UPCOMING,
        opens=day,
        closes=day,
        recommended=day,
        send_at=windows.send_at(view.context, kind, day),
        reason=reason,
        generation=view.log.of_step(kind).restored,
    )


def _view_at_sending(view: EpisodeView, kind: StepKind) -> EpisodeView:
    """Return the episode with the log that counts for a step: all of it, or up to its sending."""
    return view.up_to(view.log.of_step(kind).sent)


def _apply_log(view: EpisodeView, step: Step) -> Step:
    """Return a step of an episode moved, done or withdrawn, as the log has it."""
    move = windows.effective_move(_view_at_sending(view, step.kind), step.kind)
    sent = view.log.of_step(step.kind).sent
    why_not = withdrawal.why_step_withdrawn(view, step.kind)
    return _finished(_moved(view.context, step, move), sent, why_not)


def _moved(context: PlanningContext, step: Step, move: TimelineEntry | None) -> Step:
    if move is None or move.to is None:
        return step
    day = context.employer_day(move.to)
    return attrs.evolve(
        step,
        send_at=move.to,
        recommended=day,
        reason=TranslatableText("you moved it to {date}", {"date": day}, choice=UserChoice.MOVED),
        note=_out_of_window(step, move.to, day),
    )


def _out_of_window(step: Step, moment: dt.datetime, day: dt.date) -> TranslatableText | None:
    at: dt.date = moment if isinstance(step.opens, dt.datetime) else day
    if at < step.opens:
        return TranslatableText("that is before its window opens")
    if at > step.closes:
        return TranslatableText("that is after its window closes")
    return None


def _finished(step: Step, sent: TimelineEntry | None, why_not: TranslatableText | None) -> Step:
    if sent:
        return attrs.evolve(step, state=StepState.DONE, sent_at=sent.at)
    if why_not:
        return attrs.evolve(step, state=StepState.WITHDRAWN, reason=why_not)
    return step


def _reply(context: PlanningContext, answer: TimelineEntry) -> Step:
    about = context.timeline.reply_entries(answer)
    sent = next((e for e in about if e.entry.sent is StepKind.REPLY), None)
    send_at = datemath.next_within_hours(answer.at, context.policy.waking, context.zone)
    step = Step(
        application=context.application.id,
        interview=context.interview(answer.interview).id,
        kind=StepKind.REPLY,
        episode=context.timeline.answer_number(answer),
        state=StepState.UPCOMING,
        opens=answer.at,
        closes=answer.at + _REPLY_LIMIT,
        recommended=context.employer_day(send_at),
        send_at=send_at,
        reason=TranslatableText("within 24 hours of their answer"),
        answer=answer.entry.heard,
        generation=sum(1 for e in about if e.entry.restored),
    )
    until_sent = [e for e in about if sent is None or e.order <= sent.order]
    step = _moved(context, step, withdrawal.last_reply_move(context, answer, until_sent))
    return _finished(step, sent, withdrawal.why_reply_withdrawn(context, answer, about))


def _keep_in_touch(context: PlanningContext) -> Iterator[tuple[int, Step]]:
    """Yield the keep-in-touch step with its interview, if a day was chosen for it."""
    kind = StepKind.KEEP_IN_TOUCH
    chosen = [e for e in context.timeline.log if e.entry.keep_in_touch]
    if not chosen:
        return
    last = chosen[-1]
    view = context.view(context.timeline.episodes[last.interview][0])
    sent, at_sending = view.log.of_step(kind).sent, _view_at_sending(view, kind)
    decisive = ([e for e in chosen if e.order < at_sending.seen] or chosen)[-1]
    date = decisive.entry.keep_in_touch or decisive.day
    reason = TranslatableText("you chose to keep in touch from {date}", {"date": date})
    step = _day_step(view, kind, context.roll(date), reason)
    step = _moved(context, step, windows.effective_move(at_sending, kind))
    why_not = withdrawal.why_keep_in_touch_withdrawn(view, last)
    yield last.interview, _finished(step, sent, why_not)
