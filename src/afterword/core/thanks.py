"""When to thank: the only window that is counted in elapsed hours, not in days."""

from __future__ import annotations

import datetime as dt

import attrs

from afterword.core import timing
from afterword.core.case import Case

_DEADLINE = 24 * timing.HOUR


@attrs.frozen(kw_only=True)
class ThankYou:
    """The instants of a thank-you; `late` where the user told of the interview too late."""

    opens: dt.datetime
    closes: dt.datetime
    send_at: dt.datetime
    late: bool = False


def thank_you(case: Case, interview: int, *, sent: bool) -> ThankYou | None:
    """Return when to thank, or None where it is too late for a note of its own.

    The deadline is 24 elapsed hours after the end (article). Told too late for
    that, it is still worth sending until day 5, then the follow-up says thanks.
    """
    end = case.interview(interview).end
    deadline = end + _DEADLINE
    added = case.added_at(interview)
    waking = case.policy.waking
    if added is not None:
        first = timing.first_within(added, waking, case.zone)
        if first >= deadline:
            if not sent and not _before_day_five(case, interview):
                return None
            if not sent:
                closes = timing.end_of_stretch(first, waking, case.zone)
                return ThankYou(opens=end, closes=closes, send_at=first, late=True)
            added = None
    earliest = max(end + timing.HOUR, added or end)
    return ThankYou(
        opens=end, closes=deadline, send_at=timing.first_within(earliest, waking, case.zone)
    )


def _before_day_five(case: Case, interview: int) -> bool:
    episode = case.history.episodes[interview][0]
    told = case.added_day(episode)
    return told is None or told < timing.days_after(episode.anchor, case.policy.first_opens)
