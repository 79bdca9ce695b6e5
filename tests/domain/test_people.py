"""The comparison of two entries of people, and the merge of lists of people."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.domain.model import Person
from afterword.domain.people import (
    find_person,
    is_same_person,
    may_be_same_person,
    merge_people,
    with_contact_details,
)

THANDI = Person(name="Thandi Nkosi", email="thandi@karoo.example")
BY_NAME = Person(name="Thandi Nkosi")
NAMESAKE = Person(name="Thandi Nkosi", email="nkosi@other.example")

PEOPLE = st.builds(
    Person,
    name=st.sampled_from(["Thandi Nkosi", "thandi  NKOSI", "Pieter Louw", "P. Louw"]),
    email=st.sampled_from([None, "thandi@karoo.example", "Thandi@Karoo.example", "p@k.example"]),
    phone=st.sampled_from([None, "+27 21 555 0100"]),
    discussed=st.sampled_from([(), ("podcasts",), ("print",)]),
)


@pytest.mark.parametrize(
    ("other", "same"),
    [
        pytest.param(Person(name="T. Nkosi", email="THANDI@karoo.example"), True, id="address"),
        pytest.param(Person(name="thandi  NKOSI"), True, id="name"),
        pytest.param(NAMESAKE, False, id="namesake"),
        pytest.param(Person(name="Thandi"), False, id="part of a name"),
    ],
)
def test_same_person(other: Person, same: bool) -> None:
    assert is_same_person(THANDI, other) is same
    assert is_same_person(other, THANDI) is same


@pytest.mark.parametrize(
    ("typed", "possible"),
    [
        pytest.param(Person(name="nkosi"), True, id="part of the name"),
        pytest.param(Person(name="Nkosi  Thandi"), True, id="other order"),
        pytest.param(Person(name="Nko"), False, id="part of a word"),
        pytest.param(Person(name="Thandi Louw"), False, id="another surname"),
        pytest.param(Person(name="Boss", email="THANDI@karoo.example"), True, id="address"),
        pytest.param(NAMESAKE, False, id="namesake"),
    ],
)
def test_typed_details_may_be_a_persons(typed: Person, possible: bool) -> None:
    assert may_be_same_person(THANDI, typed) is possible


@pytest.mark.parametrize(
    ("people", "match"),
    [
        pytest.param([BY_NAME, THANDI], THANDI, id="address before name"),
        pytest.param([NAMESAKE, BY_NAME], BY_NAME, id="name without address"),
        pytest.param([NAMESAKE], None, id="namesake only"),
        pytest.param([], None, id="nobody"),
    ],
)
def test_find_person(people: list[Person], match: Person | None) -> None:
    assert find_person(people, THANDI) is match


def test_contact_details_fill_gaps_and_bring_no_notes() -> None:
    noted = Person(name="T", email="t@other.example", phone="1", profile="p", discussed=("print",))

    assert with_contact_details(THANDI, noted) == Person(
        name="Thandi Nkosi", email="thandi@karoo.example", phone="1", profile="p"
    )


@pytest.mark.parametrize(
    ("people", "merged"),
    [
        pytest.param([BY_NAME, THANDI], [THANDI], id="the address is added"),
        pytest.param([THANDI, NAMESAKE], [THANDI, NAMESAKE], id="namesakes stay two"),
        pytest.param(
            [
                Person(name="Thandi Nkosi", discussed=("print",)),
                Person(name="thandi nkosi", discussed=("podcasts",), fit=("radio",)),
            ],
            [Person(name="Thandi Nkosi", discussed=("print",), fit=("radio",))],
            id="the first notes count",
        ),
        pytest.param(
            [BY_NAME, Person(name="T.", email="thandi@karoo.example"), THANDI],
            [BY_NAME, Person(name="T.", email="thandi@karoo.example")],
            id="the address decides",
        ),
    ],
)
def test_merge_people(people: list[Person], merged: list[Person]) -> None:
    assert merge_people(people) == tuple(merged)


@given(st.lists(PEOPLE, max_size=8))
def test_merged_people_are_each_somebody_else_and_nobody_is_lost(people: list[Person]) -> None:
    merged = merge_people(people)

    assert not any(is_same_person(a, b) for a, b in itertools.combinations(merged, 2))
    assert all(find_person(merged, person) for person in people)
    assert merge_people(merged) == merged
