"""Check drafts for length, tone, placeholders, wrong names, repeated sentences and sameness.

Letters to a person or company must not read alike, across applications and clients.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from afterword.domain.model import Application, Channel
from afterword.domain.people import fold_name
from afterword.domain.sanitize import clean_line
from afterword.messages.display_names import short_company, text_company, text_person, text_role
from afterword.messages.draft_model import Draft, count_words, limit_of, main_part
from afterword.messages.i18n import Language
from afterword.messages.recipients import people_of
from afterword.messages.text_check import OwnNames, TextFinding, check_text

_WORD = re.compile(r"\w+")
_SENTENCE_BREAK = re.compile(r"(?<=[^\d][.?!])\s+|\n\n")
_MIN_WORDS = 5
"""Shorter sentences are not compared."""
_MIN_SHARED = 2
_MIN_SHARE = 0.5
_DATE = re.compile(r"\b\d[\w.:]*")


@attrs.frozen
class NameIndex:
    """Names of companies and people, indexed by their words.

    With thousands of applications, searching every message for every name would
    take too long. Each name is stored with its number, which gives the order.
    """

    by_words: dict[tuple[str, ...], dict[str, int]]
    lengths: frozenset[int]

    def in_text(self, text: str, *, own: Iterable[str]) -> Iterator[str]:
        """Yield the names that occur in a text and are not part of any of the `own` names."""
        own_names = [each.casefold() for name in own for each in (name, short_company(name))]
        matches: dict[str, int] = {}
        words = _WORD.findall(text)
        for length in self.lengths:
            for start in range(len(words) - length + 1):
                matches |= self.by_words.get(tuple(words[start : start + length]), {})
        for name in sorted(matches, key=matches.__getitem__):
            # "Peter" is allowed if Peter Okafor belongs to this application.
            pattern = _whole_words(name.casefold())
            if not any(map(pattern.search, own_names)) and _is_mentioned(name, text):
                yield name


def build_name_index(applications: Iterable[Application]) -> NameIndex:
    """Return the index of all companies and people of some applications."""
    by_words: dict[tuple[str, ...], dict[str, int]] = {}
    names: dict[str, None] = {}
    for each in applications:
        companies_and_people = {each.company, text_company(each), *_people(each)} - {""}
        names |= dict.fromkeys(sorted(companies_and_people))
    for number, name in enumerate(names):
        by_words.setdefault(tuple(_WORD.findall(name)), {})[name] = number
    return NameIndex(by_words, frozenset(map(len, by_words)))


_EMPTY_INDEX = build_name_index(())


def _people(application: Application) -> list[str]:
    people = people_of(application)
    return [name for p in people for name in (p.name, text_person(p), p.call or "") if name]


def _company_and_role(application: Application) -> frozenset[str]:
    company, role = application.company, application.role
    return frozenset([company, text_company(application), role, text_role(role)])


@functools.lru_cache(maxsize=1024)
def _whole_words(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")


def _is_mentioned(name: str, text: str) -> bool:
    """True if a text mentions a name; a single word that begins a sentence may not be a name."""
    for match in _whole_words(name).finditer(text):
        before = text[: match.start()].rstrip(" ")
        if " " in name or (before and before[-1] not in ".?!\n"):
            return True
    return False


@attrs.frozen
class ToneFinding:
    """A problem in a draft: the excerpt, the reason and, where possible, a better wording.

    `why` and `better` are in the user's language.
    """

    draft: Draft
    excerpt: str = attrs.field(converter=clean_line)
    why: str
    better: str = ""


def check_tone(
    application: Application,
    drafts: Sequence[Draft],
    *,
    language: Language,
    reader: Language,
    others: NameIndex = _EMPTY_INDEX,
) -> tuple[ToneFinding, ...]:
    """Return the problems in an application's drafts.

    `language` is that of drafts that name none, `reader` the user's. `others` are names of
    all applications: those of other applications must not occur.
    """
    names = _own_names(application)
    messages = [draft for draft in drafts if not draft.to_oneself]
    findings = [
        finding
        for draft in messages
        for finding in _check_draft(draft, names, others, language, reader)
    ]
    return (*findings, *_repeated_sentences(messages, reader))


def _check_draft(
    draft: Draft,
    names: frozenset[str],
    others: NameIndex,
    language: Language,
    reader: Language,
) -> Iterator[ToneFinding]:
    yield from _check_length(draft, reader)
    allowed = OwnNames(company="", people=tuple(names))
    code = draft.language or language.code
    # A subject may ask what the body asks.
    for part in (draft.subject, draft.body):
        for problem in check_text(part, language=code, reader=reader.code, names=allowed):
            yield ToneFinding(draft, problem.quote, problem.why, problem.better)
    if draft.to and _greets_another(draft, names):
        why = reader.translate("The greeting names someone other than {name}.", name=draft.to.name)
        yield ToneFinding(draft, draft.body.partition("\n")[0], why)
    for name in others.in_text(f"{draft.subject}\n{draft.body}", own=names):
        why = reader.translate("The name belongs to another application.")
        yield ToneFinding(draft, name, why)


def _check_length(draft: Draft, reader: Language) -> Iterator[ToneFinding]:
    limit = limit_of(draft.channel, draft.name)
    count = count_words(main_part(draft.body, draft.channel))
    size = reader.translate("{count} words", count=count)
    if limit.max_characters is not None and len(draft.body) > limit.max_characters:
        size = reader.translate("{count} characters", count=len(draft.body))
        why = reader.translate("Too long: {most} characters at most.", most=limit.max_characters)
        yield ToneFinding(draft, size, why)
    if limit.max_words is not None and count > limit.max_words:
        why = reader.translate("Too long: {most} words at most.", most=limit.max_words)
        yield ToneFinding(draft, size, why)
    if count < limit.min_words:
        why = reader.translate(
            "Too short to be personal: {least} words at least.", least=limit.min_words
        )
        yield ToneFinding(draft, size, why)


def _repeated_sentences(drafts: Sequence[Draft], reader: Language) -> Iterator[ToneFinding]:
    first_uses: dict[str, Draft] = {}
    for draft in drafts:
        parts = dict.fromkeys(part.strip() for part in _SENTENCE_BREAK.split(draft.body))
        # Greeting, closing and other short ones may be the same.
        long = (each for each in parts if "\n" not in each and count_words(each) >= _MIN_WORDS)
        for sentence in long:
            earlier = first_uses.setdefault(sentence.casefold(), draft)
            # The same draft can appear with two steps; it is sent only once.
            if earlier.body != draft.body:
                why = reader.translate("This sentence is in two messages.")
                yield ToneFinding(draft, sentence, why)


def names_of(application: Application, applicant: str = "") -> OwnNames:
    """Return the names that a message of an application may mention."""
    return OwnNames(
        company=text_company(application),
        role=text_role(application.role),
        people=tuple(_people(application)),
        applicant=applicant,
    )


def names_of_others(
    text: str, application: Application, others: NameIndex, reader: Language
) -> tuple[TextFinding, ...]:
    """Return the names in a text that belong only to other applications."""
    why = reader.translate("The name belongs to another application.")
    return tuple(
        TextFinding(
            kind="wrong-name",
            line=text.count("\n", 0, text.find(name)) + 1,
            quote=name,
            why=why,
        )
        for name in others.in_text(text, own=_own_names(application))
    )


def _own_names(application: Application) -> frozenset[str]:
    return (_company_and_role(application) | {*_people(application)}) - {""}


def _greets_another(draft: Draft, names: frozenset[str]) -> bool:
    if draft.to is None or draft.channel is Channel.PHONE:
        return False
    greeting = draft.body.partition("\n")[0]
    own = filter(None, (draft.to.name, draft.to.call, text_person(draft.to)))
    if any(name in greeting for name in own):
        return False
    return any(_whole_words(name).search(greeting) for name in names)


@attrs.frozen(kw_only=True)
class CheckedDrafts:
    """The letters of an application that may still be sent, and the findings in all its drafts."""

    application: Application
    letters: tuple[Draft, ...]
    findings: tuple[ToneFinding, ...] = ()


def readers_of(application: Application) -> frozenset[str]:
    """Return who may compare the letters of an application: its company, and each person."""
    addresses = (person.email for person in people_of(application) if person.email)
    company = fold_name(short_company(application.company))
    return frozenset([f"company {company}", *(f"person {each.casefold()}" for each in addresses)])


def find_similar_letters(
    applications: Sequence[CheckedDrafts], reader: Language
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
    earlier: CheckedDrafts, later: CheckedDrafts, reader: Language
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
    people = (p for interview in application.interviews for p in interview.interviewers)
    names = (_company_and_role(application) | set(map(text_person, people))) - {""}
    longest_first = sorted(names, key=len, reverse=True)
    sentences = {}
    for sentence in _SENTENCE_BREAK.split(main_part(letter.body, letter.channel)):
        if len(sentence.split()) < _MIN_WORDS:
            continue
        key = sentence
        for name in longest_first:
            key = key.replace(name, "#")
        sentences[_DATE.sub("#", key).casefold()] = sentence
    return sentences
