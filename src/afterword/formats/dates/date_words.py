"""The words of dates in each language: weekdays, months, numbers, and words such as "next".

Typed dates are translated word by word into English, so that a single table of forms reads all
languages. To teach it another language, add a TOML file beside this module, and its code below.
The words are not in the folder of the language's letters, because dates are typed and imported
in any of these languages, whatever the language of the letters is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomli

from afterword.domain.sanitize import slug
from afterword.domain.search_text import search_forms, without_accents

ENGLISH = ("en",)
_TRANSLATED = ("de", "fr", "es")
LANGUAGES = (*ENGLISH, *_TRANSLATED)
"""The languages whose names of months are known."""

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_COUNTED = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    "twelve",
)
NUMBERS = {"a": 1, "an": 1} | {word: number for number, word in enumerate(_COUNTED, start=1)}
_ENGLISH_WORDS = {*NUMBERS, "ago"}
"""English words that are no names, though names in other languages begin with them."""
_SHORTEST_NAME = 3


@functools.cache
def _read_words(language: str) -> dict[str, Any]:
    """Return the file of a language; English has none, because all is translated into it."""
    return tomli.loads(Path(__file__).with_name(f"{language}.toml").read_text("utf-8"))


@functools.cache
def _phrases(language: str) -> list[tuple[str, str]]:
    """Return patterns of text without accents, in order, each with its replacement."""
    words = _read_words(language)
    period = words.get("period", "")
    return [(pattern.replace("{period}", period), new) for pattern, new in words["phrases"]]


def in_english(text: str, languages: tuple[str, ...]) -> str:
    """Return a folded text with its words of the languages in English, names spelled out.

    Words that are unknown, or stand for several names, stay as they are.
    """
    for language in _translated_ones(languages):
        text = without_accents(text)
        for pattern, replacement in _phrases(language):
            text = re.sub(pattern, replacement, text)
    return " ".join(_translated(word, languages) for word in text.split())


def _translated_ones(languages: Sequence[str]) -> list[str]:
    return [language for language in languages if language in _TRANSLATED]


@functools.lru_cache(maxsize=1024)
def _translated(word: str, languages: tuple[str, ...]) -> str:
    bare = word.rstrip(".")
    for language in _translated_ones(languages):
        if english := _translations(language).get(bare):
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
        for english, words in _read_words(language)["words"].items()
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
    return _columns([WEEKDAYS, *_names_in(languages, "weekdays")])


@functools.cache
def _month_names(languages: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    tables = _names_in(languages, "months")
    return _columns([MONTHS, *tables] if "en" in languages else tables)


def _names_in(languages: Sequence[str], key: str) -> list[Sequence[str]]:
    return [_read_words(language)[key] for language in _translated_ones(languages)]


def _columns(tables: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Return the names of each weekday or month in all the tables together."""
    return tuple(
        tuple(slug(name) for names in column for name in names.split())
        for column in zip(*tables, strict=True)
    )
