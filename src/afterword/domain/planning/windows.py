"""Schedule each step: when it opens and closes, the recommended day and moment, and why.

Days 5-7 and 10-14, the 24 hours and "another week" are the article's figures;
the other figures are choices that never make a step earlier. D, A, TY, S, S1
and L are the terms of the planning rules, and each step names the term that
decided it.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from typing import NamedTuple

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, Answer, StepKind, When
from afterword.domain.planning.context import EpisodeView, PlanningContext
from afterword.domain.planning.plan import TranslatableText
from afterword.domain.planning.timeline import TimelineEntry

_ANSWER_LIMIT = 24 * datemath.HOUR
_MOVE_ON_FROM = dt.time(9)
_DAY = operator.attrgetter("day")


class ScheduledStep(NamedTuple):
    """A step as the rules schedule it, before the log moves, completes or withdraws it.

    `opens` and `closes` are instants for a thank-you and a reply, and the employer's days for
    the others, both inclusive. `late`: the interview was added too late for thanks in time.
    The other fields are those of a `Step`.
    """

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


class _Term(NamedTuple):
    """A day that a step waits for, with the reason to show if it decides."""

    day: dt.date
    reason: TranslatableText


def schedule_thank_you(view: EpisodeView) -> ScheduledStep | None:
    """Return the thank-you, None where the first follow-up says thanks instead.

    The deadline is 24 elapsed hours after the interview (article). If the interview was added
    too late for that, a thank-you is still worth sending until day 5.
    """
    context, end = view.context, view.interview.end
    closes, earliest, late = end + _ANSWER_LIMIT, end + datemath.HOUR, False
    sent = view.of_step(StepKind.THANK_YOU).sent
    added = context.added_at(view.interview)
    if added is not None:
        first = context.next_waking_moment(added)
        if first < closes:
            earliest = max(earliest, added)
        elif not sent:
            if not _added_before_day_five(view):
                return None
            earliest, late = first, True
            _, closes = datemath.hours_on(
                datemath.day_of(first, context.zone), context.policy.waking, context.zone
            )
    text = (
        "added after the first 24 hours; still worth sending"
        if late
        else "within 24 hours of the interview"
    )
    send_at = context.next_waking_moment(earliest)
    return ScheduledStep(
        kind=StepKind.THANK_YOU,
        opens=end,
        closes=closes,
        recommended=context.employer_day(send_at),
        send_at=send_at,
        reason=TranslatableText(text),
        late=late,
        thanked=() if sent else view.thanked_interviewers(),
    )


def _added_before_day_five(view: EpisodeView) -> bool:
    added = view.added_day()
    day_five = datemath.days_after(view.episode.anchor, view.context.policy.first_opens)
    return added is None or added < day_five


def schedule_reply(context: PlanningContext, answer: TimelineEntry) -> ScheduledStep:
    """Return the reply to an answer, within 24 elapsed hours."""
    send_at = context.next_waking_moment(answer.at)
    return ScheduledStep(
        kind=StepKind.REPLY,
        opens=answer.at,
        closes=answer.at + _ANSWER_LIMIT,
        recommended=context.employer_day(send_at),
        send_at=send_at,
        reason=TranslatableText("within 24 hours of their answer"),
        answer=answer.entry.heard,
    )


def schedule_step(view: EpisodeView, kind: StepKind) -> ScheduledStep:
    """Return another step of an episode; a move of the step itself does not change it."""
    if kind is StepKind.MOVE_ON:
        return _move_on(view)
    return _keep_in_touch(view) if kind is StepKind.KEEP_IN_TOUCH else _follow_up(view, kind)


def _keep_in_touch(view: EpisodeView) -> ScheduledStep:
    """Return the step on the day that was chosen last to keep in touch."""
    chosen = view.context.timeline.keep_in_touch_entries()
    decisive = ([e for e in chosen if e.order < view.seen] or chosen)[-1]
    date = decisive.entry.keep_in_touch or decisive.day
    reason = TranslatableText("you chose to keep in touch from {date}", {"date": date})
    return _single_day(view.context, StepKind.KEEP_IN_TOUCH, _Term(date, reason))


def _move_on(view: EpisodeView) -> ScheduledStep:
    """Return the move-on step, a week after the last follow-up."""
    week = datemath.days_after(_last_follow_up_day(view), view.context.policy.week)
    text = (
        "a week after the second follow-up; two without an answer are enough"
        if view.episode.follow_ups > 1
        else "a week after your follow-up; another one would not help"
    )
    term = _latest([_Term(week, TranslatableText(text)), *_shared_terms(view)])
    return _single_day(view.context, StepKind.MOVE_ON, term)


def _single_day(context: PlanningContext, kind: StepKind, term: _Term) -> ScheduledStep:
    """Return a step of a single day, the working day at or after that of the term."""
    day = context.roll(term.day)
    time = max(_MOVE_ON_FROM, context.policy.waking.start)
    send_at = datemath.at_local_time(day, time, context.zone)
    return ScheduledStep(
        kind=kind, opens=day, closes=day, recommended=day, send_at=send_at, reason=term.reason
    )


# Each later step of an episode needs the windows and terms before it again.
@functools.lru_cache(maxsize=64)
def _follow_up(view: EpisodeView, kind: StepKind) -> ScheduledStep:
    return _first(view) if kind is StepKind.FIRST else _second(view)


def _first(view: EpisodeView) -> ScheduledStep:
    context = view.context
    earliest, until = _days_of_episode(view, StepKind.FIRST)
    opens = _latest([earliest, *_thanks_terms(view), *_shared_terms(view), *_call_terms(view)])
    closes = max(until, datemath.days_after(opens.day, 2))
    recommended = opens
    decision = view.decision_day()
    if decision is not None:
        closes = max(closes, context.working_day_after(decision, 3))
        reason = TranslatableText("they named {date}; two working days later", {"date": decision})
        recommended = _latest([opens, _Term(context.working_day_after(decision, 2), reason)])
    return _window(context, StepKind.FIRST, opens.day, closes, recommended)


def _second(view: EpisodeView) -> ScheduledStep:
    week = view.context.policy.week
    earliest, until = _days_of_episode(view, StepKind.SECOND)
    terms = [earliest]
    first = _first_follow_up_day(view)
    if first is not None:
        text = (
            "a week after you wrote"
            if view.of_step(StepKind.FIRST).sent
            else "a week after the first follow-up"
        )
        terms.append(_Term(datemath.days_after(first, week), TranslatableText(text)))
    opens = recommended = _latest([*terms, *_shared_terms(view)])
    closes = until if opens.day <= until else datemath.days_after(opens.day, 3)
    unlogged = _last_day_of_unlogged_first(view)
    if unlogged is not None:
        text = "a week after {day}, the last day for your first follow-up (not logged yet)"
        reason = TranslatableText(text, {"day": unlogged})
        recommended = _latest([opens, _Term(datemath.days_after(unlogged, week), reason)])
    return _window(view.context, StepKind.SECOND, opens.day, closes, recommended, unlogged)


def _window(
    context: PlanningContext,
    kind: StepKind,
    opens: dt.date,
    closes: dt.date,
    recommended: _Term,
    unlogged: dt.date | None = None,
) -> ScheduledStep:
    """Return a follow-up whose window is extended to the recommended day on a working day."""
    day, policy = context.roll(recommended.day), context.policy
    return ScheduledStep(
        kind=kind,
        opens=opens,
        closes=max(closes, day),
        recommended=day,
        send_at=datemath.earliest_contact_time(
            day, policy.office, context.timeline.employer_zone, policy.waking, context.zone
        ),
        reason=recommended.reason,
        unlogged=unlogged,
    )


def moved_to(view: EpisodeView, kind: StepKind) -> dt.datetime | None:
    """Return the moment that a step was moved to, None without a move that is still valid.

    A follow-up's move is void if a later entry makes the step open later than
    it did at the move, and after the day that it was moved to.
    """
    move = view.of_step(kind).moved
    if move is None or move.to is None:
        return None
    if kind not in FOLLOW_UPS:
        return move.to
    opened = _follow_up(view.up_to(move), kind).opens
    opens = _follow_up(view, kind).opens
    return None if opens > opened and opens > view.context.employer_day(move.to) else move.to


def _follow_up_day(view: EpisodeView, kind: StepKind) -> dt.date:
    """Return the day on which a follow-up was sent, else the day it was moved to, else planned."""
    sent = view.of_step(kind).sent
    if sent:
        return sent.day
    moved = moved_to(view, kind)
    return view.context.employer_day(moved) if moved else _follow_up(view, kind).recommended


def _first_follow_up_day(view: EpisodeView) -> dt.date | None:
    """Return the day of the first follow-up (S1), None if it was left out."""
    first = view.of_step(StepKind.FIRST)
    if first.skipped and not first.sent and not moved_to(view, StepKind.FIRST):
        return None
    return _follow_up_day(view, StepKind.FIRST)


def _last_follow_up_day(view: EpisodeView) -> dt.date:
    """Return the day of the episode's last follow-up (S), no earlier than its first."""
    if view.episode.follow_ups == 1:
        return _follow_up_day(view, StepKind.FIRST)
    last = _follow_up_day(view, StepKind.SECOND)
    if view.of_step(StepKind.SECOND).sent and not view.of_step(StepKind.FIRST).sent:
        return last
    return max(last, _first_follow_up_day(view) or last)


