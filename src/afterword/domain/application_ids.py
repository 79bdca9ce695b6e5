"""Choose the ids of new applications and interviews."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Container

from afterword.domain.model import Application
from afterword.domain.sanitize import slug

LONGEST_ID = 64
"""Characters of an application's id, which is also the name of its file."""

_LONGEST_SLUG_BESIDE_HASH = 48
_LONGEST_WITH_NUMBER = 58
_SHORTENED = 56


def default_id(company: str, role: str) -> str:
    """Return the id of an application that states none: a slug of company and role.

    A name without Latin letters and digits is represented by a hash.
    """
    slugs = slug(company), slug(role)
    if all(slugs):
        return slug(f"{company} {role}")
    return "-".join(
        words[:_LONGEST_SLUG_BESIDE_HASH] or _short_hash(name)
        for words, name in zip(slugs, (company, role), strict=True)
    )


def free_id(wanted: str, taken: Container[str]) -> str:
    """Return the wanted id, with a number added if it is taken. `taken` ids are casefolded."""
    stem = wanted if len(wanted) <= _LONGEST_WITH_NUMBER else wanted[:_SHORTENED]
    numbered = (f"{stem}-{number}" for number in itertools.count(2))
    return next(id for id in itertools.chain([wanted], numbered) if id.casefold() not in taken)


def next_interview_id(application: Application | None) -> str:
    """Return the id of the next interview: r1, r2, ... as in a file without ids."""
    taken = {i.id for i in application.interviews} if application else set()
    numbers = itertools.count(len(taken) + 1)
    return next(id for id in (f"r{number}" for number in numbers) if id not in taken)


def _short_hash(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:8]
