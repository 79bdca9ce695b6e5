"""Score how much an event looks like a job interview, with the reasons.

Points are added for words, senders, links and companies with an application, and taken off for
other purposes. The figures were tuned on invented calendars in four languages, and measured on
others.
"""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

import attrs

from afterword.domain.sanitize import for_terminal
from afterword.importers.calendar_events import EventFacts
from afterword.importers.invitation.guess_application import guess_role, guess_round
from afterword.importers.invitation.mail_domains import is_listed, is_scheduler
from afterword.importers.word_lists import read_list

_FILE = "interview_words.toml"

THRESHOLD = 3.0
"""The points of an event that is suggested."""

_NAME, _WORD, _TALK = 5.0, 3.0, 1.5
_HIRING_TITLE, _HIRING_TEXT, _MORE_TEXT, _MOST_TEXT = 2.0, 2.0, 0.75, 4.0
_HINT_TITLE, _HINT_TEXT, _MOST_HINTS = 1.5, 0.5, 1.5
_RECRUITER, _OUTSIDE, _ROLE, _ROUND, _VIDEO_CALL = 3.5, 1.5, 1.0, 1.0, 1.0
_SAME_DOMAIN, _SAME_NAME = 3.0, 2.0
_OTHER, _OTHER_BESIDE_NAME, _FURTHER, _INSTITUTION = -4.0, -2.5, -1.0, -2.0
_CANDIDATES, _INTERNAL, _INVITES, _CROWD = -4.0, -5.0, -2.5, -3.0
_FIELD, _FIELD_BESIDE_INTERVIEW = -2.0, -1.0
_MANY_PEOPLE = 15
# Of an invitation from outside to a video call, both of which are signs themselves.
_SIGNS_OF_A_CALL = 2
_SHORTEST_COMPANY = 3


def find_phrases(key: str, text: str) -> tuple[str, ...]:
    """Return the phrases of a list in a text, each once, as the text writes them."""
    folded = fold(text)
    phrases = {
        match[0]: text[match.start() : match.end()] for match in _pattern(key).finditer(folded)
    }
    return tuple(phrases.values())


def fold(text: str) -> str:
    """Return a text of the same length in lower case, without accents and punctuation."""
    return "".join(map(_fold_letter, text))


@functools.lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    base = unicodedata.normalize("NFKD", letter)[:1].casefold()[:1]
    return base if base.isalnum() else " "


@functools.cache
def _pattern(key: str) -> re.Pattern[str]:
    # The longest phrase counts where several begin at one word.
    phrases = sorted(read_list(_FILE, key), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(_expression, phrases))})(?![^\W_])")


def _expression(phrase: str) -> str:
    """Return a phrase as an expression whose words may be separated by several characters."""
    words = [re.escape(word).replace(r"\*", r"\w{0,40}") for word in phrase.split()]
    return r" {1,4}".join(words)


@attrs.frozen(kw_only=True)
class StoredCompany:
    """A company with an application, the mail domains of its people and the application's id."""

    name: str
    domains: frozenset[str]
    application: str


@attrs.frozen
class Evidence:
    """Points for an interview; `anchor`: enough to suggest it, with the points."""

    points: float
    reason: str
    anchor: bool = False


@attrs.frozen(kw_only=True)
class InterviewScore:
    """The points of an event, and the reasons for them; the strongest first."""

    points: float
    reasons: tuple[str, ...]

    @property
    def is_likely(self) -> bool:
        """True if the event should be suggested."""
        return self.points >= THRESHOLD

    @property
    def confidence(self) -> float:
        """Return how likely it is an interview, from 0 to 1, in hundredths."""
        return round(1 / (1 + math.exp(0.7 * (THRESHOLD - 1 - self.points))), 2)


def score_event(facts: EventFacts, companies: Iterable[StoredCompany] = ()) -> InterviewScore:
    """Return the score of an event; `companies` are those with an application."""
    if facts.recurring or facts.declined or not (facts.title or facts.text):
        return InterviewScore(points=-10.0, reasons=())
    evidence = [*_signs(facts), *_stored_company(facts, companies)]
    points = sum(each.points for each in evidence)
    points += sum(_counter_points(facts, named=any(e.points >= _NAME for e in evidence)))
    if not _has_anchor(facts, evidence):
        points = min(points, THRESHOLD - 0.5)
    evidence.sort(key=lambda each: -each.points)
    return InterviewScore(points=points, reasons=tuple(each.reason for each in evidence))


def _has_anchor(facts: EventFacts, evidence: Sequence[Evidence]) -> bool:
    """True if there is a sign that has few other meanings, or several signs of an invitation."""
    if any(each.anchor for each in evidence):
        return True
    is_private_call = facts.private and facts.is_from_outside and _video_host(facts) is not None
    return is_private_call and len(evidence) > _SIGNS_OF_A_CALL


