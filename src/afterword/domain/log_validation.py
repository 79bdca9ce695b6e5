"""From what a person says to an entry of the log, or the reason why it cannot be one.

The rules are read the same from a file that says otherwise; here the person is
still there to be told.
"""

from __future__ import annotations

import datetime as dt

import attrs

from afterword.domain import datemath
from afterword.domain.agenda import is_superseded
from afterword.domain.model import (
    FOLLOW_UPS,
    Application,
    Channel,
    Interview,
    InterviewStatus,
    LogEntry,
    Person,
    StepKind,
)
from afterword.domain.planning.plan import Plan, Step, StepState, UserChoice
from afterword.errors import UsageError

_WAITING = {StepState.OPEN, StepState.LATE, StepState.OVERDUE}
_LIVE = {*_WAITING, StepState.UPCOMING}
_LEFT_OUT = {UserChoice.SKIPPED, UserChoice.DELETED}

_ENOUGH = {
    1: "the one follow-up after their answer is sent, and one more would only press",
    2: "both follow-ups of this silence are sent, and a third would only press",
}
_INSTEAD = (
    "what you can do instead:",
    "  ask for feedback, once: afterword draft {id} move-on",
    "  keep in touch: afterword close {id} --keep-in-touch DATE",
    "  go on with your other applications: afterword next",
)
# A second entry of the same second is noted a second later.
_SLACK = dt.timedelta(minutes=1)


@attrs.frozen(kw_only=True)
class SentMessage:
    """What the person says of a message: when, how, and to whom of a panel."""

    at: dt.datetime
    by: Channel | None = None
    recipient: Person | None = None


def step_to_log(plan: Plan) -> Step:
    """Return the step that "sent" is about when none is named: the last whose time has come.

    Raises UsageError where there is none.
    """
    waiting = [s for s in plan.steps if s.state in _WAITING and not is_superseded(s, plan)]
    if waiting:
        return _a_message(plan, max(waiting, key=_by_time))
    coming = min((s for s in plan.steps if s.state in _LIVE), key=_by_time, default=None)
    name = plan.application.company
    if coming is None:
        raise UsageError(f"{name}: no step is open; name the one that you mean, as first-follow-up")
    raise UsageError(
        f"{name}: nothing is due yet; if you sent the {coming.kind} early, "
        f"name it: afterword sent {plan.application.id} {coming.kind}"
    )


def _a_message(plan: Plan, step: Step) -> Step:
    if step.kind is not StepKind.MOVE_ON:
        return step
    name, id = plan.application.company, plan.application.id
    raise UsageError(
        f"{name}: what is due is to let it go, not to write",
        [
            f"to let it go: afterword close {id}",
            f"if you wrote before, say what and when: afterword sent {id} STEP --on DAY",
        ],
    )


def record_sent(plan: Plan, kind: StepKind, said: SentMessage, *, now: dt.datetime) -> LogEntry:
    """Return the entry for a message that was sent. Raises UsageError, which says why not."""
    step = _step(plan, kind, said.at)
    interview = find_interview(plan.application, step.interview)
    _not_in_future(said.at, now)
    if said.at < interview.end and kind is not StepKind.REPLY:
        raise UsageError(
            f"{plan.application.company}: the interview ends on {_shown(interview.end, plan)}; "
            "nothing can be sent before that: is the date right?"
        )
    if kind is StepKind.REPLY and isinstance(step.opens, dt.datetime) and said.at < step.opens:
        raise UsageError(
            f"{plan.application.company}: they answered on {_shown(step.opens, plan)}; "
            "a reply before that is not one: is the date right?"
        )
    if kind in FOLLOW_UPS:
        _not_a_third(plan, step, said.at)
    elif step.state is StepState.DONE:
        raise _already(plan, step)
    if kind is StepKind.THANK_YOU and said.recipient and said.recipient.name in step.thanked:
        raise UsageError(
            f"{plan.application.company}: that {said.recipient.name} was thanked is logged already"
        )
    return LogEntry(
        at=said.at,
        interview=_named(plan, step.interview),
        sent=kind,
        by=said.by,
        recipient=said.recipient.name if said.recipient else None,
    )


def open_step(plan: Plan, kind: StepKind, at: dt.datetime) -> Step:
    """Return the step of that kind that stands, else the last one. Raises UsageError."""
    step = _step(plan, kind, at)
    if step.state is StepState.DONE:
        raise _already(plan, step)
    return step


