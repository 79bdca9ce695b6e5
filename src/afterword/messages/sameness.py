"""Find letters to a person or company that read alike, across applications and clients."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from afterword.domain.model import Application
from afterword.domain.people import fold_name
from afterword.messages.display_names import short_company, text_company, text_person, text_role
from afterword.messages.draft_model import Draft, main_part
from afterword.messages.i18n import Language
from afterword.messages.tone import SENTENCE_BREAK, ToneFinding

_MIN_WORDS = 5
_MIN_SHARED = 2
_MIN_SHARE = 0.5
_DATE = re.compile(r"\b\d[\w.:]*")


@attrs.frozen(kw_only=True)
class ApplicationLetters:
    """The letters of an application, without notes to oneself."""

    application: Application
    letters: tuple[Draft, ...]


def readers_of(application: Application) -> frozenset[str]:
    """Return who may compare the letters of an application: its company, and each person."""
    people = [p for interview in application.interviews for p in interview.interviewers]
    people += [application.contact] if application.contact else []
    return frozenset(
        [
            f"company {fold_name(short_company(application.company))}",
            *(f"person {person.email.casefold()}" for person in people if person.email),
        ]
    )


def find_similar_letters(
    applications: Sequence[ApplicationLetters], reader: Language
) -> Iterator[tuple[str, ToneFinding]]:
    """Yield each letter that reads like a letter of an earlier application, with its id.

    Only applications that share a reader are compared. `reader` is the user's language.
    """
    by_reader: dict[str, list[int]] = {}
    for number, each in enumerate(applications):
        for name in readers_of(each.application):
            by_reader.setdefault(name, []).append(number)
    pairs = {pair for numbers in by_reader.values() for pair in itertools.combinations(numbers, 2)}
    for first, second in sorted(pairs):
        earlier, later = applications[first], applications[second]
        for finding in _similar(earlier, later, reader):
            yield later.application.id, finding


def _similar(
    earlier: ApplicationLetters, later: ApplicationLetters, reader: Language
) -> Iterator[ToneFinding]:
    earlier_letters = [
        (letter, _sentences(earlier.application, letter)) for letter in earlier.letters
    ]
    for letter in later.letters:
        own = _sentences(later.application, letter)
        for other, sentences in earlier_letters:
            shared = own.keys() & sentences.keys()
            if len(shared) < _MIN_SHARED or len(shared) < _MIN_SHARE * len(own):
                continue
            why = reader.translate(
                "{count} of its {total} sentences are also in {other} of {name}.",
                count=len(shared),
                total=len(own),
                other=str(other.name),
                name=earlier.application.id,
            )
            better = reader.translate("Change a sentence or two in one of them.")
            excerpt = next(own[key] for key in own if key in shared)
            yield ToneFinding(draft=letter, excerpt=excerpt, why=why, better=better)
            break


def _sentences(application: Application, letter: Draft) -> dict[str, str]:
    """Return the longer sentences of a letter by their text without names and dates."""
    names = sorted(_names(application), key=len, reverse=True)
    sentences = {}
    for sentence in SENTENCE_BREAK.split(main_part(letter.body, letter.channel)):
        if len(sentence.split()) < _MIN_WORDS:
            continue
        key = sentence
        for name in names:
            key = key.replace(name, "#")
        sentences[_DATE.sub("#", key).casefold()] = sentence
    return sentences


def _names(application: Application) -> Iterable[str]:
    people = [p for interview in application.interviews for p in interview.interviewers]
    names = {
        *(application.company, text_company(application)),
        *(application.role, text_role(application.role)),
        *(text_person(person) for person in people),
    }
    return filter(None, names)
