"""When to thank: the only window that is counted in elapsed hours, not in days.

When each step may be done: the rules of an episode, one function a step.

Figures of days 5-7, 10-14 and "another week" are the article's; the rest are
choices that never make a step earlier. Each window says which of its rules
decided, in one sentence. I is the episode's anchor.
"""

from __future__ import annotations

import datetime as dt
import functools

import attrs

from afterword.domain import datemath
from afterword.domain.model import FOLLOW_UPS, StepKind, When
from afterword.domain.planning.log_query import away_until, decision_day, promised_to_call, step_log
from afterword.domain.planning.plan import TranslatableText
from afterword.domain.planning.timeline import Episode, PlanningContext, TimelineEntry

_DEADLINE = 24 * datemath.HOUR


@attrs.frozen(kw_only=True)
class ThankYouWindow:
    """The instants of a thank-you; `late` where the user told of the interview too late."""

    opens: dt.datetime
    closes: dt.datetime
    send_at: dt.datetime
    late: bool = False


def thank_you_window(case: PlanningContext, interview: int, *, sent: bool) -> ThankYouWindow | None:
    """Return when to thank, or None where it is too late for a note of its own.

    The deadline is 24 elapsed hours after the end (article). Told too late for
    that, it is still worth sending until day 5, then the follow-up says thanks.
    """
    end = case.interview(interview).end
    deadline = end + _DEADLINE
    added = case.added_at(interview)
    waking = case.policy.waking
    if added is not None:
        first = datemath.next_within_hours(added, waking, case.zone)
        if first >= deadline:
            if not sent and not _before_day_five(case, interview):
                return None
            if not sent:
                closes = datemath.end_of_hours(first, waking, case.zone)
                return ThankYouWindow(opens=end, closes=closes, send_at=first, late=True)
            added = None
    earliest = max(end + datemath.HOUR, added or end)
    return ThankYouWindow(
        opens=end, closes=deadline, send_at=datemath.next_within_hours(earliest, waking, case.zone)
    )


def _before_day_five(case: PlanningContext, interview: int) -> bool:
    episode = case.history.episodes[interview][0]
    told = case.added_day(episode)
    return told is None or told < datemath.days_after(episode.anchor, case.policy.first_opens)


@attrs.frozen(kw_only=True)
class Window:
    """The days from `opens` to `closes`, the recommended one, and why."""

    opens: dt.date
    closes: dt.date
    recommended: dt.date
    reason: TranslatableText
    waits_for: dt.date | None = None
    """For a second follow-up whose first was not logged: the day it may have been written."""


@attrs.frozen
class _Term:
    """One of the days that a window waits for, and the sentence that says so."""

    day: dt.date
    reason: TranslatableText


def _thanked_on(case: PlanningContext, episode: Episode, seen: int) -> dt.date | None:
    """TY: the day of the thanks, where it was sent or is still to be sent late."""
    if episode.number > 0:
        return None
    note = step_log(case.history, episode, StepKind.THANK_YOU, seen)
    if note.sent:
        return note.sent.day
    thanks = thank_you_window(case, episode.interview, sent=False)
    if thanks is None or not thanks.late:
        return None
    if note.skipped or note.deleted:
        return None
    move = effective_move(case, episode, StepKind.THANK_YOU, seen)
    return case.day(_moment(move) if move else thanks.send_at)


# Each later step of an episode asks again for the windows before it.
@functools.lru_cache(maxsize=64)
def follow_up_window(case: PlanningContext, episode: Episode, kind: StepKind, seen: int) -> Window:
    """Return the window of a follow-up from the first `seen` entries, moves left aside."""
    if kind is StepKind.FIRST:
        return _first(case, episode, seen)
    return _second(case, episode, seen)


