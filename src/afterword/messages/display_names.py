"""Names as a letter or a title writes them: company, role, person."""

from __future__ import annotations

import functools
import re

from afterword.domain.model import Application, Person

MAX_TITLE_COMPANY = 24
"""In characters; a month view or a lock screen shows little more than that."""

_LEGAL_FORM = re.compile(
    r",?\s+(?:(?i:\(pty\)\s*ltd|pty\.?\s*ltd|pvt\.?\s*ltd|private\s+limited|co\.?,?\s*ltd|ltd|limited"
    r"|incorporated|inc|llc|llp|plc|g?gmbh(?:\s*&\s*co\.?\s*(?:kgaa|kg|ohg))?|mbh|corporation|corp"
    r"|ug(?:\s*\(haftungsbeschr[äa]e?nkt\))?|kgaa|ohg|gbr|e\.\s?v\.?|e\.\s?k\.?|ag\s*&\s*co\.?\s*kg"
    r"|s\.\s?a\.\s?r\.\s?l\.?|sarl|s\.\s?a\.\s?s\.?|s\.\s?a\.?|s\.\s?l\.\s?u?\.?|s\.\s?p\.\s?a\.?"
    r"|s\.\s?r\.\s?l\.?|b\.\s?v\.?|n\.\s?v\.?|a/s|aps|oyj?|ag|se|kg|ab)"
    r"|AS|SA|SAS|SL|SLU|SpA|Srl|BV|NV|eG|KK)\.?$"
)
# Articles, prepositions and conjunctions; a name that is cut does not end with one.
_NEVER_LAST = frozenset(
    [
        *("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to", "with"),
        *("und", "der", "die", "das", "den", "dem", "des", "für", "von", "vom", "zu", "zur", "zum"),
        *("im", "am", "bei", "mit", "oder", "auf", "de", "du", "la", "le", "les", "et", "à", "au"),
        *("aux", "en", "pour", "par", "el", "los", "las", "y", "e", "del", "al", "con", "para"),
        *("por", "un", "una", "une", "&", "+", "-", "–"),
    ]
)

_GENDERS = re.compile(
    r"\s*[(\[]\s*(?:(?:[mwfdxihvagn*]|div|gn|all genders?|alle geschlechter|mensch|h/f|they|she|he)"
    r"\s*[/|,·+*]?\s*)+[)\]]|\s+[mwfhdx]\s*[/|]\s*[mwfhdx](?:\s*[/|]\s*[dxigva*])*(?=\s|$)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    r"\s*[,;|–—(\[-]*\s*\b(?:(?:job|stellen|req|requisition|vacancy)[\s-]*)?"
    r"(?:ref(?:erence|erenz)?|req(?:uisition)?|id|nr|no|number|nummer|kennziffer|referenznummer|code)"
    r"\b\.?\s*(?:no|nr|id|number|code)?\.?\s*[:#]?\s*#?[A-Z]{0,5}[-/_]?\d[\w/-]*\s*[)\]]?"
    r"|\s*[,;|–—(\[-]+\s*#?(?:[A-Z]{1,4}[-_]?)?\d{3,}[\w/-]*\s*[)\]]?$|\s+#\d+\b",
    re.IGNORECASE,
)
_WORKPLACE = re.compile(
    r"(?:\s+[–—|-]+\s*|\s*[,;|(\[]\s*)(?:fully\s+|100\s?%\s*)?(?:remote|hybrid|on-?site|home\s?office"
    r"|full[\s-]?time|part[\s-]?time|vollzeit|teilzeit|permanent|contract|\d+(?:\s?[-–]\s?\d+)?\s?%)"
    r"(?:[\s/,&(|-].*)?[)\]]?$",
    re.IGNORECASE,
)

_SUFFIX = re.compile(
    r",?\s+(?:ph\.?d|mba|msc|m\.sc|bsc|md|jr|sr|cpa|pmp|cfa|phr|shrm-cp|esq)\.?$", re.IGNORECASE
)
_ASIDE = re.compile(r"\s*(?:\([^)]*\)|\[[^\]]*\]|[|/].*)\s*$")
_PARTICLES = frozenset(
    [
        *("van", "von", "der", "den", "de", "del", "della", "di", "da", "du", "la", "le"),
        *("ten", "ter", "zu", "zum", "y", "e", "bin", "al"),
    ]
)


def text_company(application: Application) -> str:
    """Return the company as running text names it: `short`, or without its legal form."""
    return application.short or short_company(application.company)


def title_company(application: Application) -> str:
    """Return the company for a title, cut between words if it is long."""
    return _cut(text_company(application))


@functools.lru_cache(maxsize=1024)
def short_company(company: str) -> str:
    """Return a company's name without its legal form."""
    name = company
    while (shorter := _LEGAL_FORM.sub("", name).rstrip(" ,")) != name and shorter:
        name = shorter
    return name


def _cut(name: str) -> str:
    if len(name) <= MAX_TITLE_COMPANY:
        return name
    words = name[: MAX_TITLE_COMPANY + 1].rpartition(" ")[0].split()
    while len(words) > 1 and words[-1].casefold().rstrip(",") in _NEVER_LAST:
        words.pop()
    return " ".join(words).rstrip(" ,;:-–&") or name[:MAX_TITLE_COMPANY]


@functools.lru_cache(maxsize=1024)
def text_role(role: str) -> str:
    """Return a role as a person writes it, without "(m/f/x)", a reference or "- Remote"."""
    name, before = role, ""
    while name != before:
        before = name
        for noise in (_GENDERS, _REFERENCE, _WORKPLACE):
            name = noise.sub("", name).strip(" ,;|–—-")
    return " ".join(name.split()) or role


def text_person(person: Person | None) -> str:
    """Return a person's full name for a letter; empty for a bare address or mailbox name."""
    return _full_name(person.name, person.email or "") if person else ""


@functools.lru_cache(maxsize=1024)
def _full_name(name: str, email: str) -> str:
    if "@" in name or name.casefold() == email.partition("@")[0].casefold():
        return ""
    plain = _SUFFIX.sub("", _ASIDE.sub("", name)).strip() or name
    last, comma, first = plain.partition(",")
    if comma and first.strip():
        plain = f"{first.strip()} {_capitalized(last.strip(), always=True)}"
    if " " not in plain and re.search(r"[._\d]", plain.rstrip(".")):
        return ""
    return _capitalized(plain, always=False)


def _capitalized(name: str, *, always: bool) -> str:
    """Return a name that is all capitals or has none in the usual spelling; others as given."""
    if not re.sub(r"[ .'’-]", "", name).isalpha():
        return name
    if not (name.islower() or (name.isupper() and (always or len(name) > 3))):  # noqa: PLR2004
        return name
    return " ".join(
        word.lower() if number and word.lower() in _PARTICLES else _capital(word)
        for number, word in enumerate(name.split(" "))
    )


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
