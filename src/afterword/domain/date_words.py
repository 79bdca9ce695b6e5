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
from afterword.domain.search_text import search_forms, without_accents

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
_ENGLISH_WORDS = {*NUMBERS, "ago"}
"""English words that are no names, though names in other languages begin with them."""
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
    """The weekdays of a language from Monday, and its other words by their English translation.

    `phrases` are patterns of text without accents, replaced in this order before the words are.
    """

    weekdays: str
    words: dict[str, str]
    phrases: tuple[tuple[str, str], ...] = ()


_FRENCH_PERIOD = r"((?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?|semaine|mois|trimestre|annee)"
_SPANISH_PERIOD = r"((?:lun|mar|mie|jue|vie|sab|dom)[a-z]*\.?|semana|mes|trimestre|ano)"
_WORDS = {
    "de": _Words(
        weekdays="montag,mo dienstag,di mittwoch,mi donnerstag,do freitag,fr"
        " samstag,sonnabend,sa sonntag,so",
        words={
            "today": "heute",
            "tomorrow": "morgen",
            "overmorrow": "übermorgen",
            "yesterday": "gestern",
            "ereyesterday": "vorgestern",
            "now": "jetzt",
            "morning": "früh vormittag vormittags morgens",
            "noon": "mittag mittags",
            "afternoon": "nachmittag nachmittags",
            "evening": "abend abends",
            "midnight": "mitternacht mitternachts",
            "next": "nächste nächsten nächster nächstes nächstem"
            " kommende kommenden kommender kommendes kommendem",
            "last": "letzte letzten letzter letztes letztem vorige vorigen voriger voriges vorigem"
            " vergangene vergangenen vergangener vergangenes vergangenem",
            "this": "diese diesen dieser dieses diesem",
            "day": "tag tage tagen tages",
            "week": "woche wochen",
            "month": "monat monate monaten monats",
            "quarter": "quartal quartale quartalen quartals",
            "year": "jahr jahre jahren jahres",
            "hour": "stunde stunden",
            "minute": "minute minuten",
            "a": "ein eine einem einer einen",
            "one": "eins",
            "two": "zwei",
            "three": "drei",
            "four": "vier",
            "five": "fünf",
            "six": "sechs",
            "seven": "sieben",
            "eight": "acht",
            "nine": "neun",
            "ten": "zehn",
            "eleven": "elf",
            "twelve": "zwölf",
            "before": "vor",
            "in": "im",
            "end": "ende",
            "start": "anfang",
            "middle": "mitte",
            "the": "der die das des dem den zum",
            "by": "bis",
            "at": "um gegen",
        },
        phrases=(
            (r"\b(\w+tag|mittwoch)(morgen|vormittag|nachmittag|abend)\b", r"\1 \2"),
            (r"\b(heute|gestern|\w+tag|mittwoch|sonnabend) morgen\b", r"\1 morning"),
            (r"\b(\w+tag|mittwoch|sonnabend) in (?:einer woche|acht tagen)\b", r"\1 week"),
        ),
    ),
    "fr": _Words(
        weekdays="lundi mardi mercredi jeudi vendredi samedi dimanche",
        words={
            "yesterday": "hier",
            "tomorrow": "demain",
            "now": "maintenant",
            "morning": "matin",
            "noon": "midi",
            "afternoon": "après-midi",
            "evening": "soir",
            "midnight": "minuit",
            "next": "prochain prochaine prochains prochaines",
            "last": "dernier dernière derniers dernières passé passée",
            "this": "ce cet cette",
            "day": "jour jours",
            "week": "semaine semaines",
            "month": "mois",
            "quarter": "trimestre trimestres",
            "year": "année années",
            "hour": "heure heures",
            "minute": "minute minutes",
            "a": "un une",
            "two": "deux",
            "three": "trois",
            "four": "quatre",
            "five": "cinq",
            "seven": "sept",
            "eight": "huit",
            "nine": "neuf",
            "ten": "dix",
            "eleven": "onze",
            "twelve": "douze",
            "1": "premier",
            "end": "fin",
            "start": "début",
            "middle": "milieu mi",
            "the": "le la les",
            "of": "de du",
            "in": "dans en sous",
            "by": "pour",
        },
        phrases=(
            ("\u2019", "'"),
            (r"\baujourd'?hui\b", "today"),
            (r"\bapres[- ]demain\b", "overmorrow"),
            (r"\bavant[- ]hier\b", "ereyesterday"),
            # Idioms that count the first day: "quinze jours" are two weeks.
            (r"\bhuit jours\b", "une semaine"),
            (r"\b(?:quinze jours|une quinzaine(?: de jours)?)\b", "deux semaines"),
            (r"\bune demi-?\s?heure\b", "30 minutes"),
            # "An" alone is an English word as well.
            (r"\b(un|l') ?an\b", r"\1 annee"),
            (r"\bans\b", "annees"),
            (r"\bd'ici (?:a )?(?=\w+ (?:minute|heure|jour|semaine|mois|annee))", "in "),
            (r"\bd'ici (?:au? )?", "by "),
            (r"\bjusqu'au? ", "by "),
            (r"\b(?:il )?y a (?=\w+ \w)", "before "),
            (r"\bl'", ""),
            (r"\bd'(?=[a-z])", "de "),
            (r"\bapres midi\b", "apres-midi"),
            (r"\b(?:du|de|au|dans) (?=(?:matin|apres-midi|soir)\b)", "in the "),
            (r"\bvers (?=\d|midi|minuit)|\ba (?=\d|midi|minuit)", "at "),
            # "14 heures 30" is a time of day, "dans 2 heures" is not.
            (r"(?<!in )(?<!dans )(?<!sous )(?<!before )\b(\d\d?) ?heures?\b", r"\1h"),
            (r"\b(\d\d?) ?h ?(\d\d)\b", r"\1h\2"),
            (r"\b(\d\d?) ?h et demie?\b", r"\1h30"),
            (r"\b(\d\d?) ?h et quart\b", r"\1h15"),
            (r"\bmidi et demie?\b", "12h30"),
            (rf"\b{_FRENCH_PERIOD} (?:prochaine?|qui vient)\b", r"next \1"),
            (rf"\b{_FRENCH_PERIOD} (?:derniere?|passee?)\b", r"last \1"),
            (r"\b([a-z]+di) en huit\b", r"\1 week"),
            (r"\b(?:a|en|vers|au) (?:la |le )?(?=(?:fin|debut|milieu|mi)\b)", ""),
            (r"\bmi-(?=[a-z])", "mi "),
            (r"\b(?:le )?mois de (?=[a-z])", ""),
            (r"\b([a-z]+di|(?:lun|mer|jeu|ven|sam|dim)\.?) (\d\d?)(?=$| \d| at )", r"\1 \2."),
            (r"\b(\d{1,2}) mar\b", r"\1 mars"),
            (r"\b(\d{1,2}|1er) sept\b", r"\1 septembre"),
            (r"\bsept\.? (?=\d)", "septembre "),
        ),
    ),
    "es": _Words(
        weekdays="lunes martes miércoles jueves viernes sábado domingo",
        words={
            "today": "hoy",
            "tomorrow": "mañana",
            "yesterday": "ayer",
            "ereyesterday": "anteayer antier",
            "now": "ahora",
            "noon": "mediodía",
            "midnight": "medianoche",
            "next": "próximo próxima siguiente",
            "last": "pasado pasada último última",
            "this": "este esta",
            "day": "día días",
            "week": "semana semanas",
            "month": "mes meses",
            "quarter": "trimestre trimestres",
            "year": "año años",
            "hour": "hora horas",
            "minute": "minuto minutos",
            "a": "un una",
            "two": "dos",
            "three": "tres",
            "four": "cuatro",
            "five": "cinco",
            "six": "seis",
            "seven": "siete",
            "eight": "ocho",
            "nine": "nueve",
            "ten": "diez",
            "eleven": "once",
            "twelve": "doce",
            "1": "primero",
            "before": "hace",
            "end": "fin finales",
            "start": "principio principios comienzo comienzos",
            "middle": "mediados mitad",
            "the": "el la los las",
            "of": "de del",
            "in": "en",
            "by": "para hasta",
        },
        phrases=(
            (r"\bfin de semana\b", "weekend"),  # which is read as no day
            (r"\bpasado manana\b", "overmorrow"),
            (r"\bantes de ayer\b", "ereyesterday"),
            (r"\bdentro de\b", "en"),
            # Idioms that count the first day: "quince días" are two weeks.
            (r"\bocho dias\b", "una semana"),
            (r"\bquince dias\b", "dos semanas"),
            (r"\bmedia hora\b", "30 minutos"),
            (r"\b(?:de|por) la manana\b", "in the morning"),
            (r"\b(?:de|por) la tarde\b", "in the afternoon"),
            (r"\b(?:de|por) la noche\b", "in the evening"),
            (r"\besta manana (?=a la)", "this morning "),
            (r"\besta tarde (?=a la)", "this afternoon "),
            (r"\besta noche (?=a la)", "this evening "),
            (r"\b(?:a las )?12 del mediodia\b", "mediodia"),
            # "14 horas" is a time of day, "en 2 horas" is not.
            (r"(?<!en )(?<!hace )\b(\d\d?(?:[:.]\d\d)?) ?(?:h(?:ora)?s|hrs)\b\.?", r"\1h"),
            (r"\b(\d\d?) y media\b", r"\1:30"),
            (r"\b(\d\d?) y cuarto\b", r"\1:15"),
            # An hour that can be only one of the day; "a las 3" is asked for.
            (r"\ba las? (8|9|1\d|2[0-3])(?![\d:.h]| ?[ap]m)", r"at \1:00"),
            (r"\ba las? (?=\d)", "at "),
            (r"\bal? (?=mediodia|medianoche)", "at "),
            (rf"\b{_SPANISH_PERIOD} (?:que viene|proxim[oa])\b", r"next \1"),
            (rf"\b{_SPANISH_PERIOD} pasad[oa]\b", r"last \1"),
            (r"\b([a-z]+(?:es|do|go)) en ocho(?: dias)?\b", r"\1 week"),
            (r"\ba (?=(?:fin|finales|principios|mediados|comienzos)\b)", ""),
            (r"\bmes de (?=[a-z])", ""),
            (r"\bdia (?=\d)", ""),
            (r"\b(\d{1,2})(?:\. ?)?o\b", r"\1"),
            (r"\b([a-z]+es|sabado|domingo) (\d\d?)(?=$| \d| at )", r"\1 \2."),
            (r"\b(\d{1,2})(?: de)? mar\b", r"\1 marzo"),
            (r"\b(\d{1,2})(?: de)? ago\b", r"\1 agosto"),
        ),
    ),
}


def in_english(text: str, languages: tuple[str, ...]) -> str:
    """Return a folded text with its words of the languages in English, names spelled out.

    Words that are unknown, or stand for several names, stay as they are.
    """
    for language in languages:
        if language in _WORDS:
            text = without_accents(text)
            for pattern, replacement in _WORDS[language].phrases:
                text = re.sub(pattern, replacement, text)
    return " ".join(_translated(word, languages) for word in text.split())


@functools.lru_cache(maxsize=1024)
def _translated(word: str, languages: tuple[str, ...]) -> str:
    bare = word.rstrip(".")
    for language in languages:
        if language in _WORDS and (english := _translations(language).get(bare)):
            return english
    if not bare.isalpha() or bare in _ENGLISH_WORDS:
        return word
    weekday = _index_of(bare, _weekday_names(languages))
    if weekday is not None:
        return WEEKDAYS[weekday]
    month = month_number(bare, languages)
    return word if month is None else MONTHS[month - 1]


@functools.cache
def _translations(language: str) -> dict[str, str]:
    """Return the English translation of each word, with "ü" as "u" and as "ue"."""
    return {
        form: english
        for english, words in _WORDS[language].words.items()
        for word in words.split()
        for form in search_forms(word)
    }


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