def _signs(facts: EventFacts) -> Iterator[Evidence]:
    yield from _title_signs(facts)
    yield from _text_signs(facts)
    if host := _recruiting_host(facts):
        yield Evidence(
            _RECRUITER, f"it comes from or links to {host}, used for hiring", anchor=True
        )
    if facts.is_from_outside:
        yield Evidence(_OUTSIDE, f"{facts.organizer} invites you, from another company")
    elif facts.organizer and not facts.internal and not facts.own:
        yield Evidence(_OUTSIDE / 3, f"{facts.organizer} invites you")
    video = _video_host(facts)
    if video and facts.is_from_outside and facts.private:
        yield Evidence(_VIDEO_CALL, f"it is a video call ({video}) at your private address")
    elif video:
        yield Evidence(_VIDEO_CALL / 4, f"it is a video call ({video})")


def _title_signs(facts: EventFacts) -> Iterator[Evidence]:
    names = find_phrases("names", facts.title)
    words = find_phrases("words", facts.title)
    hiring = find_phrases("hiring", facts.title)
    talks = find_phrases("talks", facts.title)
    if names:
        yield Evidence(_NAME, f'the title says "{names[0]}"', anchor=True)
    elif words:
        yield Evidence(_WORD, f'the title says "{words[0]}"', anchor=True)
    if hiring:
        yield Evidence(_HIRING_TITLE, f'the title says "{hiring[0]}"', anchor=True)
    hints, stage = find_phrases("hiring_hints", facts.title), guess_round(facts.title, "")
    if hints and not hiring:
        yield Evidence(_HINT_TITLE, f'the title says "{hints[0]}"', anchor=bool(talks or stage))
    if talks and not names and not words:
        yield Evidence(_TALK, f'the title says "{talks[0]}"')
    if stage and not names and not words:
        yield Evidence(_ROUND, "the title says which round it is")
    if role := guess_role(facts.title, facts.text):
        is_invited = facts.is_from_outside and not _is_met(role.value, facts.title)
        yield Evidence(_ROLE, f'it names a position, "{role.value}"', anchor=is_invited)


def _text_signs(facts: EventFacts) -> Iterator[Evidence]:
    names = find_phrases("names", facts.text)
    phrases = tuple(dict.fromkeys((*names, *find_phrases("hiring_text", facts.text))))
    if phrases:
        points = min(_MOST_TEXT, _HIRING_TEXT + _MORE_TEXT * (len(phrases) - 1))
        yield Evidence(points, f'the text says "{phrases[0]}"', anchor=True)
        return
    hints = find_phrases("hints_text", facts.text)
    if hints:
        points = min(_MOST_HINTS, _HINT_TEXT * len(hints))
        is_enough = len(hints) > 1 and facts.is_from_outside
        yield Evidence(points, f'the text says "{hints[0]}"', anchor=is_enough)


def _stored_company(facts: EventFacts, companies: Iterable[StoredCompany]) -> Iterator[Evidence]:
    title = f" {' '.join(fold(f'{facts.title} {facts.location}').split())} "
    for company in companies:
        name = " ".join(fold(company.name).split())
        if facts.is_from_outside and is_listed(facts.domain, company.domains):
            reason = f"{company.name} invites you, the company of {company.application}"
            yield Evidence(_SAME_DOMAIN, reason, anchor=True)
            return
        if len(name) >= _SHORTEST_COMPANY and f" {name} " in title:
            reason = f"it names {company.name}, the company of {company.application}"
            yield Evidence(_SAME_NAME, reason, anchor=True)
            return


def _counter_points(facts: EventFacts, *, named: bool) -> Iterator[float]:
    """Yield the points for signs of another purpose; `named`: it is called an interview."""
    role = guess_role(facts.title, "")
    title = facts.title.replace(role.value, " ") if role else facts.title
    if others := find_phrases("other_purposes", title):
        first = _OTHER_BESIDE_NAME if named else _OTHER
        yield max(first + _FURTHER * (len(others) - 1), first - 2)
    elif find_phrases("fields_of_work", title):
        is_interview = named or (facts.is_from_outside and bool(find_phrases("words", title)))
        yield _FIELD_BESIDE_INTERVIEW if is_interview else _FIELD
    is_invitation = facts.is_from_outside and bool(find_phrases("hiring_text", facts.text))
    if not is_invitation and find_phrases("institutions", title):
        yield _INSTITUTION
    if not facts.is_from_outside and find_phrases("candidates", title):
        yield _CANDIDATES
    if facts.internal:
        yield _INTERNAL
    elif facts.own and facts.others:
        yield _INVITES
    if len(facts.others) > _MANY_PEOPLE:
        yield _CROWD


def _video_host(facts: EventFacts) -> str | None:
    hosts = read_list(_FILE, "video_hosts")
    return next((host for host in facts.hosts if is_listed(host, hosts)), None)


def _is_met(role: str, title: str) -> bool:
    """True if the title names a person to meet by their position, such as an adviser."""
    pattern = rf"\b(?:with|w/|mit|avec|con)\s+(?:\w+\s+){{0,2}}{re.escape(role)}"
    return re.search(pattern, title, re.IGNORECASE) is not None


def _recruiting_host(facts: EventFacts) -> str | None:
    """Return the host of a recruiting service that the event comes from or links to."""
    general, more = read_list(_FILE, "general_hosts"), read_list(_FILE, "recruiting_hosts")
    for host in filter(None, (facts.domain, *facts.hosts)):
        is_recruiting = is_scheduler(host) and not is_listed(host, general)
        if is_recruiting or is_listed(host, more):
            return for_terminal(host)
    return None
