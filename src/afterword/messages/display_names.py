"""Names and spelling of a letter or a title, by the words and habits of a language.

Those are no translations; they are read from `LANGUAGE/language.toml`. Every entry is optional:
what a folder does not say has the English habit, or no words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import Any

from afterword.domain.model import Application, Person
from afterword.messages.i18n import available_languages, language_data, languages_with

_FILE = "language.toml"

MAX_TITLE_COMPANY = 24
"""In characters; a month view or a lock screen shows little more than that."""

# Legal forms are a matter of countries, not of the language of a letter.
_LEGAL_FORM = re.compile(
    r",?\s+(?:(?i:\(pty\)\s*ltd|pty\.?\s*ltd|pvt\.?\s*ltd|private\s+limited|co\.?,?\s*ltd|ltd|limited"
    r"|incorporated|inc|llc|llp|plc|g?gmbh(?:\s*&\s*co\.?\s*(?:kgaa|kg|ohg))?|mbh|corporation|corp"
    r"|ug(?:\s*\(haftungsbeschr[äa]e?nkt\))?|kgaa|ohg|gbr|e\.\s?v\.?|e\.\s?k\.?|ag\s*&\s*co\.?\s*kg"
    r"|s\.\s?a\.\s?r\.\s?l\.?|sarl|s\.\s?a\.\s?s\.?|s\.\s?a\.?|s\.\s?l\.\s?u?\.?|s\.\s?p\.\s?a\.?"
    r"|s\.\s?r\.\s?l\.?|b\.\s?v\.?|n\.\s?v\.?|a/s|aps|oyj?|ag|se|kg|ab"
    r"|s\.?\s?a\.?\s?(?:p\.?\s?i\.?\s?|b\.?\s?)?de\s+c\.?\s?v\.?|s\.\s?a\.\s?[cu]\.?|s\.\s?l\.\s?[lp]\.?"
    r"|s\.?\s?de\s+r\.?\s?l\.?(?:\s+de\s+c\.?\s?v\.?)?|ltda|e\.\s?i\.\s?r\.\s?l\.?|s\.\s?coop)"
    r"|AS|SA|SAS|SASU|EURL|SNC|SCOP|SELARL|SAC|SAU|SL|SLU|SLP|SpA|Srl|BV|NV|eG|KK)\.?$"
)
# In French it may come first.
_LEGAL_FORM_BEFORE = re.compile(r"^(?:SARL|SASU?|EURL|SNC|SCOP|SELARL|SA)\s+(?=\w)")

_SUFFIX = re.compile(
    r",?\s+(?:ph\.?d|mba|msc|m\.sc|bsc|md|jr|sr|cpa|pmp|cfa|phr|shrm-cp|esq)\.?$", re.IGNORECASE
)
_ASIDE = re.compile(r"\s*(?:\([^)]*\)|\[[^\]]*\]|[|/].*)\s*$")


def _habits(code: str) -> dict[str, Any]:
    return language_data(code, _FILE)


def greets_by_first_name(code: str) -> bool:
    """Return True if a formal letter in a language may greet by a first name."""
    return bool(_habits(code).get("formal_first_names", True))


@functools.cache
def common_words(code: str) -> frozenset[str]:
    """Return the words by which a language is recognised."""
    return frozenset(_habits(code).get("common_words", ()))


def language_names() -> tuple[str, ...]:
    """Return the English names of the languages of drafts and events, English first."""
    names = {code: _habits(code).get("names", [code])[0] for code in available_languages()}
    return tuple(dict.fromkeys([names["en"], *names.values()]))


def find_language(name: str) -> str | None:
    """Return the code of the language that a user calls by this name, or None."""
    for code in available_languages():
        if name.casefold() in (each.casefold() for each in _habits(code).get("names", ())):
            return code
    return None


def listed(items: Sequence[str], code: str) -> str:
    """Return "A, B and C"; with commas alone if a language does not say its "and"."""
    if len(items) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(items)
    lists = _habits(code).get("lists", {})
    joint, last = lists.get("and"), items[-1]
    for beginning, other in lists.get("and_before", ()):
        joint = other if re.match(beginning, last, re.IGNORECASE) else joint
    return f"{', '.join(items[:-1])}{f' {joint}' if joint else ','} {last}"


@functools.cache
def _words_of_all(table: str, key: str) -> tuple[str, ...]:
    """Return the words, or patterns, that the languages list together under a key.

    What a user typed or copied - a round, a role, a company - may be in any of
    them, whatever the language of the letter.
    """
    lists = (_habits(code).get(table, {}).get(key, ()) for code in languages_with(_FILE))
    return tuple(dict.fromkeys(word for words in lists for word in words))


def any_of(table: str, key: str) -> str:
    """Return a pattern for any of the words of a key in all languages."""
    return f"(?:{'|'.join(_words_of_all(table, key)) or '(?!)'})"


_Spelling = tuple[tuple[re.Pattern[str], str], ...]
_FIRST_MARK = 0xE000
"""A private character that stands for a part to keep; others follow."""


@functools.cache
def _spelling(code: str, table: str) -> _Spelling:
    rows = _habits(code).get("spelling", {}).get(table, ())
    return tuple((re.compile(pattern), replacement) for pattern, replacement in rows)


def spelled(text: str, code: str, *, keep: Iterable[str] = ()) -> str:
    """Return a text as its language spells it: `poste de ingénieur` becomes `d'ingénieur`.

    Names and other parts to `keep` are never changed.
    """
    rules = _spelling(code, "replace")
    if not rules:
        return text
    longest_first = sorted(filter(None, keep), key=len, reverse=True)
    for number, part in enumerate(longest_first):
        text = text.replace(part, chr(_FIRST_MARK + number))
    text = _replaced(text, rules)
    for number, part in enumerate(longest_first):
        text = text.replace(chr(_FIRST_MARK + number), part)
    return text


@functools.lru_cache(maxsize=1024)
def to_american(text: str) -> str:
    """Return an English template in American spelling.

    Values such as the user's own words are filled in later and never changed.
    """
    return _replaced(text, _spelling("en", "american"))


def company_in_text(company: str, code: str) -> str:
    """Return a company's name with the article that it has in running text, if any."""
    return _replaced(company, _spelling(code, "company"))


