"""Languages: translated texts, dates and times in the reader's format, files of a language."""

from __future__ import annotations

import datetime as dt
import functools
import gettext
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

import attrs
import tomli

from afterword.domain.model import Channel
from afterword.domain.planning.plan import TranslatableText

_FOLDER = Path(__file__).parent
_CATALOGUE = "messages.mo"
_GREETING = "Dear {name},"
# A sentence that ends with an abbreviated month has a single full stop.
_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")
_AMERICAN_REGIONS = frozenset({"US", "PH", "PR", "LR", "GU", "AS", "VI", "MP"})


def N_(text: str) -> str:
    """Mark an English text as a message id; it is translated where it is used."""
    return text


_INFORMAL = "informal"

# A list is a single text, so that no name is missing, and May is no abbreviation of itself.
_WEEKDAYS = N_("Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday")
_SHORT_WEEKDAYS = N_("Mon|Tue|Wed|Thu|Fri|Sat|Sun")
_MONTHS = N_(
    "January|February|March|April|May|June|July|August|September|October|November|December"
)
_SHORT_MONTHS = N_("Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec")
_FIRST_DAY = N_("1")


@attrs.frozen(kw_only=True, eq=False)
class Language:
    """A language with its catalogue and formats; made by `get_language()`.

    `code` is the name of its template folder. English texts are the keys of the
    catalogues (`CODE/messages.po`, compiled to the `.mo` that is read here), so
    English has none. `american` decides spelling and date order in English,
    `informal` the form of address in languages that have two. `asked` is the
    language that was asked for, where English stands in for it.
    """

    code: str
    american: bool
    informal: bool
    catalogue: gettext.NullTranslations
    asked: str

    @property
    def is_translated(self) -> bool:
        """True if dates and greetings are in this language, not in English for lack of any."""
        return self.code == "en" or self.translate(_GREETING) != _GREETING

    def translate(self, text: str, **values: str | int | dt.date) -> str:
        """Return the translation of an English message id with its placeholders filled in.

        Dates and times are written in the reader's format; without arguments the
        placeholders stay.
        """
        translation = _translated(self, text)
        if not values:
            return translation
        for name, value in values.items():
            if not isinstance(value, str):
                values[name] = self._format(value)
        filled = translation.format_map(values)
        # Hardly any text has them, and a search for two characters is much quicker.
        return _TWO_STOPS.sub(".", filled) if ".." in filled else filled

    def render(self, phrase: TranslatableText) -> str:
        """Return a text of the plan (a reason or a note) in this language."""
        return self.translate(phrase.text, **phrase.arguments)

    def weekday(self, day: dt.date) -> str:
        """Return "Tuesday"."""
        return self.translate(_WEEKDAYS).split("|")[day.weekday()]

    def long_day(self, day: dt.date, *, relative_to: dt.date | None = None) -> str:
        """Return "4 December", with the year if it differs from that of `relative_to`."""
        text = _format_long_day(self, dt.date(day.year, day.month, day.day))
        if relative_to is None or relative_to.year == day.year:
            return text
        if self.american:
            return f"{text}, {day.year}"
        return self.translate(N_("{day} {year}"), day=text, year=str(day.year))

    def short_day(self, day: dt.date) -> str:
        """Return "4 Dec"."""
        return _format_short_day(self, day.month, day.day)

    def short_weekday(self, day: dt.date) -> str:
        """Return "Fri"."""
        return self.translate(_SHORT_WEEKDAYS).split("|")[day.weekday()]

    def weekday_and_day(self, day: dt.date) -> str:
        """Return "Fri 4 Dec"."""
        return _format_weekday_and_day(self, day.toordinal())

    def clock(self, moment: dt.datetime) -> str:
        """Return "15:00", in the zone of the argument."""
        if self.american:
            half = "AM" if moment.hour < 12 else "PM"  # noqa: PLR2004 - half a day
            return f"{moment.hour % 12 or 12}:{moment.minute:02} {half}"
        return f"{moment.hour:02}:{moment.minute:02}"

    def weekday_and_clock(self, moment: dt.datetime) -> str:
        """Return "Wed 15:00", in the zone of the argument."""
        return f"{self.short_weekday(moment)} {self.clock(moment)}"

    def short_month(self, month: int) -> str:
        """Return "Dec"."""
        return self.translate(_SHORT_MONTHS).split("|")[month - 1]

    def month(self, day: dt.date) -> str:
        """Return "December"."""
        return self.translate(_MONTHS).split("|")[day.month - 1]

    def _format(self, value: int | dt.date) -> str:
        if isinstance(value, dt.datetime):
            return f"{self.weekday_and_day(value)}, {self.clock(value)}"
        return self.long_day(value) if isinstance(value, dt.date) else str(value)


