"""When each step may be done: the rules of an episode, one function a step.

Figures of days 5-7, 10-14 and "another week" are the article's; the rest are
choices that never make a step earlier. Each window says which of its rules
decided, in one sentence. I is the episode's anchor.
"""

from __future__ import annotations

import datetime as dt
import functools

import attrs

from afterword.core import timing
from afterword.core.case import Case
from afterword.core.history import Episode, Logged
from afterword.core.model import FOLLOW_UPS, Phrase, StepKind, When
from afterword.core.said import away_until, decision_day, said, will_call
from afterword.core.thanks import thank_you


@attrs.frozen(kw_only=True)
class Window:
    """The days from `opens` to `closes`, the recommended one, and why."""

    opens: dt.date
    closes: dt.date
    recommended: dt.date
    reason: Phrase
    waits_for: dt.date | None = None
    """For a second follow-up whose first was not logged: the day it may have been written."""


@attrs.frozen
class _Term:
    """One of the days that a window waits for, and the sentence that says so."""

    day: dt.date
    reason: Phrase


def _thanked_on(case: Case, episode: Episode, seen: int) -> dt.date | None:
    """TY: the day of the thanks, where it was sent or is still to be sent late."""
    if episode.number > 0:
        return None
    note = said(case.history, episode, StepKind.THANK_YOU, seen)
    if note.sent:
        return note.sent.day
    thanks = thank_you(case, episode.interview, sent=False)
    if thanks is None or not thanks.late:
        return None
    if note.skipped or note.deleted:
        return None
    move = moved(case, episode, StepKind.THANK_YOU, seen)
    return case.day(_moment(move) if move else thanks.send_at)


# Each later step of an episode asks again for the windows before it.
@functools.lru_cache(maxsize=64)
def follow_up(case: Case, episode: Episode, kind: StepKind, seen: int) -> Window:
    """Return the window of a follow-up from the first `seen` entries, moves left aside."""
    if kind is StepKind.FIRST:
        return _first(case, episode, seen)
    return _second(case, episode, seen)


def _days(case: Case, episode: Episode, kind: StepKind) -> tuple[_Term, dt.date]:
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
    why = Phrase(text=text, facts={"a": since, "b": until})
    earliest = _Term(timing.days_after(episode.anchor, since), why)
    return earliest, timing.days_after(episode.anchor, until)


def _first(case: Case, episode: Episode, seen: int) -> Window:
    policy = case.policy
    earliest, until = _days(case, episode, StepKind.FIRST)
    terms = [earliest]
    thanked = _thanked_on(case, episode, seen)
    if thanked is not None:
        day = timing.days_after(thanked, policy.first_opens - 1)
        facts: dict[str, str | int | dt.date] = {"days": policy.first_opens - 1}
        terms.append(_Term(day, Phrase(text="{days} days after your thank-you", facts=facts)))
    terms += _waits(case, episode, seen)
    if will_call(case.history, episode, seen):
        day = timing.days_after(episode.anchor, policy.promised_call)
        facts = {"days": policy.promised_call}
        text = "they promised to call; not before day {days}"
        terms.append(_Term(day, Phrase(text=text, facts=facts)))
    opens = _latest(terms)
    closes = max(until, timing.days_after(opens.day, 2))
    recommended, reason = opens.day, opens.reason
    decision = decision_day(case.history, episode, seen)
    if decision is not None:
        closes = max(closes, case.working_day_after(decision, 3))
        two_later = case.working_day_after(decision, 2)
        if two_later > recommended:
            recommended, reason = two_later, _after_decision(decision)
    return _window(case, opens.day, closes, recommended, reason)


def _second(case: Case, episode: Episode, seen: int) -> Window:
    policy = case.policy
    earliest, until = _days(case, episode, StepKind.SECOND)
    terms = [earliest]
    first = first_day(case, episode, seen)
    if first is not None:
        text = (
            "a week after you wrote"
            if said(case.history, episode, StepKind.FIRST, seen).sent
            else "a week after the first follow-up"
        )
        terms.append(_Term(timing.days_after(first, policy.week), Phrase(text=text)))
    opens = _latest([*terms, *_waits(case, episode, seen)])
    closes = until if opens.day <= until else timing.days_after(opens.day, 3)
    waits_for = _may_have_written_on(case, episode, seen)
    recommended, reason = opens.day, opens.reason
    if waits_for is not None and timing.days_after(waits_for, policy.week) > recommended:
        recommended = timing.days_after(waits_for, policy.week)
        text = "a week after the last day of the first, in case you wrote on {day}"
        reason = Phrase(text=text, facts={"day": waits_for})
    return _window(case, opens.day, closes, recommended, reason, waits_for)


