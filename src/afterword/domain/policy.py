"""The adjustable figures of the planning rules, days and hours, and the reminders to choose."""

from __future__ import annotations

import datetime as dt
import enum

import attrs


class InterviewReminder(enum.StrEnum):
    """A reminder before or after an interview."""

    BEFORE = "before"
    AFTER = "after"


@attrs.frozen(kw_only=True)
class Hours:
    """Daily hours in local time, half open."""

    start: dt.time
    end: dt.time


@attrs.frozen(kw_only=True)
class Policy:
    """The figures of the planning rules, in days; settings may raise but never lower them.

    Days 5-7, days 10-14 and "another week" are the article's. Later episodes
    and the promised call are choices of this project.
    """

    waking: Hours = Hours(start=dt.time(8), end=dt.time(20))
    office: Hours = Hours(start=dt.time(9), end=dt.time(17))
    first_opens: int = 5
    first_closes: int = 7
    second_opens: int = 10
    second_closes: int = 14
    week: int = 7
    later_first_opens: int = 7
    later_first_closes: int = 10
    later_second_opens: int = 14
    later_second_closes: int = 17
    promised_call: int = 10