def _replaced(text: str, rules: _Spelling) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def text_company(application: Application) -> str:
    """Return the company as running text names it: `short`, or without its legal form."""
    return application.short or short_company(application.company)


def title_company(application: Application) -> str:
    """Return the company for a title, cut between words if it is long."""
    name = text_company(application)
    if len(name) <= MAX_TITLE_COMPANY:
        return name
    words = name[: MAX_TITLE_COMPANY + 1].rpartition(" ")[0].split()
    never_last = (*_words_of_all("titles", "never_last"), "&", "+", "-", "–")
    while len(words) > 1 and words[-1].casefold().rstrip(",") in never_last:
        words.pop()
    return " ".join(words).rstrip(" ,;:-–&") or name[:MAX_TITLE_COMPANY]


@functools.lru_cache(maxsize=1024)
def short_company(company: str) -> str:
    """Return a company's name without its legal form."""
    name = company
    while (shorter := _LEGAL_FORM.sub("", name).rstrip(" ,")) != name and shorter:
        name = shorter
    return _LEGAL_FORM_BEFORE.sub("", name)


@functools.cache
def _role_noise() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of additions to a role in advertisements: genders, number, workplace."""
    genders = (
        rf"\s*[(\[]\s*(?:(?:[mwfdxihvagn*]|{any_of('roles', 'genders')})\s*[/|,·+*]?\s*)+[)\]]"
        r"|\s+[mwfhdx]\s*[/|]\s*[mwfhdx](?:\s*[/|]\s*(?:[dxigva*]|nb))*(?=\s|$)"
    )
    reference = (
        rf"\s*[,;|–—(\[-]*\s*\b(?:{any_of('roles', 'reference_of')}[\s-]*)?"
        rf"{any_of('roles', 'reference')}\b\.?\s*(?:no|nr|id|number|code)?\.?\s*[:#]?\s*#?"
        r"[A-Z]{0,5}[-/_]?\d[\w/-]*\s*[)\]]?"
        r"|\s*[,;|–—(\[-]+\s*#?(?:[A-Z]{1,4}[-_]?)?\d{3,}[\w/-]*\s*[)\]]?$|\s+#\d+\b"
    )
    workplace = (
        r"(?:\s+[–—|-]+\s*|\s*[,;|(\[]\s*)(?:fully\s+|100\s?%\s*)?"
        rf"(?:{any_of('roles', 'workplace')}|\d+(?:\s?[-–]\s?\d+)?\s?%)(?:[\s/,&(|-].*)?[)\]]?$"
    )
    return tuple(re.compile(each, re.IGNORECASE) for each in (genders, reference, workplace))


@functools.lru_cache(maxsize=1024)
def text_role(role: str) -> str:
    """Return a role as a person writes it, without "(m/f/x)", a reference or "- Remote"."""
    if role.replace(" ", "").isalpha():  # each addition has a mark or a digit
        return " ".join(role.split())
    name, before = role, ""
    while name != before:
        before = name
        for noise in _role_noise():
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
    particles = _words_of_all("people", "particles")
    return " ".join(
        word.lower() if number and word.lower() in particles else _capital(word)
        for number, word in enumerate(name.split(" "))
    )


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:].lower() for part in word.split("-"))
