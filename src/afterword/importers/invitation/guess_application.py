"""Guess the role, the round and the company from an invitation.

The company, in order of preference: a label in the text ("Company: ..."), because agencies invite
for their clients; the employer's mail domain, spelled as in the title or the text; the title;
phrases in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator

from afterword.domain.sanitize import clean_line, slug
from afterword.importers.invitation.invitation_model import Guess
from afterword.importers.invitation.mail_domains import is_service_name

_MAX_LENGTH = 80
_JOB_TITLES = """
    engineer developer manager designer analyst scientist architect consultant lead director head
    officer specialist coordinator assistant associate administrator accountant editor writer
    researcher recruiter executive representative technician programmer strategist planner buyer
    nurse teacher lawyer intern trainee advisor adviser copywriter tester illustrator photographer
    supervisor controller operator electrician mechanic pharmacist accountant bookkeeper
    ingénieur ingénieure développeur développeuse responsable ingeniero ingeniera desarrollador
    desarrolladora analista
"""
# German compounds ("Projektleiterin").
_COMPOUND_TITLES = (
    r"\w*(?:entwickler|ingenieur|leiter|berater|referent|manager|kauf)(?:in|mann|frau)?"
)
_SENIORITIES = r"(?:senior|junior|principal|staff|sr\.?|jr\.?|chief|deputy)"
# Words that are never part of a job title.
_OUTSIDE = (
    r"(?:interview|for|with|at|und|as|the|your|our|round|call|chat|screen|phone|technical|final"
    r"|invitation|online|\w*gespräch|entretien|entrevista)"
)
_JOB_TITLE = re.compile(
    rf"(?<![\w-])((?:{_SENIORITIES}\s+)?(?:(?!{_OUTSIDE}\b)[\w&+.#-]+\s+){{0,3}}"
    rf"(?:{'|'.join(_JOB_TITLES.split())}|{_COMPOUND_TITLES}))(?![\w'-])",
    re.IGNORECASE,
)
_BETWEEN_PARTS = re.compile(r"\s+[-–—/]\s+|[|:•·(),;]|<>|//|\s+x\s+|↔")
# Job titles of the people who conduct the interview.
_INTERVIEWER_TITLES = re.compile(
    r"\bhiring managers?\b|\brecruiter (?=call|chat|screen|interview)", re.IGNORECASE
)
_ROLE = r"(?P<role>[^\n.,;:()|]{3,80}?)"
_PHRASES = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        (
            rf"\b(?:for|about|regarding|discuss(?:ing)?|as)\s+(?:the|our|an?|your)\s+"
            rf"(?:application\s+(?:for|to)\s+(?:the|our|an?|your)\s+)?{_ROLE}"
            r"\s+(?:role|position|job|opening|post|vacancy)\b"
        ),
        rf"\b(?:role|position|post)\s+(?:of|as)\s+(?:an?\s+)?{_ROLE}(?=$|[\n.,;:()|]|\s+(?:at|with)\b)",
        rf"\b(?:stelle|position)\s+(?:als|der|des)\s+{_ROLE}(?=$|[\n.,;:()|]|\s+bei\b)",
        rf"\bposte\s+(?:de\s+|d['’]){_ROLE}(?=$|[\n.,;:()|]|\s+chez\b)",
        rf"\bpuesto\s+de\s+{_ROLE}(?=$|[\n.,;:()|]|\s+en\b)",
        (
            r"^[^\w\n]{0,20}(?:position|role|job(?: title)?|vacancy|stelle|poste|puesto|rolle)\s*:"
            r"\s*(?P<role>[^\n]{3,80})$"
        ),
    )
)
_GENDER_MARKERS = re.compile(
    r"\s*\(?\b[mwfdxh]\s*/\s*[mwfdxh](?:\s*/\s*[mwfdx])?\b\)?", re.IGNORECASE
)
_ROUND_KINDS = (
    (r"\b(?:tele)?(?:phone|fon)[ -]*(?:screen(?:ing)?|interview|call)\b", "phone screen"),
    (r"\bscreen(?:ing)?\b", "screening"),
    (r"\b(?:recruiter|intro|introduct(?:ion|ory)) (?:call|chat)\b|\bkennenlern", "screening"),
    (r"\b(?:technical|tech|coding|system design|technisches)\b", "technical"),
    (r"\bpanel\b", "panel"),
    (r"\bon-?site\b|\bvor ort\b|\bsur site\b", "on-site"),
    (r"\bhiring manager\b", "hiring manager"),
    (r"\bcase (?:study|interview)\b", "case study"),
    (r"\bhr\b", "HR"),
    (r"\bfinal\b", "final round"),
)
_NUMBERED_ROUND = re.compile(
    r"\b(?:(?P<digit>[1-9])\s*(?:st|nd|rd|th|\.|er|e|ème)?|(?P<word>first|second|third|fourth|fifth"
    r"|erstes?|zweites?|drittes?|premier|deuxième|primera|segunda))[\s-]*"
    r"(?:round|interview|stage|runde|gespräch|entretien|entrevista)\b"
    r"|\b(?:round|stage|runde|tour)\s+(?P<after>[1-9])\b",
    re.IGNORECASE,
)
_ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "erste": 1, "zweite": 2,
    "dritte": 3, "premier": 1, "deuxième": 2, "primera": 1, "segunda": 2,
}  # fmt: skip
_SENTENCE = re.compile(r"[.!?\n]")

_WORD = r"[^\W_a-z](?:[\w&'’+-]|\.(?=\w))*"
_NAME = rf"(?P<name>{_WORD}(?:[ \t]+(?:{_WORD}|of|the|and|und|et|y|de|&)){{0,4}})"
_AT = re.compile(rf"(?:\bat|@|\bbei|\bchez)[ \t]+{_NAME}")
_WITH = re.compile(rf"(?:\bwith|\bmit|\bavec|\bcon)\s+(?:the\s+|der\s+)?{_NAME}")
_BETWEEN_NAMES = re.compile(r"\s+[-–—/]\s+|\s*[|:•·]\s*|\s*<>\s*|\s*//\s*|\s+x\s+|\s*↔\s*")
_LABEL = re.compile(
    r"^[^\w\n]{0,20}(?:company|employer|client|organi[sz]ation|firma|unternehmen|arbeitgeber|entreprise"
    r"|société|empresa)\s*:\s*(?P<name>[^\n]{2,80})",
    re.IGNORECASE | re.MULTILINE,
)
_PHRASE = re.compile(
    r"\b(?:[Ii]nterview(?:ing)?|[Mm]eeting|[Cc]onversation|[Cc]hat|[Cc]all|[Aa]ppl(?:ying|ication)"
    r"|[Ii]nterest|Gespräch)"
    rf"\s+(?:with|at|to|in(?:\s+working\s+(?:at|for))?|mit|bei)\s+{_NAME}"
)
_NOT_A_COMPANY = re.compile(
    r"\b(?:interview|meeting|call|chat|conversation|screen(?:ing)?|round|zoom|teams|google|video"
    r"|phone|on-?site|panel|final|technical|invitation|gespräch|vorstellungsgespräch|entretien"
    r"|entrevista|you|us|team|candidate|application|today|tomorrow|monday|tuesday|wednesday"
    r"|thursday|friday)\b|^\d{1,2}(?:[:.h]\d\d|\s*[ap]m\b)",
    re.IGNORECASE,
)
_WEEKDAYS = (
    r"mon|tues?|wed|thu(?:rs)?|fri|sat(?:ur)?|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo"
)
_MONTHS = (
    r"jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|f[eé]v(?:rier)?|mar(?:ch|s|zo)?|m[aä]rz|apr(?:il)?"
    r"|avr(?:il)?|abr(?:il)?|may|mai|mayo|jun[ei]?|juin|junio|jul[iy]?|juillet|julio|aug(?:ust)?"
    r"|ao[uû]t|agosto|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre|ubre)?"
    r"|nov(?:ember|embre|iembre)?|de[cz](?:ember)?|d[eé]c(?:embre)?|dic(?:iembre)?|enero|febrero"
)
_SHORT_WEEKDAYS = (
    r"(?:mo|di|mi|do|fr|sa|so|lun|mar|mer|mi[eé]|jeu|jue|ven|vie|sam|s[aá]b|dim|dom)\.?,?\s+\d"
)
# A name that begins with a date, and the date behind "@" in the subject of a calendar's mail.
_DATE = re.compile(
    rf"(?:(?:{_WEEKDAYS})\b|{_SHORT_WEEKDAYS}|(?:{_MONTHS})\.?(?:\s+\d|$)|\d{{1,4}}(?:[./-]|st|nd|rd|th|\s|$))",
    re.IGNORECASE,
)
_AT_DATE = re.compile(
    rf"\s@\s{{0,5}}(?=(?:{_WEEKDAYS})\b|{_SHORT_WEEKDAYS}|(?:{_MONTHS})\b|\d)", re.IGNORECASE
)

_PUNCTUATION = " .,;:!?-–|\"'"


def guess_role(title: str, text: str) -> Guess | None:
    """Return a guess of the role, from the title or else from phrases in the text."""
    if name := _role_in_phrases(title) or _find_job_title(title):
        return Guess(_trim_role(name), "SUMMARY")
    name = _role_in_phrases(text)
    return Guess(_trim_role(name), "DESCRIPTION") if name else None


def guess_round(title: str, text: str) -> Guess | None:
    """Return a guess of the round: a number ("round 2") or a kind ("technical")."""
    if name := _numbered_round(title) or _round_kind(title):
        return Guess(name, "SUMMARY")
    # The text is about more than this round, so only numbers ("second round") count in it.
    numbers = filter(None, map(_numbered_round, _SENTENCE.split(text)))
    return next((Guess(number, "DESCRIPTION") for number in numbers), None)


def _find_job_title(words: str) -> str | None:
    """Return the job title within a few words."""
    without_markers = _INTERVIEWER_TITLES.sub("|", _GENDER_MARKERS.sub("", words))
    for piece in _BETWEEN_PARTS.split(without_markers):
        if match := _JOB_TITLE.search(piece):
            return match[1]
    return None


def _role_in_phrases(words: str) -> str | None:
    matches = filter(None, (pattern.search(words) for pattern in _PHRASES))
    return next((_GENDER_MARKERS.sub("", match["role"]) for match in matches), None)


def _round_kind(words: str) -> str | None:
    matches = (name for pattern, name in _ROUND_KINDS if re.search(pattern, words, re.IGNORECASE))
    return next(matches, None)


def _numbered_round(words: str) -> str | None:
    if not (match := _NUMBERED_ROUND.search(words)):
        return None
    word = (match["word"] or "").casefold()
    number = match["digit"] or match["after"] or _ORDINALS.get(word) or _ORDINALS[word[:-1]]
    return f"round {number}"


def _trim_role(name: str) -> str:
    return clean_line(name).strip(_PUNCTUATION)[:_MAX_LENGTH]


def guess_company(
    title: str, text: str, *, domain: str | None, people: Collection[str]
) -> Guess | None:
    """Return a guess of the company; `domain` is the employer's, `people` are names of persons."""
    people = {clean_line(name).casefold() for name in people}

    def is_company(name: str) -> bool:
        return (
            1 < len(name) <= _MAX_LENGTH
            and not any(_is_within(name, person) for person in people)
            and not _NOT_A_COMPANY.search(name)
            and not _DATE.match(name)
            and not is_service_name(name)
            and not _find_job_title(name)
        )

    labelled = next(_matches(_LABEL, text, is_company), None)
    if labelled:
        return Guess(labelled, "DESCRIPTION")
    candidates = _candidates_in_title(_AT_DATE.split(title, maxsplit=1)[0])
    titled = [name for name in map(_trim_company, candidates) if is_company(name)]
    if domain:
        return _spell_domain(domain, (*titled, *_matches(_PHRASE, text, is_company)))
    if titled:
        return Guess(titled[0], "SUMMARY")
    return next((Guess(name, "DESCRIPTION") for name in _matches(_PHRASE, text, is_company)), None)


