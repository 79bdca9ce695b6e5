"""What a text may say: plain strings and yes or no, each described where it stands.

The descriptions are what `afterword drafts show` prints: a text can use these
names and no others.
"""

from __future__ import annotations

import operator

import attrs


def _word(meaning: str) -> str:
    value: str = attrs.field(default="", metadata={"meaning": meaning})
    return value


def _fact(meaning: str) -> bool:
    value: bool = attrs.field(default=False, metadata={"meaning": meaning})
    return value


@attrs.frozen(kw_only=True)
class Context:
    """The facts of one message, told in its language; what is not known is empty."""

    company: str = _word("the company")
    role: str = _word("the role")
    greeting: str = _word('the first line, "Dear Thandi Nkosi," or a greeting without a name')
    signature: str = _word("the closing line and below it who writes, with phone and links")
    recipient: str = _word("who is written to, as the name was given")
    applicant: str = _word("who writes")
    phone: str = _word("the writer's phone number")
    weekday: str = _word('the weekday of the interview, "Tuesday"')
    date: str = _word('the day of the interview, "24 November"')
    discussed: str = _word("one thing that was talked about, for this message alone")
    fit: str = _word("one thing from the writer's experience, for this message alone")
    decision_date: str = _word("the day by which they wanted to decide, where it matters here")
    next_weekday: str = _word("the weekday of the next interview")
    next_date: str = _word("the day of the next interview")
    deadline: str = _word("the day by which another offer must be answered")
    answered_on: str = _word("the day of their last answer")
    wrote_on: str = _word("the day on which the first follow-up was sent")
    wrote: bool = _fact("the first follow-up was sent, or may have been")
    late: bool = _fact("the thanks come after more than a day")
    final_round: bool = _fact("it was the last round")
    phone_screen: bool = _fact("it was a first talk on the phone")
    panel: bool = _fact("several people led the interview")
    thanks_due: bool = _fact("no thanks for the interview have been sent yet")


NAMES = tuple(field.name for field in attrs.fields(Context))
_VALUES = operator.attrgetter(*NAMES)


def described() -> dict[str, str]:
    """Return every name that a text may use, with its meaning."""
    return {field.name: field.metadata["meaning"] for field in attrs.fields(Context)}


def as_variables(context: Context) -> dict[str, str | bool]:
    """Return the context as a text sees it."""
    return dict(zip(NAMES, _VALUES(context), strict=True))
