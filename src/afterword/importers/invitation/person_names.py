"""Tidy the names of people, and infer them from addresses and text."""

from __future__ import annotations

import re

from afterword.domain.sanitize import clean_line
from afterword.importers.word_lists import read_list

_FILE = "invitation/person_names.toml"
_BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\})\s*")
_PRONOUNS = re.compile(
    r"[\s,;-]*\b(?:she|he|they|ze|sie|er|elle|il|ella|él)(?:\s*/\s*\w+){1,3}\s*$", re.IGNORECASE
)
_ORIGIN = re.compile(r"\s+(?:via|through|über|[|/•–—-])\s+.*$", re.IGNORECASE)
# "CN=Jens Kraus,OU=Technik,O=Corp" and "/o=Corp/ou=Exchange/cn=Recipients/cn=jkraus".
_COMMON_NAME = re.compile(r"(?:^|[,/;])\s*CN\s*=\s*([^,/;=]{1,100})", re.IGNORECASE)
# Lotus Notes: "Jens Kraus/Technik/Corp"; pronouns have been removed before.
_NOTES_NAME = re.compile(r"[^/]*\w[^/]*(?:/[^/]+)+")
_LOGIN = re.compile(r"[a-z]+(?:[._][a-z]+)+")
# Shorter words in capitals are initials, as in "JD Smith".
_LONG_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMERALS = frozenset({"III", "VII", "VIII"})
_WORDS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LABELLED = re.compile(
    r"^[^\w\n]{0,20}(?:your\s+)?(?:interviewers?|interviewer:innen|panel(?:ists)?|gesprächspartner(?:in)?"
    r"|you(?:'ll| will) (?:meet|speak)(?: with)?)\s*:\s*(?P<names>[^\n]{3,300})",
    re.IGNORECASE | re.MULTILINE,
)
_LIST_SEPARATOR = re.compile(r"\s*[,;]\s*|\s+(?:and|und|et|y|&)\s+")
_FULL_NAME = re.compile(r"[^\W\d_a-z][\w.'’-]*(?:\s+[\w.'’-]+){1,3}")
_MAX_LENGTH = 100


def tidy_name(name: str) -> str:
    """Return the name without brackets, pronouns, suffixes and "via ...", the first name first.

    Of a directory's form it is the name of the person: "Jens Kraus/Technik/Corp" is "Jens Kraus".
    """
    name = _common_name(clean_line(name)[: 4 * _MAX_LENGTH].strip("'\" "))
    name = " ".join(_BRACKETS.sub(" ", name).split())
    name = _PRONOUNS.sub("", _ORIGIN.sub("", name))
    name = name.partition("/")[0].strip() if _NOTES_NAME.fullmatch(name) else name
    parts = [part.strip() for part in name.split(",") if part.strip()]
    while len(parts) > 1 and parts[-1].casefold().strip(".") in read_list(_FILE, "behind_commas"):
        parts.pop()
    if len(parts) == 2:  # noqa: PLR2004 - last name, first name
        parts.reverse()
    name = " ".join(parts)[:_MAX_LENGTH].strip()
    if _LOGIN.fullmatch(name):
        return name_from_address(name)
    return _LONG_WORD.sub(_without_capitals, name)


def _common_name(name: str) -> str:
    """Return the common name of a distinguished name (LDAP, Exchange), else the name."""
    common: list[str] = _COMMON_NAME.findall(name)
    return common[-1].strip() if common else name


def _without_capitals(match: re.Match[str]) -> str:
    """Return a word in capitals ("NKOSI") written as names are."""
    word = match[0]
    return word.capitalize() if word.isupper() and word not in _NUMERALS else word


def name_from_address(address: str) -> str:
    """Return the name that an address suggests: j.costa@... is "J. Costa"."""
    local = address.partition("@")[0].partition("+")[0]
    words = [word[:1].upper() + word[1:] for word in _WORDS.findall(local)]
    initials = [f"{word}." if len(word) == 1 and len(words) > 1 else word for word in words]
    return " ".join(initials)[:_MAX_LENGTH]


def listed_names(text: str) -> tuple[str, ...]:
    """Return the full names listed after a label such as "Interviewers:"."""
    lists = (match["names"] for match in _LABELLED.finditer(text))
    names = (tidy_name(part) for names in lists for part in _LIST_SEPARATOR.split(names))
    return tuple(dict.fromkeys(name for name in names if _FULL_NAME.fullmatch(name)))
