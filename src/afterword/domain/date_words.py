"""The words of dates in each language: weekdays, months, numbers, and words such as "next".

Typed dates are translated word by word into English, so that a single table of forms reads all
languages. To teach it another language, add its words here: they are not in the folder of the
language, because the domain reads no files, and because dates are typed and imported in any of
these languages, whatever the language of the letters is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from afterword.domain.sanitize import slug

ENGLISH = ("en",)
LANGUAGES = ("en", "de", "fr", "es")
"""The languages whose names of months are known."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
_SHORTEST_NAME = 3
# Shorter forms need no entry unless the name begins with other letters ("Mrz").
_MONTHS = {
    "de": "januar,jänner februar,feber märz,maerz,mrz april mai juni juli august september oktober"
    " november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre,setiembre octubre noviembre"
    " diciembre",
}


class _Words(NamedTuple):
    """The weekdays of a language from Monday, and other words with their English translation.

    `phrases` are patterns of several words, replaced before the words are.
    """

    weekdays: str
    words: dict[str, str]
    phrases: tuple[tuple[str, str], ...] = ()


def _each(english: str, words: str) -> dict[str, str]:
    return dict.fromkeys(words.split(), english)


_WORDS = {
    "de": _Words(
        weekdays="montag,mo dienstag,di mittwoch,mi donnerstag,do freitag,fr"
        " samstag,sonnabend,sa sonntag,so",
        words={
            "heute": "today",
            "morgen": "tomorrow",
            "gestern": "yesterday",
            "jetzt": "now",
            **_each("overmorrow", "übermorgen uebermorgen"),
            "vorgestern": "ereyesterday",
            "mittag": "noon",
            "mittags": "noon",
            **_each("midnight", "mitternacht mitternachts"),
            **_each("next", "nächste nächsten nächster nächstes nächstem"),
            **_each("next", "naechste naechsten naechster naechstes naechstem"),
            **_each("next", "kommende kommenden kommender kommendes kommendem"),
            **_each("last", "letzte letzten letzter letztes letztem"),
            **_each("last", "vergangene vergangenen vergangener vergangenes vergangenem"),
            **_each("last", "vorige vorigen voriger voriges vorigem"),
            **_each("this", "diese diesen dieser dieses diesem"),
            **_each("day", "tag tage tagen tages"),
            **_each("week", "woche wochen"),
            **_each("month", "monat monate monaten monats"),
            **_each("year", "jahr jahre jahren jahres"),
            **_each("hour", "stunde stunden"),
            **_each("minute", "minute minuten"),
            **_each("a", "ein eine einem einer einen"),
            "eins": "one",
            "zwei": "two",
            "drei": "three",
            "vier": "four",
            "fünf": "five",
            "fuenf": "five",
            "sechs": "six",
            "sieben": "seven",
            "acht": "eight",
            "neun": "nine",
            **_each("twelve", "zwölf zwoelf"),
            "zehn": "ten",
            "elf": "eleven",
            "vor": "before",
            "ende": "end",
            "anfang": "start",
            "mitte": "middle",
            **_each("the", "der die das des dem den"),
            "bis": "by",
            "zum": "the",
            "um": "at",
            "gegen": "at",
        },
    ),
    "es": _Words(
        weekdays="lunes martes miércoles jueves viernes sábado domingo",
        words={
            "hoy": "today",
            **_each("tomorrow", "mañana manana"),
            "ayer": "yesterday",
            **_each("ereyesterday", "anteayer antier"),
            "ahora": "now",
            **_each("noon", "mediodía mediodia"),
            "medianoche": "midnight",
            **_each("next", "próximo próxima proximo proxima siguiente"),
            **_each("last", "pasado pasada último última ultimo ultima"),
            **_each("this", "este esta"),
            **_each("day", "día días dia dias"),
            **_each("week", "semana semanas"),
            **_each("month", "mes meses"),
            **_each("year", "año años"),
            **_each("hour", "hora horas"),
            **_each("minute", "minuto minutos"),
            **_each("a", "un una"),
            "dos": "two",
            "tres": "three",
            "cuatro": "four",
            "cinco": "five",
            "seis": "six",
            "siete": "seven",
            "ocho": "eight",
            "nueve": "nine",
            "diez": "ten",
            "once": "eleven",
            "doce": "twelve",
            "hace": "before",
            **_each("end", "fin finales"),
            **_each("start", "principio principios comienzos"),
            **_each("middle", "mediados mitad"),
            **_each("the", "el la los las"),
            "en": "in",
        },
        phrases=(
            (r"\bpasado ma[ñn]ana\b", "overmorrow"),
            (r"\bdentro de\b", "in"),
            (r"(\d)(?: ?h(?:oras?)?)? de la mañana\b", r"\1am"),
            (r"(\d)(?: ?h(?:oras?)?)? de la (?:tarde|noche)\b", r"\1pm"),
            # An hour that can be only one of the day; "a las 3" is asked for.
            (r"\ba las? (8|9|1\d|2[0-3])(?![\d:.]| ?[ap]m)", r"at \1:00"),
            (r"\ba las? (?=\d)", "at "),
            (r"\bal? (?=medio|media)", "at "),
            (
                r"\b(semana|mes|año|\w+es|s[áa]bado|domingo) (?:que viene|pr[óo]xim[oa])\b",
                r"next \1",
            ),
            (r"\b(semana|mes|año|\w+es|s[áa]bado|domingo) pasad[oa]\b", r"last \1"),
            (r"\bde la (?=next\b|pr[óo]xima\b)", "of the "),
            (r"\b(?:a )?(fin|finales|principios|mediados|comienzos) del?\b", r"\1 of"),
            (r"\b(\d{1,2})(?: de)? mar\b", r"\1 marzo"),
            (r"\b(\d{1,2})\.?º? de (?=[a-z])", r"\1 "),
        ),
    ),
}


