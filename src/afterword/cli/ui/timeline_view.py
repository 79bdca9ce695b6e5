"""Draw plans on a common timeline of letters, readable without colour and in any encoding."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator, Sequence

import attrs

from afterword.cli.ui.columns import echo_wrapped, split_to_width
from afterword.cli.ui.output import (
    StyledText,
    as_printed,
    display_width,
    echo,
    status,
    styled,
    terminal_width,
)
from afterword.cli.ui.views import STATE_STYLES
from afterword.domain import datemath
from afterword.domain.applications import full_name
from afterword.domain.model import Answer, StepKind
from afterword.domain.planning.plan import Plan, StepState
from afterword.domain.timeline_chart import TimelineMark, timeline_marks, timeline_span
from afterword.messages.i18n import DateFormatter, Language
from afterword.services.run_context import RunContext

_MAX_COLUMNS_OF_A_DAY = 3
_WEEKS_ARE_NAMED = 3
"""Up to so many days in a column, Mondays are named; beyond, the first days of months."""

_PIPED_COLUMNS = 60
_WIDEST_LABEL = 30
_NARROWEST_BESIDE = 60
"""In a narrower terminal the names get lines above the marks."""
_GAP = "  "
_TODAY_MARGIN = 14 * datemath.DAY

_SIGNS: dict[StepKind | Answer | None, tuple[str, str]] = {
    None: ("I", "interview"),
    StepKind.THANK_YOU: ("T", "thank-you"),
    StepKind.FIRST: ("F", "first follow-up"),
    StepKind.SECOND: ("S", "second follow-up"),
    StepKind.MOVE_ON: ("M", "move on"),
    StepKind.REPLY: ("R", "reply"),
    StepKind.KEEP_IN_TOUCH: ("K", "keep in touch"),
    Answer.POSITIVE: ("+", "positive answer"),
    Answer.NEUTRAL: ("~", "neutral answer"),
    Answer.REJECTED: ("x", "rejection"),
}
"""The sign and the name of each kind of mark; that of an interview is None."""

_TODAY = "|"
Drawn = tuple[str, StepState | None]
"""A character, and the state of the step that it belongs to."""


@attrs.frozen(kw_only=True)
class TimeAxis:
    """An axis from `first` to `last` in `columns` columns.

    A day has several columns where there is room, or a column has several days.
    """

    first: dt.date
    last: dt.date
    columns: int
    columns_of_day: int = 1
    days_in_column: int = 1

    @classmethod
    def fitted(cls, first: dt.date, last: dt.date, width: int) -> TimeAxis:
        """Return the axis from the Monday of the first day in at most `width` columns."""
        first -= first.weekday() * datemath.DAY
        days = (last - first).days + 1
        per_day = min(_MAX_COLUMNS_OF_A_DAY, max(1, width // days))
        in_column = -(-days // width)
        columns = days * per_day if in_column == 1 else -(-days // in_column)
        return cls(
            first=first,
            last=last,
            columns=columns,
            columns_of_day=per_day,
            days_in_column=in_column,
        )

    def column(self, day: dt.date) -> int:
        """Return the first column of a day."""
        return (day - self.first).days // self.days_in_column * self.columns_of_day

    def last_column(self, day: dt.date) -> int:
        """Return the last column of a day."""
        return self.column(day) + self.columns_of_day - 1

    def shows(self, day: dt.date) -> bool:
        """True if the day is on the axis."""
        return self.first <= day <= self.last

    def header(self, language: Language, *, year: int) -> tuple[str, str]:
        """Return the line of months and the line of days; other years than `year` are named."""
        months, days = "", ""
        named: tuple[int, int] | None = None
        for day in self._named_days():
            column = self.column(day)
            if column >= len(days) + bool(days):
                days = f"{days:<{column}}{day.day}"
            month = (day.year, day.month)
            if month != named and column >= len(months) + bool(months):
                name = language.short_month(day.month)
                name = name if day.year == year else f"{name} {day.year}"
                months = f"{months:<{column}}{name}"
                named = month
        return months, days

    def _named_days(self) -> Iterator[dt.date]:
        day = self.first
        while day <= self.last:
            yield day
            if self.days_in_column <= _WEEKS_ARE_NAMED:
                day += 7 * datemath.DAY
            else:
                day = (day.replace(day=1) + 32 * datemath.DAY).replace(day=1)


@attrs.frozen(kw_only=True)
class _Row:
    """An application's name and marks."""

    label: str
    marks: tuple[TimelineMark, ...]


def print_timeline(plans: Sequence[Plan], context: RunContext) -> None:
    """Print the axis, the marks of each application, and a legend."""
    rows = [
        _Row(
            label=as_printed(full_name(plan.application)),
            marks=timeline_marks(plan, now=context.now),
        )
        for plan in plans
    ]
    span = timeline_span(mark for row in rows for mark in row.marks)
    if span is None:
        status("no timeline: there is no interview that is not cancelled")
        return
    today = datemath.day_of(context.now, context.zone)
    width = terminal_width()
    label_width = _label_width(rows, width)
    axis = TimeAxis.fitted(
        *_with_today(span, today),
        _PIPED_COLUMNS if width is None else width - label_width,
    )
    formatter = context.formatter
    _print_axis(axis, label_width, formatter)
    for row in rows:
        _print_row(row, axis, label_width, today if axis.shows(today) else None)
    _print_legend(rows, axis, today, formatter)