def is_left_out(step: Step) -> bool:
    """Whether the person left it out, by a command or by deleting its event."""
    return step.state is StepState.WITHDRAWN and step.reason.choice in _LEFT_OUT


def find_interviewer(application: Application, text: str) -> Person:
    """Return the interviewer whose name or address has the text in it. Raises UsageError."""
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.append(application.contact)
    found = {
        p.name: p
        for p in people
        if text.casefold() in p.name.casefold() or text.casefold() == (p.email or "").casefold()
    }
    if len(found) == 1:
        return next(iter(found.values()))
    names = ", ".join(dict.fromkeys(p.name for p in people)) or "nobody is known yet"
    problem = "more than one has" if found else "nobody has"
    raise UsageError(f"{problem} {text!r} in the name; there are: {names}")


def find_interview(application: Application, name: str) -> Interview:
    """Return the interview of that id. Raises UsageError."""
    for interview in application.interviews:
        if interview.id == name:
            return interview
    known = ", ".join(interview.id for interview in application.interviews)
    raise UsageError(f"{application.id} has no interview {name!r}; there are: {known}")


def latest_interview(application: Application) -> Interview:
    """Return the latest interview that is not cancelled, else the latest."""
    standing = [i for i in application.interviews if i.status is not InterviewStatus.CANCELLED]
    return max(standing or application.interviews, key=lambda i: i.start)


def _step(plan: Plan, kind: StepKind, at: dt.datetime) -> Step:
    steps = [s for s in plan.steps if s.kind is kind]
    if not steps:
        raise UsageError(f"{plan.application.company}: {_NO_STEP.get(kind, _NEVER)}")
    live = [s for s in steps if s.state in _LIVE]
    begun = [s for s in live if _begun(plan, s, at)]
    return (begun or live or steps)[-1]


_NEVER = "the plan has no such step; afterword show tells what it has"
_NO_STEP = {
    StepKind.REPLY: "there is no answer to reply to; log it first: afterword heard",
    StepKind.THANK_YOU: "it was too late for a thank-you of its own; the first follow-up says it",
    StepKind.SECOND: "only one follow-up follows an answer; log it as first-follow-up",
    StepKind.KEEP_IN_TOUCH: "no day is set for it; set one: afterword close --keep-in-touch DATE",
}


def _begun(plan: Plan, step: Step, at: dt.datetime) -> bool:
    return find_interview(plan.application, step.interview).start <= at


def _not_a_third(plan: Plan, step: Step, at: dt.datetime) -> None:
    same = [
        s
        for s in plan.steps
        if s.kind in FOLLOW_UPS and (s.interview, s.episode) == (step.interview, step.episode)
    ]
    if all(s.state is StepState.DONE for s in same):
        raise UsageError(
            f"{plan.application.company}: {_ENOUGH[len(same)]}",
            [line.format(id=plan.application.id) for line in _INSTEAD],
        )
    if step.state is not StepState.DONE:
        return
    day = datemath.day_of(at, plan.employer_zone)
    sent_on = step.sent_at and datemath.day_of(step.sent_at, plan.employer_zone)
    # A first sent again a week later is read as the second, which is what was meant.
    week = sent_on and datemath.days_after(sent_on, 7)
    if step.kind is StepKind.SECOND or (week and day < week):
        raise _already(plan, step)


def _already(plan: Plan, step: Step) -> UsageError:
    sent_on = _shown(step.sent_at, plan) if step.sent_at else ""
    return UsageError(
        f"{plan.application.company}: the {step.kind} is logged already, as sent on {sent_on}; "
        f"if that is wrong: afterword undo {plan.application.id}"
    )


def _not_in_future(at: dt.datetime, now: dt.datetime) -> None:
    if at - now > _SLACK:
        raise UsageError(
            f"{at:%Y-%m-%d %H:%M} is in the future; log it when it has happened, "
            "or say when it was with --on"
        )


def _named(plan: Plan, interview: str) -> str | None:
    """Name the interview where there are several, so that a later round changes nothing."""
    return interview if len(plan.application.interviews) > 1 else None


def _by_time(step: Step) -> dt.datetime:
    return step.send_at


def _shown(moment: dt.datetime, plan: Plan) -> str:
    return f"{moment.astimezone(plan.zone):%a %d %b %Y %H:%M}"
