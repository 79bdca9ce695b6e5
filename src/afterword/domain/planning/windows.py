"""Compute the window of each step: when it opens and closes, the recommended day, and why.

Days 5-7 and 10-14, the 24 hours and "another week" are the article's figures;
the other figures are choices that never make a step earlier. D, A, TY, S, S1
and L are the terms of the planning rules, and each window names the term that
decided it.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from typing import NamedTuple

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, StepKind, When
from afterword.domain.planning.context import EpisodeView, PlanningContext
from afterword.domain.planning.plan import TranslatableText
from afterword.domain.planning.timeline import TimelineEntry

_THANK_YOU_LIMIT = 24 * datemath.HOUR
_MOVE_ON_FROM = dt.time(9)
_DAY = operator.attrgetter("day")


class ThankYouWindow(NamedTuple):
    """The window of a thank-you in instants; `late` if the interview was added too late."""

    opens: dt.datetime
    closes: dt.datetime
    send_at: dt.datetime
    late: bool = False


class Window(NamedTuple):
    """The window of a follow-up in the employer's days, ends inclusive.

    `waits_for` is set on a second follow-up whose first was not logged: the
    last day on which the first may have been sent.
    """

    opens: dt.date
    closes: dt.date
    recommended: dt.date
    reason: TranslatableText
    waits_for: dt.date | None = None


class _Term(NamedTuple):
    """A day that a window waits for, with the reason to show if it decides."""

    day: dt.date
    reason: TranslatableText


def thank_you_window(view: EpisodeView, *, sent: bool) -> ThankYouWindow | None:
    """Return the window of the thank-you, None where the first follow-up says thanks instead.

    The deadline is 24 elapsed hours after the interview (article). If the
    interview was added too late for that, a thank-you is still worth sending
    until day 5.
    """
    context, end = view.context, view.interview.end
    deadline = end + _THANK_YOU_LIMIT
    added = context.added_at(view.episode.interview)
    waking = context.policy.waking
    if added is not None:
        first = datemath.next_within_hours(added, waking, context.zone)
        if first >= deadline:
            if not sent and not _added_before_day_five(view):
                return None
            if not sent:
                closes = datemath.end_of_hours(first, waking, context.zone)
                return ThankYouWindow(opens=end, closes=closes, send_at=first, late=True)
            added = None
    earliest = max(end + datemath.HOUR, added or end)
    send_at = datemath.next_within_hours(earliest, waking, context.zone)
    return ThankYouWindow(opens=end, closes=deadline, send_at=send_at)


def _added_before_day_five(view: EpisodeView) -> bool:
    added = view.added_day()
    day_five = datemath.days_after(view.episode.anchor, view.context.policy.first_opens)
    return added is None or added < day_five


# Each later step of an episode needs the windows and terms before it again.
@functools.lru_cache(maxsize=64)
def follow_up_window(view: EpisodeView, kind: StepKind) -> Window:
    """Return the window of a follow-up; a move of the step itself does not change it."""
    return _first_window(view) if kind is StepKind.FIRST else _second_window(view)


def _first_window(view: EpisodeView) -> Window:
    context = view.context
    earliest, until = _days_of_episode(view, StepKind.FIRST)
    opens = _latest([earliest, *_thanks_terms(view), *_shared_terms(view), *_call_terms(view)])
    closes = max(until, datemath.days_after(opens.day, 2))
    recommended = opens
    decision = view.log.decision_day()
    if decision is not None:
        closes = max(closes, context.working_day_after(decision, 3))
        reason = TranslatableText("they named {date}; two working days later", {"date": decision})
        recommended = _latest([opens, _Term(context.working_day_after(decision, 2), reason)])
    return _window(context, opens.day, closes, recommended)


def _second_window(view: EpisodeView) -> Window:
    week = view.context.policy.week
    earliest, until = _days_of_episode(view, StepKind.SECOND)
    terms = [earliest]
    first = first_follow_up_day(view)
    if first is not None:
        text = (
            "a week after you wrote"
            if view.log.of_step(StepKind.FIRST).sent
            else "a week after the first follow-up"
        )
        terms.append(_Term(datemath.days_after(first, week), TranslatableText(text)))
    opens = recommended = _latest([*terms, *_shared_terms(view)])
    closes = until if opens.day <= until else datemath.days_after(opens.day, 3)
    waits_for = _last_day_of_unlogged_first(view)
    if waits_for is not None:
        text = "a week after {day}, the last day for your first follow-up (not logged yet)"
        reason = TranslatableText(text, {"day": waits_for})
        recommended = _latest([opens, _Term(datemath.days_after(waits_for, week), reason)])
    return _window(view.context, opens.day, closes, recommended, waits_for)


def move_on_window(view: EpisodeView) -> tuple[dt.date, TranslatableText]:
    """Return the day of the move-on step, a week after the last follow-up, and the reason."""
    week = datemath.days_after(_last_follow_up_day(view), view.context.policy.week)
    text = (
        "a week after the second follow-up; two without an answer are enough"
        if view.episode.follow_ups > 1
        else "a week after your follow-up; another one would not help"
    )
    term = _latest([_Term(week, TranslatableText(text)), *_shared_terms(view)])
    return view.context.roll(term.day), term.reason


def effective_move(view: EpisodeView, kind: StepKind) -> TimelineEntry | None:
    """Return the move of a step that is still valid.

    A follow-up's move is void if a later entry makes the step open later than
    it did at the move, and after the day that it was moved to.
    """
    move = view.log.of_step(kind).moved
    if move is None or kind not in FOLLOW_UPS:
        return move
    opened = follow_up_window(view.up_to(move), kind).opens
    opens = follow_up_window(view, kind).opens
    return None if opens > opened and opens > _day_moved_to(view, move) else move


def first_follow_up_day(view: EpisodeView) -> dt.date | None:
    """Return the day of the first follow-up (S1), None if it was left out."""
    first = view.log.of_step(StepKind.FIRST)
    if first.sent:
        return first.sent.day
    move = effective_move(view, StepKind.FIRST)
    if move:
        return _day_moved_to(view, move)
    if first.skipped:
        return None
    return follow_up_window(view, StepKind.FIRST).recommended


def _last_follow_up_day(view: EpisodeView) -> dt.date:
    """Return the day of the episode's last follow-up (S), no earlier than its first."""
    kind = StepKind.SECOND if view.episode.follow_ups > 1 else StepKind.FIRST
    sent = view.log.of_step(kind).sent
    move = effective_move(view, kind)
    if sent:
        last = sent.day
    elif move:
        last = _day_moved_to(view, move)
    else:
        last = follow_up_window(view, kind).recommended
    if kind is StepKind.FIRST or (sent and not view.log.of_step(StepKind.FIRST).sent):
        return last
    return max(last, first_follow_up_day(view) or last)


