"""Turn a command into a log entry, or refuse it with the reason.

A file that breaks these rules is read all the same; a command can be refused,
because the user is there to correct it.
"""

from __future__ import annotations

import datetime as dt

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
from afterword.domain.planning.plan import (
    DUE_STATES,
    LIVE_STATES,
    Plan,
    Step,
    StepState,
    UserChoice,
)
from afterword.domain.search_text import contains
from afterword.errors import UsageError

_LEFT_OUT = {UserChoice.SKIPPED, UserChoice.DELETED}

_ENOUGH = {
    1: "the follow-up after their answer is sent; another one would come across as pushy, "
    "so there is none",
    2: "both follow-ups are sent; a third would come across as pushy, so there is none",
}
_INSTEAD = (
    "what you can do instead:",
    "  ask for feedback, once: afterword draft {id} feedback-request",
    "  keep in touch: afterword close {id} --keep-in-touch DAY",
    "  continue with your other applications: afterword next",
)
_NEVER = "the plan has no such step; to see its steps: afterword show {id}"
_NO_STEP = {
    StepKind.REPLY: "there is no answer to reply to; log it first: afterword heard {id}",
    StepKind.THANK_YOU: (
        "it was too late for a separate thank-you; the first follow-up says thanks"
    ),
    StepKind.SECOND: "only one follow-up follows an answer; log it as first-follow-up",
    StepKind.KEEP_IN_TOUCH: (
        "no day is set for it; set one: afterword close {id} --keep-in-touch DAY"
    ),
}
# A second entry of the same second is logged a second later.
_SLACK = dt.timedelta(minutes=1)


def step_to_log(plan: Plan) -> Step:
    """Return the step that `sent` logs if none is named: the last that is due.

    Raises UsageError if none is.
    """
    waiting = [s for s in plan.steps if s.state in DUE_STATES and not is_superseded(s, plan)]
    if waiting:
        return _require_message(plan, max(waiting, key=_by_time))
    coming = min((s for s in plan.steps if s.state in LIVE_STATES), key=_by_time, default=None)
    name = plan.application.company
    if coming is None:
        raise UsageError(
            f"{name}: no step is open; name one: "
            f"afterword sent {plan.application.id} first-follow-up"
        )
    raise UsageError(
        f"{name}: nothing is due yet; if you sent the {coming.kind} early, "
        f"name it: afterword sent {plan.application.id} {coming.kind}"
    )


def _require_message(plan: Plan, step: Step) -> Step:
    if step.kind is not StepKind.MOVE_ON:
        return step
    name, id = plan.application.company, plan.application.id
    raise UsageError(
        f"{name}: there is nothing more to send",
        [
            f"to close it: afterword close {id}",
            f"if you wrote earlier, log it: afterword sent {id} STEP --on DAY",
        ],
    )


def record_sent(
    plan: Plan,
    kind: StepKind,
    at: dt.datetime,
    *,
    by: Channel | None,
    recipient: str | None,
    now: dt.datetime,
) -> LogEntry:
    """Return the entry for a message that was sent; of a panel, `recipient` got it.

    Raises UsageError with the reason if it cannot have been sent.
    """
    step = step_of_kind(plan, kind, at)
    _refuse_future(at, now)
    _refuse_too_early(plan, step, at)
    if kind in FOLLOW_UPS:
        _refuse_third_follow_up(plan, step, at)
    elif step.state is StepState.DONE:
        raise _already_logged(plan, step)
    if kind is StepKind.THANK_YOU and recipient in step.thanked:
        raise UsageError(
            f"{plan.application.company}: the thank-you to {recipient} is already logged"
        )
    interview = step.interview if len(plan.application.interviews) > 1 else None
    return LogEntry(at=at, interview=interview, sent=kind, by=by, recipient=recipient)


