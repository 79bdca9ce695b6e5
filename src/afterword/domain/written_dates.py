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
        year=int(match["year"]),
        month=month_number(match["month"], LANGUAGES),
        day=int(match["day"]),
        text=match[0],
        rest=text[match.end() :],
    )


_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_MONTH = r"(?:de )?(?P<month>[^\W\d_]{3,10})\.?"
_YEAR = r",? (?:de )?(?P<year>\d{4})"
_FORMS = (rf"\b{_DAY} {_MONTH}{_YEAR}", rf"\b{_MONTH} {_DAY}{_YEAR}")


@functools.cache
def _written_forms() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)