def _days(case: PlanningContext, episode: Episode, kind: StepKind) -> tuple[_Term, dt.date]:
    """Return the day from which, and the day until which, the episode's rhythm has it."""
    policy = case.policy
    if episode.number == 0:
        text = "day {a}-{b} after the interview"
        first = policy.first_opens, policy.first_closes
        second = policy.second_opens, policy.second_closes
    else:
        text = "day {a}-{b} after their answer"
        first = policy.later_first_opens, policy.later_first_closes
        second = policy.later_second_opens, policy.later_second_closes
    since, until = first if kind is StepKind.FIRST else second
    why = TranslatableText(text=text, facts={"a": since, "b": until})
    earliest = _Term(datemath.days_after(episode.anchor, since), why)
    return earliest, datemath.days_after(episode.anchor, until)


def _first(case: PlanningContext, episode: Episode, seen: int) -> Window:
    policy = case.policy
    earliest, until = _days(case, episode, StepKind.FIRST)
    terms = [earliest]
    thanked = _thanked_on(case, episode, seen)
    if thanked is not None:
        day = datemath.days_after(thanked, policy.first_opens - 1)
        facts: dict[str, str | int | dt.date] = {"days": policy.first_opens - 1}
        terms.append(
            _Term(day, TranslatableText(text="{days} days after your thank-you", facts=facts))
        )
    terms += _waits(case, episode, seen)
    if promised_to_call(case.history, episode, seen):
        day = datemath.days_after(episode.anchor, policy.promised_call)
        facts = {"days": policy.promised_call}
        text = "they promised to call; not before day {days}"
        terms.append(_Term(day, TranslatableText(text=text, facts=facts)))
    opens = _latest(terms)
    closes = max(until, datemath.days_after(opens.day, 2))
    recommended, reason = opens.day, opens.reason
    decision = decision_day(case.history, episode, seen)
    if decision is not None:
        closes = max(closes, case.working_day_after(decision, 3))
        two_later = case.working_day_after(decision, 2)
        if two_later > recommended:
            recommended, reason = two_later, _after_decision(decision)
    return _window(case, opens.day, closes, recommended, reason)


def _second(case: PlanningContext, episode: Episode, seen: int) -> Window:
    policy = case.policy
    earliest, until = _days(case, episode, StepKind.SECOND)
    terms = [earliest]
    first = first_follow_up_day(case, episode, seen)
    if first is not None:
        text = (
            "a week after you wrote"
            if step_log(case.history, episode, StepKind.FIRST, seen).sent
            else "a week after the first follow-up"
        )
        terms.append(_Term(datemath.days_after(first, policy.week), TranslatableText(text=text)))
    opens = _latest([*terms, *_waits(case, episode, seen)])
    closes = until if opens.day <= until else datemath.days_after(opens.day, 3)
    waits_for = _may_have_written_on(case, episode, seen)
    recommended, reason = opens.day, opens.reason
    if waits_for is not None and datemath.days_after(waits_for, policy.week) > recommended:
        recommended = datemath.days_after(waits_for, policy.week)
        text = "a week after the last day of the first, in case you wrote on {day}"
        reason = TranslatableText(text=text, facts={"day": waits_for})
    return _window(case, opens.day, closes, recommended, reason, waits_for)


def move_on_window(
    case: PlanningContext, episode: Episode, seen: int
) -> tuple[dt.date, TranslatableText]:
    """Return the day to let go: a week after the episode's last follow-up."""
    week = datemath.days_after(_last_day(case, episode, seen), case.policy.week)
    text = (
        "a week after the second follow-up; two without an answer are enough"
        if episode.follow_ups > 1
        else "a week after the follow-up; one more would not help"
    )
    term = _latest([_Term(week, TranslatableText(text=text)), *_waits(case, episode, seen)])
    return case.roll(term.day), term.reason


def effective_move(
    case: PlanningContext, episode: Episode, kind: StepKind, seen: int
) -> TimelineEntry | None:
    """Return the move of a step that still holds.

    A follow-up's move is void where something logged after it makes the step
    open later than it did then, and after the day it was moved to.
    """
    move = step_log(case.history, episode, kind, seen).moved
    if move is None or kind not in FOLLOW_UPS:
        return move
    opened = follow_up_window(case, episode, kind, move.order + 1).opens
    opens = follow_up_window(case, episode, kind, seen).opens
    return None if opens > opened and opens > case.day(_moment(move)) else move