def _is_within(name: str, person: str) -> bool:
    """True if the name is a person's, or a part of it."""
    return set(name.casefold().split()) <= set(person.split())


def company_from_domain(domain: str) -> str:
    """Return the name that a domain suggests: karoo-analytics.co.za is "Karoo Analytics"."""
    words = domain.partition(".")[0].split("-")
    return " ".join(word[:1].upper() + word[1:] for word in words if word)


def _spell_domain(domain: str, names: Iterable[str]) -> Guess:
    """Return the domain's name, in the spelling of the first of the names that matches it."""
    label = domain.partition(".")[0].replace("-", "")
    for name in names:
        letters = slug(name).replace("-", "")
        if letters and (label.startswith(letters) or letters.startswith(label)):
            return Guess(name, f"mail domain {domain}, spelled as in the invitation")
    return Guess(company_from_domain(domain), f"mail domain {domain}")


def _candidates_in_title(title: str) -> Iterator[str]:
    for pattern in (_AT, _WITH):
        for match in pattern.finditer(title):
            yield match["name"]
    pieces = [piece.strip() for piece in _BETWEEN_NAMES.split(title) if piece.strip()]
    if len(pieces) > 1:
        yield from (piece for piece in pieces if re.match(_WORD, piece))


def _matches(
    pattern: re.Pattern[str], text: str, is_company: Callable[[str], bool]
) -> Iterator[str]:
    names = (_trim_company(match["name"]) for match in pattern.finditer(text))
    return (name for name in names if is_company(name))


def _trim_company(name: str) -> str:
    name = re.sub(r"\s+(?:of|the|and|und|et|y|de|&)$", "", clean_line(name))
    name = name.strip(_PUNCTUATION)
    # A bracket whose other half is elsewhere in the title is not part of the name.
    for opens, closes in ("()", "[]", "{}", "<>"):
        if name.count(opens) != name.count(closes):
            name = name.replace(opens, " ").replace(closes, " ")
    return clean_line(name).strip(_PUNCTUATION)
