"""The figures of the rules, and the hours in which people write and are written to."""

from __future__ import annotations

import datetime as dt

import attrs


@attrs.frozen(kw_only=True)
class Hours:
    """A daily stretch on the clock of one zone, half open."""

    start: dt.time
    end: dt.time


@attrs.frozen(kw_only=True)
class Policy:
    """The figures of the rules, in days unless said; settings may raise, never lower them.

    Sources: the article's table (days 5-7, days 10-14, "another week"); the
    working days after a date that they named are a choice between the "one to
    two business days" and "never before" of the advice that was read.
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