def first_follow_up_day(case: PlanningContext, episode: Episode, seen: int) -> dt.date | None:
    """S1: the day of the first follow-up, or None where it was left out."""
    first = step_log(case.history, episode, StepKind.FIRST, seen)
    if first.sent:
        return first.sent.day
    move = effective_move(case, episode, StepKind.FIRST, seen)
    if move:
        return case.day(_moment(move))
    if first.skipped:
        return None
    return follow_up_window(case, episode, StepKind.FIRST, seen).recommended


def _last_day(case: PlanningContext, episode: Episode, seen: int) -> dt.date:
    """S: the day of the episode's last follow-up, no earlier than its first."""
    kind = StepKind.SECOND if episode.follow_ups > 1 else StepKind.FIRST
    sent = step_log(case.history, episode, kind, seen).sent
    move = effective_move(case, episode, kind, seen)
    if sent:
        last = sent.day
    elif move:
        last = case.day(_moment(move))
    else:
        last = follow_up_window(case, episode, kind, seen).recommended
    first_sent = step_log(case.history, episode, StepKind.FIRST, seen).sent
    if kind is StepKind.FIRST or (sent and not first_sent):
        return last
    return max(last, first_follow_up_day(case, episode, seen) or last)


def _may_have_written_on(case: PlanningContext, episode: Episode, seen: int) -> dt.date | None:
    """L: the last working day of the first's window, while nobody logged what became of it."""
    first = step_log(case.history, episode, StepKind.FIRST, seen)
    if first.sent or first.skipped or effective_move(case, episode, StepKind.FIRST, seen):
        return None
    window = follow_up_window(case, episode, StepKind.FIRST, seen)
    return datemath.last_working_day(window.opens, window.closes, case.is_working_day)


def _waits(case: PlanningContext, episode: Episode, seen: int) -> list[_Term]:
    """Return what every follow-up and the move-on wait for: D, A and `added`."""
    terms = []
    decision = decision_day(case.history, episode, seen)
    if decision is not None:
        day = case.working_day_after(decision, 1)
        text = "they named {date}; the next working day at the earliest"
        terms.append(_Term(day, TranslatableText(text=text, facts={"date": decision})))
    away = away_until(case.history, episode, seen)
    if away is not None:
        day = case.working_day_after(away, 1)
        text = "they are away until {date}; the working day after that"
        terms.append(_Term(day, TranslatableText(text=text, facts={"date": away})))
    added = case.added_day(episode)
    if added is not None:
        text = "from {date}, when you told of the interview"
        terms.append(_Term(added, TranslatableText(text=text, facts={"date": added})))
    return terms


def _after_decision(decision: dt.date) -> TranslatableText:
    return TranslatableText(
        text="they named {date}; two working days later", facts={"date": decision}
    )


def _latest(terms: list[_Term]) -> _Term:
    return max(terms, key=lambda term: term.day)


def _window(
    case: PlanningContext,
    opens: dt.date,
    closes: dt.date,
    recommended: dt.date,
    reason: TranslatableText,
    waits_for: dt.date | None = None,
) -> Window:
    day = case.roll(recommended)
    return Window(
        opens=opens,
        closes=max(closes, day),
        recommended=day,
        reason=reason,
        waits_for=waits_for,
    )


def _moment(move: TimelineEntry) -> dt.datetime:
    """Return the moment that a move goes to."""
    if move.to is None:
        msg = "a move without its `to`"
        raise ValueError(msg)
    return move.to


def send_at(case: PlanningContext, kind: StepKind, recommended: When) -> dt.datetime:
    """Return the moment to act on a recommended day, in UTC."""
    policy = case.policy
    if kind in FOLLOW_UPS:
        return datemath.earliest_contact_time(
            recommended, policy.office, case.employer_zone, policy.waking, case.zone
        )
    return datemath.at_local_time(recommended, max(dt.time(9), policy.waking.start), case.zone)
