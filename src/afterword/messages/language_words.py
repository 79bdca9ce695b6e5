"""Words, spelling and habits of a language, no translations, read from `LANGUAGE/language.toml`.

Every entry is optional: what a folder does not say has the English habit, or no words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tomli

from afterword.messages.i18n import available_languages

_FILE = "language.toml"


@functools.cache
def _codes() -> tuple[str, ...]:
    """Return the codes of all folders that say something, even if they have no letters yet."""
    files = Path(__file__).parent.glob(f"*/{_FILE}")
    return tuple(sorted(file.parent.name for file in files))


@functools.cache
def _load_data(code: str) -> Mapping[str, Any]:
    file = Path(__file__).with_name(code) / _FILE
    return tomli.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}


def greets_by_first_name(code: str) -> bool:
    """Return True if a formal letter in a language may greet by a first name."""
    return bool(_load_data(code).get("formal_first_names", True))


def common_words(code: str) -> frozenset[str]:
    """Return the words by which a language is recognised."""
    return frozenset(_load_data(code).get("common_words", ()))


def language_names() -> tuple[str, ...]:
    """Return the English names of the languages of drafts and events, English first."""
    names = {code: _load_data(code).get("names", [code])[0] for code in available_languages()}
    return tuple(dict.fromkeys([names["en"], *names.values()]))


def find_language(name: str) -> str | None:
    """Return the code of the language that a user calls by this name, or None."""
    for code in available_languages():
        if name.casefold() in (each.casefold() for each in _load_data(code).get("names", ())):
            return code
    return None


def listed(items: Sequence[str], code: str) -> str:
    """Return "A, B and C"; with commas alone if a language does not say its "and"."""
    if len(items) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(items)
    lists = _load_data(code).get("lists", {})
    joint, last = lists.get("and"), items[-1]
    for beginning, other in lists.get("and_before", ()):
        joint = other if re.match(beginning, last, re.IGNORECASE) else joint
    return f"{', '.join(items[:-1])}{f' {joint}' if joint else ','} {last}"


@functools.cache
def words_of_all(table: str, key: str) -> tuple[str, ...]:
    """Return the words, or patterns, that the languages list together under a key.

    What a user typed or copied - a round, a role, a company - may be in any of
    them, whatever the language of the letter.
    """
    lists = (_load_data(code).get(table, {}).get(key, ()) for code in _codes())
    return tuple(dict.fromkeys(word for words in lists for word in words))


def any_of(table: str, key: str) -> str:
    """Return a pattern for any of the words of a key in all languages."""
    return f"(?:{'|'.join(words_of_all(table, key)) or '(?!)'})"


_Spelling = tuple[tuple[re.Pattern[str], str], ...]
_FIRST_MARK = 0xE000
"""A private character that stands for a part to keep; others follow."""


@functools.cache
def _spelling(code: str, table: str) -> _Spelling:
    rows = _load_data(code).get("spelling", {}).get(table, ())
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rows)


def spelled(text: str, code: str, *, keep: Iterable[str] = ()) -> str:
    """Return a text as its language spells it: `poste de ingénieur` becomes `d'ingénieur`.

    Names and other parts to `keep` are never changed.
    """
    rules = _spelling(code, "replace")
    if not rules:
        return text
    longest_first = sorted(filter(None, keep), key=len, reverse=True)
    for number, part in enumerate(longest_first):
        text = text.replace(part, chr(_FIRST_MARK + number))
    text = _replaced(text, rules)
    for number, part in enumerate(longest_first):
        text = text.replace(chr(_FIRST_MARK + number), part)
    return text


def company_in_text(company: str, code: str) -> str:
    """Return a company's name with the article that it has in running text, if any."""
    return _replaced(company, _spelling(code, "company"))


def _replaced(text: str, rules: _Spelling) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text
