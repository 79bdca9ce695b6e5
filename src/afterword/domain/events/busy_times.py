"""The times at which the user's own calendars are busy, which never move a step."""

from __future__ import annotations

import bisect
import datetime as dt
from collections.abc import Iterable

import attrs

TimeSpan = tuple[dt.datetime, dt.datetime]


@attrs.frozen(eq=False)
class BusyTimes:
    """Spans in order that do not touch; compared by identity, so it can be a key."""

    spans: tuple[TimeSpan, ...] = ()

    def span_at(self, moment: dt.datetime) -> TimeSpan | None:
        """Return the busy span that a moment is in."""
        at = bisect.bisect_right(self.spans, moment, key=lambda span: span[0]) - 1
        if at < 0 or self.spans[at][1] <= moment:
            return None
        return self.spans[at]


def merge_spans(spans: Iterable[TimeSpan]) -> BusyTimes:
    """Return spans in any order, those that overlap or touch as a single span, in UTC."""
    merged: list[TimeSpan] = []
    for start, end in sorted((s.astimezone(dt.UTC), e.astimezone(dt.UTC)) for s, e in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return BusyTimes(tuple(merged))