class DateFormatter(NamedTuple):
    """Dates as the user reads them: a day of another year than `year` is given with its year.

    Calendar events and messages do not use this: they do not depend on when they are made.
    """

    language: Language
    year: int

    def render(self, text: TranslatableText) -> str:
        """Return a text of the plan as a sentence."""
        return self.language.render(text)

    def format_day(self, day: dt.date) -> str:
        """Return "Fri 4 Dec", or "Mon 4 Jan 2027"."""
        formatted = self.language.weekday_and_day(day)
        return formatted if day.year == self.year else self._with_year(formatted, day)

    def day_with_year(self, day: dt.date) -> str:
        """Return "Fri 4 Dec 2026", also in the current year."""
        return self._with_year(self.language.weekday_and_day(day), day)

    def format_moment(self, local: dt.datetime) -> str:
        """Return "Tue 24 Nov 16:00", in the zone of the moment."""
        return f"{self.format_day(local)} {self.language.clock(local)}"

    def moment_with_year(self, local: dt.datetime) -> str:
        """Return "Tue 24 Nov 2026, 16:00", in the zone of the moment."""
        return f"{self.day_with_year(local)}, {self.language.clock(local)}"

    def month(self, day: dt.date) -> str:
        """Return "December 2026"."""
        return f"{self.language.month(day)} {day.year}"

    def days(self, first: dt.date, last: dt.date) -> str:
        """Return "29 Nov - 1 Dec", both inclusive, or a single day."""
        days = [self.language.short_day(day) for day in dict.fromkeys((first, last))]
        if first.year != last.year:
            return " - ".join(map(self._with_year, days, (first, last)))
        formatted = " - ".join(days)
        return formatted if last.year == self.year else self._with_year(formatted, last)

    def _with_year(self, formatted: str, day: dt.date) -> str:
        return f"{formatted}, {day.year}" if self.language.american else f"{formatted} {day.year}"


# A sync of many applications asks for the same texts and days thousands of times.
@functools.lru_cache(maxsize=1024)
def _translated(language: Language, text: str) -> str:
    if language.informal:
        informal = language.catalogue.pgettext(_INFORMAL, text)
        if informal != text:
            return informal
    return language.catalogue.gettext(text)


@functools.lru_cache(maxsize=4096)
def _format_long_day(language: Language, day: dt.date) -> str:
    pattern = "{month} {day}" if language.american else language.translate(N_("{day} {month}"))
    return pattern.format(day=_day_number(language, day.day), month=language.month(day))


@functools.lru_cache(maxsize=4096)
def _format_short_day(language: Language, month: int, day: int) -> str:
    american, other = "{short_month} {day}", N_("{day} {short_month}")
    pattern = american if language.american else language.translate(other)
    return pattern.format(day=_day_number(language, day), short_month=language.short_month(month))


def _day_number(language: Language, day: int) -> str:
    """Return "4"; French has "1er" for the first."""
    return language.translate(_FIRST_DAY) if day == 1 else str(day)


@functools.lru_cache(maxsize=4096)
def _format_weekday_and_day(language: Language, ordinal: int) -> str:
    day = dt.date.fromordinal(ordinal)
    separator = ", " if language.american else " "
    return f"{language.short_weekday(day)}{separator}{language.short_day(day)}"


@functools.lru_cache(maxsize=64)
def get_language(
    tag: str = "en", *, country: str | None = None, informal: bool = False
) -> Language:
    """Return a language by its tag (BCP 47: "en", "en-US", "de").

    `country` is the reader's (ISO 3166-1, a subdivision after `-` is ignored); a
    region in the tag takes precedence. An unsupported language becomes English.
    """
    asked, _, region = tag.replace("_", "-").lower().partition("-")
    code = asked if asked in available_languages() else "en"
    region = (region or (country or "").partition("-")[0]).upper()
    return Language(
        code=code,
        american=code == "en" and region in _AMERICAN_REGIONS,
        informal=informal,
        catalogue=_catalogue(code),
        asked=asked,
    )


@functools.cache
def available_languages() -> tuple[str, ...]:
    """Return the codes of all languages that have letters or a catalogue."""
    parts = (*Channel, _CATALOGUE)
    with os.scandir(_FOLDER) as entries:
        codes = [entry.name for entry in entries if entry.is_dir() and "-" not in entry.name]
    return tuple(sorted(c for c in codes if any((_FOLDER / c / part).exists() for part in parts)))


@functools.cache
def languages_with(file: str) -> tuple[str, ...]:
    """Return the codes of all folders that have a file, even if they have no letters yet."""
    return tuple(sorted(path.parent.name for path in _FOLDER.glob(f"*/{file}")))


@functools.cache
def language_data(code: str, file: str) -> dict[str, Any]:
    """Return the content of a TOML file in the folder of a language; empty without the file."""
    path = _FOLDER / code / file
    return tomli.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _catalogue(code: str) -> gettext.NullTranslations:
    file = _FOLDER / code / _CATALOGUE
    if not file.is_file():
        return gettext.NullTranslations()
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)