def move_on(case: Case, episode: Episode, seen: int) -> tuple[dt.date, Phrase]:
    """Return the day to let go: a week after the episode's last follow-up."""
    week = timing.days_after(_last_day(case, episode, seen), case.policy.week)
    text = (
        "a week after the second follow-up; two without an answer are enough"
        if episode.follow_ups > 1
        else "a week after the follow-up; one more would not help"
    )
    term = _latest([_Term(week, Phrase(text=text)), *_waits(case, episode, seen)])
    return case.roll(term.day), term.reason


def moved(case: Case, episode: Episode, kind: StepKind, seen: int) -> Logged | None:
    """Return the move of a step that still holds.

    A follow-up's move is void where something logged after it makes the step
    open later than it did then, and after the day it was moved to.
    """
    move = said(case.history, episode, kind, seen).moved
    if move is None or kind not in FOLLOW_UPS:
        return move
    opened = follow_up(case, episode, kind, move.order + 1).opens
    opens = follow_up(case, episode, kind, seen).opens
    return None if opens > opened and opens > case.day(_moment(move)) else move


def first_day(case: Case, episode: Episode, seen: int) -> dt.date | None:
    """S1: the day of the first follow-up, or None where it was left out."""
    first = said(case.history, episode, StepKind.FIRST, seen)
    if first.sent:
        return first.sent.day
    move = moved(case, episode, StepKind.FIRST, seen)
    if move:
        return case.day(_moment(move))
    if first.skipped:
        return None
    return follow_up(case, episode, StepKind.FIRST, seen).recommended


def _last_day(case: Case, episode: Episode, seen: int) -> dt.date:
    """S: the day of the episode's last follow-up, no earlier than its first."""
    kind = StepKind.SECOND if episode.follow_ups > 1 else StepKind.FIRST
    sent = said(case.history, episode, kind, seen).sent
    move = moved(case, episode, kind, seen)
    if sent:
        last = sent.day
    elif move:
        last = case.day(_moment(move))
    else:
        last = follow_up(case, episode, kind, seen).recommended
    first_sent = said(case.history, episode, StepKind.FIRST, seen).sent
    if kind is StepKind.FIRST or (sent and not first_sent):
        return last
    return max(last, first_day(case, episode, seen) or last)


def _may_have_written_on(case: Case, episode: Episode, seen: int) -> dt.date | None:
    """L: the last working day of the first's window, while nobody logged what became of it."""
    first = said(case.history, episode, StepKind.FIRST, seen)
    if first.sent or first.skipped or moved(case, episode, StepKind.FIRST, seen):
        return None
    window = follow_up(case, episode, StepKind.FIRST, seen)
    return timing.last_working_day(window.opens, window.closes, case.is_working_day)


def _waits(case: Case, episode: Episode, seen: int) -> list[_Term]:
    """Return what every follow-up and the move-on wait for: D, A and `added`."""
    terms = []
    decision = decision_day(case.history, episode, seen)
    if decision is not None:
        day = case.working_day_after(decision, 1)
        text = "they named {date}; the next working day at the earliest"
        terms.append(_Term(day, Phrase(text=text, facts={"date": decision})))
    away = away_until(case.history, episode, seen)
    if away is not None:
        day = case.working_day_after(away, 1)
        text = "they are away until {date}; the working day after that"
        terms.append(_Term(day, Phrase(text=text, facts={"date": away})))
    added = case.added_day(episode)
    if added is not None:
        text = "from {date}, when you told of the interview"
        terms.append(_Term(added, Phrase(text=text, facts={"date": added})))
    return terms


def _after_decision(decision: dt.date) -> Phrase:
    return Phrase(text="they named {date}; two working days later", facts={"date": decision})


def _latest(terms: list[_Term]) -> _Term:
    return max(terms, key=lambda term: term.day)


def _window(
    case: Case,
    opens: dt.date,
    closes: dt.date,
    recommended: dt.date,
    reason: Phrase,
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


def _moment(move: Logged) -> dt.datetime:
    """Return the moment that a move goes to."""
    if move.to is None:
        msg = "a move without its `to`"
        raise ValueError(msg)
    return move.to


def send_at(case: Case, kind: StepKind, recommended: When) -> dt.datetime:
    """Return the moment to act on a recommended day, in UTC."""
    policy = case.policy
    if kind in FOLLOW_UPS:
        return timing.reachable(
            recommended, policy.office, case.employer_zone, policy.waking, case.zone
        )
    return timing.on(recommended, max(dt.time(9), policy.waking.start), case.zone)