def in_english(text: str, languages: tuple[str, ...]) -> str:
    """Return a folded text with its words of the languages in English, names spelled out.

    Words that are unknown, or stand for several names, stay as they are.
    """
    for language in languages:
        for pattern, replacement in _WORDS[language].phrases if language in _WORDS else ():
            text = re.sub(pattern, replacement, text)
    return " ".join(_translated(word, languages) for word in text.split())


@functools.lru_cache(maxsize=1024)
def _translated(word: str, languages: tuple[str, ...]) -> str:
    bare = word.rstrip(".")
    for language in languages:
        if language in _WORDS and bare in _WORDS[language].words:
            return _WORDS[language].words[bare]
    if not bare.isalpha() or bare in NUMBERS:
        return word
    weekday = _index_of(bare, _weekday_names(languages))
    if weekday is not None:
        return WEEKDAYS[weekday]
    month = month_number(bare, languages)
    return word if month is None else MONTHS[month - 1]


@functools.lru_cache  # a spreadsheet has the same few names in thousands of rows
def month_number(name: str, languages: tuple[str, ...]) -> int | None:
    """Return the number (1 to 12) of the month that a name or its beginning means, else None."""
    index = _index_of(name, _month_names(languages))
    return None if index is None else index + 1


def _index_of(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    """Return the position of the only entry with a name that begins with the word.

    A beginning has three letters or more; accents and case do not count.
    """
    start = slug(word)
    exact = [index for index, entry in enumerate(names) if start in entry]
    if len(exact) == 1:
        return exact[0]
    if len(start) < _SHORTEST_NAME:
        return None
    matches = [
        index for index, entry in enumerate(names) if any(name.startswith(start) for name in entry)
    ]
    return matches[0] if len(matches) == 1 else None


@functools.cache
def _weekday_names(languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    tables = [_WORDS[code].weekdays.split() for code in languages if code in _WORDS]
    return _columns([WEEKDAYS, *tables])


@functools.cache
def _month_names(languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    tables = [_MONTHS[code].split() for code in languages if code in _MONTHS]
    return _columns([MONTHS, *tables] if "en" in languages else tables)


def _columns(tables: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each weekday or month in all the tables together."""
    return tuple(
        tuple(slug(name) for names in column for name in names.split(","))
        for column in zip(*tables, strict=True)
    )