def _last_day_of_unlogged_first(view: EpisodeView) -> dt.date | None:
    """Return the last working day of the first's window (L), None if the first was logged."""
    first = view.of_step(StepKind.FIRST)
    if first.sent or first.skipped or moved_to(view, StepKind.FIRST):
        return None
    window = _follow_up(view, StepKind.FIRST)
    return datemath.last_working_day(window.opens, window.closes, view.context.is_working_day)


def _days_of_episode(view: EpisodeView, kind: StepKind) -> tuple[_Term, dt.date]:
    """Return the first and the last day of a follow-up, counted from the anchor alone."""
    policy, anchor = view.context.policy, view.episode.anchor
    if view.episode.number == 0:
        text = "day {a}-{b} after the interview"
        first = policy.first_opens, policy.first_closes
        second = policy.second_opens, policy.second_closes
    else:
        text = "day {a}-{b} after their answer"
        first = policy.later_first_opens, policy.later_first_closes
        second = policy.later_second_opens, policy.later_second_closes
    since, until = first if kind is StepKind.FIRST else second
    reason = TranslatableText(text, {"a": since, "b": until})
    return _Term(datemath.days_after(anchor, since), reason), datemath.days_after(anchor, until)


@functools.lru_cache(maxsize=64)
def _shared_terms(view: EpisodeView) -> tuple[_Term, ...]:
    """Return the terms of every follow-up and the move-on: D, A and the day of adding."""
    terms = []
    if decision := view.decision_day():
        text = "they named {date}; the next working day at the earliest"
        reason = TranslatableText(text, {"date": decision})
        terms.append(_Term(view.context.working_day_after(decision, 1), reason))
    if away := view.away_until():
        reason = TranslatableText(
            "they are away until {date}; the next working day", {"date": away}
        )
        terms.append(_Term(view.context.working_day_after(away, 1), reason))
    if added := view.added_day():
        reason = TranslatableText(
            "not before {date}, when you added the interview", {"date": added}
        )
        terms.append(_Term(added, reason))
    return tuple(terms)