def _label_width(rows: Sequence[_Row], width: int | None) -> int:
    """Return the columns of the names beside the marks; 0 puts them above."""
    widest = max(display_width(row.label) for row in rows)
    if width is None:
        return widest + len(_GAP)
    return 0 if width < _NARROWEST_BESIDE else min(widest, _WIDEST_LABEL) + len(_GAP)


def _with_today(span: tuple[dt.date, dt.date], today: dt.date) -> tuple[dt.date, dt.date]:
    """Return the span, extended to today if that is near."""
    first, last = span
    if first - _TODAY_MARGIN <= today <= last + _TODAY_MARGIN:
        return min(first, today), max(last, today)
    return span


def _print_axis(axis: TimeAxis, label_width: int, formatter: DateFormatter) -> None:
    for line in axis.header(formatter.language, year=formatter.year):
        beyond = label_width + axis.columns + len(_GAP)
        echo(f"{' ' * label_width}{as_printed(line)}"[:beyond].rstrip())


def _print_row(row: _Row, axis: TimeAxis, label_width: int, today: dt.date | None) -> None:
    """Print the marks of an application, with its name beside or above them."""
    beside: list[str] = []
    if label_width:
        beside = split_to_width(row.label, label_width - len(_GAP))
    else:
        for line in split_to_width(row.label, terminal_width() or axis.columns):
            echo(styled(line, bold=True))
    lanes = _lanes(row.marks, axis) or [[]]
    for name, signs in itertools.zip_longest(beside, lanes):
        label, lane = name or "", _with_today_sign(signs or [], axis, today)
        padding = " " * (label_width - display_width(label)) if lane else ""
        echo(styled(label, bold=True), padding, *_styled_runs(lane))


def _lanes(marks: Iterable[TimelineMark], axis: TimeAxis) -> list[list[Drawn | None]]:
    """Return lines of marks, none of which covers another."""
    lanes: list[list[Drawn | None]] = []
    for mark in marks:
        first, last = axis.column(mark.first), axis.last_column(mark.last)
        free = [lane for lane in lanes if not any(lane[first : last + 1])]
        if not free:
            free = [[None] * axis.columns]
            lanes += free
        free[0][first : last + 1] = _drawn(mark, axis)
    return lanes


def _with_today_sign(
    lane: Sequence[Drawn | None], axis: TimeAxis, today: dt.date | None
) -> list[Drawn]:
    """Return a line with the sign of today where no mark is, without blanks at its end."""
    signs = list(lane) or [None] * axis.columns
    if today is not None and signs[axis.column(today)] is None:
        signs[axis.column(today)] = (_TODAY, StepState.WITHDRAWN)
    while signs and (signs[-1] is None or signs[-1][0] == " "):
        signs.pop()
    return [sign or (" ", None) for sign in signs]


def _drawn(mark: TimelineMark, axis: TimeAxis) -> list[Drawn]:
    """Return "[--F--]", or the letter alone where there is a single column."""
    first, last = axis.column(mark.first), axis.last_column(mark.last)
    signs = ["-"] * (last - first + 1)
    if mark.step is None or mark.first == mark.last:
        signs = [" "] * len(signs)
    elif len(signs) > 1:
        signs[0], signs[-1] = "[", "]"
    signs[axis.column(mark.day) - first] = _sign(mark)
    return [(sign, mark.state) for sign in signs]


def _sign(mark: TimelineMark) -> str:
    """Return the letter of a mark; a small letter if it is done."""
    sign, _ = _SIGNS[mark.answer or mark.step]
    return sign.lower() if mark.done else sign


def _styled_runs(lane: Sequence[Drawn]) -> Iterator[StyledText]:
    """Yield the characters of a line, joined where they look the same."""
    start = 0
    for end in range(1, len(lane) + 1):
        if end == len(lane) or lane[end][1] is not lane[start][1]:
            text = "".join(sign for sign, _ in lane[start:end])
            state = lane[start][1]
            look = STATE_STYLES.get(state, {"dim": True}) if state else {"bold": True}
            yield styled(text, **look)
            start = end


def _print_legend(
    rows: Sequence[_Row], axis: TimeAxis, today: dt.date, formatter: DateFormatter
) -> None:
    """Print the meaning of the signs in the picture, and the day of today."""
    kinds = {mark.answer or mark.step for row in rows for mark in row.marks}
    signs = [f"{sign} {name}" for kind, (sign, name) in _SIGNS.items() if kind in kinds]
    if axis.shows(today):
        signs.append(f"{_TODAY} today, {formatter.format_day(today)}")
    else:
        signs.append(f"today is {formatter.day_with_year(today)}")
    echo()
    echo_wrapped(f"{', '.join(signs)}.")
    echo_wrapped(
        "[ ] is a window; its letter is on the recommended day, or on the day of sending. "
        "Small letters are done."
    )
