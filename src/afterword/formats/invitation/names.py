"""A common name (CN) as calendars write it, to a name that a letter can begin with."""

from __future__ import annotations

import re

from afterword.core.text import clean_line

_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})\s*")
_PRONOUNS = re.compile(
    r"[\s,;-]*\b(?:she|he|they|ze|sie|er|elle|il|ella|él)(?:\s*/\s*\w+){1,3}\s*$", re.IGNORECASE
)
_TAIL = re.compile(r"\s+(?:via|through|über|[|/•–—-])\s+.*$", re.IGNORECASE)
_BEHIND = """
    phd ph.d ph.d. md m.d. mba msc m.sc. bsc cpa cfa jd j.d. esq esq. jr jr. sr sr. ii iii iv pmp
    dr dr. prof prof. inc inc. ltd ltd. llc gmbh ag plc
"""
_SUFFIXES = frozenset(_BEHIND.split())
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LISTED = re.compile(
    r"^\W*(?:your\s+)?(?:interviewers?|interviewer:innen|panel(?:ists)?|gesprächspartner(?:in)?"
    r"|you(?:'ll| will) (?:meet|speak)(?: with)?)\s*:\s*(?P<names>[^\n]{3,300})",
    re.IGNORECASE | re.MULTILINE,
)
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+(?:and|und|et|y|&)\s+")
_FULL_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:\s+[\w.'’-]+){1,3}")
_LONGEST = 100


def tidy(name: str) -> str:
    """Return the name without brackets, pronouns, titles behind it and "via ...".

    "Last, First" is turned round.
    """
    name = clean_line(name)[: 4 * _LONGEST].strip("'\" ")
    name = " ".join(_BRACKETS.sub(" ", name).split())
    name = _PRONOUNS.sub("", _TAIL.sub("", name))
    parts = [part.strip() for part in name.split(",") if part.strip()]
    while len(parts) > 1 and parts[-1].casefold() in _SUFFIXES:
        parts.pop()
    if len(parts) == 2:  # noqa: PLR2004 - the last name and the first
        parts.reverse()
    return " ".join(parts)[:_LONGEST].strip()


def from_address(address: str) -> str:
    """Return the name that an address suggests: j.costa@... is "J. Costa"."""
    local = address.partition("@")[0].partition("+")[0]
    words = [word[:1].upper() + word[1:] for word in _WORDS.findall(local)]
    initials = [f"{word}." if len(word) == 1 and len(words) > 1 else word for word in words]
    return " ".join(initials)[:_LONGEST]


def listed(text: str) -> tuple[str, ...]:
    """Return the names behind a label such as "Interviewers:", one for each comma or "and"."""
    found = [part for match in _LISTED.finditer(text) for part in _BETWEEN.split(match["names"])]
    tidied = (tidy(part) for part in found)
    return tuple(dict.fromkeys(name for name in tidied if _FULL_NAME.fullmatch(name)))