def _last_day_of_unlogged_first(view: EpisodeView) -> dt.date | None:
    """Return the last working day of the first's window (L), None if the first was logged."""
    first = view.log.of_step(StepKind.FIRST)
    if first.sent or first.skipped or effective_move(view, StepKind.FIRST):
        return None
    window = follow_up_window(view, StepKind.FIRST)
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
    decision = view.log.decision_day()
    if decision is not None:
        text = "they named {date}; the next working day at the earliest"
        day = view.context.working_day_after(decision, 1)
        terms.append(_Term(day, TranslatableText(text, {"date": decision})))
    away = view.log.away_until()
    if away is not None:
        text = "they are away until {date}; the next working day"
        day = view.context.working_day_after(away, 1)
        terms.append(_Term(day, TranslatableText(text, {"date": away})))
    added = view.added_day()
    if added is not None:
        text = "not before {date}, when you added the interview"
        terms.append(_Term(added, TranslatableText(text, {"date": added})))
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
    log = view.log.of_step(StepKind.THANK_YOU)
    if log.sent:
        return log.sent.day
    if view.interview.added is None:  # never late
        return None
    window = thank_you_window(view, sent=False)
    if window is None or not window.late or log.skipped or log.deleted:
        return None
    move = effective_move(view, StepKind.THANK_YOU)
    return _day_moved_to(view, move) if move else view.context.employer_day(window.send_at)


def _call_terms(view: EpisodeView) -> list[_Term]:
    """Return the term of a promised call, which holds the first follow-up back."""
    if not view.log.promised_to_call():
        return []
    days = view.context.policy.promised_call
    reason = TranslatableText("they promised to call; not before day {days}", {"days": days})
    return [_Term(datemath.days_after(view.episode.anchor, days), reason)]


def _latest(terms: list[_Term]) -> _Term:
    """Return the latest term, the first of equal ones."""
    return max(terms, key=_DAY)


def _window(
    context: PlanningContext,
    opens: dt.date,
    closes: dt.date,
    recommended: _Term,
    waits_for: dt.date | None = None,
) -> Window:
    """Return a window that is extended to the recommended day rolled to a working day."""
    day = context.roll(recommended.day)
    return Window(
        opens=opens,
        closes=max(closes, day),
        recommended=day,
        reason=recommended.reason,
        waits_for=waits_for,
    )


def _day_moved_to(view: EpisodeView, move: TimelineEntry) -> dt.date:
    if move.to is None:
        msg = "a move without its `to`"
        raise ValueError(msg)
    return view.context.employer_day(move.to)


def send_at(context: PlanningContext, kind: StepKind, recommended: When) -> dt.datetime:
    """Return the instant to act on a recommended day, in UTC."""
    policy = context.policy
    if kind in FOLLOW_UPS:
        return datemath.earliest_contact_time(
            recommended, policy.office, context.employer_zone, policy.waking, context.zone
        )
    return datemath.at_local_time(
        recommended, max(_MOVE_ON_FROM, policy.waking.start), context.zone
    )
