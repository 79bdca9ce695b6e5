"""The words that log: a title that begins with one is an entry in the log."""

from __future__ import annotations

import enum
import functools
import re

from afterword.drafts.language import Language, mark
from afterword.drafts.titles import short_company


class TitleWord(enum.StrEnum):
    """What a person can say by the first word of an event's title."""

    SENT = "Sent"
    ANSWERED = "Answered"
    POSITIVE = "Positive"
    REJECTED = "Rejected"
    SKIP = "Skip"


_FIRST_WORD = re.compile(r"\W*(\w+)\b")


def title_word(title: str, language: Language, *, company: str = "") -> TitleWord | None:
    """Return what a title says by its first word, in English or in the person's language.

    A title that still begins with the company as ours do says nothing, even
    where the company is called "Skip".
    """
    if company and title.strip().startswith(f"{short_company(company)}:"):
        return None
    match = _FIRST_WORD.match(title)
    return _words(language).get(match.group(1).casefold()) if match else None


def _words(language: Language) -> dict[str, TitleWord]:
    known = {word.value.casefold(): word for word in TitleWord}
    return known | {word_in(language, word).casefold(): word for word in TitleWord}


def word_in(language: Language, word: TitleWord) -> str:
    """Return the word in a language."""
    return language.translate(word.value)


@functools.cache
def how_to_log(language: Language) -> str:
    """Return the paragraph that tells how an event logs."""
    words = [word_in(language, word) for word in TitleWord]
    return language.tell(
        "This event is your log too. Begin its title with {words} or {last}, and the next sync "
        "writes it down. Drag it to do this at another time; delete it to leave it out.",
        words=", ".join(words[:-1]),
        last=words[-1],
    )


_MARKED = (
    mark("Sent"),
    mark("Answered"),
    mark("Positive"),
    mark("Rejected"),
    mark("Skip"),
)
