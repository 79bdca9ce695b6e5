"""Which role and which round an invitation is about: guesses from its title and text."""

from __future__ import annotations

import re

from afterword.domain.sanitize import clean_line
from afterword.importers.invitation.invitation_model import Guess

_LONGEST = 80
_TITLES = """
    engineer developer manager designer analyst scientist architect consultant lead director head
    officer specialist coordinator assistant associate administrator accountant editor writer
    researcher recruiter executive representative technician programmer strategist planner buyer
    nurse teacher lawyer intern trainee advisor adviser copywriter tester illustrator photographer
    supervisor controller operator electrician mechanic pharmacist accountant bookkeeper
    ingénieur ingénieure développeur développeuse responsable ingeniero ingeniera desarrollador
    desarrolladora analista
"""
# German joins them to what they are for ("Projektleiterin").
_JOINED = r"\w*(?:entwickler|ingenieur|leiter|berater|referent|manager|kauf)(?:in|mann|frau)?"
_SENIORITIES = r"(?:senior|junior|principal|staff|sr\.?|jr\.?|chief|deputy)"
# Words that no job title begins with or goes over.
_OUTSIDE = (
    r"(?:interview|for|with|at|und|as|the|your|our|round|call|chat|screen|phone|technical|final"
    r"|invitation|online|\w*gespräch|entretien|entrevista)"
)
_TITLE = re.compile(
    rf"(?<![\w-])((?:{_SENIORITIES}\s+)?(?:(?!{_OUTSIDE}\b)[\w&+.#-]+\s+){{0,3}}"
    rf"(?:{'|'.join(_TITLES.split())}|{_JOINED}))(?![\w'-])",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[-–—/]\s+|[|:•·(),;]|<>|//|\s+x\s+|↔")
# They hold the interview, and are not what it is about.
_HOSTS = re.compile(
    r"\bhiring managers?\b|\brecruiter (?=call|chat|screen|interview)", re.IGNORECASE
)
_ROLE = r"(?P<role>[^\n.,;:()|]{3,80}?)"
_PHRASES = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"\b(?:for|about|regarding|discuss(?:ing)?|as)\s+(?:the|our|an?|your)\s+{_ROLE}\s+(?:role|position|job|opening|post|vacancy)\b",
        rf"\b(?:role|position|post)\s+(?:of|as)\s+(?:an?\s+)?{_ROLE}(?=$|[\n.,;:()|]|\s+(?:at|with)\b)",
        rf"\b(?:stelle|position)\s+(?:als|der|des)\s+{_ROLE}(?=$|[\n.,;:()|]|\s+bei\b)",
        rf"\bposte\s+(?:de\s+|d['’]){_ROLE}(?=$|[\n.,;:()|]|\s+chez\b)",
        rf"\bpuesto\s+de\s+{_ROLE}(?=$|[\n.,;:()|]|\s+en\b)",
        (
            r"^\W*(?:position|role|job(?: title)?|vacancy|stelle|poste|puesto|rolle)\s*:"
            r"\s*(?P<role>[^\n]{3,80})$"
        ),
    )
)
_GENDERS = re.compile(r"\s*\(?\b[mwfdxh]\s*/\s*[mwfdxh](?:\s*/\s*[mwfdx])?\b\)?", re.IGNORECASE)
_KINDS = (
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
_NUMBERED = re.compile(
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
    """Return the role that the title or the text names."""
    return _phrased(title, "SUMMARY") or _titled(title) or _phrased(text, "DESCRIPTION")


def round_of(title: str, text: str) -> Guess | None:
    """Return which round of the process it is."""
    if found := _numbered(title) or _kind(title):
        return Guess(found, "SUMMARY")
    # A text talks of much else, so there only "second round" and the like counts.
    found = next((it for it in map(_numbered, _SENTENCE.split(text)) if it), None)
    return Guess(found, "DESCRIPTION") if found else None


def title_in(words: str) -> str | None:
    """Return the job title within a few words."""
    for piece in _SEPARATOR.split(_HOSTS.sub("|", _GENDERS.sub("", words))):
        if match := _TITLE.search(piece):
            return match[1]
    return None


def _titled(title: str) -> Guess | None:
    found = title_in(title)
    return Guess(_trimmed(found), "SUMMARY") if found else None


def _phrased(words: str, source: str) -> Guess | None:
    for pattern in _PHRASES:
        if match := pattern.search(words):
            return Guess(_trimmed(_GENDERS.sub("", match["role"])), source)
    return None


def _kind(words: str) -> str | None:
    found = (name for pattern, name in _KINDS if re.search(pattern, words, re.IGNORECASE))
    return next(found, None)


def _numbered(words: str) -> str | None:
    if not (match := _NUMBERED.search(words)):
        return None
    word = (match["word"] or "").casefold()
    number = match["digit"] or match["after"] or _ORDINALS.get(word) or _ORDINALS[word[:-1]]
    return f"round {number}"


def _trimmed(name: str) -> str:
    return clean_line(name).strip(" .,;:!?-–|\"'")[:_LONGEST]
