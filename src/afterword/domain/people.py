"""Decide whether two entries are about the same person, and merge lists of people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from afterword.domain.model import Person
from afterword.domain.search_text import search_forms


def fold_name(name: str) -> str:
    """Return a name for comparison: without differences in capitals and white space."""
    return " ".join(name.split()).casefold()


def is_same_person(a: Person, b: Person) -> bool:
    """Return True if both entries are about the same person: by address, else by name.

    Two addresses decide alone, because namesakes exist and because a name may
    be written in several ways. The name decides where either has no address.
    """
    if a.email and b.email:
        return _has_same_email(a, b)
    return fold_name(a.name) == fold_name(b.name)


def may_be_same_person(person: Person, typed: Person) -> bool:
    """Return True if typed details may be a person's: the address, or a part of the name."""
    if person.email and typed.email:
        return _has_same_email(person, typed)
    return any(
        set(form.split()) <= set(other.split())
        for form in search_forms(typed.name)
        for other in search_forms(person.name)
    )


def find_person(people: Sequence[Person], person: Person) -> Person | None:
    """Return the entry about the same person, by address rather than by name; None without."""
    same = [other for other in people if other is person or is_same_person(other, person)]
    if len(same) <= 1:
        return same[0] if same else None
    return next((other for other in same if _has_same_email(other, person)), same[0])


def with_contact_details(person: Person, other: Person) -> Person:
    """Return the person with the address, phone and profile of `other` where they have none."""
    return attrs.evolve(
        person,
        call=person.call or other.call,
        email=person.email or other.email,
        phone=person.phone or other.phone,
        profile=person.profile or other.profile,
    )


def merge_people(people: Iterable[Person]) -> tuple[Person, ...]:
    """Return each person once, in the order of their first entries.

    The first entry of a person counts; later ones fill in what it lacks.
    """
    merged: list[Person] = []
    for person in people:
        existing = find_person(merged, person)
        if existing is None:
            merged.append(person)
        else:
            merged[merged.index(existing)] = attrs.evolve(
                with_contact_details(existing, person),
                discussed=existing.discussed or person.discussed,
                fit=existing.fit or person.fit,
            )
    return tuple(merged)


def _has_same_email(a: Person, b: Person) -> bool:
    return bool(a.email and b.email) and str(a.email).casefold() == str(b.email).casefold()
