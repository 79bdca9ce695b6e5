"""Why a step is no longer to be done: an answer, a later round, a close, a choice.

Each function returns the sentence that says so, or None where the step stands.
A step that was sent is done whatever holds here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from afterword.core.case import Case
from afterword.core.history import Episode, Logged
from afterword.core.model import FOLLOW_UPS, Choice, Phrase, Status, StepKind
from afterword.core.said import said

_RETIRED_BY_A_ROUND = (*FOLLOW_UPS, StepKind.MOVE_ON)


def of_step(case: Case, episode: Episode, kind: StepKind) -> Phrase | None:
    """Return why a step of an episode is withdrawn."""
    chosen = _chosen(case, episode, kind)
    if chosen:
        return chosen
    begun = -1 if episode.answer is None or kind is StepKind.THANK_YOU else episode.answer.order
    answered = _answered(case, episode, after=begun)
    if answered:
        return answered
    if (
        kind is StepKind.FIRST
        and said(case.history, episode, StepKind.SECOND, case.everything).sent
    ):
        return Phrase(text="the second was sent without it")
    return (
        _cancelled(case, episode.interview)
        or (_later_round(case, episode.interview) if kind in _RETIRED_BY_A_ROUND else None)
        or _closed(case)
    )


def of_keep_in_touch(case: Case, episode: Episode, chosen: Logged) -> Phrase | None:
    """Return why the quiet step is withdrawn; answers and closes before it do not count."""
    return (
        _chosen(case, episode, StepKind.KEEP_IN_TOUCH)
        or _answered(case, episode, after=chosen.order)
        or _cancelled(case, episode.interview)
        or _closed(case, after=chosen.order)
    )


def of_reply(case: Case, answer: Logged, about: Iterable[Logged]) -> Phrase | None:
    """Return why the reply to an answer is withdrawn; `about` are the entries about it."""
    chosen: Phrase | None = None
    for logged in about:
        if logged.entry.restored:
            chosen = None
        elif logged.entry.skipped:
            chosen = _skipped(logged)
        elif logged.entry.deleted:
            chosen = _deleted(logged)
    if chosen:
        return chosen
    later = next((a for a in case.history.answers if a.order > answer.order), None)
    if later:
        return Phrase(text="they answered again on {date}", facts={"date": later.day})
    return _closed(case)


def about_reply(case: Case, answer: Logged) -> list[Logged]:
    """Return the entries about the reply to an answer.

    They are about the latest answer at or before them, of the interview that
    they name, else of the application.
    """
    return [e for e in case.history.log if _means_reply(e) and _answer_of(case, e) == answer]


def last_move(case: Case, answer: Logged, about: Sequence[Logged]) -> Logged | None:
    """Return the last move of a reply that no later rescheduling of the interview voids.

    `about` are the entries about the reply that count for it.
    """
    moves = [e for e in about if e.entry.moved is StepKind.REPLY]
    if not moves:
        return None
    sent = any(e.entry.sent is StepKind.REPLY for e in about)
    seen = about[-1].order + 1 if sent else case.everything
    since = (e for e in case.history.entries(answer.interview, seen) if e.order > moves[-1].order)
    return None if any(e.entry.rescheduled for e in since) else moves[-1]


def _means_reply(logged: Logged) -> bool:
    entry = logged.entry
    named = {entry.sent, entry.skipped, entry.deleted, entry.moved, entry.restored}
    return StepKind.REPLY in named


def _answer_of(case: Case, logged: Logged) -> Logged | None:
    named = logged.entry.interview
    answers = [
        a
        for a in case.history.answers
        if a.at <= logged.at and (named is None or case.interview(a.interview).id == named)
    ]
    return answers[-1] if answers else None


def _chosen(case: Case, episode: Episode, kind: StepKind) -> Phrase | None:
    log = said(case.history, episode, kind, case.everything)
    if log.skipped:
        return _skipped(log.skipped)
    return _deleted(log.deleted) if log.deleted else None


def _skipped(logged: Logged) -> Phrase:
    text = "you skipped it on {date}"
    return Phrase(text=text, facts={"date": logged.day}, choice=Choice.SKIPPED)


def _deleted(logged: Logged) -> Phrase:
    text = "you deleted its event by {date}"
    return Phrase(text=text, facts={"date": logged.day}, choice=Choice.DELETED)


def _answered(case: Case, episode: Episode, *, after: int) -> Phrase | None:
    for answer in case.history.answers:
        if answer.order > after and case.history.concerns(answer, episode.interview):
            return Phrase(text="they answered on {date}", facts={"date": answer.day})
    return None


def _cancelled(case: Case, interview: int) -> Phrase | None:
    if case.interview(interview).status is Status.CANCELLED:
        return Phrase(text="the interview was cancelled")
    return None


def _later_round(case: Case, interview: int) -> Phrase | None:
    for later in case.history.interviews[interview + 1 :]:
        if later.status is not Status.CANCELLED:
            day = case.day(later.start)
            return Phrase(text="the next interview is on {date}", facts={"date": day})
    return None


def _closed(case: Case, *, after: int = -1) -> Phrase | None:
    """Return the phrase for an application closed after an entry and not opened again."""
    closing: Logged | None = None
    for logged in case.history.log:
        if logged.entry.reopened:
            closing = None
        if logged.entry.closed and logged.order > after:
            closing = logged
    if closing:
        return Phrase(text="you closed the application on {date}", facts={"date": closing.day})
    return None
