"""From the facts of an application to its plan.

`now` decides only a step's state: a plan made on day 3 and one made on day 20
from the same facts have the same steps and the same dates.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import attrs

from afterword.domain import datemath, uids
from afterword.domain.model import FOLLOW_UPS, Application, IsWorkingDay, StepKind
from afterword.domain.planning import timeline, windows, withdrawal
from afterword.domain.planning.log_query import step_log, thanked_interviewers
from afterword.domain.planning.plan import Plan, Step, StepState, TranslatableText, UserChoice
from afterword.domain.planning.timeline import Episode, PlanningContext, TimelineEntry
from afterword.domain.planning.windows import thank_you_window
from afterword.domain.policy import Policy

_KINDS = list(StepKind)
_DAY = 24 * datemath.HOUR


def plan(
    application: Application,
    *,
    now: dt.datetime,
    zone: ZoneInfo,
    is_working_day: IsWorkingDay,
    policy: Policy,
) -> Plan:
    """Return the steps of an application, withdrawn ones included.

    `zone` is the user's: alarms and local times of the log are on its clock.
    `is_working_day` speaks for the employer's country.
    """
    employer_zone = timeline.employer_zone(application, zone)
    case = PlanningContext(
        application=application,
        history=timeline.build_timeline(application, zone=zone, employer_zone=employer_zone),
        policy=policy,
        zone=zone,
        employer_zone=employer_zone,
        is_working_day=is_working_day,
    )
    return Plan(
        application=application,
        zone=zone,
        employer_zone=employer_zone,
        history=case.history,
        steps=tuple(_with_state(case, step, now) for step in _steps(case)),
        changed=_changed(case),
    )


def _changed(case: PlanningContext) -> dt.datetime | None:
    told = [case.added_at(n) for n in range(len(case.history.interviews))]
    moments = [*(e.at for e in case.history.log), *(t for t in told if t)]
    return max(moments, default=None)


def _with_state(case: PlanningContext, step: Step, now: dt.datetime) -> Step:
    state = _state(case, step, now)
    return step if state is step.state else attrs.evolve(step, state=state)


def _state(case: PlanningContext, step: Step, now: dt.datetime) -> StepState:
    """Return how a step stands at `now`; done and withdrawn steps stay what they are."""
    if step.state is StepState.DONE or step.state is StepState.WITHDRAWN:
        return step.state
    at: dt.date = now if isinstance(step.opens, dt.datetime) else case.day(now)
    over = at >= step.closes if isinstance(step.closes, dt.datetime) else at > step.closes
    if over:
        return StepState.OVERDUE
    if step.state is StepState.LATE:
        return StepState.LATE
    return StepState.UPCOMING if at < step.opens else StepState.OPEN


def _steps(case: PlanningContext) -> Iterator[Step]:
    """Yield the steps ordered by interview, episode and time."""
    found: list[tuple[int, Step]] = []
    for number, episodes in enumerate(case.history.episodes):
        for episode in episodes:
            found += [(number, step) for step in _of_episode(case, episode)]
    found += [(answer.interview, _reply(case, answer)) for answer in case.history.answers]
    quiet = _keep_in_touch(case)
    if quiet:
        found.append(quiet)
    found.sort(key=lambda n: (n[0], n[1].episode, n[1].send_at, _KINDS.index(n[1].kind)))
    return (step for _, step in found)


def _of_episode(case: PlanningContext, episode: Episode) -> Iterator[Step]:
    thanks = _thank_you(case, episode) if episode.number == 0 else None
    if thanks:
        yield thanks
    for kind in FOLLOW_UPS[: episode.follow_ups]:
        folds = kind is StepKind.FIRST and episode.number == 0 and thanks is None
        yield _follow_up(case, episode, kind, folds_thanks=folds)
    yield _move_on(case, episode)


def _thank_you(case: PlanningContext, episode: Episode) -> Step | None:
    sent = step_log(case.history, episode, StepKind.THANK_YOU, case.everything).sent
    thanks = thank_you_window(case, episode.interview, sent=sent is not None)
    if thanks is None:
        return None
    reason = TranslatableText(text="within 24 hours of the interview")
    if thanks.late:
        reason = TranslatableText(text="told too late for the 24 hours; still worth sending, today")
    step = Step(
        interview=case.interview(episode.interview).id,
        kind=StepKind.THANK_YOU,
        episode=0,
        state=StepState.LATE if thanks.late else StepState.UPCOMING,
        opens=thanks.opens,
        closes=thanks.closes,
        recommended=case.day(thanks.send_at),
        send_at=thanks.send_at,
        reason=reason,
        thanked=() if sent else thanked_interviewers(case.history, episode),
        uids=_uids(case, episode, StepKind.THANK_YOU),
    )
    return _settled(case, episode, step, sent)


def _follow_up(
    case: PlanningContext, episode: Episode, kind: StepKind, *, folds_thanks: bool
) -> Step:
    sent = step_log(case.history, episode, kind, case.everything).sent
    seen = _seen(case, sent)
    window = windows.follow_up_window(case, episode, kind, seen)
    step = Step(
        interview=case.interview(episode.interview).id,
        kind=kind,
        episode=episode.number,
        state=StepState.UPCOMING,
        opens=window.opens,
        closes=window.closes,
        recommended=window.recommended,
        send_at=windows.send_at(case, kind, window.recommended),
        reason=window.reason,
        folds_thanks=folds_thanks,
        unlogged=window.waits_for,
        uids=_uids(case, episode, kind),
    )
    return _settled(case, episode, step, sent)


def _move_on(case: PlanningContext, episode: Episode) -> Step:
    sent = step_log(case.history, episode, StepKind.MOVE_ON, case.everything).sent
    day, reason = windows.move_on_window(case, episode, _seen(case, sent))
    step = Step(
        interview=case.interview(episode.interview).id,
        kind=StepKind.MOVE_ON,
        episode=episode.number,
        state=StepState.UPCOMING,
        opens=day,
        closes=day,
        recommended=day,
        send_at=windows.send_at(case, StepKind.MOVE_ON, day),
        reason=reason,
        uids=_uids(case, episode, StepKind.MOVE_ON),
    )
    return _settled(case, episode, step, sent)


def _settled(
    case: PlanningContext, episode: Episode, step: Step, sent: TimelineEntry | None
) -> Step:
    """Return the step of an episode as the log left it: moved, done or withdrawn."""
    step = _moved(case, step, windows.effective_move(case, episode, step.kind, _seen(case, sent)))
    return _finished(step, sent, withdrawal.why_step_withdrawn(case, episode, step.kind))


def _seen(case: PlanningContext, sent: TimelineEntry | None) -> int:
    """Return how much of the log counts for a step: all of it, or up to its sending."""
    return case.everything if sent is None else sent.order + 1


def _moved(case: PlanningContext, step: Step, move: TimelineEntry | None) -> Step:
    if move is None or move.to is None:
        return step
    day = case.day(move.to)
    return attrs.evolve(
        step,
        send_at=move.to,
        recommended=day,
        reason=TranslatableText(
            text="you moved it to {date}", facts={"date": day}, choice=UserChoice.MOVED
        ),
        note=_out_of_window(step, move.to, day),
    )


def _out_of_window(step: Step, moment: dt.datetime, day: dt.date) -> TranslatableText | None:
    timed = isinstance(step.opens, dt.datetime)
    at: dt.date = moment if timed else day
    if at < step.opens:
        return TranslatableText(text="that is before its window opens")
    if at > step.closes:
        return TranslatableText(text="that is after its window closes")
    return None


def _finished(step: Step, sent: TimelineEntry | None, why_not: TranslatableText | None) -> Step:
    if sent:
        return attrs.evolve(step, state=StepState.DONE, sent_at=sent.at)
    if why_not:
        return attrs.evolve(step, state=StepState.WITHDRAWN, reason=why_not)
    return step


def _uids(case: PlanningContext, episode: Episode, kind: StepKind) -> dict[str, str]:
    interview = case.interview(episode.interview).id
    generation = step_log(case.history, episode, kind, case.everything).restored
    return uids.event_uids(case.application.id, interview, kind, episode.number, generation)


def _reply(case: PlanningContext, answer: TimelineEntry) -> Step:
    about = withdrawal.reply_entries(case, answer)
    sent = next((e for e in about if e.entry.sent is StepKind.REPLY), None)
    known = [e for e in about if sent is None or e.order <= sent.order]
    send_at = datemath.next_within_hours(answer.at, case.policy.waking, case.zone)
    interview, number = case.interview(answer.interview).id, _earlier_answers(case, answer)
    restored = sum(1 for e in about if e.entry.restored)
    step = Step(
        interview=interview,
        kind=StepKind.REPLY,
        episode=number,
        state=StepState.UPCOMING,
        opens=answer.at,
        closes=answer.at + _DAY,
        recommended=case.day(send_at),
        send_at=send_at,
        reason=TranslatableText(text="within 24 hours of their answer"),
        answer=answer.entry.heard,
        uids=uids.event_uids(case.application.id, interview, StepKind.REPLY, number, restored),
    )
    step = _moved(case, step, withdrawal.last_move(case, answer, known))
    return _finished(step, sent, withdrawal.why_reply_withdrawn(case, answer, about))


def _earlier_answers(case: PlanningContext, answer: TimelineEntry) -> int:
    same = (a for a in case.history.answers if a.interview == answer.interview)
    return sum(1 for a in same if a.order < answer.order)


def _keep_in_touch(case: PlanningContext) -> tuple[int, Step] | None:
    chosen = [e for e in case.history.log if e.entry.keep_in_touch]
    if not chosen:
        return None
    interview = chosen[-1].interview
    episode = case.history.episodes[interview][0]
    kind = StepKind.KEEP_IN_TOUCH
    sent = step_log(case.history, episode, kind, case.everything).sent
    seen = _seen(case, sent)
    counts = ([e for e in chosen if e.order < seen] or chosen)[-1]
    date = counts.entry.keep_in_touch or counts.day
    day = case.roll(date)
    step = Step(
        interview=case.interview(interview).id,
        kind=kind,
        episode=0,
        state=StepState.UPCOMING,
        opens=day,
        closes=day,
        recommended=day,
        send_at=windows.send_at(case, kind, day),
        reason=TranslatableText(
            text="you chose to keep in touch from {date}", facts={"date": date}
        ),
        uids=_uids(case, episode, kind),
    )
    step = _moved(case, step, windows.effective_move(case, episode, kind, seen))
    why_not = withdrawal.why_keep_in_touch_withdrawn(case, episode, chosen[-1])
    return interview, _finished(step, sent, why_not)