def _thanks_terms(view: EpisodeView) -> list[_Term]:
    """Return the term of the thank-you: the first follow-up waits for it to be four days old."""
    thanked = _thank_you_day(view)
    if thanked is None:
        return []
    days = view.context.policy.first_opens - 1
    reason = TranslatableText("{days} days after your thank-you", {"days": days})
    return [_Term(datemath.days_after(thanked, days), reason)]


def _thank_you_day(view: EpisodeView) -> dt.date | None:
    """Return the day of the thanks (TY), if sent or still to be sent late."""
    if view.episode.number > 0:
        return None
    log = view.of_step(StepKind.THANK_YOU)
    if log.sent:
        return log.sent.day
    if view.interview.added is None:  # never late
        return None
    thanks = schedule_thank_you(view)
    if thanks is None or not thanks.late or log.skipped or log.deleted:
        return None
    return view.context.employer_day(moved_to(view, StepKind.THANK_YOU) or thanks.send_at)


def _call_terms(view: EpisodeView) -> list[_Term]:
    """Return the term of a promised call, which holds the first follow-up back."""
    if not view.promised_to_call():
        return []
    days = view.context.policy.promised_call
    reason = TranslatableText("they promised to call; not before day {days}", {"days": days})
    return [_Term(datemath.days_after(view.episode.anchor, days), reason)]


def _latest(terms: list[_Term]) -> _Term:
    """Return the latest term, the first of equal ones."""
    return max(terms, key=_DAY)
