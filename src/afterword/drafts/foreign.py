"""The names of all applications, and which of them stand in a message for another one.

They are looked up by their words: with thousands of applications, each name
cannot be looked for in each message.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator

import attrs

from afterword.core.model import Application
from afterword.drafts.titles import short_company

_WORD = re.compile(r"\w+")


@attrs.frozen
class Names:
    """Names in the order in which they are told, by the words that they consist of."""

    by_words: dict[tuple[str, ...], dict[str, int]]
    lengths: frozenset[int]

    def in_text(self, text: str, *, own: Iterable[str]) -> Iterator[str]:
        """Yield the names that stand in the text and are no part of one's `own`."""
        known = [each.casefold() for name in own for each in (name, short_company(name))]
        found: dict[str, int] = {}
        words = _WORD.findall(text)
        for length in self.lengths:
            for start in range(len(words) - length + 1):
                found |= self.by_words.get(tuple(words[start : start + length]), {})
        for name in sorted(found, key=found.__getitem__):
            # "Peter" is no other's where Peter Okafor is here too.
            ours = any(_whole_words(name.casefold()).search(each) for each in known)
            if not ours and _stands_in(name, text):
                yield name


def names_of(applications: Iterable[Application]) -> Names:
    """Return the names of companies and people."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    names = (name for each in applications for name in _names(each))
    for number, name in enumerate(dict.fromkeys(filter(None, names))):
        found.setdefault(tuple(_WORD.findall(name)), {})[name] = number
    return Names(found, frozenset(map(len, found)))


def _names(application: Application) -> list[str]:
    people = {p.name for i in application.interviews for p in i.interviewers}
    if application.contact:
        people.add(application.contact.name)
    company = application.company
    return sorted({company, short_company(company), *people})


@functools.lru_cache(maxsize=1024)
def _whole_words(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")


def _stands_in(name: str, text: str) -> bool:
    """Whether the name stands in the text; one word at the start of a sentence may be any word."""
    for match in _whole_words(name).finditer(text):
        before = text[: match.start()].rstrip(" ")
        if " " in name or (before and before[-1] not in ".?!\n"):
            return True
    return False
