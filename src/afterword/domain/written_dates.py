"""Find a date whose month is written as a word within a text."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from afterword.domain.date_words import LANGUAGES, month_number


class WrittenDate(NamedTuple):
    """A date with its month as a word, within a text; `month` is None for an unknown word."""

    year: int
    month: int | None
    day: int
    text: str
    rest: str


def find_written_date(text: str) -> WrittenDate | None:
    """Return the first date in a text that has a year, and its month as a word in any language."""
    matches = [match for form in _written_forms() if (match := form.search(text))]
    if not matches:
        return None
    match = min(matches, key=lambda match: match.start())
    return WrittenDate(
        year=int(match["year"]) + (0 if len(match["year"]) > 2 else _CENTURY),  # noqa: PLR2004
        month=month_number(match["month"], LANGUAGES),
        day=int(match["day"]),
        text=match[0],
        rest=text[match.end() :],
    )


_CENTURY = 2000
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.?º|\.)?"
_MONTH = r"(?:de )?(?P<month>[^\W\d_]{3,10})\.?"
_YEAR = r",? (?:del? )?(?P<year>\d{4})"
_FORMS = (
    rf"\b{_DAY} {_MONTH}{_YEAR}",
    rf"\b{_MONTH} {_DAY}{_YEAR}",
    rf"\b{_DAY}(?P<separator>[-/]){_MONTH}(?P=separator)(?P<year>\d{{4}}|\d{{2}})(?!\d)",
)


@functools.cache
def _written_forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)