def step_of_kind(plan: Plan, kind: StepKind, at: dt.datetime) -> Step:
    """Return the live step of a kind, else the last, which may be done. Raises UsageError."""
    steps = [s for s in plan.steps if s.kind is kind]
    if not steps:
        reason = _NO_STEP.get(kind, _NEVER).format(id=plan.application.id)
        raise UsageError(f"{plan.application.company}: {reason}")
    live = [s for s in steps if s.state in LIVE_STATES]
    begun = [s for s in live if find_interview(plan.application, s.interview).start <= at]
    return (begun or live or steps)[-1]


def open_step(plan: Plan, kind: StepKind, at: dt.datetime) -> Step:
    """Return the live step of a kind, else the last; raises UsageError if it is done."""
    step = step_of_kind(plan, kind, at)
    if step.state is StepState.DONE:
        raise _already_logged(plan, step)
    return step


def is_left_out(step: Step) -> bool:
    """Return True if the user left the step out, by a command or by deleting its event."""
    return step.state is StepState.WITHDRAWN and step.reason.choice in _LEFT_OUT


def find_interviewer(application: Application, text: str) -> Person:
    """Return the only person whose name contains the text or whose address it is.

    Raises UsageError if there is none or more than one.
    """
    people = [p for i in application.interviews for p in i.interviewers]
    if application.contact:
        people.append(application.contact)
    matches = {
        p.name: p
        for p in people
        if contains(p.name, text) or text.casefold() == (p.email or "").casefold()
    }
    if len(matches) == 1:
        return next(iter(matches.values()))
    names = ", ".join(dict.fromkeys(p.name for p in people)) or "nobody yet"
    problem = "more than one has" if matches else "nobody has"
    raise UsageError(f"{problem} {text!r} in the name; there are: {names}")


def find_interview(application: Application, name: str) -> Interview:
    """Return the interview with an id; raises UsageError if there is none."""
    for interview in application.interviews:
        if interview.id == name:
            return interview
    ids = ", ".join(interview.id for interview in application.interviews)
    raise UsageError(f"{application.id} has no interview {name!r}; there are: {ids}")


def latest_interview(application: Application) -> Interview:
    """Return the latest interview that is not cancelled, else the latest."""
    active = [i for i in application.interviews if i.status is not InterviewStatus.CANCELLED]
    return max(active or application.interviews, key=lambda i: i.start)


def _refuse_third_follow_up(plan: Plan, step: Step, at: dt.datetime) -> None:
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
    # A first follow-up logged again a week later counts as the second.
    week = step.sent_at and datemath.days_after(plan.employer_day(step.sent_at), 7)
    if step.kind is StepKind.SECOND or (week and plan.employer_day(at) < week):
        raise _already_logged(plan, step)


def _already_logged(plan: Plan, step: Step) -> UsageError:
    sent_on = _format_moment(step.sent_at, plan) if step.sent_at else ""
    return UsageError(
        f"{plan.application.company}: the {step.kind} is already logged as sent on {sent_on}; "
        f"if that is wrong: afterword undo {plan.application.id}"
    )


def _refuse_future(at: dt.datetime, now: dt.datetime) -> None:
    if at - now > _SLACK:
        raise UsageError(
            f"{at:%Y-%m-%d %H:%M} is in the future; log it when it has happened, "
            "or say when it was with --on"
        )


def _refuse_too_early(plan: Plan, step: Step, at: dt.datetime) -> None:
    """Refuse a reply before the answer, and any other message before the end of the interview."""
    company = plan.application.company
    end = find_interview(plan.application, step.interview).end
    if step.kind is not StepKind.REPLY and at < end:
        raise UsageError(
            f"{company}: the interview ends on {_format_moment(end, plan)}; "
            "nothing can be sent before that: is the date right?"
        )
    answered = step.opens
    if step.kind is StepKind.REPLY and isinstance(answered, dt.datetime) and at < answered:
        raise UsageError(
            f"{company}: they answered on {_format_moment(answered, plan)}; "
            "a reply before that is not one: is the date right?"
        )


def _by_time(step: Step) -> dt.datetime:
    return step.send_at


def _format_moment(moment: dt.datetime, plan: Plan) -> str:
    return f"{moment.astimezone(plan.zone):%a %d %b %Y %H:%M}"
