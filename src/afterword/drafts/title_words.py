"""The words that log: a title that begins with one is an entry in the log."""

from __future__ import annotations

import enum
import functools

from afterword.drafts.language import Language, mark


class TitleWord(enum.StrEnum):
    """What a person can say by the first word of an event's title."""

    SENT = "Sent"
    ANSWERED = "Answered"
    POSITIVE = "Positive"
    REJECTED = "Rejected"
    SKIP = "Skip"


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
