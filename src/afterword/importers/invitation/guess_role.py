"""Guess the role and the round of the interview from an invitation's title and text."""

from __future__ import annotations

import re

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.invitation_model import Guess

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
_SEPARATOR = re.compile(r"\s+[-–—/]\s+|[|:•·(),;]|<>|//|\s+x\s+|↔")
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


def guess_role(title: str, text: str) -> Guess | None:
    """Return a guess of the role, from the title or else from phrases in the text."""
    return (
        _from_phrases(title, "SUMMARY") or _from_title(title) or _from_phrases(text, "DESCRIPTION")
    )


def guess_round(title: str, text: str) -> Guess | None:
    """Return a guess of the round: a number ("round 2") or a kind ("technical")."""
    if name := _numbered_round(title) or _round_kind(title):
        return Guess(name, "SUMMARY")
    # The text is about more than this round, so only numbers ("second round") count in it.
    numbers = filter(None, map(_numbered_round, _SENTENCE.split(text)))
    return next((Guess(number, "DESCRIPTION") for number in numbers), None)


def find_job_title(words: str) -> str | None:
    """Return the job title within a few words."""
    without_markers = _INTERVIEWER_TITLES.sub("|", _GENDER_MARKERS.sub("", words))
    for piece in _SEPARATOR.split(without_markers):
        if match := _JOB_TITLE.search(piece):
            return match[1]
    return None


def _from_title(title: str) -> Guess | None:
    job_title = find_job_title(title)
    return Guess(_trim(job_title), "SUMMARY") if job_title else None


def _from_phrases(words: str, source: str) -> Guess | None:
    for pattern in _PHRASES:
        if match := pattern.search(words):
            return Guess(_trim(_GENDER_MARKERS.sub("", match["role"])), source)
    return None


def _round_kind(words: str) -> str | None:
    matches = (name for pattern, name in _ROUND_KINDS if re.search(pattern, words, re.IGNORECASE))
    return next(matches, None)


def _numbered_round(words: str) -> str | None:
    if not (match := _NUMBERED_ROUND.search(words)):
        return None
    word = (match["word"] or "").casefold()
    number = match["digit"] or match["after"] or _ORDINALS.get(word) or _ORDINALS[word[:-1]]
    return f"round {number}"


def _trim(name: str) -> str:
    return clean_line(name).strip(" .,;:!?-–|\"'")[:_MAX_LENGTH]
